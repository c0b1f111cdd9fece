/**
 * Rate limits as sentry.io has them: a fixed window and a number of calls in flight, for a route or for a group
 * of routes. A refusal carries no Retry-After; X-Sentry-Rate-Limit-Reset says, in unix seconds, when the window ends.
 */
import { Refusal } from './answer.js';
import type { Clock } from './clock.js';

export interface LimitRule {
  /** A route's name, such as `events`; `*` for all that have no rule of their own. */
  readonly route: string;
  readonly limit: number;
  readonly seconds: number;
  readonly concurrent: number;
  /** One count for all the routes of the rule together, not one for each. */
  readonly shared?: boolean;
  /** What the token of an integration has instead. */
  readonly integration?: { readonly limit?: number; readonly concurrent?: number };
}

/** November 2026: routes without a limit of their own share one. */
const sentryIo: readonly LimitRule[] = [
  { route: 'events', limit: 60, seconds: 60, concurrent: 1, integration: { concurrent: 2 } },
  { route: 'event', limit: 5, seconds: 1, concurrent: 5 },
  { route: 'explore', limit: 30, seconds: 1, concurrent: 15 },
  { route: 'issues', limit: 10, seconds: 1, concurrent: 10, integration: { limit: 20, concurrent: 20 } },
  { route: 'project_issues', limit: 5, seconds: 1, concurrent: 5 },
  { route: 'issue', limit: 5, seconds: 1, concurrent: 5 },
  { route: '*', limit: 40, seconds: 1, concurrent: 25, shared: true },
];

/** What third parties saw in the headers of sentry.io until 2025: each route had a limit of its own. */
const sentry2025: readonly LimitRule[] = [
  { route: 'events', limit: 60, seconds: 60, concurrent: 1, integration: { concurrent: 2 } },
  { route: 'issues', limit: 5, seconds: 1, concurrent: 5 },
  { route: 'project_issues', limit: 5, seconds: 1, concurrent: 5 },
  { route: 'issue', limit: 5, seconds: 1, concurrent: 5 },
  { route: '*', limit: 40, seconds: 1, concurrent: 25 },
];

/** Sets of rules that have a name. */
export const limitPresets = { off: [], 'sentry.io': sentryIo, 'sentry-2025': sentry2025 } as const satisfies Record<
  string,
  readonly LimitRule[]
>;
export type LimitPreset = keyof typeof limitPresets;

export type LimitChoice =
  | LimitPreset
  | readonly LimitRule[]
  | { readonly preset: LimitPreset; readonly timeScale?: number };

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
    private readonly tokenKind: 'user' | 'integration' = 'user',
  ) {
    this.set(choice);
  }

  set(choice: LimitChoice): void {
    this.rules = rulesOf(choice).map(({ integration, ...rule }) => ({
      ...rule,
      ...(this.tokenKind === 'integration' ? integration : {}),
    }));
    this.usage.clear();
  }

  /** Counts a request in; the headers to send, and what to call when it is over. */
  enter(route: string): { headers: Record<string, string>; leave: () => void } {
    const rule = this.rules.find((one) => one.route === route) ?? this.rules.find((one) => one.route === '*');
    if (!rule) return { headers: {}, leave: () => undefined };
    const window = Math.floor(this.clock.now() / 1000 / rule.seconds);
    const usage = this.usageOf(rule.shared ? rule.route : route, window);
    usage.used += 1;
    const headers = headersOf(rule, usage);
    if (usage.used > rule.limit) {
      const every = `Limit is ${rule.limit} requests in ${rule.seconds} seconds`;
      throw tooMany(`You are attempting to use this endpoint too frequently. ${every}`, headers);
    }
    if (usage.inFlight >= rule.concurrent) {
      const most = `Concurrency limit is ${rule.concurrent}`;
      throw tooMany(`You are attempting to go above the allowed concurrency for this endpoint. ${most}`, headers);
    }
    usage.inFlight += 1;
    return {
      headers,
      leave: () => {
        usage.inFlight -= 1;
      },
    };
  }

  private usageOf(bucket: string, window: number): Usage {
    const usage = this.usage.get(bucket) ?? { window, used: 0, inFlight: 0 };
    if (usage.window !== window) Object.assign(usage, { window, used: 0 });
    this.usage.set(bucket, usage);
    return usage;
  }
}

function rulesOf(choice: LimitChoice): readonly LimitRule[] {
  if (typeof choice === 'string') {
    if (!Object.hasOwn(limitPresets, choice)) throw new RangeError(`limits: no such preset: ${choice}`);
    return limitPresets[choice];
  }
  if (!('preset' in choice)) return choice;
  const rules: readonly LimitRule[] = limitPresets[choice.preset];
  return rules.map((rule) => ({ ...rule, seconds: rule.seconds * (choice.timeScale ?? 1) }));
}

function headersOf(rule: LimitRule, usage: Usage): Record<string, string> {
  return {
    'X-Sentry-Rate-Limit-Limit': String(rule.limit),
    'X-Sentry-Rate-Limit-Remaining': String(Math.max(0, rule.limit - usage.used)),
    'X-Sentry-Rate-Limit-Reset': String(Math.ceil((usage.window + 1) * rule.seconds)),
    'X-Sentry-Rate-Limit-ConcurrentLimit': String(rule.concurrent),
    'X-Sentry-Rate-Limit-ConcurrentRemaining': String(Math.max(0, rule.concurrent - usage.inFlight - 1)),
  };
}

function tooMany(detail: string, headers: Record<string, string>): Refusal {
  return new Refusal(429, { detail }, headers);
}
