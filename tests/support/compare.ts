/** What a target holds, compared with what a perfect client would hold. */
import type { Demo, TruthStream } from '../../demo/index.js';
import type { Target } from './target.js';

type Row = Record<string, unknown>;

export const byDefault = [
  'events',
  'issues',
  'project_detail',
  'projects',
  'release',
  'releases',
  'teams',
  'users',
] as const;
export const onWish = ['event_detail', 'issue_detail', 'issue_events'] as const;
export const allStreams = [...byDefault, ...onWish] as const;

/** Where the truth of a stream is: users are read from `/members/`, the complete list. */
export const truthOf = (stream: TruthStream): TruthStream => (stream === 'users' ? 'members' : stream);

/** How many rows a stream has on the server. */
export const countOf = (demo: Demo, stream: TruthStream): number => demo.truth().count(truthOf(stream));

/** A catalog that selects these streams, and leaves schemas to the tap. */
export function select(...names: readonly string[]): { streams: object[] } {
  return {
    streams: names.map((name) => ({
      tap_stream_id: name,
      stream: name,
      schema: {},
      metadata: [{ breadcrumb: [], metadata: { selected: true } }],
    })),
  };
}

export interface Difference {
  missing: string[];
  extra: string[];
  /** Fields with another value, and in how many rows. */
  wrong: Record<string, number>;
}

/** A list's lifetime has an empty series that the truth does not speak of. */
function plain(row: Row): Row {
  const { lifetime } = row;
  if (typeof lifetime !== 'object' || lifetime === null) return row;
  const { stats: _, ...rest } = lifetime as Row;
  return { ...row, lifetime: rest };
}

const keyOf = (stream: string, row: Row): string => {
  if (/^event|_events$/.test(stream)) return `${String(row['projectID'])}/${String(row['eventID'])}`;
  return String(stream.startsWith('release') ? row['version'] : row['id']);
};

export interface CompareOptions {
  /** Brings a true row into the form of the server's, e.g. ids as numbers. */
  as?: (row: Row) => Row;
  /** True rows that cannot be expected. */
  without?: (key: string, row: Row) => boolean;
}

export function compare(
  demo: Demo,
  target: Target,
  stream: TruthStream,
  { as = (row) => row, without = () => false }: CompareOptions = {},
): Difference {
  const held = new Map([...(target.rows.get(stream)?.values() ?? [])].map((row) => [keyOf(stream, row), plain(row)]));
  const difference: Difference = { missing: [], extra: [], wrong: {} };
  const truth = new Set<string>();
  const eventIds = new Set([...held.values()].map((row) => row['eventID']));
  for (const { key, text } of demo.truth().each(truthOf(stream))) {
    truth.add(key);
    const row = as(JSON.parse(text()) as Row);
    const own = held.get(key);
    if (without(key, row)) continue;
    // Two projects may have an event of one id; the key of events is the id alone, so one of the two is held.
    if (!own && stream === 'events' && eventIds.has(row['eventID'])) continue;
    if (!own) difference.missing.push(key);
    else
      for (const name of Object.keys({ ...row, ...own }))
        if (!same(row[name], own[name])) difference.wrong[name] = (difference.wrong[name] ?? 0) + 1;
  }
  difference.extra = [...held.keys()].filter((key) => !truth.has(key));
  return difference;
}

/** Differences of all streams that have any. */
export function differences(
  demo: Demo,
  target: Target,
  streams: readonly TruthStream[],
  options?: CompareOptions,
): Partial<Record<TruthStream, Difference>> {
  return Object.fromEntries(
    streams
      .map((stream) => [stream, compare(demo, target, stream, options)] as const)
      .filter(([, { missing, extra, wrong }]) => missing.length + extra.length + Object.keys(wrong).length > 0),
  );
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same((a as Row)[name], (b as Row)[name]));
}
