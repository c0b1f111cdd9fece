/** What a run shows of itself: while it goes on, and at its end. On a terminal a line changes in place. */
import type { HttpClient } from '../http/client.js';
import type { LiveLine } from '../log/live-line.js';
import type { Logger } from '../log/logger.js';
import type { OutputStream } from '../sync/output-stream.js';
import type { StreamNode } from '../sync/stream-node.js';
import { reportProgress } from '../sync/summary.js';
import type { Clock } from '../time.js';
import { progressDetails, showLive } from './live.js';
import { type TableOptions, runTable } from './run-table.js';

/** Where it is shown. */
export interface Display {
  readonly log: Logger;
  /** Set on a terminal. */
  readonly live?: LiveLine | undefined;
  readonly signal: AbortSignal;
}

/** What is looked at. */
export interface Reported {
  readonly client: HttpClient;
  readonly roots: readonly StreamNode[];
  readonly outputs: readonly OutputStream[];
  readonly clock: Clock;
}

/** Shows how far the run is. Returns what ends that. */
export function startReports({ client, roots, outputs, clock }: Reported, { log, live, signal }: Display): () => void {
  const { activity, limiter } = client;
  const requests = (): number => [...client.requests.values()].reduce((sum, count) => sum + count, 0);
  const sources = { nodes: roots.flatMap(({ subtree }) => subtree), activity, limiter, requests, clock };
  const details = (): readonly string[] => progressDetails(sources);
  const endLines = reportProgress(outputs, clock, log, signal, { details, isQuiet: live !== undefined });
  const endLive = live && showLive(live, sources, signal);
  return () => {
    endLines();
    endLive?.();
  };
}

/** The table at the end: on a terminal without the head of a log line, so that it fits. */
export function sayTable(table: Omit<TableOptions, 'isNarrow'>, { log, live }: Pick<Display, 'log' | 'live'>): void {
  for (const line of runTable({ ...table, isNarrow: live !== undefined })) {
    if (live) live.print(`${line}\n`);
    else log.info(line);
  }
}
