/** How far a run is: a line every 30 s where lines are kept, one that changes in place on a terminal. */
import type { Activity } from '../http/activity.js';
import type { Limiter } from '../http/limiter.js';
import type { LiveLine } from '../log/live-line.js';
import { type Clock, durationText, second } from '../time.js';
import type { StreamNode } from '../sync/stream-node.js';

const liveInterval = second / 4;
const longWait = 5 * second;

/** What is looked at to tell how far a run is. */
export interface ProgressSources {
  readonly nodes: readonly StreamNode[];
  readonly activity: Activity;
  readonly limiter: Limiter;
  readonly requests: () => number;
  readonly clock: Clock;
}

/** `events: waiting 42 s for the server's limit, 3 of 12 partitions done`, for each stream that has one to tell. */
export function progressDetails({ nodes, activity, limiter }: ProgressSources): string[] {
  const waits = new Map(limiter.waits().map(({ route, ms }) => [route, ms]));
  return nodes.flatMap(({ name, definition: { path, fallback }, partitions: { done, total } }) => {
    if (!isOpen(activity, name)) return [];
    const wait = Math.max(waits.get(path) ?? 0, waits.get(fallback?.path ?? '') ?? 0);
    const parts = [
      ...(wait >= longWait ? [`waiting ${Math.ceil(wait / second)} s for the server's limit`] : []),
      ...(total > 1 ? [`${Math.min(done, total)} of ${total} partitions done`] : []),
    ];
    return parts.length > 0 ? [`${name}: ${parts.join(', ')}`] : [];
  });
}

/** Shows the live line again and again. Returns what ends that, and erases it. */
export function showLive(live: LiveLine, sources: ProgressSources, signal: AbortSignal): () => void {
  const { clock } = sources;
  const began = clock.now();
  const stop = new AbortController();
  const show = async (): Promise<void> => {
    for (;;) {
      live.show(liveText(sources, clock.now() - began));
      await clock.sleep(liveInterval, AbortSignal.any([stop.signal, signal]));
    }
  };
  show().catch(() => live.clear());
  return () => {
    stop.abort();
    live.clear();
  };
}

/** `12,345 rows, 678/s, 90 requests, limit 40 %, ~3 min left | events 3/12`. */
function liveText(sources: ProgressSources, elapsed: number): string {
  const { nodes, activity, limiter, requests } = sources;
  const rows = nodes.reduce((sum, { output }) => sum + (output?.outcome.rows ?? 0), 0);
  const pace = elapsed < second ? [] : [`${count(Math.round((rows * second) / elapsed))}/s`];
  const open = nodes.filter(({ name }) => isOpen(activity, name));
  const streams = open.map(({ name, partitions: { done, total } }) =>
    total > 1 ? `${name} ${Math.min(done, total)}/${total}` : name,
  );
  const spent = limiter.spent();
  const limit = spent === undefined ? [] : [`limit ${Math.round(spent * 100)} %`];
  const rest = elapsed < second ? undefined : restOf(sources, open);
  const left = rest === undefined ? [] : [`~${durationText(rest)} left`];
  const numbers = [`${count(rows)} rows`, ...pace, `${count(requests())} requests`, ...limit, ...left].join(', ');
  return streams.length > 0 ? `${numbers} | ${streams.join(', ')}` : numbers;
}

/**
 * Milliseconds that the slowest stream still takes, if its other partitions take as long as those that are done;
 * undefined unless all streams that are under way have some done.
 */
function restOf({ activity, clock }: ProgressSources, open: readonly StreamNode[]): number | undefined {
  const rests = open.map(({ name, partitions: { done, total } }) => {
    const took = clock.now() - (activity.of(name)?.began ?? clock.now());
    return done > 0 && total > 1 ? (took * Math.max(0, total - done)) / done : Number.NaN;
  });
  const rest = Math.max(...rests); // NaN where one is not known
  return Number.isFinite(rest) ? rest : undefined;
}

const isOpen = (activity: Activity, stream: string): boolean => (activity.of(stream)?.open ?? 0) > 0;
const count = (number: number): string => number.toLocaleString('en-US');
