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
import type { RestStream } from '../rest/rest-stream.js';
import { timeOf } from '../rest/record-builder.js';
import { statusOf } from '../rest/ways.js';
import { floorSecond, isoSeconds, parseDate, second } from '../time.js';
import { Depth, shownDays } from './depth.js';
import type { Widths } from './narrowing.js';
import type { RangeQuery } from './range-query.js';

/** What the first page of a range is worth. */
export type Verdict = 'believed' | 'scan' | 'again';

export const isInside = (time: number | undefined, { start, end }: Range): boolean =>
  time !== undefined && time >= start && time < end;

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
    if (plain?.size === 0 && page.size === 0) return this.#findRows(query, own);
    if (plain && !(await this.#isPartOf(query, own, plain, page, part)) && !(await this.#agreesNow(query, part, own))) {
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
    const keys = new Set(found?.records.map(({ key }) => key));
    const all = found !== undefined && expected.every((key) => keys.has(key));
    this.splittable = all && found.records.every(({ time }) => isInside(time, { ...part, end: part.end + second }));
    return this.splittable;
  }

  /** Whether a list that was not read in parts has rows older than those it showed: it shows the latest days only. */
  async hidesOlder(query: RangeQuery, oldest: number, own: Params): Promise<boolean> {
    const { range } = query;
    if (!this.window.split || this.splittable || this.scans || !this.depth.isDoubted(range, oldest)) return false;
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

  /** Whether the answer to the range holds every row of the plain list's first page that belongs into it. */
  async #isPartOf(query: RangeQuery, own: Params, plain: Page, ranged: Page, part: Range): Promise<boolean> {
    const keys = new Set(ranged.records.map(({ key }) => key));
    const times = timesOf(ranged.records);
    const isWhole = ranged.next === 'end' || (ranged.size === 0 && ranged.next === 'unknown');
    const from = isWhole ? part.start : leastOf(times, part.end) + second;
    const covered = { start: Math.max(part.start, from), end: part.end };
    const missing = plain.records.filter(({ key, time }) => isInside(time, covered) && !keys.has(key));
    if (missing.length > 0) return false;
    if (ranged.size > 0 || plain.next === 'end') return true;
    // A list without order may show what is later on any page: there, rows that it shows are asked for by their times.
    return this.window.order === 'any' ? this.canSplit(query, plain, own) : this.#reaches(plain, part.start);
  }

  /** Whether the plain page goes back behind an instant, so that it would have shown what is later. */
  #reaches({ records }: Page, start: number): boolean {
    return timesOf(records).filter((time) => time < start).length > 1;
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

export const leastOf = (times: readonly number[], otherwise: number): number =>
  times.reduce((least, time) => Math.min(least, time), otherwise);

export const mostOf = (times: readonly number[], otherwise: number): number =>
  times.reduce((most, time) => Math.max(most, time), otherwise);

/** A range that holds some rows of a page, but neither its newest nor its oldest; undefined when there is none. */
function middleOf(records: readonly PageRecord[]): Range | undefined {
  const times = timesOf(records).sort((a, b) => a - b);
  const [start, end] = [times[Math.floor(times.length / 4)], times[Math.floor((times.length * 3) / 4)]];
  const [oldest, newest] = [times[0], times.at(-1)];
  if (start === undefined || end === undefined || oldest === undefined || newest === undefined) return undefined;
  return oldest < start && start < end && end <= newest ? { start, end } : undefined;
}
