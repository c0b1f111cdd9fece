/**
 * What is asked for instead of a slice that was too much for the server: smaller pages, if they help; else its halves,
 * down to one second; then its rows without their bodies; then fewer rows at a time.
 */
import { StreamError } from '../errors.js';
import type { SmallerPages } from '../rest/smaller-pages.js';
import { floorSecond, isoSeconds, second } from '../time.js';
import { Slice } from './slice.js';

const mostFailures = 32; // in a row: a server that answers nothing at all will not answer a smaller query either
const partOfPage = 8; // an eighth of a page is read row by row rather than in halves

/** How wide a slice may be, as far as all queries of a stream have learnt (ms). */
export interface Widths {
  /** The narrowest that failed. */
  tooWide: number;
  /** The widest that did not. */
  answered: number;
}

export class Narrowing {
  #failures = 0;

  constructor(
    private readonly wantsBody: boolean,
    private readonly smallerPages: SmallerPages,
    private readonly widths: Widths = { tooWide: Infinity, answered: 0 },
  ) {}

  /** Whether so much has failed that nothing more is asked for. */
  get isExhausted(): boolean {
    return this.#failures > mostFailures;
  }

  /** Rows in a page, where whole pages are too much. */
  get pageSize(): number | undefined {
    return this.smallerPages.pageSize;
  }

  /** A slice has been answered. */
  answered(slice: Slice): void {
    const { start, end, pageSize } = slice;
    this.#failures = 0;
    this.smallerPages.answered(pageSize);
    this.widths.answered = Math.max(this.widths.answered, end - start);
  }

  /** The parts to ask for instead of a slice that is as wide as one that has failed; empty: it can be asked for. */
  before(slice: Slice): Slice[] {
    const width = slice.end - slice.start;
    const { tooWide, answered } = this.widths;
    return answered > 0 && width >= tooWide && width > answered ? halves(slice) : [];
  }

  /** The parts to ask for, after a slice has failed. @throws StreamError when less cannot be asked for. */
  after(slice: Slice, error: Error): Slice[] {
    const width = slice.end - slice.start;
    const { known, withoutBodies, pageSize = 100 } = slice;
    const onTrial = this.smallerPages.after(slice.pageSize);
    if (onTrial !== undefined) return [new Slice(slice, { known, withoutBodies, pageSize: onTrial })];
    if (width > this.widths.answered) this.widths.tooWide = Math.min(this.widths.tooWide, width);
    this.#failures++;
    if (this.isExhausted) throw new StreamError(error.message, { cause: error });
    const isSmall = width <= Math.max(second, slice.perPage / partOfPage || 0);
    if (this.wantsBody && isSmall && !withoutBodies) return [new Slice(slice, { known, withoutBodies: true })];
    if (width > second) return halves(slice);
    if (pageSize > 1) return [new Slice(slice, { known, withoutBodies, pageSize: Math.floor(pageSize / 10) || 1 })];
    throw new StreamError(`${error.message}. The rows of ${isoSeconds(slice.start)} cannot be read; the others can.`, {
      cause: error,
    });
  }
}

function halves(slice: Slice): Slice[] {
  const { start, end, known, withoutBodies } = slice;
  const middle = floorSecond((start + end) / 2);
  if (middle <= start) return [];
  const options = { known, withoutBodies }; // a smaller page did not help
  return [new Slice({ start, end: middle }, options), new Slice({ start: middle, end }, options)];
}
