/**
 * Reading a range of time down a list that comes newest first, as a pure function of its pages: which records are
 * written, what part of the range is finished with them, whether to go on. Single rows may lie about their time, so
 * few rows prove nothing: the newest of the last four makes a position, and many old ones in a row make an end.
 */
import type { Range } from '../interval-set.js';
import type { PageRecord } from '../rest/page.js';
import { second } from '../time.js';

export interface CursorOptions {
  /** What the server was asked for. */
  readonly asked: Range;
  /** Every date by which the server may have chosen a row (epoch ms, whole seconds). */
  readonly dates: (record: PageRecord) => readonly number[];
  /** Whether the list claims to come newest first. */
  readonly newestFirst: boolean;
  /** Whether the server has proved that it keeps ranges: then what it sends belongs here, whatever its date. */
  readonly kept: boolean;
  /** Whether rows newer than the range are written: nothing else reads them in this run. */
  readonly takesNewer: boolean;
  /** Claims a record whose date does not say which query it belongs to; false: another one has it. */
  readonly claim: (key: string) => boolean;
}

export interface CursorStep {
  readonly write: readonly PageRecord[];
  /** What is read completely with this page; undefined: nothing more than before. */
  readonly finished: Range | undefined;
  /** Nothing of the range can follow. */
  readonly past: boolean;
}

/** So many rows in a row may lie about their time, as when one device whose clock is wrong sends several. */
export const fewLies = 3;
const oldRows = 20; // in a row: a filter that is not kept has led behind the range
const fewInversions = 3;
const inversionShare = 20; // one row in twenty may be out of order

export class PageCursor {
  /** Rows outside the range. */
  outside = 0;
  rows = 0;
  readonly #options: CursorOptions;
  /** The earliest date of each row that may be shown again. */
  readonly #earliest = new Map<string, number>();
  /** Where the part that is wanted begins: later than `asked.start` when something else reads the rest. */
  #start: number;
  /** Everything from here on is finished. */
  #upper: number;
  #newest = -Infinity;
  /** Times of the last rows, one more than may lie. */
  readonly #recent: number[] = [];
  #last = Infinity;
  #inversions = 0;
  #dated = 0;
  #old: PageRecord[] = [];
  #oldInARow = 0;

  constructor(options: CursorOptions) {
    this.#options = options;
    this.#start = options.asked.start;
    this.#upper = options.asked.end;
  }

  /** Whether rows come newest first, but for a lie now and then. */
  get sorted(): boolean {
    return this.#options.newestFirst && this.#inversions <= fewInversions + this.#dated / inversionShare;
  }

  /** Whether the list claims an order that its rows do not have. */
  get unsorted(): boolean {
    return this.#options.newestFirst && !this.sorted;
  }

  /** A boundary (epoch ms, whole second): every row of this second or later has been read. */
  get position(): number {
    return this.sorted ? Math.min(this.#upper, this.#reached + second) : this.#upper;
  }

  /** Times of the newest row, and of the oldest so far, which may be a lie. */
  get span(): { readonly newest: number; readonly oldest: number } {
    return { newest: this.#newest, oldest: this.#last };
  }

  /** No row that follows is newer than this, if the list is in order. */
  get #reached(): number {
    return this.#recent.length > fewLies ? Math.max(...this.#recent) : Infinity;
  }

  /** Keys of the rows that a query up to `boundary` shows again. */
  keysBefore(boundary: number): string[] {
    return [...this.#earliest].filter(([, time]) => time < boundary).map(([key]) => key);
  }

  /** From now on something else reads what is older than `start`. */
  shorten(start: number): void {
    this.#start = start;
  }

  /**
   * Takes the rows of a page that the list had not shown before. `last`: no page follows. `shown`: all rows of the
   * page, since those that were shown before tell how far it reaches, too.
   */
  accept(fresh: readonly PageRecord[], last: boolean, shown = fresh): CursorStep {
    this.rows += fresh.length;
    const taken = new Set(fresh);
    const write = shown.flatMap((record) => (taken.has(record) ? this.#take(record) : this.#placeAgain(record)));
    const past = this.#isPast();
    const lower = past || last ? this.#start : Math.max(this.#start, this.position);
    const finished = lower < this.#upper ? { start: lower, end: this.#upper } : undefined;
    this.#upper = Math.min(this.#upper, lower);
    this.#forgetAbove(this.position);
    return { write, finished, past };
  }

  /** What is at or above the position is not asked for again. */
  #forgetAbove(position: number): void {
    for (const [key, time] of this.#earliest) if (time >= position) this.#earliest.delete(key);
  }

  /** The records that are now known to be wanted. */
  #take(record: PageRecord): readonly PageRecord[] {
    if (record.time === undefined) return this.#options.claim(record.key) ? [record] : [];
    const dates = this.#options.dates(record);
    const time = latestOf(record.time, dates);
    const isOutOfPlace = time > this.#reached;
    this.#place(record.key, time, earliestOf(record.time, dates));
    const { end } = this.#options.asked;
    if (dates.some((date) => date >= this.#start && date < end))
      return this.#inside(record, isOutOfPlace || new Set(dates).size > 1);
    if (dates.every((date) => date < this.#start)) return this.#older(record, dates);
    return this.#newer(record, Math.min(...dates.filter((date) => date >= end)));
  }

  #placeAgain(record: PageRecord): readonly PageRecord[] {
    const { key, time } = record;
    if (time === undefined || this.#earliest.has(key)) return [];
    const dates = this.#options.dates(record);
    this.#place(key, latestOf(time, dates), earliestOf(time, dates));
    return [];
  }

  #place(key: string, time: number, earliest: number): void {
    this.#dated++;
    this.#newest = Math.max(this.#newest, time);
    this.#earliest.set(key, earliest);
    if (time > this.#last) this.#inversions++;
    if (time <= this.#reached) this.#last = time; // else it is this one that is out of place
    this.#recent.push(time);
    if (this.#recent.length > fewLies + 1) this.#recent.shift();
  }

  /** A row of several dates may lie in more than one query, and so may one that is not where its date belongs. */
  #inside(record: PageRecord, isElsewhereToo: boolean): readonly PageRecord[] {
    if (isElsewhereToo && !this.#options.claim(record.key)) return [];
    const old = this.#old.splice(0);
    const lies = this.sorted && this.#oldInARow <= fewLies ? old.filter(({ key }) => this.#options.claim(key)) : [];
    this.#oldInARow = 0;
    return [...lies, record];
  }

  /** A row before the range: a lie, if rows of the range follow; the end, if they do not. */
  #older(record: PageRecord, dates: readonly number[]): readonly PageRecord[] {
    this.#oldInARow++;
    if (dates.some((date) => date >= this.#options.asked.start)) return []; // read by the query of the older part
    this.outside++;
    if (this.#options.kept) return this.#options.claim(record.key) ? [record] : [];
    if (this.#oldInARow <= fewLies) this.#old.push(record);
    return [];
  }

  /** Some servers count the second in which a range ends in; its rows belong to the next query. */
  #newer(record: PageRecord, time: number): readonly PageRecord[] {
    const { asked, takesNewer, kept, claim } = this.#options;
    if (!takesNewer && time < asked.end + second) return [];
    this.#oldInARow = 0;
    this.outside++;
    return (takesNewer || kept) && claim(record.key) ? [record] : [];
  }

  #isPast(): boolean {
    if (!this.sorted) return false;
    return this.#options.kept ? this.#reached < this.#start : this.#oldInARow >= oldRows;
  }
}

/** The earliest of a row's dates: a query that reaches beyond it may show the row. */
const earliestOf = (time: number, dates: readonly number[]): number => dates.reduce((a, b) => Math.min(a, b), time);

/** The latest of a row's dates: whichever of them the server orders by, no row that follows is later. */
const latestOf = (time: number, dates: readonly number[]): number => dates.reduce((a, b) => Math.max(a, b), time);
