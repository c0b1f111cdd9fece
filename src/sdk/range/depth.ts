/**
 * How far back a server goes in a range. Some show the latest days only, whatever was asked for. That is doubted until
 * a list has gone back further than such limits do, or many looks at what is older have found nothing.
 */
import type { Range } from '../interval-set.js';
import { day, minute } from '../time.js';

const limits = [7 * day, 14 * day]; // that were seen
const usualLimit = 15 * day; // longer than all of them
/** Shorter than those limits: so much of a range is shown by every server. */
export const shownDays = 6 * day;
const mostLooks = 60; // of a stream
/** Looks in a row that find nothing. */
export const mostSteps = 5;

/** Whether a limit may be why a range shows no row older than `oldest` (`Infinity`: none at all). */
export const endsLikeLimit = ({ start, end }: Range, oldest: number): boolean =>
  oldest < Infinity && limits.some((limit) => end - start > limit - day && end - oldest <= limit + day);

export class Depth {
  /** Whether the server has proved to show parts of a range only. */
  isLimited = false;
  #isProved = false;
  #looks = 0;

  /** What lay below a list that had ended: the server shows parts only, so all lists are looked at below. */
  found(): void {
    this.isLimited = true;
  }

  /** Whether what is older than the oldest row of a list is worth a request of its own. */
  isDoubted({ start, end }: Range, oldest: number): boolean {
    if (oldest === Infinity || end - start <= shownDays) return false; // no row; no limit is shorter
    if (end - oldest > usualLimit) this.#isProved = true;
    if (this.isLimited) return oldest - start >= minute;
    return endsLikeLimit({ start, end }, oldest) && oldest - start >= day && this.#mayLook();
  }

  /** Whether a list without rows is doubted, since a row is expected at `time`. */
  isExpected({ start, end }: Range, time: number): boolean {
    return time >= start && end - time > shownDays && this.#mayLook();
  }

  /** Where to look next, when a look at a range has found nothing; undefined: nowhere. `steps`: looks before it. */
  next({ start, end }: Range, steps: number): number | undefined {
    const at = end - shownDays;
    const mayStep = this.isLimited || (steps < mostSteps && this.#mayLook());
    return at - start >= day && mayStep ? at : undefined;
  }

  #mayLook(): boolean {
    return this.isLimited || (!this.#isProved && ++this.#looks <= mostLooks);
  }
}
