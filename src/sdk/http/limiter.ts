/**
 * When a request may start. Each route template has a budget that its answers teach (`RateBudget`): the
 * whole window is spent, and nothing is sent that the last headers forbid; which routes share one is
 * found out in `Routes`. Until a route's first answer one request goes alone. Without headers,
 * `concurrency` requests at once; halved when the server struggles, restored one by one as it recovers.
 */
import { groupBy } from '../lists.js';
import { type Clock, second } from '../time.js';
import type { RateLimits } from './rate-budget.js';
import { type Route, Routes } from './routes.js';
import { ServerClock } from './server-clock.js';

export type { RateLimits } from './rate-budget.js';

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

/** How a request ended. */
export interface Outcome {
  /** False: no answer came. */
  answered: boolean;
  /** The server struggles: fewer at once. */
  trouble?: boolean;
  /** The answer is a refusal for want of budget (429). */
  refused?: boolean;
  /** Milliseconds until the answer came. */
  took?: number;
  limits?: RateLimits | undefined;
}

/** A limit as answers named it. */
export interface SeenLimit {
  readonly limit: number | undefined;
  readonly concurrentLimit: number | undefined;
  /** How long a window is, as far as it shows (ms). */
  readonly period: number;
  readonly routes: readonly string[];
}

export const defaultConcurrency = 8;
const successesToRestore = 20;
const recent = 0.2; // share of the last answer in the mean latency

export class Limiter {
  readonly #routes: Routes;
  readonly #options: LimiterOptions;
  readonly #serverClock: ServerClock;
  #nextSlot = 0;
  #tickets = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#serverClock = new ServerClock(options.clock);
    this.#routes = new Routes(this.#serverClock);
    const refuseAll = (): void => {
      for (const route of this.#routes) for (const { refuse } of route.waiting.splice(0)) refuse(options.signal.reason);
    };
    options.signal.addEventListener('abort', refuseAll, { once: true });
  }

  /** How many requests of this route may be in flight at once, as far as we know. */
  capacity(name: string): number {
    const { budget, lowered = Infinity } = this.#routes.get(name);
    const { concurrentLimit: allowed = Infinity } = budget;
    const { concurrency = budget.concurrentLimit ?? defaultConcurrency } = this.#options;
    return Math.max(1, Math.min(concurrency, allowed, lowered));
  }

  /** How many requests at once spend the whole window: more of them would not be faster. */
  useful(name: string): number {
    const { budget, latency } = this.#routes.get(name);
    const { limit, period } = budget;
    return limit === undefined || period === undefined || latency === undefined
      ? Infinity
      : Math.ceil((limit * latency) / period) + 1;
  }

  /** The routes that wait for a window or after a refusal, and for how long yet. */
  waits(): { route: string; ms: number }[] {
    const now = this.#options.clock.now();
    return [...this.#routes]
      .filter(({ waiting, wakesAt }) => waiting.length > 0 && wakesAt > now && wakesAt !== Infinity)
      .map(({ name, wakesAt }) => ({ route: name, ms: wakesAt - now }));
  }

  /** The limits that answers named, and the routes that have them. */
  seen(): SeenLimit[] {
    const routes = [...this.#routes].filter(
      ({ known, budget: { limit, concurrentLimit } }) => known && (limit ?? concurrentLimit) !== undefined,
    );
    return [...groupBy(routes, ({ budget }) => budget)].map(([budget, sharing]) => {
      const { limit, concurrentLimit, likelyPeriod } = budget;
      return {
        limit,
        concurrentLimit,
        period: likelyPeriod,
        routes: sharing.map(({ name }) => name),
      };
    });
  }

  /** The share that is spent of the limit that is nearest to its end, from 0 to 1; undefined: no window is known. */
  spent(): number | undefined {
    const now = this.#options.clock.now();
    const shares = [...this.#routes].flatMap(({ budget }) => budget.spent(now) ?? []);
    return shares.length > 0 ? Math.max(...shares) : undefined;
  }

  /** Milliseconds that a request of this route takes when all that is allowed is used; undefined: not known. */
  pace(name: string): number | undefined {
    const { known, budget, latency = 0 } = this.#routes.get(name);
    if (!known) return undefined;
    const { limit = Infinity, likelyPeriod } = budget;
    const { rateLimit = Infinity } = this.#options;
    return Math.max(likelyPeriod / Math.max(limit, 1), second / rateLimit, latency / this.capacity(name));
  }

  /** Whether an answer of this route has been seen. */
  knows(name: string): boolean {
    return this.#routes.get(name).known;
  }

  /** Resolves when the request may start; every start is followed by one `finish`. `again`: before all that wait. */
  async start(name: string, again = false): Promise<void> {
    this.#options.signal.throwIfAborted();
    const route = this.#routes.get(name);
    await new Promise<void>((start, refuse) => {
      if (again) route.waiting.unshift({ ticket: 0, start, refuse });
      else route.waiting.push({ ticket: ++this.#tickets, start, refuse });
      this.#pump();
    });
    await this.#ownPace();
  }

  /** A request has ended: its place is free, and its headers count. */
  finish(name: string, outcome: Outcome): void {
    const route = this.#routes.get(name);
    route.inFlight--;
    if (outcome.answered) this.#learn(route, outcome);
    this.#adjust(route, outcome);
    this.#pump();
  }

  /** Nothing of this route starts for `ms` from now (a 429 said so). */
  block(name: string, ms: number): void {
    const route = this.#routes.get(name);
    route.blockedUntil = Math.max(route.blockedUntil, this.#options.clock.now() + ms);
  }

  /** An answer carried the server's time (ms, cut to the second): sent and received on our clock. */
  observe(serverDate: number, sent: number, received: number): void {
    this.#serverClock.observe(serverDate, sent, received);
  }

  /** Milliseconds until an instant of the server's clock has surely come. */
  until(serverTime: number): number {
    return this.#serverClock.until(serverTime);
  }

  #learn(route: Route, { limits, took = 0, refused = false }: Outcome): void {
    const now = this.#options.clock.now();
    const { latency = took } = route;
    if (took > 0) route.latency = latency + (took - latency) * recent;
    this.#routes.learn(route, { ...limits, took, refused, sent: now - took }, now);
  }

  /** Trouble halves what is in flight at once; twenty good answers restore one. */
  #adjust(route: Route, { answered, trouble }: Outcome): void {
    if (trouble) {
      route.lowered = Math.max(1, Math.floor(this.capacity(route.name) / 2));
      route.successes = 0;
      return;
    }
    if (route.lowered === undefined || !answered || ++route.successes < successesToRestore) return;
    route.successes = 0;
    route.lowered++;
    const full = route.budget.concurrentLimit ?? this.#options.concurrency ?? defaultConcurrency;
    if (route.lowered >= full) route.lowered = undefined;
  }

  /** Starts what may start, in the order of arrival; looks again when a wait is over. */
  #pump(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      next.inFlight++;
      next.waiting.shift()?.start();
    }
  }

  /** The route whose first request may start, and waits longest. */
  #next(): Route | undefined {
    let next: Route | undefined;
    let earliest = Infinity;
    for (const route of this.#routes) {
      const { ticket = Infinity } = route.waiting[0] ?? {};
      if (ticket >= earliest || !this.#mayStart(route)) continue;
      next = route;
      earliest = ticket;
    }
    return next;
  }

  #mayStart(route: Route): boolean {
    if (route.inFlight >= (route.known ? this.capacity(route.name) : 1)) return false;
    const now = this.#options.clock.now();
    const blocked = route.blockedUntil - now;
    const wait = blocked > 0 ? blocked : this.#routes.wait(route.budget, now);
    if (wait === 0) return true;
    if (wait !== 'later') this.#lookAgain(route, wait);
    return false;
  }

  #lookAgain(route: Route, wait: number): void {
    const { clock, signal, onWait } = this.#options;
    const at = clock.now() + wait;
    if (route.wakesAt <= at + 1) return;
    route.wakesAt = at;
    onWait?.(route.name, wait);
    clock.sleep(wait, signal).then(
      () => {
        if (route.wakesAt === at) route.wakesAt = Infinity;
        this.#pump();
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
    signal.throwIfAborted();
  }
}
