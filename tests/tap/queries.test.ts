/** The user's own queries: the tap as a process against a demo that answers Explore. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { hours, minutes, now, still } from '../support/demos.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

type Row = Record<string, unknown>;

const long = 120_000;
const rows = { name: 'my_errors', dataset: 'errors', fields: ['title', 'issue.id', 'project.name', 'tags[os]'] };
const numbers = { name: 'by_release', dataset: 'errors', fields: ['count()', 'project.name', 'release'] };

/** A catalog with these streams alone, which takes all else from the tap. */
const select = (...names: string[]) => ({
  streams: names.map((name) => ({
    tap_stream_id: name,
    schema: {},
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  })),
});

const runOf = (demo: Demo, queries: readonly Row[], more: Row = {}) => ({
  config: configFor(demo, { queries, lookback: 'PT0S', ...more }),
  catalog: select(...queries.map(({ name }) => String(name))),
  timeout: long,
});

/** Ids of the events that are older than the newest ten minutes. */
function idsOf(demo: Demo): string[] {
  const settled = demo.clock.now() - 10 * minutes * 1000;
  const events = [...demo.truth().rows('events')].filter(
    ({ dateCreated }) => Date.parse(String(dateCreated)) < settled,
  );
  return [...new Set(events.map(({ eventID }) => String(eventID)))].sort();
}

const sumOf = (target: Target, name: string): number =>
  [...(target.rows.get(name)?.values() ?? [])].reduce((sum, row) => sum + Number(row['count']), 0);

describe('a query for rows', () => {
  test('brings each row once, with typed columns', { timeout: long }, async () => {
    await using demo = await still({ events: 400, days: 30 });
    const target = new Target();

    const { code, stderr } = await syncInto(target, runOf(demo, [rows]));

    expect(code, stderr).toBe(0);
    expect(target.keys('my_errors')).toEqual(idsOf(demo));
    expect(target.received.get('my_errors')).toBe(idsOf(demo).length);
    const [first] = [...demo.truth().rows('events')];
    expect(target.rows.get('my_errors')?.get(String(first?.['eventID']))).toMatchObject({
      title: first?.['title'],
      data_scanned: 'full',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      issue_id: expect.stringMatching(/^\d+$/) as string,
    });
  });

  test('asks in the next run for what is new alone', { timeout: long }, async () => {
    await using demo = await still({ events: 400, days: 30 });
    const [first, second] = [new Target(), new Target()];
    await syncInto(first, runOf(demo, [rows]));
    demo.world.addEvents({ count: 40, spacing: 60 });
    demo.clock.advance(12 * hours);
    second.state = first.state;

    const { code, stderr } = await syncInto(second, runOf(demo, [rows]));

    expect(code, stderr).toBe(0);
    const held = new Set(first.keys('my_errors'));
    const fresh = second.keys('my_errors');
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh.filter((key) => held.has(key))).toEqual([]);
    expect([...held, ...fresh].sort()).toEqual(idsOf(demo));
  });

  test('of many rows is killed, and goes on where it was', { timeout: long }, async () => {
    await using demo = await still({ projects: 2, issues: 20, events: 1500, days: 20 });
    const target = new Target();
    const run = runOf(demo, [rows], { page_size: 20 });

    const cut = await syncInto(target, {
      ...run,
      onOutput: (tap, bytes) => void (bytes > 60_000 && tap.kill('SIGKILL')),
    });
    const before = target.keys('my_errors').length;
    const { code, stderr } = await syncInto(target, run);

    expect(cut.signal).toBe('SIGKILL');
    expect(before).toBeGreaterThan(0);
    expect(code, stderr).toBe(0);
    expect(target.keys('my_errors')).toEqual(idsOf(demo));
    const again = before + (target.received.get('my_errors') ?? 0) - idsOf(demo).length;
    expect(again).toBeLessThan(500); // the window that was open
  });

  test('reads a day with more rows than the server shows of a list', { timeout: long }, async () => {
    await using demo = await still({ projects: 2, issues: 20, events: 11_000, days: 1 });
    const target = new Target();

    const { code, stderr } = await syncInto(target, runOf(demo, [{ ...rows, fields: ['project.id'] }]));

    expect(code, stderr).toBe(0);
    expect(idsOf(demo).length).toBeGreaterThan(10_000);
    expect(target.keys('my_errors')).toEqual(idsOf(demo));
    expect(target.received.get('my_errors')).toBe(idsOf(demo).length);
  });

  test('keeps to its search and its projects', { timeout: long }, async () => {
    await using demo = await still({ events: 400, days: 30 });
    const slug = String([...demo.truth().rows('projects')].find(({ hasAccess }) => hasAccess)?.['slug']);
    const target = new Target();

    await syncInto(target, runOf(demo, [{ ...rows, projects: [slug], query: 'level:error' }]));

    const names = [...(target.rows.get('my_errors')?.values() ?? [])].map((row) => row['project_name']);
    expect(new Set(names)).toEqual(new Set([slug]));
    expect(names.length).toBeLessThan(idsOf(demo).length);
  });
});

describe('a query for numbers', () => {
  test('counts every event once, and the newest days again', { timeout: long }, async () => {
    await using demo = await still({ events: 400, days: 30 });
    const target = new Target();
    const count = () => new Set(demo.truth().keys('events')).size;

    const { code, stderr } = await syncInto(target, runOf(demo, [numbers]));
    expect(code, stderr).toBe(0);
    expect(sumOf(target, 'by_release')).toBe(count());

    demo.world.addEvents({ count: 40, spacing: 60 });
    demo.clock.advance(12 * hours);
    await syncInto(target, runOf(demo, [numbers]));
    expect(sumOf(target, 'by_release')).toBe(count());
    expect(target.received.get('by_release')).toBeLessThan(target.keys('by_release').length);
  });
});

describe('discovery', () => {
  const discover = async (env: Record<string, string>, config?: Row) => {
    const { stdout, stderr } = await runTap({ ...(config ? { config } : {}), args: ['--discover'], env });
    const { streams } = JSON.parse(stdout) as { streams: { stream: string; key_properties: string[] }[] };
    return { streams, stderr };
  };
  const settings = { api_token: 'sntryu_0123456789abcdef', start_date: '2024-01-01', base_url: 'http://127.0.0.1:9' };

  test('shows the streams of queries, without a network', async () => {
    const { streams } = await discover({}, { ...settings, queries: [rows, numbers] });

    expect(streams.find(({ stream }) => stream === 'my_errors')?.key_properties).toEqual(['id']);
    expect(streams.map(({ stream }) => stream)).toEqual(streams.map(({ stream }) => stream).sort());
    expect(streams.some(({ stream }) => stream === 'issues')).toBe(true);
  });

  test('shows those of the environment too', async () => {
    const env = { TAP_SENTRY_API_TOKEN: 'sntryu_0123456789abcdef', TAP_SENTRY_START_DATE: '2024-01-01' };
    const { streams } = await discover({ ...env, TAP_SENTRY_QUERIES: JSON.stringify([rows]) });

    expect(streams.some(({ stream }) => stream === 'my_errors')).toBe(true);
  });

  test('shows all others where a query is wrong, and says what is', async () => {
    const { streams, stderr } = await discover({}, { ...settings, queries: [{ ...rows, dataset: 'discover' }] });

    expect(streams.some(({ stream }) => stream === 'issues')).toBe(true);
    expect(streams.some(({ stream }) => stream === 'my_errors')).toBe(false);
    expect(stderr).toContain('use errors or spans');
  });
});

test('the examples of docs/queries.md are read', { timeout: long }, async () => {
  const page = readFileSync(new URL('../../docs/queries.md', import.meta.url), 'utf8');
  const queries = [...page.matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, text = '']) => JSON.parse(text) as Row[]);
  await using demo = await still({ now, events: 200, days: 20 });
  const target = new Target();

  const { code, stderr } = await syncInto(target, runOf(demo, queries));

  expect(code, stderr).toBe(0);
  expect(new Set(queries.map(({ dataset }) => dataset)).size).toBe(6);
  expect(target.received.get('checkout_errors')).toBeGreaterThan(0);
  expect(sumOf(target, 'errors_by_release')).toBe(new Set(demo.truth().keys('events')).size);
});
