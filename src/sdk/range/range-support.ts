/**
 * What a server understands of ranges, for one stream. A filter is never believed because a list is empty, and never
 * for good because a list is not: an answer to a range is compared with the plain list until rows have shown that the
 * two agree, and parts of a range are asked for only after one has been compared with what the whole gave.
 */
import type { Params } from '../define/stream-definition.js';
import type { Window } from '../define/window.js';
import { RetriableError, TooLargeError } from '../errors.js';
import type { Range } from '../interval-set.js';
import { type Page, type PageRecord, timesOf } from '../rest/page.js';
import { type RestStream, hasRows } from '../rest/rest-stream.js';
import { timeOf } from '../rest/record-builder.js';
import { statusOf } from '../rest/ways.js';
import { floorSecond, isoSeconds, parseDate, second } from '../time.js';
import { Depth, shownDays } from './depth.js';
import type { Widths } from './narrowing.js';
import { isInside, keysOf, leastOf, middleOf, missing, reaches } from './page-comparison.js';
import type { RangeQuery } from './range-query.js';

/** What the first page of a range is worth. */
export type Verdict = 'believed' | 'scan' | 'again';

export class RangeSupport {
  /** Whether the server does not keep ranges: the plain list is read, newest first. */
  scans: boolean;
  /** Whether parts of a range can be asked for; undefined: not tried yet. */
  splittable: boolean | undefined;
  /** Nothing is kept from before this instant (epoch ms): the server has said so. */
  retentionStart = -Infinity;
  /** How much can be asked for at once. */
  readonly widths: Widths = { tooWide: Infinity, answered: 0 };
  /** How far back the server goes. */
  readonly depth = new Depth();
  /** Whether a row was seen that only a server which understands the range can send. */
  proved = false;
  /** Kinds of query whose answers to a range and to none agree. */
  readonly #agreeing = new Set<string>();
  #checking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly rest: RestStream,
    readonly window: Window,
  ) {
    this.scans = window.params === undefined;
  }

  /** Every date (epoch ms, whole seconds) by which the server may have chosen a row. */
  datesOf(record: PageRecord): number[] {
    const { dates } = this.window;
    const own = timesOf([record]);
    if (!dates) return own;
    const others = dates(record.row).map((value) => (typeof value === 'string' ? parseDate(value) : undefined));
    return [...own, ...others.filter((time) => time !== undefined).map(floorSecond)];
  }

  /** The parameters of a part of a query's range. */
  paramsOf(query: RangeQuery, part: Range, own: Params): Params {
    const { params, split } = this.window;
    const { range } = query;
    if (!params) return own;
    if (!split) return { ...own, ...params(sent(part)) };
    const pinned = { ...own, ...params(sent(range)) };
    const isWhole = part.start === range.start && part.end === range.end;
    return isWhole ? pinned : { ...pinned, ...split(sent(part), pinned) };
  }

  /**
   * Whether the first page of a range can be believed. `again`: the stream is asked in another way from now on, so the
   * range must be asked for anew.
   */
  async check(page: Page, query: RangeQuery, part: Range, own: Params): Promise<Verdict> {
    if (page.nothingThere && this.window.expires) this.retentionStart = Math.max(this.retentionStart, part.end);
    if (this.#proves(page)) this.proved = true;
    const turn = this.#checking.then(() => this.#compare(page, query, part, own)); // the others profit from the first
    this.#checking = turn.catch(() => undefined);
    return turn;
  }

  async #compare(page: Page, query: RangeQuery, part: Range, own: Params): Promise<Verdict> {
    if (page.size === 0 && !this.rest.isCurrent(page)) return 'again';
    if (this.scans) return 'scan';
    if (this.#agrees(query, own)) return 'believed';
    // Rows speak for themselves when the plain list cannot be had; an empty answer does not.
    const plain = await this.#first(query, own, page.size === 0);
    if (plain && !hasRows(plain) && page.size === 0) return this.#findRows(query, own);
    if (plain && !(await this.#isTrue(query, own, plain, page, part))) {
      this.scans = true;
      return 'scan';
    }
    if (page.records.length > 0) this.#agreeing.add(this.#kindOf(query, own));
    if (plain && this.#proves(plain)) this.proved = true; // nothing is new, but the server is one that keeps ranges
    return 'believed';
  }

  /** A range was refused as such: if the plain list answers, it is read instead. */
  async isRefusedOnly(query: RangeQuery, own: Params): Promise<boolean> {
    if (this.#agrees(query, own)) return false;
    const plain = await this.#plain(query, own);
    this.scans = plain !== undefined;
    return this.scans;
  }

  /**
   * Whether parts of the range can be asked for: a part from the middle of a page must show the rows that the page
   * showed there, and no others.
   */
  async canSplit(query: RangeQuery, page: Page, own: Params): Promise<boolean> {
    if (this.splittable !== undefined) return this.splittable;
    const part = middleOf(page.records);
    if (!part) return false;
    const expected = page.records.filter(({ time }) => isInside(time, part)).map(({ key }) => key);
    const found = await this.#first(query, this.paramsOf(query, part, own));
    const keys = keysOf(found?.records ?? []);
    const all = found !== undefined && expected.every((key) => keys.has(key));
    this.splittable = all && found.records.every(({ time }) => isInside(time, { ...part, end: part.end + second }));
    return this.splittable;
  }

  /** Whether the server has rows older than those it showed, in a range that ends earlier: it shows the latest days. */
  async hidesOlder(query: RangeQuery, oldest: number, own: Params): Promise<boolean> {
    const { range } = query;
    if (!this.window.split || this.scans || !this.depth.isDoubted(range, oldest)) return false;
    const { replicationKey: key = '' } = this.rest.stream.definition;
    const older = { start: range.start, end: range.end - shownDays };
    const page = await this.#first(query, { ...own, ...this.window.params?.(sent(older)) }, false);
    // A row of an older range may show the time that it has there: the row as it leaves has its own.
    const times = page?.records.filter((record) => this.#provesAlone(record)).map(({ row }) => timeOf(row[key]));
    return times?.some((time) => isInside(time, { ...older, end: oldest })) === true;
  }

  #agrees(query: RangeQuery, own: Params): boolean {
    return this.#agreeing.has(this.#kindOf(query, own));
  }

  #kindOf({ select }: RangeQuery, own: Params): string {
    return JSON.stringify([this.rest.kindOf(select), own]);
  }

  #proves({ records }: Page): boolean {
    return records.some((record) => this.#provesAlone(record));
  }

  #provesAlone({ raw }: PageRecord): boolean {
    return this.window.provesFilter?.(raw) === true;
  }

  async #findRows(query: RangeQuery, own: Params): Promise<'believed' | 'again'> {
    const page = await this.rest.findRows({ at: query.at, params: own, select: query.select });
    return page ? 'again' : 'believed';
  }

  async #isTrue(query: RangeQuery, own: Params, plain: Page, ranged: Page, part: Range): Promise<boolean> {
    const agrees = await this.#isPartOf(query, own, plain, ranged, part);
    if (!agrees && (await this.#isCut(query, own, plain, ranged, part))) return true;
    if (!agrees && !(await this.#agreesNow(query, part, own))) return false;
    return this.#choosesByTime(query, own, plain, ranged);
  }

  /** Whether rows are missing because a range shows its latest days only: then those before them show the rows. */
  async #isCut(query: RangeQuery, own: Params, plain: Page, ranged: Page, part: Range): Promise<boolean> {
    const older = { start: part.start, end: leastOf(timesOf(ranged.records), part.end) };
    const hidden = missing(plain.records, ranged, part);
    if (hidden.length === 0 || this.window.split) return false;
    if (!hidden.every(({ time }) => isInside(time, older))) return false;
    const page = await this.#first(query, { ...own, ...this.window.params?.(sent(older)) }, false);
    if (page === undefined || !hidden.every(({ key }) => keysOf(page.records).has(key))) return false;
    this.depth.found();
    return true;
  }

  /** Whether the answer to the range holds every row of the plain list's first page that belongs into it. */
  async #isPartOf(query: RangeQuery, own: Params, plain: Page, ranged: Page, part: Range): Promise<boolean> {
    if (missing(plain.records, ranged, part).length > 0) return false;
    if (ranged.size > 0 || plain.next === 'end') return true;
    // A list without order may show what is later on any page: there, rows that it shows are asked for by their times.
    return this.window.order === 'any' ? this.canSplit(query, plain, own) : reaches(plain, part.start);
  }

  /**
   * Whether rows are chosen by the time that they have moved to. One that began before a range and has moved into it
   * tells: another server would leave it out of all ranges, and on the pages that are compared none may be missing.
   */
  async #choosesByTime(query: RangeQuery, own: Params, plain: Page, ranged: Page): Promise<boolean> {
    const { window } = this;
    if (!window.began || reaches(plain, query.range.start)) return true;
    const beganAt = ({ row }: PageRecord): number => timeOf(window.began?.(row)) ?? Infinity;
    if (ranged.records.some((record) => beganAt(record) < query.range.start)) return true;
    const moved = ranged.records.find((record) => beganAt(record) < (record.time ?? -Infinity));
    if (moved?.time === undefined) return true;
    const later = { start: moved.time, end: query.range.end };
    const page = await this.#first(query, { ...own, ...window.params?.(sent(later)) }, false);
    return page === undefined || missing([moved], page, later).length === 0;
  }

  /** Rows may have come between the two answers: both are asked for once more before the range is given up. */
  async #agreesNow(query: RangeQuery, part: Range, own: Params): Promise<boolean> {
    const plain = await this.#plain(query, own);
    const ranged = await this.#first(query, this.paramsOf(query, part, own));
    return plain !== undefined && ranged !== undefined && this.#isPartOf(query, own, plain, ranged, part);
  }

  #plain(query: RangeQuery, own: Params): Promise<Page | undefined> {
    return this.#first(query, own);
  }

  /**
   * The first page; undefined when the server refuses to answer, or says that this is too much for it. Another failure
   * proves nothing: it is thrown if the answer is needed.
   */
  async #first({ at, select }: RangeQuery, params: Params, isNeeded = true): Promise<Page | undefined> {
    const request = { at, params, select };
    try {
      return await this.rest.first(request, 'short');
    } catch (error) {
      if (isRefusal(error)) return undefined;
      if (!(error instanceof TooLargeError)) throw error;
      return isNeeded ? this.rest.first(request).catch(undefinedIfRefused) : undefined;
    }
  }
}

/** A server that finds a list too much, and answers for a range, does look at the range. */
function isRefusal(error: unknown): boolean {
  const isTooMuch = error instanceof TooLargeError && error.cause instanceof RetriableError && error.cause.tooLarge;
  return isTooMuch || statusOf(error) !== undefined;
}

function undefinedIfRefused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

/** A range as it is sent. */
export const sent = ({ start, end }: Range) => ({ start: isoSeconds(start), end: isoSeconds(end) });
