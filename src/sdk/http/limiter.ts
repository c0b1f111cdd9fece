/**
 * When a request may start. One budget per route template, learned from the answers: a fixed
 * window of `limit` requests until `reset`, and how many may be under way at once. The whole
 * window is spent, and nothing is sent that the last headers forbid. Until a route's first answer
 * one request goes alone. Without headers, `concurrency` requests at once; halved when the server
 * struggles, restored one by one as it recovers.
 */
import type { Clock } from '../time.js';
import { StoppedError } from '../errors.js';

/** What an answer said of its route's limits; absent numbers were not said. */
export interface RateLimits {
  limit?: number | undefined;
  remaining?: number | undefined;
  /** Milliseconds on the *server's* clock. */
  reset?: number | undefined;
  concurrentLimit?: number | undefined;
}

export interface LimiterOptions {
  clock: Clock;
  signal: AbortSignal;
  /** At most this many at once on a route; undefined: what the server allows, else `defaultConcurrency`. */
  concurrency?: number | undefined;
  /** Requests per second over all routes; undefined: no limit of our own. */
  rateLimit?: number | undefined;
  /** Told when requests have to wait for a window (route, milliseconds). */
  onWait?: (route: string, ms: number) => void;
}

export const defaultConcurrency = 8;
const successesToRestore = 20;
const recent = 0.2; // share of the last answer in the mean latency
const margin = 25; // ms after a reset, for what the network adds

interface Waiting {
  start: () => void;
  refuse: (reason: unknown) => void;
}

class Route {
  inFlight = 0;
  known = false;
  limit: number | undefined;
  remaining: number | undefined;
  reset: number | undefined;
  /** When the last window that was heard of ends. */
  ended: number | undefined;
  allowed: number | undefined;
  /** Lowered by trouble; `undefined` when there is none. */
  lowered: number | undefined;
  successes = 0;
  blockedUntil = 0;
  timer = false;
  /** How long a window is, as far as two of them in a row have shown (ms). */
  period: number | undefined;
  /** How long answers take, of late (ms). */
  latency: number | undefined;
  readonly waiting: Waiting[] = [];
}

export class Limiter {
  readonly #routes = new Map<string, Route>();
  readonly #options: LimiterOptions;
  #nextSlot = 0;
  /** Server clock minus ours, as two bounds that each answer may tighten. */
  #offset: { low: number; high: number } = { low: -Infinity, high: Infinity };

  constructor(options: LimiterOptions) {
    this.#options = options;
    options.signal.addEventListener(
      'abort',
      () => {
        for (const route of this.#routes.values())
          for (const { refuse } of route.waiting.splice(0)) refuse(options.signal.reason);
      },
      { once: true },
    );
  }

  /** How many requests of this route may be under way at once, as far as we know. */
  capacity(name: string): number {
    const { allowed, lowered } = this.#route(name);
    const limit = Math.min(this.#options.concurrency ?? allowed ?? defaultConcurrency, allowed ?? Infinity);
    return Math.max(1, Math.min(limit, lowered ?? Infinity));
  }

  /** How many requests at once spend the whole window: more of them would not be faster. */
  useful(name: string): number {
    const { limit, period, latency } = this.#route(name);
    return limit === undefined || period === undefined || latency === undefined
      ? Infinity
      : Math.ceil((limit * latency) / period) + 1;
  }

  /** Whether an answer of this route has been seen. */
  knows(name: string): boolean {
    return this.#route(name).known;
  }

  /** Resolves when the request may start; every start is followed by one `finish`. */
  async start(name: string): Promise<void> {
    if (this.#options.signal.aborted) throw this.#options.signal.reason;
    const route = this.#route(name);
    await new Promise<void>((start, refuse) => {
      route.waiting.push({ start, refuse });
      this.#pump(name, route);
    });
    await this.#ownPace();
  }

  finish(
    name: string,
    outcome: { limits?: RateLimits | undefined; trouble?: boolean; answered: boolean; took?: number },
  ): void {
    const route = this.#route(name);
    route.inFlight--;
    if (outcome.answered) route.known = true;
    if (outcome.took !== undefined)
      route.latency =
        route.latency === undefined ? outcome.took : route.latency + (outcome.took - route.latency) * recent;
    if (outcome.limits) this.#learn(route, outcome.limits);
    if (outcome.trouble) {
      route.lowered = Math.max(1, Math.floor(this.capacity(name) / 2));
      route.successes = 0;
    } else if (route.lowered !== undefined && outcome.answered && ++route.successes >= successesToRestore) {
      route.successes = 0;
      route.lowered++;
      if (route.lowered >= (route.allowed ?? this.#options.concurrency ?? defaultConcurrency))
        route.lowered = undefined;
    }
    this.#pump(name, route);
  }

  /** Nothing of this route starts for `ms` from now (a 429 said so). */
  block(name: string, ms: number): void {
    const route = this.#route(name);
    route.blockedUntil = Math.max(route.blockedUntil, this.#options.clock.now() + ms);
  }

  /** An answer carried the server's time (ms, cut to the second): sent and received on our clock. */
  observe(serverDate: number, sent: number, received: number): void {
    const low = Math.max(this.#offset.low, serverDate - received);
    const high = Math.min(this.#offset.high, serverDate + 1000 - sent);
    // A clock that jumped contradicts what was learned: begin again from this answer.
    this.#offset = low <= high ? { low, high } : { low: serverDate - received, high: serverDate + 1000 - sent };
  }

  /** Milliseconds until an instant of the server's clock has surely come. */
  until(serverTime: number): number {
    const offset = Number.isFinite(this.#offset.low) ? this.#offset.low : 0;
    return Math.max(0, serverTime - offset - this.#options.clock.now() + margin);
  }

  #route(name: string): Route {
    const route = this.#routes.get(name) ?? new Route();
    this.#routes.set(name, route);
    return route;
  }

  #learn(route: Route, { limit, remaining, reset, concurrentLimit }: RateLimits): void {
    if (concurrentLimit !== undefined && concurrentLimit > 0) route.allowed = concurrentLimit;
    if (limit === undefined || remaining === undefined || reset === undefined) return;
    const sameWindow = route.reset === reset;
    if (route.reset !== undefined && reset < route.reset) return; // an answer of a window gone by
    route.remaining = sameWindow ? Math.min(route.remaining ?? remaining, remaining) : remaining;
    route.limit = limit;
    if (route.ended !== undefined && reset > route.ended)
      route.period = Math.min(route.period ?? Infinity, reset - route.ended);
    route.reset = route.ended = reset;
  }

  /** Starts what may start; if a window is spent, comes back when it ends. */
  #pump(name: string, route: Route): void {
    while (route.waiting.length > 0) {
      const capacity = route.known ? this.capacity(name) : 1;
      if (route.inFlight >= capacity) return;
      const wait = this.#wait(route);
      if (wait === 'answers') return;
      if (wait > 0) {
        this.#comeBack(name, route, wait);
        return;
      }
      route.inFlight++;
      route.waiting.shift()?.start();
    }
  }

  #wait(route: Route): number | 'answers' {
    const blocked = route.blockedUntil - this.#options.clock.now();
    if (blocked > 0) return blocked;
    if (route.reset === undefined || route.limit === undefined || route.remaining === undefined) return 0;
    const left = this.until(route.reset);
    if (left === 0) {
      route.remaining = Math.max(route.limit, 1);
      route.reset = undefined; // the next answer names the new window
      return 0;
    }
    if (route.remaining - route.inFlight > 0) return 0;
    return route.inFlight > 0 ? 'answers' : left;
  }

  #comeBack(name: string, route: Route, wait: number): void {
    if (route.timer) return;
    route.timer = true;
    this.#options.onWait?.(name, wait);
    this.#options.clock.sleep(wait, this.#options.signal).then(
      () => {
        route.timer = false;
        this.#pump(name, route);
      },
      () => undefined, // stopped: `abort` has refused everybody who waited
    );
  }

  /** The setting `rate_limit`: one start every 1/n second. */
  async #ownPace(): Promise<void> {
    const { rateLimit, clock, signal } = this.#options;
    if (rateLimit === undefined) return;
    const now = clock.now();
    const slot = Math.max(now, this.#nextSlot);
    this.#nextSlot = slot + 1000 / rateLimit;
    if (slot > now) await clock.sleep(slot - now, signal);
    if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new StoppedError('SIGTERM');
  }
}
