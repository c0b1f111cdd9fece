/**
 * What is asked for instead of a slice that was too much for the server: its halves, down to one second; then its rows
 * without their bodies; then fewer rows at a time.
 */
import { StreamError } from '../errors.js';
import { floorSecond, isoSeconds, second } from '../time.js';
import { Slice } from './slice.js';

const mostFailures = 32; // in a row: a server that answers nothing at all will not answer a smaller query either
const partOfPage = 8; // an eighth of a page is read row by row rather than in halves

export class Narrowing {
  /** Milliseconds of the narrowest slice that failed, and of the widest that did not. */
  #tooWide = Infinity;
  #wide = 0;
  #failures = 0;

  constructor(private readonly wantsBody: boolean) {}

  /** Whether so much has failed that nothing more is asked for. */
  get isExhausted(): boolean {
    return this.#failures > mostFailures;
  }

  /** A slice has been answered. */
  answered({ start, end }: Slice): void {
    this.#failures = 0;
    this.#wide = Math.max(this.#wide, end - start);
  }

  /** The parts to ask for instead of a slice that is as wide as one that has failed; empty: it can be asked for. */
  before(slice: Slice): Slice[] {
    const width = slice.end - slice.start;
    return this.#wide > 0 && width >= this.#tooWide && width > this.#wide ? halves(slice) : [];
  }

  /** The parts to ask for, after a slice has failed. @throws StreamError when less cannot be asked for. */
  after(slice: Slice, error: Error): Slice[] {
    const width = slice.end - slice.start;
    const { known, withoutBodies, pageSize = 100 } = slice;
    if (width > this.#wide) this.#tooWide = Math.min(this.#tooWide, width);
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
  const { start, end, known, withoutBodies, pageSize } = slice;
  const middle = floorSecond((start + end) / 2);
  if (middle <= start) return [];
  const options = { known, withoutBodies, pageSize };
  return [new Slice({ start, end: middle }, options), new Slice({ start: middle, end }, options)];
}
