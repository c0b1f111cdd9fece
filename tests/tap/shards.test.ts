/** Several processes that share the projects: together they are one run without shards. */
import { describe, expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { shardOf } from '../../src/tap/shard.js';
import { allStreams, differences, select } from '../support/compare.js';
import { letRowsAppear, still } from '../support/demos.js';
import { configFor, runTap, type TapResult } from '../support/tap-process.js';
import { Target } from '../support/target.js';

interface State {
  bookmarks: Record<string, { start?: string; partitions?: { context: Record<string, string>; start?: string }[] }>;
}

const size = { projects: 12, issues: 30, events: 240, releases: 8 };
const shared = ['events', 'issues', 'project_detail', 'event_detail', 'issue_detail', 'issue_events'] as const;
const streams = allStreams;

interface Options {
  shard?: string;
  state?: unknown;
  more?: Record<string, unknown>;
}

const read = (demo: Demo, { shard, state, more }: Options = {}): Promise<TapResult> =>
  runTap({
    config: configFor(demo, { ...more, ...(shard === undefined ? {} : { shard }) }),
    catalog: select(...streams),
    ...(state === undefined ? {} : { state }),
  });

/** One run of each shard, one after the other. `states`: those of the run before, of however many shards. */
async function readShards(demo: Demo, count: number, { states, more }: { states?: unknown[]; more?: object } = {}) {
  const runs: TapResult[] = [];
  for (let n = 1; n <= count; n += 1) {
    const run = await read(demo, {
      shard: `${n}/${count}`,
      more: { ...more },
      ...(states && { state: { shards: states } }),
    });
    expect(run.code, run.stderr).toBe(0);
    runs.push(run);
  }
  return runs;
}

const messages = ({ stdout }: TapResult): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const stateOf = (run: TapResult): State => messages(run).findLast(({ type }) => type === 'STATE')!['value'] as State;

/** Every record as a text, with its stream; in order, so that two lists can be compared. */
const records = (...runs: readonly TapResult[]): string[] =>
  runs
    .flatMap(messages)
    .filter(({ type }) => type === 'RECORD')
    .map(({ stream, record }) => `${String(stream)} ${JSON.stringify(record)}`)
    .sort();

const streamsOf = (run: TapResult): Set<unknown> =>
  new Set(messages(run).flatMap(({ type, stream }) => (type === 'SCHEMA' ? [stream] : [])));

const partitions = (run: TapResult) =>
  Object.entries(stateOf(run).bookmarks).flatMap(([stream, { partitions: list = [] }]) =>
    list.map(({ context, start }) => ({ stream, id: context['project_id']!, start })),
  );

const starts = (...runs: readonly TapResult[]): string[] =>
  runs
    .flatMap(partitions)
    .map(({ stream, id, start }) => `${stream} ${id} ${String(start)}`)
    .sort();

describe('four shards', () => {
  test('bring together what one run brings, each row once', async () => {
    await using demo = await still(size);

    const shards = await readShards(demo, 4);

    const whole = await read(demo);
    expect(records(...shards)).toEqual(records(whole));
    expect(starts(...shards)).toEqual(starts(whole));
  });

  test('have partitions of their own projects only, and streams of the organization in the first', async () => {
    await using demo = await still(size);

    const shards = await readShards(demo, 4);

    for (const [n, run] of shards.entries()) {
      for (const { id } of partitions(run)) expect(shardOf(id, 4)).toBe(n + 1);
      const others = [...streamsOf(run)].filter((stream) => !(shared as readonly unknown[]).includes(stream));
      expect(others.length > 0).toBe(n === 0);
    }
  });

  test('name the projects whose issues they ask for', async () => {
    await using demo = await still(size);

    await read(demo, { shard: '2/4' });

    const asked = demo.journal.entries.filter(({ name }) => name === 'issues').map(({ query }) => query);
    expect(asked.length).toBeGreaterThan(0);
    for (const query of asked) {
      const ids = new URLSearchParams(query).getAll('project');
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect(shardOf(id, 4)).toBe(2);
    }
  });

  test('tell the target to drop rows of whole streams only', async () => {
    await using demo = await still(size);

    const shards = await readShards(demo, 4, { more: { emit_activate_version_messages: true } });

    const dropped = shards.map((run) =>
      messages(run)
        .filter(({ type }) => type === 'ACTIVATE_VERSION')
        .map(({ stream }) => stream)
        .sort(),
    );
    expect(dropped).toEqual([['projects', 'teams', 'users'], [], [], []]);
  });
});

describe('another number of shards', () => {
  test('four, eight and four again lose no row and no bookmark', async () => {
    await using demo = await still(size);
    const target = new Target();
    const load = (runs: TapResult[]): unknown[] => {
      for (const { stdout } of runs) target.load(stdout);
      return runs.map(stateOf);
    };
    const first = await readShards(demo, 4);
    let states = load(first);
    for (const count of [8, 4]) {
      letRowsAppear(demo);
      const [error] = [...demo.truth().rows('issues')].filter((row) => row['issueCategory'] === 'error');
      demo.world.addEvents({ issue: String(error!['id']), count: 3 });
      const runs = await readShards(demo, count, { states });
      for (const [n, run] of runs.entries())
        for (const { id } of partitions(run)) expect(shardOf(id, count)).toBe(n + 1);
      expect(starts(...runs).map(withoutTime)).toEqual(starts(...first).map(withoutTime));
      // Bookmarks were kept: what was read before does not come again, but for the lookback.
      expect(records(...runs).filter((text) => text.startsWith('events ')).length).toBeLessThan(100);
      states = load(runs);
    }
    expect(differences(demo, target, ['events', 'issues', 'projects', 'project_detail'])).toEqual({});
  });

  test('none takes over all bookmarks', async () => {
    await using demo = await still(size);
    const shards = await readShards(demo, 4);

    const whole = await read(demo, { state: { shards: shards.map(stateOf) } });

    expect(whole.code).toBe(0);
    expect(starts(whole)).toEqual(starts(...shards));
    expect(stateOf(whole).bookmarks['releases']).toEqual(stateOf(shards[0]!).bookmarks['releases']);
  });

  test('reads a project without a bookmark from start_date, and keeps the bookmarks of others', async () => {
    await using demo = await still(size);
    const [, second] = await readShards(demo, 2);

    const wrong = await read(demo, { shard: '1/2', state: stateOf(second!) });

    expect(wrong.code).toBe(0);
    const right = await read(demo, { shard: '1/2' });
    expect(records(wrong)).toEqual(records(right));
    expect(starts(wrong)).toEqual(starts(second!, right));
  });
});

const withoutTime = (text: string): string => text.split(' ').slice(0, 2).join(' ');
