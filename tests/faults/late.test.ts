/** Data that comes late, and how docs/reliability.md says that it is fetched all the same. */
import { expect, test } from 'vitest';
import { type Demo, createDemo } from '../../demo/index.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const organization = {
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 2,
  issues: 8,
  events: 60,
  tokenKind: 'integration',
} as const;
const held = (target: Target, ids: readonly { eventID: string }[]): number =>
  ids.filter(({ eventID }) => target.rows.get('events')?.has(eventID)).length;

async function synced(demo: Demo): Promise<Target> {
  const target = new Target();
  await syncInto(target, { config: configFor(demo) });
  demo.clock.advance(600);
  return target;
}

test('an event that is late by less than the lookback arrives with the next run', async () => {
  await using demo = await createDemo(organization);
  const target = await synced(demo);
  const late = demo.world.addEvents({ count: 3, at: '2026-03-01T11:20:00Z' });
  demo.clock.advance(120);

  await syncInto(target, { config: configFor(demo) });

  expect(held(target, late)).toBe(3);
});

test(
  'an event that is later arrives with a longer lookback, ' +
    'or with a backfill of its range under a state of its own',
  async () => {
    await using demo = await createDemo(organization);
    const target = await synced(demo);
    const late = demo.world.addEvents({ count: 3, at: '2026-02-20T08:00:00Z' });
    demo.clock.advance(120);
    await syncInto(target, { config: configFor(demo) });
    expect(held(target, late)).toBe(0);
    const usual = target.state;

    const range = { start_date: '2026-02-20T00:00:00Z', end_date: '2026-02-21T00:00:00Z' };
    target.state = undefined; // `meltano run --state-id-suffix backfill`
    const { code, stderr } = await syncInto(target, { config: configFor(demo, range) });

    expect(code, stderr).toBe(0);
    expect(held(target, late)).toBe(3);
    for (const row of target.rows.get('events')?.values() ?? []) expect(row['eventID']).toBeDefined();
    target.state = usual;
    expect((await syncInto(target, { config: configFor(demo) })).code).toBe(0);
  },
);

test('a wide lookback reads its rows again in every run, and nothing more', async () => {
  await using demo = await createDemo(organization);
  const target = await synced(demo);

  await syncInto(target, { config: configFor(demo, { lookback: 'P7D' }) });

  const week = [...demo.truth().rows('events')].filter(
    ({ dateCreated }) => String(dateCreated) >= '2026-02-22T11:59:00Z',
  ).length;
  expect(target.received.get('events') ?? 0).toBe(week);
});
