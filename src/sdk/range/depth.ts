/**
 * How far back a server goes in a range. Some show the latest days only, whatever was asked for. That is doubted until
 * a list has gone back further than such limits do, or a few looks at what is older have found nothing.
 */
import type { Range } from '../interval-set.js';
import { day } from '../time.js';

/** Longer than the limits that were seen: those are of seven days. */
export const usualLimit = 8 * day;
const mostLooks = 3;

export class Depth {
  #isLimited = false;
  #isProved = false;
  #looks = 0;

  /** What lay below a list that had ended: the server shows parts only, so all lists are looked at below. */
  found(): void {
    this.#isLimited = true;
  }

  /** Whether what is older than the oldest row of a list is worth a request of its own. */
  isDoubted({ start, end }: Range, oldest: number): boolean {
    if (end - oldest > usualLimit) this.#isProved = true;
    if (oldest - start < day) return false;
    if (this.#isLimited) return true;
    return !this.#isProved && ++this.#looks <= mostLooks;
  }
}
