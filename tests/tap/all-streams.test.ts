/** Every stream at once, from a demo that serves them all: what a perfect client would hold, each row once. */
import { expect, test } from 'vitest';
import { usualTags } from '../../demo/documented/tag-counts.js';
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
