/**
 * One slice, read down its list. Where the list cannot go on (it grew too long, rows have moved, an answer says
 * nothing of a next page) the rest becomes a slice of its own, asked for by time.
 */
import type { Params } from '../define/stream-definition.js';
import { StreamError } from '../errors.js';
import type { Range } from '../interval-set.js';
import { type Page, type PageRecord, timesOf } from '../rest/page.js';
import { type ListPage, cutShort, isCutShort, pages } from '../rest/pages.js';
import type { PagedList } from '../rest/pages.js';
import { mostSteps } from './depth.js';
import type { PageCursor } from './page-cursor.js';
import type { RowCap } from './row-cap.js';
import type { RangeQuery } from './range-query.js';
import { second } from '../time.js';
import { leastOf, mostOf } from './page-comparison.js';
import type { RangeSupport } from './range-support.js';
import type { Slice, SliceOptions } from './slice.js';

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
  /** The rows of a list are not in order of time. */
  noteDisorder(): void;
  /** A list goes on: others may want a part of it. */
  offer(slice: Slice, cursor: PageCursor, page: Page): Promise<void>;
  deliver(records: readonly PageRecord[], finished: Range | undefined, received: number): Promise<number>;
  add(slice: Slice): void;
}

type Onward = 'list' | 'done' | Slice;

const mostRepeats = 3; // of a list that goes on within one second, or of few rows

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
    const shown = step.then === 'moved' ? step.fresh : page.records; // there, the page lies behind rows not seen
    cursor.shorten(slice.start);
    const ends = this.#endsWith(step);
    const upper = cursor.position;
    const { write, finished, past } = cursor.accept(step.fresh, false, shown);
    context.note(slice, cursor, page);
    const capped = context.cap?.take(write, !ends);
    const isDone = past || capped?.isReached === true;
    const onward = isDone ? 'done' : ends ? this.#lookBelow(step, write.length) : await this.#onward(step);
    if (onward === 'list') {
      step.prefetch();
      await context.offer(slice, cursor, page);
    }
    const rest = ends || onward === 'done' ? this.#finish(step, past) : undefined;
    // What a cap leaves out counts as read.
    const part = capped?.isReached ? { start: context.query.range.start, end: upper } : joined(rest, finished);
    await context.deliver(capped?.records ?? write, part, page.received);
    if (typeof onward === 'object') context.add(onward); // not before the rows that it need not write again are out
    return onward === 'list' && !context.query.isEnough();
  }

  /** Nothing more is read of the slice: what is left of it is finished. */
  #finish(step: ListPage, isPast: boolean): Range | undefined {
    const { context, slice, cursor } = this;
    slice.position = slice.start;
    cursor.shorten(slice.start);
    const isLast = cursor.unsorted || cursor.position <= slice.start; // nothing below it can be asked for
    if (isCutShort(step) && !isPast && isLast) context.query.onLack(cutShort);
    return cursor.accept([], true).finished;
  }

  /** A page without a word is the last one if it is short, and asking below it would show nothing new. */
  #endsWith({ page, then, fresh }: ListPage): boolean {
    if (then !== 'unknown') return then === 'end';
    const { paging, requested } = this.list;
    if (page.size >= Math.min(requested, paging.leastFull)) return false;
    return fresh.length === 0 || (!paging.speaks && this.cursor.rows + fresh.length === 1);
  }

  /**
   * What is older than the last row of a list that has ended, where that end is doubted: the server names more rows, or
   * it may be one that shows the latest days of a range only.
   */
  #lookBelow(step: ListPage, written: number): Onward {
    const { slice, cursor, context } = this;
    const { depth, window, splittable } = context.support;
    if (slice.probe !== undefined && written > 0) {
      depth.found();
      context.query.onLack('lists of which the server showed the latest days only, until older ones were asked for');
    }
    const looks = slice.probe ?? (depth.isLimited ? 0 : undefined);
    if (looks !== undefined && written === 0) return this.#lookFurther(looks);
    if (written + slice.before === 0) return this.#lookAtParent();
    const from = Math.min(cursor.position, cursor.span.oldest + second); // few rows make no position
    const isAnotherQuery = cursor.sorted && slice.splitsAt(from);
    if (!isAnotherQuery || (window.split && !splittable)) return 'done';
    const isDoubted = isCutShort(step) || (!context.cap && depth.isDoubted(slice, cursor.span.oldest));
    return isDoubted ? this.#below(from, step, { probe: 0 }) : 'done';
  }

  /** A list without rows, though the parent's row says that there was one: a look at that time, and no further ones. */
  #lookAtParent(): Onward {
    const { slice, cursor, context } = this;
    const { parentTime } = context.query.at;
    if (parentTime === undefined || cursor.rows > 0) return 'done';
    if (!context.support.depth.isExpected(slice, parentTime)) return 'done';
    return slice.split(parentTime + second, { probe: mostSteps });
  }

  /** A look has found nothing: rows may be older than it reached. */
  #lookFurther(probe: number): Onward {
    const { slice, context } = this;
    const at = context.support.depth.next(slice, probe);
    return at === undefined ? 'done' : slice.split(at, { probe: probe + 1 });
  }

  /** Whether the list goes on, or what takes its place. @throws StreamError ERR_PAGING. */
  async #onward(step: ListPage): Promise<Onward> {
    const { slice, cursor } = this;
    const { page, then } = step;
    if (then === 'more' && !(await this.#isTooLong(page))) return 'list';
    const from = cursor.position;
    if (slice.splitsAt(from)) return this.#below(from, step);
    if (then === 'more') return 'list'; // all of it in one second: page by page, for as long as the server goes on
    if (from <= slice.start) return 'done';
    if (cursor.sorted && slice.repeats < mostRepeats) return this.#again(page); // rows have moved, or a header was lost
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

  #below(from: number, { page }: ListPage, options: Pick<SliceOptions, 'probe'> = {}): Slice {
    return this.slice.split(from, { before: page.size, ...options });
  }

  #again(page: Page): Slice {
    return this.slice.split(this.slice.end, { before: page.size, repeats: this.slice.repeats + 1 });
  }
}

/** Two parts that touch, as one. */
function joined(older: Range | undefined, newer: Range | undefined): Range | undefined {
  return older && newer ? { start: older.start, end: newer.end } : (older ?? newer);
}

/** The times of a page's newest and oldest row. */
export function spanOf({ records }: Page): { newest: number; oldest: number } {
  const times = timesOf(records);
  return { newest: mostOf(times, -Infinity), oldest: leastOf(times, Infinity) };
}
