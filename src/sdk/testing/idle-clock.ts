/** A clock that stands still while requests come and go, and jumps to the next who sleeps when none does. */
import type { Clock } from '../time.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

const quietLooks = 2; // in a row

export class IdleClock implements Clock {
  #sleepers: Sleeper[] = [];
  #looks = 0;
  #isLooking = false;
  #last = 0;

  constructor(
    private time: number,
    /** A number that changes with each request and each answer. */
    private readonly activity: () => number,
  ) {}

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const sleeper = { at: this.time + ms, wake: resolve };
      const stop = (): void => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#sleepers.push(sleeper);
      this.#lookSoon();
    });
  }

  #lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setTimeout(() => this.#look(), 1);
  }

  #look(): void {
    this.#isLooking = false;
    const activity = this.activity();
    this.#looks = activity === this.#last ? this.#looks + 1 : 0;
    this.#last = activity;
    if (this.#looks >= quietLooks) this.#jump();
    if (this.#sleepers.length > 0) this.#lookSoon();
  }

  #jump(): void {
    this.#looks = 0;
    const next = this.#sleepers.reduce<Sleeper | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
    if (!next) return;
    this.time = Math.max(this.time, next.at);
    this.#sleepers = this.#sleepers.filter((one) => one !== next);
    next.wake();
  }
}
