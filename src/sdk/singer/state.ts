/**
 * State: `start` of a stream (everything before it is read), one partition per context where a
 * stream has several, the time of the last full pass, and what an interrupted run had read behind
 * a gap (`done`). Also reads the Python SDK's form; whatever it does not know is carried along.
 */
import { InputError } from '../errors.js';
import type { Range } from '../interval-set.js';
import { isoSeconds, parseDate } from '../time.js';
import { isObject } from './catalog.js';

export type Context = Readonly<Record<string, string>>;

interface Entry {
  start?: number | undefined;
  done: readonly Range[];
}

interface Bookmark extends Entry {
  fullPass?: number | undefined;
  partitions: Map<string, Entry & { context: Context }>;
  /** Keys of ours to come. */
  others: Readonly<Record<string, unknown>>;
}

const ours = new Set([
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

export const contextKey = (context: Context): string =>
  JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)));

/** `project_id 7`: for people. */
export const describeContext = (context: Context): string =>
  Object.entries(context)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

export class State {
  readonly #top: Readonly<Record<string, unknown>>;
  readonly #bookmarks = new Map<string, Bookmark>();
  readonly #foreign = new Map<string, unknown>();

  /**
   * @param value a state as it came, e.g. `{"bookmarks": {"issues": {"start": "…"}}}`; undefined: none.
   * @param streams whose bookmarks must be readable; what stands under other names is carried along.
   * @throws InputError when it cannot be understood: an unreadable state is no fresh start.
   */
  constructor(value: unknown = {}, streams?: ReadonlySet<string>) {
    if (!isObject(value)) throw new InputError('The state is not an object, e.g. {"bookmarks": {}}.');
    const { bookmarks = {}, ...top } = value;
    if (!isObject(bookmarks)) throw new InputError('The state\'s "bookmarks" is not an object.');
    this.#top = top;
    for (const [stream, entry] of Object.entries(bookmarks)) {
      if (isObject(entry)) this.#bookmarks.set(stream, readBookmark(entry, `bookmarks.${stream}`));
      else if (entry !== null && streams?.has(stream))
        throw new InputError(
          `The state's bookmarks.${stream} is not an object such as {"start": "2026-01-31T00:00:00Z"}. Mend it, ` +
            'or clear the state to read everything again.',
        );
      else this.#foreign.set(stream, entry);
    }
  }

  /** Whether anything is known of a stream. */
  knows(stream: string): boolean {
    const entry = this.#bookmarks.get(stream);
    return entry !== undefined && (entry.start !== undefined || entry.partitions.size > 0);
  }

  /** Whether the partition itself is in the state. */
  knowsPartition(stream: string, context: Context): boolean {
    return this.#bookmarks.get(stream)?.partitions.has(contextKey(context)) ?? false;
  }

  /** The contexts of the partitions that a stream has, by key. */
  partitions(stream: string): Map<string, Context> {
    const partitions = this.#bookmarks.get(stream)?.partitions ?? [];
    return new Map([...partitions].map(([key, { context }]) => [key, context]));
  }

  /**
   * Where a stream, or one of its partitions, stands. Without partitions in the state, its own `start` counts for all.
   */
  start(stream: string, context?: Context): number | undefined {
    const entry = this.#bookmarks.get(stream);
    if (!entry || !context || entry.partitions.size === 0) return entry?.start;
    return entry.partitions.get(contextKey(context))?.start;
  }

  done(stream: string, context?: Context): readonly Range[] {
    const entry = this.#bookmarks.get(stream);
    return (context ? entry?.partitions.get(contextKey(context)) : entry)?.done ?? [];
  }

  fullPass(stream: string): number | undefined {
    return this.#bookmarks.get(stream)?.fullPass;
  }

  setFullPass(stream: string, at: number): void {
    this.#bookmark(stream).fullPass = at;
  }

  /** Moves a bookmark, forward only; `done` replaces what was known behind it. */
  advance(stream: string, context: Context | undefined, start: number, done: readonly Range[]): void {
    const bookmark = this.#bookmark(stream);
    if (!context) {
      bookmark.start = Math.max(start, bookmark.start ?? start);
      bookmark.done = done;
      return;
    }
    const key = contextKey(context);
    const known = bookmark.partitions.get(key);
    bookmark.partitions.set(key, { context, start: Math.max(start, known?.start ?? start), done });
  }

  /** Gives every context a partition of its own, if so far one bookmark stands for all. */
  divide(stream: string, contexts: readonly Context[]): void {
    const bookmark = this.#bookmarks.get(stream);
    if (!bookmark || bookmark.start === undefined || bookmark.partitions.size > 0) return;
    for (const context of contexts)
      bookmark.partitions.set(contextKey(context), { context, start: bookmark.start, done: [] });
  }

  /** Forgets the partitions that are gone for good. */
  forget(stream: string, gone: (context: Context) => boolean): void {
    const partitions = this.#bookmarks.get(stream)?.partitions;
    for (const [key, { context }] of partitions ?? []) if (gone(context)) partitions?.delete(key);
  }

  /** The whole state, as a STATE message carries it. */
  toJSON(): Record<string, unknown> {
    const bookmarks = [...this.#bookmarks].map(([stream, bookmark]) => [stream, writeBookmark(bookmark)] as const);
    return { ...this.#top, bookmarks: Object.fromEntries([...this.#foreign, ...bookmarks]) };
  }

  #bookmark(stream: string): Bookmark {
    const known = this.#bookmarks.get(stream) ?? {
      done: [],
      partitions: new Map<string, Entry & { context: Context }>(),
      others: {},
    };
    this.#bookmarks.set(stream, known);
    return known;
  }
}

function readBookmark(entry: Record<string, unknown>, where: string): Bookmark {
  const partitions = entry['partitions'] ?? [];
  if (!Array.isArray(partitions)) throw new InputError(`The state's ${where}.partitions is not a list.`);
  const bookmark: Bookmark = {
    ...readEntry(entry, where),
    fullPass: readTime(entry['full_pass'], `${where}.full_pass`),
    partitions: new Map(),
    others: Object.fromEntries(Object.entries(entry).filter(([name]) => !ours.has(name))),
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

function readTime(value: unknown, where: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const time = typeof value === 'string' ? parseDate(value) : undefined;
  if (time === undefined)
    throw new InputError(
      `The state's ${where} is not a date such as 2026-01-31T00:00:00Z: ${JSON.stringify(value)?.slice(0, 60)}. ` +
        'Mend it, or clear the state to read everything again.',
    );
  return time;
}

function writeBookmark({ start, fullPass, done, partitions, others }: Bookmark): Record<string, unknown> {
  const entries = [...partitions.values()];
  const starts = entries.map((entry) => entry.start);
  const earliest = entries.length === 0 ? start : earliestOf(starts);
  return {
    ...others,
    ...(earliest === undefined ? {} : { start: isoSeconds(earliest) }),
    ...(fullPass === undefined ? {} : { full_pass: isoSeconds(fullPass) }),
    ...writeDone(done),
    ...(entries.length === 0
      ? {}
      : {
          partitions: entries.map((entry) => ({
            context: entry.context,
            ...(entry.start === undefined ? {} : { start: isoSeconds(entry.start) }),
            ...writeDone(entry.done),
          })),
        }),
  };
}

/** Undefined when one of them has not begun. */
const earliestOf = (starts: readonly (number | undefined)[]): number | undefined =>
  starts.reduce(
    (least, start) => (least === undefined || start === undefined ? undefined : Math.min(least, start)),
    Infinity,
  );

const writeDone = (done: readonly Range[]): object =>
  done.length === 0 ? {} : { done: done.map((piece) => [isoSeconds(piece.start), isoSeconds(piece.end)]) };
