/**
 * Rate limits as sentry.io has them: a fixed window and a number of calls in flight, per route. A refusal
 * carries no Retry-After; when the window ends stands in X-Sentry-Rate-Limit-Reset, in unix seconds.
 */
import { Refusal } from './answer.js';
import type { Clock } from './clock.js';

export interface LimitRule {
  /** A route's name, such as `events`; `*` for all that have no rule of their own. */
  readonly route: string;
  readonly limit: number;
  readonly seconds: number;
  readonly concurrent: number;
}

export type LimitChoice =
  | 'off'
  | 'sentry.io'
  | readonly LimitRule[]
  | { readonly preset: 'sentry.io'; readonly timeScale?: number };

/** What third parties have seen in the headers of sentry.io. */
export const sentryIo: readonly LimitRule[] = [
  { route: 'events', limit: 60, seconds: 60, concurrent: 1 },
  { route: 'issues', limit: 5, seconds: 1, concurrent: 5 },
  { route: 'project_issues', limit: 5, seconds: 1, concurrent: 5 },
  { route: 'issue', limit: 5, seconds: 1, concurrent: 5 },
  { route: '*', limit: 40, seconds: 1, concurrent: 25 },
];

interface Usage {
  window: number;
  used: number;
  inFlight: number;
}

export class Limits {
  rules: readonly LimitRule[] = [];
  private readonly usage = new Map<string, Usage>();

  constructor(
    private readonly clock: Clock,
    choice: LimitChoice,
  ) {
    this.set(choice);
  }

  set(choice: LimitChoice): void {
    if (choice === 'off') this.rules = [];
    else if (choice === 'sentry.io') this.rules = sentryIo;
    else if ('preset' in choice)
      this.rules = sentryIo.map((rule) => ({ ...rule, seconds: rule.seconds * (choice.timeScale ?? 1) }));
    else this.rules = choice;
    this.usage.clear();
  }

  /** Counts a request in; the headers to send, and what to call when it is over. */
  enter(route: string): { headers: Record<string, string>; leave: () => void } {
    const rule = this.rules.find((one) => one.route === route) ?? this.rules.find((one) => one.route === '*');
    if (!rule) return { headers: {}, leave: () => undefined };
    const now = this.clock.now() / 1000;
    const window = Math.floor(now / rule.seconds);
    const usage = this.usage.get(route) ?? { window, used: 0, inFlight: 0 };
    if (usage.window !== window) Object.assign(usage, { window, used: 0 });
    this.usage.set(route, usage);
    usage.used += 1;
    const headers = {
      'X-Sentry-Rate-Limit-Limit': String(rule.limit),
      'X-Sentry-Rate-Limit-Remaining': String(Math.max(0, rule.limit - usage.used)),
      'X-Sentry-Rate-Limit-Reset': String(Math.ceil((window + 1) * rule.seconds)),
      'X-Sentry-Rate-Limit-ConcurrentLimit': String(rule.concurrent),
      'X-Sentry-Rate-Limit-ConcurrentRemaining': String(Math.max(0, rule.concurrent - usage.inFlight - 1)),
    };
    if (usage.used > rule.limit) {
      throw new Refusal(
        429,
        {
          detail: `You are attempting to use this endpoint too frequently. Limit is ${rule.limit} requests in ${rule.seconds} seconds`,
        },
        headers,
      );
    }
    if (usage.inFlight >= rule.concurrent) {
      throw new Refusal(
        429,
        {
          detail: `You are attempting to go above the allowed concurrency for this endpoint. Concurrency limit is ${rule.concurrent}`,
        },
        headers,
      );
    }
    usage.inFlight += 1;
    return {
      headers,
      leave: () => {
        usage.inFlight -= 1;
      },
    };
  }
}
