/**
 * The routes of a limiter, and which of them spend one budget. Many servers count all routes without a
 * limit of their own together: routes whose answers show the same limits share a budget until a count
 * proves them apart, and a route that is new is taken for one of the largest such group.
 */
import { type LimitedAnswer, RateBudget } from './rate-budget.js';
import type { ServerClock } from './server-clock.js';

/** A request that waits for its start. */
export interface Waiting {
  /** Place in the queue of all routes. */
  ticket: number;
  start: () => void;
  refuse: (reason: unknown) => void;
}

/** What is known of a route template. */
export class Route {
  inFlight = 0;
  /** An answer has come. */
  known = false;
  /** How many at once, lowered by trouble; `undefined` when there is none. */
  lowered: number | undefined;
  /** Good answers since the last trouble. */
  successes = 0;
  blockedUntil = 0;
  /** When a timer looks again. */
  wakesAt = Infinity;
  /** How long answers take, of late (ms). */
  latency: number | undefined;
  readonly waiting: Waiting[] = [];
  /** Budgets that turned out to be others'. */
  readonly left = new WeakSet<RateBudget>();

  constructor(
    readonly name: string,
    public budget: RateBudget,
  ) {}
}

export class Routes implements Iterable<Route> {
  readonly #routes = new Map<string, Route>();
  readonly #clock: ServerClock;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  [Symbol.iterator](): Iterator<Route> {
    return this.#routes.values();
  }

  get(name: string): Route {
    const known = this.#routes.get(name);
    if (known) return known;
    const route = new Route(name, this.#sharedBudget() ?? new RateBudget(this.#clock));
    this.#routes.set(name, route);
    return route;
  }

  /** The route's budget learns from an answer; the route leaves a shared one that the answer does not fit. */
  learn(route: Route, answer: LimitedAnswer, now: number): void {
    const first = !route.known;
    route.known = true;
    if (answer.limit !== undefined) this.#chooseBudget(route, answer, now);
    else if (first && this.#isShared(route.budget)) route.budget = new RateBudget(this.#clock);
    route.budget.learn(answer, now);
  }

  /** As `RateBudget.wait`, for one more request. */
  wait(budget: RateBudget, now: number): number | 'later' {
    let inFlight = 0;
    let strangers = 0;
    for (const route of this) {
      if (route.budget === budget) inFlight += route.inFlight;
      else if (!route.known) strangers += route.inFlight;
    }
    return budget.wait(inFlight, strangers, now);
  }

  /** The budget that most routes share, if more than one does. */
  #sharedBudget(): RateBudget | undefined {
    const counts = new Map<RateBudget, number>();
    for (const { known, budget } of this)
      if (known && budget.limit !== undefined) counts.set(budget, (counts.get(budget) ?? 0) + 1);
    const [most] = [...counts].filter(([, routes]) => routes > 1).sort(([, a], [, b]) => b - a);
    return most?.[0];
  }

  #isShared(budget: RateBudget): boolean {
    return [...this].filter((route) => route.budget === budget).length > 1;
  }

  /** Another route's budget that the answer fits, or one of its own. */
  #chooseBudget(route: Route, answer: LimitedAnswer, now: number): void {
    const current = route.budget;
    if (current.fits(answer, now)) return;
    const shared = this.#isShared(current);
    if (shared) {
      route.left.add(current);
      current.forgetCount();
    }
    const others = [...this].map(({ budget }) => budget).filter((budget) => budget !== current);
    const fitting = others.find((budget) => !route.left.has(budget) && budget.fits(answer, now));
    if (fitting) route.budget = fitting;
    else if (shared) route.budget = new RateBudget(this.#clock);
  }
}
