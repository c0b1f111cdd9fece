/**
 * A part of a range that is read page by page, from its end to its start. Its older part can be split off at any time.
 */
import type { Range } from '../interval-set.js';
import { second } from '../time.js';

export interface SliceOptions {
  /** Keys of rows that have been written already: those of the newest second, and of the oldest row of a page. */
  readonly known?: ReadonlySet<string>;
  /** Rows of the page behind which this slice goes on. */
  readonly before?: number;
  /** Milliseconds that a page covers; NaN: not known yet. */
  readonly perPage?: number;
  /** How often it has been asked for again, since its rows moved. */
  readonly repeats?: number;
  /** Set for a look at whether the server shows more than the latest days of a range: how many found nothing before. */
  readonly probe?: number | undefined;
  /** Whether the list is asked without bodies. */
  readonly withoutBodies?: boolean;
  /** Rows in a page, when it is not the usual number. */
  readonly pageSize?: number | undefined;
}

export class Slice implements Range {
  start: number;
  readonly end: number;
  readonly known: ReadonlySet<string>;
  readonly before: number;
  readonly repeats: number;
  readonly probe: number | undefined;
  readonly withoutBodies: boolean;
  pageSize: number | undefined;
  /** Everything from here on has been read. */
  position: number;
  perPage: number;
  /** The keys of rows that have been written, and that a query up to `boundary` shows again. */
  keysBefore: (boundary: number) => readonly string[] = () => [];
  #newest = -Infinity;
  #pages = 0;

  constructor({ start, end }: Range, options: SliceOptions = {}) {
    this.start = start;
    this.end = this.position = end;
    this.known = options.known ?? new Set();
    this.before = options.before ?? 0;
    this.perPage = options.perPage ?? NaN;
    this.repeats = options.repeats ?? 0;
    this.probe = options.probe;
    this.withoutBodies = options.withoutBodies ?? false;
    this.pageSize = options.pageSize;
  }

  /** A page came: how many rows, the times of its newest and oldest, and the oldest so far. */
  show(rows: number, page: { newest: number; oldest: number }, oldest: number, pageSize: number): void {
    if (rows === 0 || page.newest < page.oldest) return;
    this.#pages += rows / pageSize;
    this.#newest = Math.max(this.#newest, page.newest);
    this.position = Math.min(this.position, oldest);
    // Here or on average, whichever is less, since what is missed is a long tail.
    this.perPage = Math.max(Math.min(page.newest - page.oldest, (this.#newest - oldest) / this.#pages), second);
  }

  /** About how many pages are left above `floor`, beyond the one that is under way. */
  pagesAbove(floor: number): number {
    return (this.position - Math.max(this.start, floor)) / this.perPage - 1 || 0;
  }

  /** Whether a time lies inside, so that both parts have something. */
  splitsAt(time: number): boolean {
    return this.start < time && time < this.end;
  }

  /** Gives everything before `middle` to a slice of its own. */
  split(middle: number, options: SliceOptions = {}): Slice {
    const { perPage, withoutBodies, pageSize } = this;
    const known = new Set([...this.known, ...this.keysBefore(middle < this.end ? middle : Infinity)]);
    const older = new Slice(
      { start: this.start, end: middle },
      { known, perPage, withoutBodies, pageSize, ...options },
    );
    this.start = middle;
    return older;
  }
}
