/**
 * How long the server has given no good answer, over all requests. The retry time counts from there, so
 * that a server that is down costs it once in a run, and one try for each request after that.
 */
export class Outage {
  readonly #retryTime: number;
  #since: number | undefined;
  #spent = false;

  constructor(retryTime: number) {
    this.#retryTime = retryTime;
  }

  /** Milliseconds of the retry time that are left to a request that began at `began`. */
  left(began: number, now: number): number {
    return this.#spent ? 0 : Math.min(began, this.#since ?? began) + this.#retryTime - now;
  }

  /** How long it has lasted; undefined if there is none. */
  duration(now: number): number | undefined {
    return this.#since === undefined ? undefined : now - this.#since;
  }

  /** A request has failed for a reason that may pass. */
  failed(now: number): void {
    this.#since ??= now;
  }

  /** A request was given up since the retry time is over: it is over for the others, too. */
  spent(): void {
    this.#spent = true;
  }

  /** The server has given a good answer, or a refusal that stays. */
  ended(): void {
    this.#since = undefined;
    this.#spent = false;
  }
}
