/** The time of a case. It runs a hundred times as fast as the day, for the server and for the tap alike. */
export const scale = 100;

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The machine's clock, as every process on it sees it (epoch ms, with fractions). */
const machineTime = (): number => performance.timeOrigin + performance.now();

export class FastClock {
  /** What the machine's clock showed when this one showed `#start`. */
  #origin = machineTime();
  #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  now(): number {
    return this.#start + (machineTime() - this.#origin) * scale;
  }

  /** Sets the clock forth, e.g. from one run to the next. */
  advance(ms: number): void {
    this.#start += ms;
  }

  /** What a process needs to have the same clock. */
  get reference(): { start: number; origin: number } {
    return { start: this.#start, origin: this.#origin };
  }
}

/** `2026-03-01T12:00:00Z` */
export const isoSecond = (ms: number): string =>
  new Date(Math.floor(ms / second) * second).toISOString().replace('.000', '');

export const floorSecond = (ms: number): number => Math.floor(ms / second) * second;
