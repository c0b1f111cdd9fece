/** A part of a range that is read page by page, from its end to its start; its older part can be cut off at any time. */
import type { Range } from './interval-set.js';
import { second } from './time.js';

export class Slice implements Range {
  start: number;
  readonly end: number;
  /** Everything from here on has been read. */
  position: number;
  #newest = -Infinity;
  #pages = 0;

  constructor(
    { start, end }: Range,
    /** Keys of rows of the newest second that have been delivered already. */
    readonly known: ReadonlySet<string> = new Set(),
    /** Milliseconds that a page covers; NaN: not known yet. */
    public perPage = NaN,
  ) {
    this.start = start;
    this.end = this.position = end;
  }

  /** A page came: the times of its rows; `oldest` is the time of the oldest row so far. */
  show(times: readonly number[], oldest: number, pageSize: number): void {
    if (times.length === 0) return;
    this.#pages += times.length / pageSize;
    this.#newest = Math.max(this.#newest, ...times);
    this.position = oldest;
    const here = Math.max(...times) - Math.min(...times);
    // Here or on average, whichever is less, since what is missed is a long tail.
    this.perPage = Math.max(Math.min(here, (this.#newest - oldest) / this.#pages), second);
  }

  /** About how many pages are left above `floor`, beyond the one that is under way. */
  pagesAbove(floor: number): number {
    return (this.position - Math.max(this.start, floor)) / this.perPage - 1 || 0;
  }

  /** Gives everything before `middle` to a slice of its own. */
  cut(middle: number, known: Iterable<string> = []): Slice {
    const older = new Slice({ start: this.start, end: middle }, new Set(known), this.perPage);
    this.start = middle;
    return older;
  }
}
