/**
 * One query of one range: which slices it is read in, and when it has been read. Slices are split where workers have
 * nothing to do, and narrowed where an answer is too much for the server.
 */
import type { Params } from '../define/stream-definition.js';
import { TooLargeError, isReadFailure } from '../errors.js';
import type { Range } from '../interval-set.js';
import type { Page, PageRecord, PageRequest } from '../rest/page.js';
import { pages } from '../rest/pages.js';
import { isUnfit } from '../rest/ways.js';
import { floorSecond } from '../time.js';
import { PageCursor, fewLies } from './page-cursor.js';
import { Narrowing } from './narrowing.js';
import type { RangeQuery } from './range-query.js';
import type { RangeReader } from './range-reader.js';
import { isInside } from './page-comparison.js';
import { RowCap } from './row-cap.js';
import { scan } from './scan.js';
import { fewestPages } from './sharing.js';
import { Slice } from './slice.js';
import { type SliceContext, SliceReading, spanOf } from './slice-reading.js';

const newestPages = 3; // that are read once more at the end

export class QueryReading implements SliceContext {
  /** Keys of the first page. Further queries wait for it: they may show the same rows. */
  readonly firstKeys: Promise<ReadonlySet<string>>;
  readonly cap: RowCap | undefined;
  readonly #narrowing: Narrowing;
  readonly #claimed = new Set<string>();
  #tellFirst: (keys: ReadonlySet<string>) => void = () => undefined;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #open = 0;
  #pages = 0;
  hasFailed = false;
  /** Whether the slices are of no use any more: the plain list is read, or another query shows the same rows. */
  #isOver = false;
  /** What has become unread, since the rows are not in order of time. */
  #unread: readonly Range[] | undefined;
  /** The rows that were seen, from here to there. */
  #newest = -Infinity;
  #oldest = Infinity;
  /** A slice older than all rows seen that has not been answered: one at a time, since it may be empty. */
  #guess: Slice | undefined;
  #emptyGuesses = 0;

  constructor(
    private readonly reader: RangeReader,
    readonly query: RangeQuery,
    readonly own: Params,
    private readonly index: number,
    private readonly main?: QueryReading,
  ) {
    const { maxNewest, onCapped } = query;
    this.cap = maxNewest === undefined ? undefined : new RowCap(maxNewest, onCapped);
    const { stream, smallerPages } = reader.rest;
    this.#narrowing = new Narrowing(stream.wantsBody, smallerPages, reader.support.widths);
    this.firstKeys = new Promise((resolve) => {
      this.#tellFirst = resolve;
    });
  }

  get support(): RangeReader['support'] {
    return this.reader.support;
  }

  /** Resolves when everything is read, or has been reported as failed. */
  async run(): Promise<void> {
    await this.main?.firstKeys;
    if (this.main?.hasFailed && !this.reader.rest.answered) return; // what failed for one fails for all
    await this.#finished(() => this.#begin()).finally(() => this.#tellFirst(new Set()));
    await this.#readUnread();
    await this.#readNewestAgain().catch((error: unknown) => this.#failed(error));
    await this.#lookForOlder().catch((error: unknown) => this.#failed(error));
  }

  /** Another query has shown that the server does not keep ranges: what was read of one may lack rows. */
  async scanIfDoubted(): Promise<void> {
    if (this.support.scans && !this.#isOver && !this.hasFailed) await this.#finished(() => this.#scan());
  }

  /** Resolves when the tasks that `begin` adds, and those that they add, have run. */
  async #finished(begin: () => void): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#open++; // held open while tasks are added
    begin();
    this.#close();
    await finished;
  }

  /** What earlier runs took for finished, since they relied on an order that the rows do not have. */
  async #readUnread(): Promise<void> {
    const gaps = this.#unread ?? [];
    if (gaps.length === 0 || this.cap) return;
    const isUnread = ({ time }: PageRecord): boolean => gaps.some((gap) => isInside(time, gap));
    const { query } = this;
    const again: RangeQuery = {
      ...query,
      gaps,
      takesNewer: false,
      onDisorder: () => [],
      deliver: (part) => query.deliver({ ...part, records: part.records.filter(isUnread) }),
    };
    await new QueryReading(this.reader, again, this.own, this.index).run();
  }

  async #lookForOlder(): Promise<void> {
    if (this.cap || this.hasFailed || this.#isOver) return;
    if (await this.support.hidesOlder(this.query, this.#oldest, this.own))
      this.query.onLack('lists of which the server shows the latest days only');
  }

  #begin(): void {
    if (this.support.scans) this.#scan();
    else if (this.#isWhole || this.support.splittable || this.query.isOnTrial)
      for (const gap of this.query.gaps) this.#addSlice(new Slice(gap), 'last');
    else this.#addTask(() => this.#resume(), 'last');
  }

  get #isWhole(): boolean {
    const { gaps, range } = this.query;
    return gaps.length === 1 && gaps[0]?.start === range.start && gaps[0].end === range.end;
  }

  /** Goes on in the gaps that an earlier run has left, if they can be asked for; else everything is read. */
  async #resume(): Promise<void> {
    const page = await this.reader.rest.first(this.#request(this.query.range), 'short').catch(emptyIfTooLarge);
    const splittable = page !== undefined && (await this.support.canSplit(this.query, page, this.own));
    for (const gap of splittable ? this.query.gaps : [this.query.range]) this.#addSlice(new Slice(gap), 'last');
  }

  #request(part: Range): PageRequest {
    const { at, select } = this.query;
    const { withoutBodies, pageSize } = part instanceof Slice ? part : { withoutBodies: false, pageSize: undefined };
    const params = this.support.paramsOf(this.query, part, this.own);
    return { at, select, params, withoutBodies, ...(pageSize === undefined ? {} : { pageSize }) };
  }

  // Tasks --------------------------------------------------------------------------------------

  add(slice: Slice): void {
    this.#addSlice(slice);
  }

  #addSlice(slice: Slice, order: 'next' | 'last' = 'next'): void {
    if (slice.start >= slice.end) return;
    const part = { pages: () => this.#pagesOf(slice), split: () => this.#share(slice) };
    if (!this.cap) this.reader.open.add(part);
    this.#addTask(() => this.#read(slice).finally(() => this.reader.open.delete(part)), order);
  }

  #addTask(task: () => Promise<void>, order: 'next' | 'last' = 'next'): void {
    this.#open++;
    const run = async (): Promise<void> => {
      try {
        await task();
      } catch (error) {
        this.#failed(error);
      } finally {
        this.#close();
      }
    };
    this.reader.queue.add(run, { order, onRefused: (error) => this.#settle?.reject(error) });
  }

  /** What stops this query alone is reported. What stops the run is thrown, since the queue then runs nothing more. */
  #failed(error: unknown): void {
    this.hasFailed = true;
    if (isReadFailure(error)) {
      this.query.onFailed(error);
      return;
    }
    this.#settle?.reject(error);
    throw error;
  }

  #close(): void {
    if (--this.#open === 0) this.#settle?.resolve();
  }

  // Reading ------------------------------------------------------------------------------------

  async #read(slice: Slice): Promise<void> {
    const { rest } = this.reader;
    if (this.#isOver || this.#narrowing.isExhausted || this.query.isEnough()) return;
    if (this.support.scans && this.#pages === 0) return this.#scan();
    if (slice.end <= this.support.retentionStart) return void (await this.deliver([], slice, 0));
    const smaller = this.#narrowing.before(slice);
    if (smaller.length > 0) return smaller.forEach((part) => this.#addSlice(part));
    slice.pageSize ??= this.#narrowing.pageSize;
    const cursor = this.#cursor(slice);
    slice.keysBefore = (boundary) => cursor.keysBefore(boundary);
    const reading = new SliceReading(this, slice, cursor, rest.list(this.#request(slice), 'short'));
    try {
      await reading.read();
    } catch (error) {
      await this.#recover(slice, reading, error);
    }
  }

  #cursor(slice: Slice): PageCursor {
    const { support, query } = this;
    return new PageCursor({
      asked: { start: slice.start, end: slice.end },
      dates: (record) => support.datesOf(record),
      newestFirst: support.window.order !== 'any',
      kept: support.splittable === true,
      takesNewer: query.takesNewer && slice.end === query.range.end,
      claim: (key) => !this.#claimed.has(key) && Boolean(this.#claimed.add(key)),
    });
  }

  /** An answer that was too much is asked for in parts; a range that is refused as such is read without. */
  async #recover(slice: Slice, { cursor, isOpen }: SliceReading, error: unknown): Promise<void> {
    if (error instanceof TooLargeError && !this.reader.rest.mayBeElsewhere) {
      const left = slice.split(isOpen ? cursor.position : slice.end);
      for (const part of this.#narrowing.after(left, error)) this.#addSlice(part);
      return;
    }
    const refused = isUnfit(error);
    // Some servers refuse pages that lie far down: what is left is a list of its own.
    if (refused && isOpen && slice.splitsAt(cursor.position)) return this.#addSlice(slice.split(cursor.position));
    if (refused && !isOpen && this.main && this.reader.rest.answered) return this.#isNotUnderstood();
    if (!refused || isOpen || !(await this.support.isRefusedOnly(this.query, this.own))) throw error;
    this.#scan();
  }

  async opens(slice: Slice, page: Page): Promise<boolean> {
    if (this.#guess === slice) this.#guessed(page);
    const others = await this.main?.firstKeys;
    this.#tellFirst(new Set(page.records.map(({ key }) => key)));
    if (others && page.records.some(({ key }) => others.has(key))) return this.#isRepeated(page);
    if (slice.end !== this.query.range.end) return true;
    const verdict = await this.support.check(page, this.query, slice, this.own);
    if (verdict === 'scan') this.#scan();
    if (verdict === 'again') this.#addSlice(new Slice(slice));
    return verdict === 'believed';
  }

  /** The server shows the rows of another query again: it does not understand what this one adds. */
  async #isRepeated({ received }: Page): Promise<false> {
    this.#isOver = true;
    await this.deliver([], this.query.range, received);
    return false;
  }

  /** The server refuses what this query adds: then there is nothing of that kind. */
  async #isNotUnderstood(): Promise<void> {
    this.#isOver = true;
    this.query.onRemark(`the server refuses ${Object.values(this.own).join(' ')}: rows of that kind are not read`);
    await this.deliver([], this.query.range, 0);
  }

  note(slice: Slice, cursor: PageCursor, page: Page): void {
    this.#pages++;
    this.#narrowing.answered(slice);
    const { newest, oldest } = cursor.span;
    this.#newest = Math.max(this.#newest, newest);
    this.#oldest = Math.min(this.#oldest, oldest);
    slice.show(page.records.length, spanOf(page), oldest, slice.pageSize ?? this.reader.rest.pageSize);
    if (cursor.outside > fewLies && !this.support.splittable) this.query.onRemark('the server ignores time ranges');
    if (cursor.unsorted) this.noteDisorder();
  }

  noteDisorder(): void {
    this.query.onRemark('the server does not send the rows in order of time: all pages were read');
    this.#unread ??= this.query.onDisorder?.();
  }

  async deliver(records: readonly PageRecord[], finished: Range | undefined, received: number): Promise<number> {
    const unread = this.#unread ?? []; // its rows come with a reading of their own
    const own = records.filter(({ time }) => !unread.some((gap) => isInside(time, gap)));
    return this.query.deliver({ records: own, query: this.index, finished, received });
  }

  /** The plain list, newest first. */
  #scan(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#addTask(() => scan(this, this.reader.rest));
  }

  /**
   * A row whose time moves may have moved up to a page that had been read. The newest pages are read once more, until
   * one of them shows nothing new.
   */
  async #readNewestAgain(): Promise<void> {
    const { query, support } = this;
    if (!support.window.moves || this.#pages < 2 || this.hasFailed || query.isEnough()) return;
    const list = this.reader.rest.list(
      support.scans ? { at: query.at, select: query.select, params: this.own } : this.#request(query.range),
    );
    const cursor = this.#cursor(new Slice(query.range));
    let left = newestPages;
    for await (const { page, fresh } of pages(list, { unknownEnd: 'stop' })) {
      const { write } = cursor.accept(fresh, false);
      const wanted = write.filter(({ time }) => time === undefined || time >= query.range.end || this.#isMissing(time));
      const written = await this.deliver(wanted, undefined, page.received);
      if (written === 0 || --left === 0) return;
    }
  }

  /** Whether an earlier run has left this time for us. */
  #isMissing(time: number): boolean {
    return this.query.gaps.some((gap) => isInside(time, gap));
  }

  // Sharing ------------------------------------------------------------------------------------

  /** A guess has been answered. Where guesses find nothing, each is twice as long as the one before. */
  #guessed({ records }: Page): void {
    this.#guess = undefined;
    this.#emptyGuesses = records.length > 0 ? 0 : this.#emptyGuesses + 1;
  }

  /** Lets idle workers have a part of what is left, as soon as it is known that the server takes parts. */
  async offer(slice: Slice, cursor: PageCursor, page: Page): Promise<void> {
    const { reader, support } = this;
    if (this.cap || reader.isBusy || !cursor.sorted) return;
    if (slice.pagesAbove(support.retentionStart) < fewestPages) return;
    if (await support.canSplit(this.query, page, this.own)) reader.share();
  }

  #pagesOf(slice: Slice): number {
    return this.#guess && this.#isUncertain(slice) ? 0 : slice.pagesAbove(this.support.retentionStart);
  }

  /** Whether nothing has been seen as old as its start: rows may end at any time. */
  #isUncertain({ start }: Slice): boolean {
    return start < this.#oldest;
  }

  /**
   * Half of what a slice still has becomes a slice of its own. Where rows may end, the newer part is no longer than all
   * that is newer than it.
   */
  #share(slice: Slice): void {
    const floor = Math.max(slice.start, this.support.retentionStart);
    const from = slice.position - slice.perPage;
    const half = (from - floor) / 2;
    const uncertain = this.#isUncertain(slice);
    const seen = Math.max((slice.perPage * fewestPages) / 2, this.#newest - from) * 2 ** this.#emptyGuesses;
    const kept = uncertain ? Math.min(half, seen) : half;
    const older = slice.split(floorSecond(from - kept));
    if (uncertain) this.#guess = older;
    this.#addSlice(older);
  }
}

function emptyIfTooLarge(error: unknown): undefined {
  if (!(error instanceof TooLargeError)) throw error;
}
