/** The last findings of a test: the limits that the server named, and what runs will cost. */
import type { StreamDefinition } from '../define/stream-definition.js';
import type { Limiter, SeenLimit } from '../http/limiter.js';
import { durationText } from '../time.js';
import { type Sizes, estimate, estimateText } from './estimate.js';
import type { Say } from './finding.js';

export interface OutlookOptions {
  readonly limiter: Limiter;
  readonly streams: readonly StreamDefinition[];
  /** Undefined: the tap knows no sizes. */
  readonly sizes: Sizes | undefined;
  readonly config: unknown;
  readonly pageSize: number;
}

/** Says the limits, then what a first sync and a daily run are about to take. */
export function sayOutlook({ limiter, streams, sizes, config, pageSize }: OutlookOptions, say: Say): void {
  const limits = limiter.seen();
  say({ topic: 'limits', text: limits.length > 0 ? limits.map(limitText).join('; ') : 'the server named none' });
  if (!sizes) return;
  const pace = (route: string): number | undefined => limiter.pace(route);
  const text = (kind: keyof Sizes): string =>
    estimateText(estimate({ streams, sizes: sizes[kind], config, pageSize, pace }));
  say({ topic: 'first full sync', text: text('first') });
  say({ topic: 'daily run', text: text('daily') });
}

/** `60 requests in 60 s, 1 at once, for /events/`. */
function limitText({ limit, concurrentLimit, period, routes }: SeenLimit): string {
  const window = limit === undefined ? [] : [`${limit} requests in ${durationText(period)}`];
  const atOnce = concurrentLimit === undefined ? [] : [`${concurrentLimit} at once`];
  const [first = '', ...others] = routes;
  const more = others.length > 0 ? ` and ${others.length} more routes` : '';
  return `${[...window, ...atOnce].join(', ')}, for ${first}${more}`;
}
