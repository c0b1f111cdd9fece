/** A stream's bookmark as a state has it: in our form or the Python SDK's on the way in, in ours on the way out. */
import { InputError } from '../errors.js';
import type { Range } from '../interval-set.js';
import { isoSeconds, parseDate, unixTime } from '../time.js';
import { type Bookmark, type Context, type Entry, contextKey, earliestOf } from './bookmark.js';
import { isObject } from './catalog.js';

/** What an entry of a state may have, in our form and in the Python SDK's. */
export const entryWords: ReadonlySet<string> = new Set([
  'start',
  'full_pass',
  'partitions',
  'done',
  'replication_key',
  'replication_key_value',
  'starting_replication_value',
  'replication_key_signpost',
  'progress_markers',
]);

/** The replication key that an entry, or one of its partitions, is of, if it is another one. */
export function otherKeyOf(entry: Record<string, unknown>, key: string): string | undefined {
  const named = [entry, ...partitionsOf(entry)].map((one) => one['replication_key']);
  return named.filter((one) => typeof one === 'string').find((one) => one !== key);
}

const partitionsOf = ({ partitions = [] }: Record<string, unknown>): Record<string, unknown>[] =>
  [partitions].flat().filter(isObject);

/** An entry of the SDK's form without where it stands. */
export function withoutValues({
  replication_key_value: _,
  ...entry
}: Record<string, unknown>): Record<string, unknown> {
  if (entry['partitions'] === undefined) return entry;
  return { ...entry, partitions: partitionsOf(entry).map(withoutValues) };
}

export function readBookmark(entry: Record<string, unknown>, where: string): Bookmark {
  const partitions = entry['partitions'] ?? [];
  if (!Array.isArray(partitions)) throw new InputError(`The state's ${where}.partitions is not a list.`);
  const bookmark: Bookmark = {
    ...readEntry(entry, where),
    fullPass: readTime(entry['full_pass'], `${where}.full_pass`),
    partitions: new Map(),
    others: Object.fromEntries(Object.entries(entry).filter(([name]) => !entryWords.has(name))),
  };
  for (const [index, partition] of partitions.entries()) {
    const place = `${where}.partitions[${index}]`;
    if (!isObject(partition) || !isObject(partition['context']))
      throw new InputError(`The state's ${place} has no object "context".`);
    const context = Object.fromEntries(
      Object.entries(partition['context']).map(([name, value]) => [name, String(value)]),
    );
    const read = { context, ...readEntry(partition, place) };
    if (bookmark.partitions.has(contextKey(context)))
      throw new InputError(`The state's ${place} repeats the context ${JSON.stringify(context)}.`);
    bookmark.partitions.set(contextKey(context), read);
  }
  return bookmark;
}

function readEntry(entry: Record<string, unknown>, where: string): Entry {
  const done = entry['done'] ?? [];
  if (!Array.isArray(done)) throw new InputError(`The state's ${where}.done is not a list.`);
  return {
    start:
      readTime(entry['start'], `${where}.start`) ??
      unixTime(entry['replication_key_value']) ??
      readTime(entry['replication_key_value'], `${where}.replication_key_value`),
    done: done.map((piece: unknown, index) => {
      const [start, end] = Array.isArray(piece)
        ? piece.map((value: unknown) => readTime(value, `${where}.done[${index}]`))
        : [];
      if (start === undefined || end === undefined)
        throw new InputError(`The state's ${where}.done[${index}] is not a pair of dates.`);
      return { start, end };
    }),
  };
}

const notSet = new Set<unknown>([undefined, null, '']);

function readTime(value: unknown, where: string): number | undefined {
  if (notSet.has(value)) return undefined;
  const time = typeof value === 'string' ? parseDate(value) : undefined;
  if (time === undefined)
    throw new InputError(
      `The state's ${where} is not a date such as 2026-01-31T00:00:00Z: ${JSON.stringify(value)?.slice(0, 60)}. ` +
        'Mend it, or clear the state to read everything again.',
    );
  return time;
}

export function writeBookmark({ start, fullPass, done, partitions, others }: Bookmark): Record<string, unknown> {
  const entries = [...partitions.values()];
  const starts = entries.map((entry) => entry.start);
  const earliest = entries.length === 0 ? start : earliestOf(starts);
  return {
    ...others,
    ...writeTime('start', earliest),
    ...writeTime('full_pass', fullPass),
    ...writeDone(done),
    ...(entries.length === 0 ? {} : { partitions: entries.map(writePartition) }),
  };
}

const writePartition = ({ context, start, done }: Entry & { context: Context }): object => ({
  context,
  ...writeTime('start', start),
  ...writeDone(done),
});

const writeTime = (name: string, time: number | undefined): object =>
  time === undefined ? {} : { [name]: isoSeconds(time) };

const writeDone = (done: readonly Range[]): object =>
  done.length === 0 ? {} : { done: done.map((piece) => [isoSeconds(piece.start), isoSeconds(piece.end)]) };
