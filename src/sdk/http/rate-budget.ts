/**
 * What a server allows: a fixed window of `limit` requests until `reset`, and how many may be in flight
 * at once. Learned from the headers of answers. Several routes may spend one budget; `fits` tells from
 * the numbers whether an answer can be one of this budget.
 */
import { hour, minute, second } from '../time.js';
import type { ServerClock } from './server-clock.js';

/** What an answer said of its route's limits; absent numbers were not said. */
export interface RateLimits {
  limit?: number | undefined;
  remaining?: number | undefined;
  /** Milliseconds on the *server's* clock. */
  reset?: number | undefined;
  concurrentLimit?: number | undefined;
}

/** The limits of an answer, and what matters for how far they can be trusted. */
export interface LimitedAnswer extends RateLimits {
  /** When the request was sent, on our clock. */
  sent: number;
  /** Milliseconds until the answer came. */
  took: number;
  /** The answer is a refusal (429), which a server may or may not count. */
  refused: boolean;
}

interface Window {
  /** As the server named it. */
  readonly reset: number;
  /** On our clock. */
  endsAt: number;
  /** When an answer named it first, on our clock. */
  readonly since: number;
  remaining: number;
  /** Answers that each took one request of the window. */
  counted: number;
}

const usualPeriods = [second, minute, hour];
const skew = 2 * second; // nodes of one server disagree by less about when a window ends

export class RateBudget {
  readonly #clock: ServerClock;
  #window: Window | undefined;
  #lastReset = Infinity; // until a window is known
  limit: number | undefined;
  /** How many requests may be in flight at once. */
  concurrentLimit: number | undefined;
  /** How long a window is, as far as two of them in a row have shown (ms). */
  period: number | undefined;
  /** The longest that was seen to be left of a window (ms): it is at least so long. */
  #longest = 0;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  /** How long a window is, as far as it shows (ms): before two in a row, the usual length that fits the one seen. */
  get likelyPeriod(): number {
    const fitting = usualPeriods.find((length) => length + skew >= this.#longest);
    return this.period ?? fitting ?? this.#longest;
  }

  /** Whether these limits can be those of this budget: the same numbers, and a count that goes on from ours. */
  fits(answer: LimitedAnswer, now: number): boolean {
    if (answer.limit !== this.limit || answer.concurrentLimit !== this.concurrentLimit) return false;
    const window = this.#window;
    const { reset, remaining } = answer;
    if (!window || reset === undefined || remaining === undefined) return true;
    if (reset > window.reset) return window.endsAt - now <= skew; // else the window that we know is not over
    if (reset < window.reset) return isGoneBy(window, reset, answer);
    // Each request takes one: more answers than requests spent come from two budgets.
    const spent = (this.limit ?? 0) - Math.min(window.remaining, remaining);
    return window.counted + countOf(answer) <= spent;
  }

  /** Takes over what an answer says. An end of the window that no clock makes plausible is ignored. */
  learn(answer: LimitedAnswer, now: number): void {
    const { limit, remaining, reset, concurrentLimit = 0, took } = answer;
    if (concurrentLimit > 0) this.concurrentLimit = concurrentLimit;
    if (limit === undefined) return;
    this.limit = limit;
    if (remaining === undefined || reset === undefined) return;
    const endsAt = this.#clock.windowEnd(reset, { period: this.period, took });
    if (endsAt === undefined) return;
    this.#longest = Math.max(this.#longest, endsAt - now);
    if (this.#window && isGoneBy(this.#window, reset, answer)) return;
    if (reset > this.#lastReset) this.period = Math.min(this.period ?? Infinity, reset - this.#lastReset);
    this.#lastReset = reset;
    if (this.#window?.reset !== reset) this.#window = { reset, endsAt, since: now, remaining, counted: 0 };
    this.#window.endsAt = endsAt;
    this.#window.remaining = Math.min(this.#window.remaining, remaining);
    this.#window.counted += countOf(answer);
  }

  /** The share of the window that is spent, from 0 to 1; undefined: no window is known. */
  spent(now: number): number | undefined {
    const window = this.#window;
    if (!window || this.limit === undefined || window.endsAt <= now) return undefined;
    return Math.min(1, Math.max(0, 1 - window.remaining / Math.max(this.limit, 1)));
  }

  /** A route that shared this budget turned out to have its own: what was counted included its answers. */
  forgetCount(): void {
    if (this.#window) this.#window.counted = 0;
  }

  /**
   * 0 if another request may start; else the milliseconds until the window ends, or `later`: when an answer
   * has come. `strangers` are requests in flight of routes that may turn out to share this window.
   */
  wait(inFlight: number, strangers: number, now: number): number | 'later' {
    if (inFlight >= (this.concurrentLimit ?? Infinity)) return 'later';
    const left = this.#window ? this.#untilEnd(this.#window, now) : 0;
    if (left <= 0) this.#window = undefined;
    // The next answer names the new window; until then its limit is all that is known.
    if (!this.#window) return inFlight < Math.max(this.limit ?? Infinity, 1) ? 0 : 'later';
    return this.#window.remaining > inFlight + strangers ? 0 : left;
  }

  /** Later answers tell the server's clock better, by less than a second. */
  #untilEnd({ reset, endsAt }: Window, now: number): number {
    const left = endsAt - now;
    const better = this.#clock.until(reset);
    return Math.abs(better - left) < second ? Math.min(better, left) : left;
  }
}

/** An answer that was overtaken names an earlier window. A request that was sent later is not overtaken. */
function isGoneBy(window: Window, reset: number, { sent }: LimitedAnswer): boolean {
  if (reset >= window.reset) return false;
  return reset >= window.reset - skew || sent <= window.since;
}

const countOf = ({ refused, remaining }: LimitedAnswer): number => (refused || remaining === 0 ? 0 : 1);
