/**
 * Reads numbers of whole intervals, such as the counts of a day. A server rounds a range of them outwards, so that only
 * whole intervals are asked for, oldest first. What is too much for one answer is asked for in halves.
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
    for (let part = parts.shift(); part && failures < mostFailures && !query.isEnough(); part = parts.shift()) {
      const error = await this.#failureOf(query, index, own, part);
      if (error === undefined) failures = 0;
      else if (isTooMuch(error) && this.#countOf(part) > 1) parts.unshift(...this.#halves(part));
      else {
        query.onFailed(error);
        failures = error instanceof SkippableError ? mostFailures : failures + 1;
      }
    }
  }

  /** Reads a part; answers why it could not be read. @throws what stops the run. */
  async #failureOf(query: RangeQuery, index: number, own: Params, part: Range): Promise<Error | undefined> {
    let failure: Error | undefined;
    await this.queue.addAndWait(async () => {
      try {
        await this.#readPart(query, index, own, part);
      } catch (error) {
        if (!isReadFailure(error)) throw error;
        failure = error;
      }
    });
    return failure;
  }

  /** @throws StreamError, TooLargeError, SkippableError for what is wrong with the part alone. */
  async #readPart(query: RangeQuery, index: number, own: Params, part: Range): Promise<void> {
    const { at, select } = query;
    const params = { ...own, ...this.window.params?.(sent(part)) };
    const list = this.rest.list({ at, select, params }, this.#countOf(part) > 1 ? 'short' : 'full');
    let isSteady = true;
    for await (const step of steadyPages(list, () => (isSteady = false), { unknownEnd: 'stop' })) {
      const { page, fresh: records, then } = step;
      const isLast = then === 'end' || then === 'unknown';
      if (this.#isElsewhere(records, part))
        throw new StreamError(`${this.rest.name}: the server answers for another time than it is asked for`);
      if (then === 'unknown' && this.#mayBeCut(list, page, part)) this.#cut(list, page, part, query);
      if (!isLast) step.prefetch();
      const finished = isLast && isSteady ? part : undefined;
      await query.deliver({ records, query: index, finished, received: page.received });
    }
    if (!isSteady) throw this.#unreadable(part, 'rows moved each time that the list was read; some may be missing');
  }

  /** Whether rows lie so far outside that no rounding explains it: the server does not look at the range. */
  #isElsewhere(records: readonly PageRecord[], { start, end }: Range): boolean {
    const { length } = this.intervals;
    return records.some(({ time }) => time !== undefined && (time < start - length || time >= end + length));
  }

  /** Whether rows may follow a page without a word: the route names pages, or the page is as full as it can be. */
  #mayBeCut({ paging }: PagedList, { size }: Page, part: Range): boolean {
    return paging.speaks || size > this.window.maxRows - this.#countOf(part);
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

/** Some servers refuse a range that has too many intervals. */
const isTooMuch = (error: Error): boolean =>
  error instanceof TooLargeError || (error instanceof StreamError && error.status === 400);
