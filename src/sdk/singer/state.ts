/**
 * State: `start` of a stream (everything before it is read), one partition per context where a
 * stream has several, the time of the last full pass, and what an interrupted run had read behind
 * a gap (`done`). Also reads the Python SDK's form; whatever it does not know is carried along.
 */
import { InputError } from '../errors.js';
import type { Range } from '../interval-set.js';
import { type Bookmark, type Context, contextKey, mergeBookmarks } from './bookmark.js';
import { isObject } from './catalog.js';
import { otherKeyOf, readBookmark, withoutValues, writeBookmark } from './state-form.js';

export type { Context } from './bookmark.js';
export { contextKey, describeContext } from './bookmark.js';

/** What is known of a stream that the state does not name. */
const nothing: Bookmark = { done: [], partitions: new Map(), others: {} };

/** The streams whose bookmarks must be readable, each with its replication key. */
export type ReplicationKeys = ReadonlyMap<string, string | undefined>;

export class State {
  /** What of the state is not used, as sentences. */
  readonly warnings: string[] = [];
  readonly #keys: ReplicationKeys | undefined;
  readonly #top: Readonly<Record<string, unknown>>;
  readonly #bookmarks = new Map<string, Bookmark>();
  readonly #foreign = new Map<string, unknown>();

  /**
   * @param value a state as it came, e.g. `{"bookmarks": {"issues": {"start": "…"}}}`; undefined: none.
   * @param keys the streams of the tap; what stands under other names is carried along. Undefined: any stream.
   * @throws InputError when it cannot be understood: an unreadable state is no fresh start.
   */
  constructor(value: unknown = {}, keys?: ReplicationKeys) {
    if (!isObject(value)) throw new InputError('The state is not an object, e.g. {"bookmarks": {}}.');
    const { bookmarks = {}, ...top } = value;
    if (!isObject(bookmarks)) throw new InputError('The state\'s "bookmarks" is not an object.');
    this.#top = top;
    this.#keys = keys;
    for (const [stream, entry] of Object.entries(bookmarks)) {
      if (isObject(entry) && keys?.has(stream) !== false) this.#bookmarks.set(stream, this.#read(stream, entry));
      else if (entry === null || !keys?.has(stream)) this.#foreign.set(stream, entry);
      else
        throw new InputError(
          `The state's bookmarks.${stream} is not an object such as {"start": "2026-01-31T00:00:00Z"}. Mend it, ` +
            'or clear the state to read everything again.',
        );
    }
    if (this.#bookmarks.size === 0 && this.#foreign.size > 0)
      this.warnings.push(
        `The state has bookmarks of ${[...this.#foreign.keys()].slice(0, 3).join(', ')} and of no stream of this ` +
          'tap. Is it the state of another one? Everything is read from the start date on.',
      );
  }

  /** The state as it is now, for those who want to compare later. */
  copy(): State {
    return new State(JSON.parse(JSON.stringify(this)), this.#keys);
  }

  #read(stream: string, entry: Record<string, unknown>): Bookmark {
    const where = `bookmarks.${stream}`;
    const key = this.#keys?.get(stream);
    if (key === undefined) return readBookmark(entry, where);
    const other = otherKeyOf(entry, key);
    if (other === undefined) return readBookmark(entry, where);
    this.warnings.push(
      `${stream}: the state has a bookmark of ${other}, but the replication key is ${key}. It is not used: ` +
        'the stream is read from the start date on.',
    );
    return readBookmark(withoutValues(entry), where);
  }

  /** Whether anything is known of a stream. */
  knows(stream: string): boolean {
    const { start, partitions } = this.#known(stream);
    return start !== undefined || partitions.size > 0;
  }

  /** Whether the partition itself is in the state. */
  knowsPartition(stream: string, context: Context): boolean {
    return this.#known(stream).partitions.has(contextKey(context));
  }

  /** The contexts of the partitions that a stream has, by key. */
  partitions(stream: string): Map<string, Context> {
    return new Map([...this.#known(stream).partitions].map(([key, { context }]) => [key, context]));
  }

  /**
   * Where a stream, or one of its partitions, stands. Without partitions in the state, its own `start` counts for all.
   */
  start(stream: string, context?: Context): number | undefined {
    const { start, partitions } = this.#known(stream);
    if (!context || partitions.size === 0) return start;
    return partitions.get(contextKey(context))?.start;
  }

  done(stream: string, context?: Context): readonly Range[] {
    const bookmark = this.#known(stream);
    if (!context) return bookmark.done;
    return bookmark.partitions.get(contextKey(context))?.done ?? [];
  }

  fullPass(stream: string): number | undefined {
    return this.#known(stream).fullPass;
  }

  setFullPass(stream: string, at: number): void {
    this.#bookmark(stream).fullPass = at;
  }

  /** Moves a bookmark, forward only; `done` replaces what was known behind it. */
  advance(stream: string, context: Context | undefined, start: number, done: readonly Range[]): void {
    const bookmark = this.#bookmark(stream);
    if (!context) {
      const { start: known = start } = bookmark;
      bookmark.start = Math.max(start, known);
      bookmark.done = done;
      return;
    }
    const key = contextKey(context);
    const known = bookmark.partitions.get(key);
    bookmark.partitions.set(key, { context, start: Math.max(start, known?.start ?? start), done });
  }

  /** Gives every context a partition of its own, if so far one bookmark stands for all. */
  divide(stream: string, contexts: readonly Context[]): void {
    const { start, partitions } = this.#known(stream);
    if (start === undefined || partitions.size > 0) return;
    for (const context of contexts) partitions.set(contextKey(context), { context, start, done: [] });
  }

  /**
   * Forgets the partitions that are gone for good. With the last one goes the stream's own `start`, which would
   * otherwise count for contexts that were never read.
   */
  forget(stream: string, gone: (context: Context) => boolean): void {
    const bookmark = this.#known(stream);
    const { partitions } = bookmark;
    if (partitions.size === 0) return;
    for (const [key, { context }] of partitions) if (gone(context)) partitions.delete(key);
    if (partitions.size === 0) this.#bookmark(stream).start = undefined;
  }

  /** Removes everything that is known of a stream. */
  remove(stream: string): void {
    this.#bookmarks.delete(stream);
  }

  /** Takes over what another state knows. A bookmark says what was read, so of two for one place the later counts. */
  absorb(other: State): void {
    for (const [stream, theirs] of other.#bookmarks) {
      const own = this.#bookmarks.get(stream);
      this.#bookmarks.set(stream, own ? mergeBookmarks(own, theirs) : theirs);
    }
    for (const [stream, entry] of other.#foreign) if (!this.#foreign.has(stream)) this.#foreign.set(stream, entry);
  }

  /** The whole state, as a STATE message carries it. */
  toJSON(): Record<string, unknown> {
    const bookmarks = [...this.#bookmarks].map(([stream, bookmark]) => [stream, writeBookmark(bookmark)] as const);
    return { ...this.#top, bookmarks: Object.fromEntries([...this.#foreign, ...bookmarks]) };
  }

  #known(stream: string): Readonly<Bookmark> {
    return this.#bookmarks.get(stream) ?? nothing;
  }

  /** The bookmark of a stream, to be changed. */
  #bookmark(stream: string): Bookmark {
    const bookmark = this.#bookmarks.get(stream) ?? { ...nothing, partitions: new Map() };
    this.#bookmarks.set(stream, bookmark);
    return bookmark;
  }
}
