/**
 * The RECORD messages of a run, counted as they come: each row once is what the tests of the profiles are about. Rows
 * are known by the keys of the demo's truth, whatever key the tap names.
 */
import type { Demo, DemoOptions, ServerName } from '../../demo/index.js';
import { allStreams, compare, select, truthOf } from '../support/compare.js';
import { still } from '../support/demos.js';
import { configFor, runTap, type TapResult } from '../support/tap-process.js';
import { type Message, Target } from '../support/target.js';

type Row = Record<string, unknown>;
export type Stream = (typeof allStreams)[number];

/** What one run wrote. */
export interface Run extends TapResult {
  /** How often each row came, by stream and key. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Rows of this run, by stream and key. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Row>>;
  /** Rows that lack a key property of their SCHEMA. */
  readonly withoutKey: readonly string[];
}

export const keyOf = (stream: string, row: Row): string => {
  if (/^event|_events$/.test(stream)) return `${String(row['projectID'])}/${String(row['eventID'])}`;
  return String(stream.startsWith('release') ? row['version'] : row['id']);
};

/** A pipeline between a demo and a target that remembers the state. */
export class Pipeline {
  readonly #target = new Target();
  #state: unknown;

  constructor(
    readonly demo: Demo,
    private readonly settings: Row = {},
  ) {}

  static async of(server: ServerName, options: DemoOptions = {}, settings: Row = {}): Promise<Pipeline> {
    // Where a list fails for ever, five minutes of waiting prove nothing.
    return new Pipeline(await still({ ...sizes, server, ...options }), { retry_time: 3, ...settings });
  }

  async run(streams: readonly Stream[] = allStreams): Promise<Run> {
    const result = await runTap({
      config: configFor(this.demo, this.settings),
      catalog: select(...streams),
      timeout: longestRun,
      ...(this.#state === undefined ? {} : { state: this.#state }),
    });
    const run = { ...result, ...recordsOf(messagesOf(result.stdout)) };
    this.#state = messagesOf(result.stdout).findLast(({ type }) => type === 'STATE')?.value ?? this.#state;
    for (const [stream, rows] of run.rows) this.#load(stream, rows);
    return run;
  }

  /** Fields of the rows of all runs that are not as the server has them, and how often; rows may be missing. */
  wrong(streams: readonly Stream[]): object {
    const wrong = (stream: Stream) => compare(this.demo, this.#target, truthOf(stream), { as: withCount }).wrong;
    const found = streams.map((stream) => [stream, wrong(stream)] as const);
    return Object.fromEntries(found.filter(([, fields]) => Object.keys(fields).length > 0));
  }

  /** Rows of the truth that no run brought, by stream. */
  missing(streams: readonly Stream[]): object {
    const found = streams.map((stream) => {
      const held = this.#target.rows.get(truthOf(stream));
      return [stream, [...this.demo.truth().keys(truthOf(stream))].filter((key) => !held?.has(key))] as const;
    });
    return Object.fromEntries(found.flatMap(([stream, keys]) => (keys.length > 0 ? [[stream, brief(keys)]] : [])));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.demo.close();
  }

  #load(stream: string, rows: ReadonlyMap<string, Row>): void {
    const name = truthOf(stream as Stream);
    const held = this.#target.rows.get(name) ?? new Map<string, Row>();
    for (const [key, row] of rows) held.set(key, row);
    this.#target.rows.set(name, held);
  }
}

const longestRun = 40_000; // milliseconds

const sizes: DemoOptions = { projects: 5, issues: 60, events: 300, releases: 25, members: 20, teams: 4, days: 60 };

/** How the rows of a run differ from the truth, each row once; streams without a difference are left out. */
export function differences(run: Run, demo: Demo, streams: readonly Stream[], nothing: readonly Stream[] = []): object {
  const found = streams.map((stream) => {
    const keys = nothing.includes(stream) ? [] : demo.truth().keys(truthOf(stream));
    return [stream, unequal(run.counts.get(stream) ?? new Map<string, number>(), new Set(keys))] as const;
  });
  return Object.fromEntries(found.filter(([, difference]) => Object.keys(difference).length > 0));
}

function unequal(counts: ReadonlyMap<string, number>, wanted: ReadonlySet<string>): Record<string, string> {
  const found = {
    missing: [...wanted].filter((key) => !counts.has(key)),
    extra: [...counts.keys()].filter((key) => !wanted.has(key)),
    again: [...counts].filter(([, count]) => count > 1).map(([key]) => key),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([what, keys]) => (keys.length > 0 ? [[what, brief(keys)]] : [])),
  );
}

/** How many, and the first few. */
export const brief = (keys: readonly string[]): string => `${keys.length}: ${keys.slice(0, 3).join(', ')}`;

function messagesOf(stdout: string): Message[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1); // a run that was killed ends in the middle of a line
  const lines = whole.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Message);
}

function recordsOf(messages: readonly Message[]): Pick<Run, 'counts' | 'rows' | 'withoutKey'> {
  const counts = new Map<string, Map<string, number>>();
  const rows = new Map<string, Map<string, Row>>();
  const keys = new Map<string, string[]>();
  const withoutKey: string[] = [];
  for (const { type, stream = '', record, key_properties } of messages) {
    if (type === 'SCHEMA') keys.set(stream, key_properties ?? []);
    if (type !== 'RECORD' || !record) continue;
    const key = keyOf(stream, record);
    const [count, row] = [counts.get(stream) ?? new Map<string, number>(), rows.get(stream) ?? new Map<string, Row>()];
    counts.set(stream, count.set(key, (count.get(key) ?? 0) + 1));
    rows.set(stream, row.set(key, record));
    const lacks = (keys.get(stream) ?? []).some((name) => record[name] === undefined || record[name] === null);
    if (lacks) withoutKey.push(`${stream} ${key}`);
  }
  return { counts, rows, withoutKey };
}

/** Sentry 9 says whether crash reports are kept; the column holds how many: -1 all, 0 none. */
function withCount(row: Row): Row {
  const { storeCrashReports } = row;
  return typeof storeCrashReports === 'boolean' ? { ...row, storeCrashReports: storeCrashReports ? -1 : 0 } : row;
}
