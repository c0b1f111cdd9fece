/** Every stream at once, from a demo that serves them all: what a perfect client would hold, each row once. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { usualTags } from '../../demo/documented/tag-counts.js';
import { formOf } from '../../demo/documented/shape.js';
import { documentedRoutes } from '../../demo/documented/tables.js';
import { type Demo, statisticsStreams, type TruthStream, truthStreams } from '../../demo/index.js';
import type { Config } from '../../src/schemas/config.js';
import { streams } from '../../src/streams/index.js';
import { allScopes } from '../demo/documented.js';
import { allStreams, differences, select } from '../support/compare.js';
import { days, hours, still } from '../support/demos.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

type Row = Record<string, unknown>;

const long = 120_000;
const isServed = (name: string): name is TruthStream => truthStreams.some((one) => one === name);
const names = streams.map(({ name }) => name);
const served = names.filter(isServed);
/** Those whose truth has the key of the stream; `differences` knows the others. */
const keyed = served.filter((name) => !allStreams.some((one) => one === name));
const incremental = streams.filter(({ name, replicationKey }) => replicationKey && keyed.some((one) => one === name));

/** Streams of which the clock alone makes more, every day. */
const growing = documentedRoutes.filter(({ rows }) => typeof rows === 'object' && 'seconds' in rows);

const demoOf = (): Promise<Demo> =>
  still({ projects: 4, issues: 30, events: 200, releases: 8, days: 60, scopes: allScopes });

const keysOf = (demo: Demo): Map<TruthStream, string[]> =>
  new Map(keyed.map((name) => [name, [...demo.truth().keys(name)].sort()]));

const sync = (demo: Demo, target: Target) =>
  syncInto(target, { config: configFor(demo, { tag_keys: usualTags }), catalog: select(...served), timeout: long });

/** Statistics have rows for intervals in which nothing was; the truth does not. */
const counts = ['quantity', 'sessions', 'value', 'count'];
const isNothing = (name: TruthStream, row: Row): boolean =>
  statisticsStreams.some((one) => one === name) && counts.some((column) => row[column] === 0);

/** The keys of the rows that a target holds of a stream. */
const heldKeys = (target: Target, name: TruthStream): string[] =>
  target.keys(name).filter((key) => !isNothing(name, target.rows.get(name)?.get(key) ?? {}));

/** Whether a record says what the server sent: it may have more columns, and texts where its schema has no objects. */
function says(record: unknown, sent: unknown): boolean {
  if (typeof record === 'string' && typeof sent !== 'string') return record === asText(sent);
  if (typeof sent !== 'object' || sent === null) return record === sent;
  if (typeof record !== 'object' || record === null) return false;
  return Object.entries(sent).every(([key, value]) => says((record as Row)[key], value));
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Fields that records have in another way than the server. */
function wrongFields(demo: Demo, target: Target, name: TruthStream): string[] {
  const wrong = [...demo.truth().each(name)].flatMap(({ key, text }) => {
    const record = target.rows.get(name)?.get(key) ?? {};
    return Object.entries(JSON.parse(text()) as Row).flatMap(([field, value]) =>
      says(record[field], value) ? [] : [`${field} ${JSON.stringify(record[field])} ${JSON.stringify(value)}`],
    );
  });
  return [...new Set(wrong)];
}

/** Parameters that every list takes, whether its page of the document names them or not. */
const paging = ['per_page', 'cursor'];

/** Parameters that servers take and Sentry's document does not name. */
const unnamed: Readonly<Record<string, readonly string[]>> = {
  '/organizations/{}/environments/': ['project'],
  '/organizations/{}/monitors/': ['sort'], // by name, since the usual order changes while it is read
  '/organizations/{}/monitors/{}/checkins/': ['start', 'end'],
  '/organizations/{}/releases/{}/deploys/': ['project'],
  '/organizations/{}/trace-items/attributes/': ['project'],
  '/organizations/{}/trace-items/metrics/': ['project'],
  '/projects/{}/{}/user-feedback/': ['status'], // else feedback of resolved issues is left out
};

/** The parameters of each route, by the facts that the demo has of it. */
const parameters = new Map(
  ['published', 'unpublished'].flatMap((file) => {
    const url = new URL(`../../demo/facts/${file}.json`, import.meta.url);
    const { routes } = JSON.parse(readFileSync(url, 'utf8')) as { routes: Record<string, { query: string[] }> };
    return Object.entries(routes).map(([route, { query }]) => [route, query] as const);
  }),
);

/** Parameters that requests had and routes do not. */
function strangeParameters(demo: Demo): Record<string, string[]> {
  const strange: Record<string, string[]> = {};
  for (const { route, query } of demo.journal.entries) {
    const known = parameters.get(formOf(route));
    const names = [...new URLSearchParams(query).keys()].filter((name) => !paging.includes(name));
    const others = known ? names.filter((name) => !known.includes(name)) : [];
    if (others.length > 0) strange[formOf(route)] = [...new Set([...(strange[formOf(route)] ?? []), ...others])];
  }
  return strange;
}

test('the demo serves every stream', () => {
  expect(names.filter((name) => !isServed(name))).toEqual([]);
});

test('all streams at once bring every row once, as it is', { timeout: long }, async () => {
  await using demo = await demoOf();
  const target = new Target();

  const { code, stderr } = await sync(demo, target);

  for (const [name, keys] of keysOf(demo)) {
    expect([name, heldKeys(target, name)]).toEqual([name, keys]);
    expect([name, target.received.get(name)]).toEqual([name, target.keys(name).length]);
    expect([name, wrongFields(demo, target, name)]).toEqual([name, []]);
  }
  expect(differences(demo, target, allStreams)).toEqual({});
  expect(strangeParameters(demo)).toEqual(unnamed);
  expect(code, stderr).toBe(0);
});

test('a run that is stopped halfway is gone on with, and every row is there', { timeout: long }, async () => {
  await using demo = await demoOf();
  const target = new Target();
  const run = { config: configFor(demo, { tag_keys: usualTags }), catalog: select(...served), timeout: long };

  const stopped = await syncInto(target, {
    ...run,
    onOutput: (tap, bytes) => {
      if (bytes > 4_000_000) tap.kill('SIGTERM');
    },
  });
  const { code, stderr } = await syncInto(target, run);

  expect(stopped.code).toBe(143);
  for (const [name, keys] of keysOf(demo)) expect([name, heldKeys(target, name)]).toEqual([name, keys]);
  expect(differences(demo, target, allStreams)).toEqual({});
  expect(code, stderr).toBe(0);
});

test('a run a day later brings what is new, and what the lookback covers', { timeout: long }, async () => {
  await using demo = await demoOf();
  const [first, second] = [new Target(), new Target()];
  await sync(demo, first);
  const before = keysOf(demo);
  const read = demo.clock.now();
  demo.clock.advance(1 * days);
  second.state = first.state;

  const { code, stderr } = await sync(demo, second);

  for (const [name, keys] of keysOf(demo)) {
    const old = new Set(before.get(name));
    const held = new Set([...first.keys(name), ...second.keys(name)]);
    expect([name, keys.filter((key) => !held.has(key))]).toEqual([name, []]);
    expect([name, second.received.get(name) ?? 0]).toEqual([name, second.keys(name).length]);
    if (growing.some((one) => one.name === name))
      expect([name, keys.some((key) => !old.has(key))]).toEqual([name, true]);
  }
  for (const { name, replicationKey = '', lookback, window } of incremental) {
    const whole = window?.intervals?.length ?? 1000; // statistics are asked for in whole days
    const oldest = Math.floor((read - (lookback?.({ lookback: 1 * hours * 1000 } as Config) ?? 0)) / whole) * whole;
    const rows = [...(second.rows.get(name)?.values() ?? [])];
    expect([name, rows.filter((row) => Date.parse(String(row[replicationKey])) < oldest).length]).toEqual([name, 0]);
  }
  expect(code, stderr).toBe(0);
});
