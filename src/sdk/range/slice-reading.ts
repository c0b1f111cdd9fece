/**
 * One slice, read down its list. Where the list cannot go on (it grew too long, rows have moved, an answer says
 * nothing of a next page) the rest becomes a slice of its own, asked for by time.
 */
import type { Params } from '../define/stream-definition.js';
import { StreamError } from '../errors.js';
import type { Range } from '../interval-set.js';
import type { Page, PageRecord } from '../rest/page.js';
import { type ListPage, cutShort, isCutShort, pages } from '../rest/pages.js';
import type { PagedList } from '../rest/pages.js';
import type { PageCursor } from './page-cursor.js';
import type { RowCap } from './row-cap.js';
import type { RangeQuery } from './range-query.js';
import { type RangeSupport, leastOf, mostOf } from './range-support.js';
import type { Slice } from './slice.js';

/** What a slice needs of the query that it belongs to. */
export interface SliceContext {
  readonly query: RangeQuery;
  readonly support: RangeSupport;
  readonly own: Params;
  readonly cap: RowCap | undefined;
  /** Looks at the first page. False: the slice is not to be read as it is. */
  opens(slice: Slice, page: Page): Promise<boolean>;
  /** Notes a page before anything waits: a slice may be split at any moment, and not above what has been read. */
  note(slice: Slice, cursor: PageCursor, page: Page): void;
  /** A list goes on: others may want a part of it. */
  offer(slice: Slice, cursor: PageCursor, page: Page): Promise<void>;
  deliver(records: readonly PageRecord[], finished: Range | undefined, received: number): Promise<number>;
  add(slice: Slice): void;
}

type Onward = 'list' | 'done' | Slice;

const mostRepeats = 3; // of a list whose rows move within one second

export class SliceReading {
  #isOpen = false;

  constructor(
    private readonly context: SliceContext,
    private readonly slice: Slice,
    readonly cursor: PageCursor,
    private readonly list: PagedList,
  ) {}

  /** Whether the first page has come and was taken. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  async read(): Promise<void> {
    const { known, before } = this.slice;
    for await (const step of pages(this.list, { known, before, unknownEnd: 'stop' })) {
      if (!this.#isOpen && !(await this.context.opens(this.slice, step.page))) return;
      this.#isOpen = true;
      if (!(await this.#take(step))) return;
    }
  }

  /** Takes a page. False: the slice has been read, or the rest of it is another slice. */
  async #take(step: ListPage): Promise<boolean> {
    const { context, slice, cursor } = this;
    const { page } = step;
    cursor.shorten(slice.start);
    const { write, finished: part, past } = cursor.accept(step.fresh, false);
    const ends = this.#endsWith(step);
    const finished = ends ? joined(part, cursor.accept([], true).finished) : part;
    context.note(slice, cursor, page);
    if (ends && isCutShort(step)) context.query.onLack(cutShort);
    const capped = context.cap?.take(write, !ends);
    const onward = ends || past || capped?.isReached ? 'done' : await this.#onward(step);
    if (onward === 'list') {
      step.prefetch();
      await context.offer(slice, cursor, page);
    }
    if (onward === 'done') slice.position = slice.start;
    await context.deliver(
      capped?.records ?? write,
      capped?.isReached ? this.#downToStart(finished) : finished,
      page.received,
    );
    if (typeof onward === 'object') context.add(onward); // not before the rows that it need not write again are out
    return onward === 'list' && !context.query.isEnough();
  }

  /** What a cap leaves out counts as read. */
  #downToStart(finished: Range | undefined): Range {
    return { start: this.context.query.range.start, end: finished?.end ?? this.cursor.position };
  }

  /** A page without a word is the last one if it is short, and asking below it would show nothing new. */
  #endsWith(step: ListPage): boolean {
    const { page, then, fresh } = step;
    if (isCutShort(step)) return !this.#canGoBelow(fresh);
    if (then === 'end') return !this.#looksDeeper(step);
    if (then !== 'unknown') return false;
    const { paging, requested } = this.list;
    if (page.size >= Math.min(requested, paging.leastFull)) return false;
    return fresh.length === 0 || (!paging.speaks && this.cursor.rows === 1);
  }

  /** Some servers show the latest days of a range only: until one has gone further back, what is older is asked for. */
  #looksDeeper({ fresh }: ListPage): boolean {
    const { depth } = this.context.support;
    if (fresh.length === 0 || this.context.cap) return false;
    if (this.slice.isProbe) depth.found();
    const { oldest } = this.cursor.span;
    return depth.isDoubted(this.slice, oldest) && this.#canGoBelow(fresh);
  }

  /** Whether a query for what is older than these rows would be another query. */
  #canGoBelow(fresh: readonly PageRecord[]): boolean {
    const from = this.cursor.position;
    return fresh.length > 0 && from < this.slice.end && from > this.slice.start;
  }

  /** Whether the list goes on, or what takes its place. @throws StreamError ERR_PAGING. */
  async #onward(step: ListPage): Promise<Onward> {
    const { slice, cursor } = this;
    const { page, then } = step;
    if (then === 'more' && !(await this.#isTooLong(page))) return 'list';
    const from = cursor.position;
    if (from < slice.end && from > slice.start) return this.#below(from, step);
    if (then === 'more') return 'list'; // all of it in one second: page by page, for as long as the server goes on
    if (from <= slice.start) return 'done';
    if (then === 'moved' && slice.repeats < mostRepeats) return this.#again(page);
    const what =
      then === 'moved'
        ? 'rows move while they are read'
        : `a page of ${page.size} rows came without a word about a next page`;
    throw new StreamError(`${this.list.name}: ${what}; more rows may follow, and cannot be read.`, {
      code: 'ERR_PAGING',
    });
  }

  async #isTooLong(page: Page): Promise<boolean> {
    const { query, support, own } = this.context;
    if (this.cursor.rows + this.list.requested <= support.window.maxRows) return false;
    return support.canSplit(query, page, own);
  }

  #below(from: number, { page, then }: ListPage): Slice {
    const known = new Set([...this.slice.known, ...this.cursor.keysBefore(from)]);
    return this.slice.split(from, { known, before: page.size, isProbe: then === 'end' });
  }

  #again(page: Page): Slice {
    const known = new Set([...this.slice.known, ...this.cursor.keysBefore(Infinity)]);
    return this.slice.split(this.slice.end, { known, before: page.size, repeats: this.slice.repeats + 1 });
  }
}

/** Two finished parts, the older one next to the newer. */
function joined(newer: Range | undefined, older: Range | undefined): Range | undefined {
  return newer && older ? { start: older.start, end: newer.end } : (newer ?? older);
}

/** The times of a page's newest and oldest row. */
export function spanOf({ records }: Page): { newest: number; oldest: number } {
  const times = records.flatMap(({ time }) => (time === undefined ? [] : [time]));
  return { newest: mostOf(times, -Infinity), oldest: leastOf(times, Infinity) };
}
