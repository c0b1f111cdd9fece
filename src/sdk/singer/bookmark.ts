/** What a state knows of one stream, and how two such pieces of knowledge become one. */
import type { Range } from '../interval-set.js';

/** The values that a place in the tree of streams has: the path variables of its requests. */
export type Context = Readonly<Record<string, string>>;

export const contextKey = (context: Context): string =>
  JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)));

/** `project_id 7`: for people. */
export const describeContext = (context: Context): string =>
  Object.entries(context)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** Where a stream, or a partition of it, stands. */
export interface Entry {
  start?: number | undefined;
  done: readonly Range[];
}

/** A stream's own entry, and those of its partitions by the key of their context. */
export interface Bookmark extends Entry {
  fullPass?: number | undefined;
  partitions: Map<string, Entry & { context: Context }>;
  /** Keys of ours to come. */
  others: Readonly<Record<string, unknown>>;
}

/** Both in one. The stream's own `start` counts only where neither has partitions: it would count for all of them. */
export function mergeBookmarks(own: Bookmark, theirs: Bookmark): Bookmark {
  const partitions = new Map(own.partitions);
  for (const [key, partition] of theirs.partitions)
    partitions.set(key, laterOf(partitions.get(key) ?? partition, partition));
  const { start, done } = laterOf<Entry>(own, theirs);
  return {
    ...(partitions.size === 0 ? { start, done } : { done: [] }),
    fullPass: earliestOf([own.fullPass, theirs.fullPass]),
    partitions,
    others: { ...theirs.others, ...own.others },
  };
}

/** The earliest of several times; undefined when one of them has not begun. */
export const earliestOf = (starts: readonly (number | undefined)[]): number | undefined =>
  starts.every((start) => start !== undefined)
    ? starts.reduce((one, other) => Math.min(one, other), Infinity)
    : undefined;

const laterOf = <E extends Entry>(one: E, other: E): E => (startOf(other) > startOf(one) ? other : one);

const startOf = ({ start = -Infinity }: Entry): number => start;
