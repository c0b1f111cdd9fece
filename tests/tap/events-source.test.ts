/** The stream `events`, read through Explore: the same rows as an outline, from the same state. */
import { expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { select } from '../support/compare.js';
import { days, hours, still } from '../support/demos.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const long = 60_000;
const runOf = (demo: Demo, source: string, ...streams: string[]) => ({
  config: configFor(demo, { events_source: source }),
  catalog: select(...streams),
  timeout: long,
});
const idsOf = (demo: Demo) =>
  [...new Set([...demo.truth().rows('events')].map((row) => String(row['eventID'])))].sort();

test('the outline has every event once, with what the list of a project says', { timeout: long }, async () => {
  await using demo = await still({ events: 400, days: 30 });
  const target = new Target();

  const { code, stderr } = await syncInto(target, runOf(demo, 'explore', 'events'));

  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain('WARNING  | tap-sentry.events');
  expect(target.keys('events')).toEqual(idsOf(demo));
  for (const row of demo.truth().rows('events')) {
    const { eventID, projectID, groupID, title, message, dateCreated } = row;
    const held = target.rows.get('events')?.get(String(eventID));
    if (held?.['projectID'] !== projectID) continue; // the same id in another project
    expect(held).toMatchObject({ eventID, groupID, title, message });
    expect(held?.['dateCreated']).toBe(`${String(dateCreated).slice(0, 19)}Z`);
  }
  const asked = demo.journal.entries.map(({ name }) => name);
  expect(asked).toContain('explore');
  expect(asked).not.toContain('events');
});

test('the source may change between two runs: what is known is not read again', { timeout: long }, async () => {
  await using demo = await still({ events: 400, days: 30 });
  const [first, second] = [new Target(), new Target()];
  await syncInto(first, runOf(demo, 'explore', 'events'));
  demo.world.addEvents({ count: 20, spacing: 60 });
  demo.clock.advance(1 * days);
  second.state = first.state;

  const { code, stderr } = await syncInto(second, runOf(demo, 'project', 'events'));

  expect(code, stderr).toBe(0);
  const oldest = Math.min(
    ...[...(second.rows.get('events')?.values() ?? [])].map((row) => Date.parse(String(row['dateCreated']))),
  );
  expect(oldest).toBeGreaterThanOrEqual(demo.clock.now() - (1 * days + 1 * hours) * 1000);
  expect([...new Set([...first.keys('events'), ...second.keys('events')])].sort()).toEqual(idsOf(demo));
});

test('what is below events is asked for all the same', { timeout: long }, async () => {
  await using demo = await still({ projects: 2, issues: 10, events: 60, days: 20 });
  const target = new Target();

  const { code, stderr } = await syncInto(target, runOf(demo, 'explore', 'events', 'event_detail'));

  expect(code, stderr).toBe(0);
  expect(target.received.get('events')).toBe(demo.truth().count('events'));
  expect(target.keys('event_detail')).toEqual([...demo.truth().keys('event_detail')].sort());
});

test('whole events are not to be had from Explore: the settings say so', async () => {
  await using demo = await still({ events: 10 });
  const config = configFor(demo, { events_source: 'explore', fetch_event_details: true });

  const { code, stderr } = await runTap({ config });

  expect(code).toBe(1);
  expect(stderr).toContain('it should be project where fetch_event_details is true: Explore has no whole events.');
});
