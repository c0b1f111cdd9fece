/**
 * The server's clock, seen from ours. Answers carry a `Date` that is cut to the second and may be that
 * of a proxy whose clock is wrong, so an instant that the server names is believed on the clock that
 * makes it plausible: the server's, or else ours.
 */
import { type Clock, minute, second } from '../time.js';
import type { Headers } from './headers.js';

/** No rate limit has a longer window: an instant further off is a mistake. */
export const longestWindow = 10 * minute;
const margin = 25; // ms, for what the network adds
const tolerance = 2 * second; // how far back the end of a window may lie when an answer names it

export class ServerClock {
  readonly #clock: Clock;
  /** Server clock minus ours, as two bounds that each answer may tighten. */
  #offset = { low: -Infinity, high: Infinity };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An answer carried the server's time (ms, cut to the second): sent and received on our clock. */
  observe(serverDate: number, sent: number, received: number): void {
    const seen = { low: serverDate - received, high: serverDate + second - sent };
    const low = Math.max(this.#offset.low, seen.low);
    const high = Math.min(this.#offset.high, seen.high);
    // A clock that jumped contradicts what was learned: begin again from this answer.
    this.#offset = low <= high ? { low, high } : seen;
  }

  /** The least that the server's clock is ahead of ours; 0 as long as nothing is known. */
  get #ahead(): number {
    return Number.isFinite(this.#offset.low) ? this.#offset.low : 0;
  }

  /** Milliseconds until an instant of the server's clock has surely come. */
  until(serverTime: number): number {
    return Math.max(0, serverTime - this.#ahead - this.#clock.now() + margin);
  }

  /**
   * The instant on our clock at which a window ends whose end the server has just named, or undefined if
   * no clock makes it plausible: it lies in the past, or further off than `period` and `longestWindow`.
   */
  windowEnd(serverTime: number, { period = longestWindow, took = 0 } = {}): number | undefined {
    const now = this.#clock.now();
    const waits = [serverTime - this.#ahead - now, serverTime - now];
    const plausible = (longest: number) => (wait: number) => wait >= -took - tolerance && wait <= longest;
    const wait = waits.find(plausible(period + second)) ?? waits.find(plausible(longestWindow));
    return wait === undefined ? undefined : now + wait + margin;
  }
}

/**
 * Milliseconds until an instant that the headers name, by the `Date` beside it, or by our clock where
 * that gives nothing within `longest`; undefined if neither does.
 */
export function untilInstant(instant: number, headers: Headers, longest: number): number | undefined {
  const clocks = [Date.parse(headers['date'] ?? ''), Date.now()];
  return clocks.map((now) => instant - now).find((wait) => wait >= 0 && wait <= longest);
}
