/** Clocks that no test has to wait for. */
import type { Clock } from '../../src/sdk/time.js';

export const someday = Date.UTC(2026, 10, 22, 12);

/** Sleeping takes no time and moves the clock; what was slept is kept. */
export class JumpingClock implements Clock {
  readonly slept: number[] = [];

  constructor(private time = someday) {}

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw signal.reason;
    this.slept.push(ms);
    this.time += ms;
    await Promise.resolve();
  }
}

interface Timer {
  at: number;
  ring: () => void;
}

/** Stands still until it is advanced; who sleeps wakes in order of time. */
export class ManualClock implements Clock {
  #timers: Timer[] = [];

  constructor(private time = someday) {}

  now(): number {
    return this.time;
  }

  get sleepers(): number {
    return this.#timers.length;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer: Timer = { at: this.time + ms, ring: resolve };
      const stop = (): void => {
        this.#timers = this.#timers.filter((one) => one !== timer);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) return reject(signal.reason as Error);
      signal?.addEventListener('abort', stop, { once: true });
      this.#timers.push(timer);
    });
  }

  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.ring();
      await settle();
    }
    this.time = until;
  }
}

/** Lets everything run that is ready to. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Who waits so long (ms) beside a run says how far it is, or that no answer has come. */
const reporters: ReadonlySet<number> = new Set([10_000, 30_000]);

/** A clock on which nobody reports: one that jumps would let them speak at once. */
export const withoutReports = (clock: Clock): Clock => ({
  now: () => clock.now(),
  sleep: (ms, stop) => (reporters.has(ms) ? untilStopped(stop) : clock.sleep(ms, stop)),
});

const untilStopped = (stop?: AbortSignal): Promise<void> =>
  new Promise((_, reject) => stop?.addEventListener('abort', () => reject(new Error('over'))));
