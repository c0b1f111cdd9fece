/**
 * The demo's own time. It starts where it is told, runs on with real time unless frozen, and can be
 * moved forward; the `Date` header, retention and rate-limit windows all follow it.
 */
export class Clock {
  private base: number;
  private since = performance.now();

  constructor(
    start: number,
    private frozen: boolean,
  ) {
    this.base = start;
  }

  /** Now, in milliseconds since 1970. */
  now(): number {
    return this.frozen ? this.base : Math.floor(this.base + performance.now() - this.since);
  }

  /** Moves forward; a client never sees time go back. */
  advance(seconds: number): void {
    if (!(seconds >= 0)) throw new RangeError('the clock only moves forward');
    this.base += seconds * 1000;
  }

  freeze(): void {
    this.base = this.now();
    this.frozen = true;
  }

  run(): void {
    this.base = this.now();
    this.since = performance.now();
    this.frozen = false;
  }
}

export const daySeconds = 86_400;

/** `2024-01-02T03:04:05Z` from unix seconds. */
export function isoSecond(second: number): string {
  return `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
}

/** `2024-01-02T03:04:05.123456Z`; like Sentry, without a fraction when it is zero. */
export function isoMicro(second: number, micro: number): string {
  if (micro === 0) return isoSecond(second);
  return `${new Date(second * 1000).toISOString().slice(0, 19)}.${String(1_000_000 + micro).slice(1)}Z`;
}

/** `2024-01-02T03:04:05.123000Z` from milliseconds. */
export function isoMilli(ms: number): string {
  return isoMicro(Math.floor(ms / 1000), (ms % 1000) * 1000);
}
