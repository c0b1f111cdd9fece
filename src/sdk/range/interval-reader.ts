/**
 * Reads numbers of whole intervals, such as the counts of a day. A server rounds a range of them outwards, so that only
 * whole intervals are asked for, oldest first. What is too much for one answer is asked for in halves. So are rows with
 * times of their own on servers that show a limited number of them.
 */
import type { Intervals, Window } from '../define/window.js';
import type { Params } from '../define/stream-definition.js';
import { SkippableError, StreamError, TooLargeError, isReadFailure } from '../errors.js';
import type { Range } from '../interval-set.js';
import type { Page, PageRecord } from '../rest/page.js';
import { type PagedList, steadyPages } from '../rest/pages.js';
import type { RestStream } from '../rest/rest-stream.js';
import { isoSeconds } from '../time.js';
import type { RangeQuery } from './range-query.js';
import { sent } from './range-support.js';
import type { WorkQueue } from './work-queue.js';

const mostFailures = 3; // intervals in a row: a server that answers none of them will not answer the next one either

/** Records of parts that are asked for again in halves, by key, each with its time (epoch ms). */
type Written = Map<string, number>;

type Seen = Pick<PageRecord, 'key' | 'time'>;

/** Where the records of a part go, so that its halves do not write them again. */
interface Out {
  readonly written: ReadonlyMap<string, number>;
  /** Those that this part has written. */
  readonly fresh: Seen[];
}

export class IntervalReader {
  constructor(
    private readonly rest: RestStream,
    private readonly queue: WorkQueue,
    private readonly window: Window,
    private readonly intervals: Intervals,
  ) {}

  async read(query: RangeQuery): Promise<void> {
    const { queries } = this.rest.stream;
    await Promise.all(queries.map((own, index) => this.#readQuery(query, index, own)));
  }

  async #readQuery(query: RangeQuery, index: number, own: Params): Promise<void> {
    const { forgotten, parts } = partsOf(query, this.intervals);
    if (forgotten) {
      query.onRemark(`nothing before ${isoSeconds(forgotten.end)} was asked for, since the server keeps no more`);
      await query.deliver({ records: [], query: index, finished: forgotten, received: 0 });
    }
    let failures = 0;
    const written: Written = new Map();
    for (let part = parts.shift(); part && failures < mostFailures && !query.isEnough(); part = parts.shift()) {
      forgetBefore(part.start, written);
      const error = await this.#failureOf(written, (out) => this.#readPart(query, index, own, part, out));
      if (error === undefined) failures = 0;
      else if (this.#isTooMuch(error) && this.#countOf(part) > 1) parts.unshift(...this.#halves(part));
      else {
        query.onFailed(error);
        failures = error instanceof SkippableError ? mostFailures : failures + 1;
      }
    }
  }

  /** Reads a part; answers why it could not be read. @throws what stops the run. */
  async #failureOf(written: Written, read: (out: Out) => Promise<void>): Promise<Error | undefined> {
    let failure: Error | undefined;
    const fresh: Seen[] = [];
    await this.queue.addAndWait(async () => {
      try {
        await read({ written, fresh });
      } catch (error) {
        if (!isReadFailure(error)) throw error;
        failure = error;
        for (const { key, time = Infinity } of fresh) written.set(key, time);
      }
    });
    return failure;
  }

  /** @throws StreamError, TooLargeError, SkippableError for what is wrong with the part alone. */
  async #readPart(query: RangeQuery, index: number, own: Params, part: Range, out: Out): Promise<void> {
    const { at, select } = query;
    const params = { ...own, ...this.window.params?.(sent(part)) };
    const list = this.rest.list({ at, select, params }, this.#countOf(part) > 1 ? 'short' : 'full');
    let isSteady = true;
    for await (const step of steadyPages(list, () => (isSteady = false), { unknownEnd: 'stop' })) {
      const { page, fresh: records, then } = step;
      const isCut = then === 'more' && this.#isFull(list, step.rows, part);
      const isLast = then === 'end' || then === 'unknown' || isCut;
      if (this.#isElsewhere(records, part))
        throw new StreamError(`${this.rest.name}: the server answers for another time than it is asked for`);
      if (then === 'unknown' && this.#mayBeCut(list, page, part)) this.#cut(list, page, part, query);
      if (!isLast) step.prefetch();
      const fresh = records.filter(({ key }) => !out.written.has(key));
      const isWhole = isLast && isSteady && !(isCut && this.#countOf(part) > 1);
      await query.deliver({
        records: fresh,
        query: index,
        finished: isWhole ? part : undefined,
        received: page.received,
      });
      for (const { key, time } of fresh) out.fresh.push({ key, time });
      if (isCut) return this.#endHere(part, step.rows, query);
    }
    if (!isSteady) throw this.#unreadable(part, 'rows moved each time that the list was read; some may be missing');
  }

  /** Whether rows lie so far outside that no rounding explains it: the server does not look at the range. */
  #isElsewhere(records: readonly PageRecord[], { start, end }: Range): boolean {
    const { length } = this.intervals;
    return records.some(({ time }) => time !== undefined && (time < start - length || time >= end + length));
  }

  /** Whether a part has more rows than are read in one go. Of a single interval all are that the server shows. */
  #isFull({ requested }: PagedList, rows: number, part: Range): boolean {
    const { mostRows = Infinity } = this.intervals;
    if (this.#countOf(part) > 1) return rows >= mostRows;
    return mostRows < Infinity && rows > this.window.maxRows - requested;
  }

  /** @throws TooLargeError for a part that can be halved. */
  #endHere(part: Range, rows: number, query: RangeQuery): void {
    if (this.#countOf(part) > 1) throw this.#unreadable(part, `a range has more than ${rows} rows`);
    query.onLack(
      `from ${isoSeconds(part.start)} to ${isoSeconds(part.end)} one list cannot show all rows; ${rows} were read`,
    );
  }

  /** Whether rows may follow a page without a word: the route names pages, or the page is as full as it can be. */
  #mayBeCut({ paging, requested }: PagedList, { size }: Page, part: Range): boolean {
    const shortest = this.intervals.mostRows ? requested : this.window.maxRows - this.#countOf(part) + 1;
    return paging.speaks || size >= shortest;
  }

  /** @throws TooLargeError, StreamError. Where a server without pages cuts a single interval, that is said. */
  #cut({ paging }: PagedList, { size }: Page, part: Range, query: RangeQuery): void {
    if (paging.speaks || this.#countOf(part) > 1)
      throw this.#unreadable(part, `a page of ${size} rows came without a word about a next page; more may follow`);
    query.onLack(`intervals of which the server shows ${size} rows only`);
  }

  /** What is thrown for a part that cannot be read as a whole: several intervals are asked for in halves. */
  #unreadable(part: Range, what: string): Error {
    const message = `${this.rest.name}: ${what}`;
    return this.#countOf(part) > 1 ? new TooLargeError(message) : new StreamError(message, { code: 'ERR_PAGING' });
  }

  /** Some servers refuse a range that has too many intervals. */
  #isTooMuch(error: Error): boolean {
    if (error instanceof TooLargeError) return true;
    return !this.intervals.mostRows && error instanceof StreamError && error.status === 400;
  }

  #countOf({ start, end }: Range): number {
    return Math.round((end - start) / this.intervals.length);
  }

  #halves(part: Range): Range[] {
    const middle = part.start + Math.floor(this.#countOf(part) / 2) * this.intervals.length;
    return [
      { start: part.start, end: middle },
      { start: middle, end: part.end },
    ];
  }
}

/** The whole intervals that touch what is to be read, oldest first, and the part of the range that none is left of. */
function partsOf({ range, gaps }: RangeQuery, { length, most, kept }: Intervals) {
  const floor = (time: number): number => Math.floor(time / length) * length;
  const ceil = (time: number): number => Math.ceil(time / length) * length;
  const oldest = floor(range.end - kept);
  const parts: Range[] = [];
  for (const gap of gaps) {
    const end = ceil(gap.end);
    const from = Math.max(floor(gap.start), oldest, parts.at(-1)?.end ?? -Infinity);
    for (let start = from; start < end; start += most * length)
      parts.push({ start, end: Math.min(start + most * length, end) });
  }
  return { forgotten: oldest > range.start ? { start: range.start, end: oldest } : undefined, parts };
}

function forgetBefore(start: number, written: Written): void {
  for (const [key, time] of written) if (time < start) written.delete(key);
}
