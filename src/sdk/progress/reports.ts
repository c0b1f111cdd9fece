/** What a run shows of itself: while it goes on, and at its end. On a terminal a line changes in place. */
import type { HttpClient } from '../http/client.js';
import type { LiveLine } from '../log/live-line.js';
import type { Logger } from '../log/logger.js';
import type { OutputStream } from '../sync/output-stream.js';
import type { StreamNode } from '../sync/stream-node.js';
import { reportProgress } from '../sync/summary.js';
import type { Clock } from '../time.js';
import { progressDetails, showLive } from './live.js';
import { type TableOptions, runTable, streamLine } from './run-table.js';

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

/** How a run says its end: each thing once. */
export interface Ending {
  readonly sayStream: (output: OutputStream) => void;
  readonly sayBeforeVerdict?: () => void;
}

/** In a pipe a line per stream. On a terminal a table, and then what streams have to remark. */
export function endingOf(table: TableOptions, { live }: Pick<Display, 'live'>): Ending {
  if (!live) return { sayStream: (output) => output.outcome.log.info(streamLine(output, table)) };
  return {
    sayStream: () => undefined,
    sayBeforeVerdict: () => {
      for (const line of runTable(table)) live.print(`${line}\n`); // no head of a log line: it must fit
      for (const { outcome } of table.outputs) {
        const { stream, remarks, log } = outcome;
        if (remarks.length > 0) log.info(`${stream}: ${remarks.join('; ')}.`);
      }
    },
  };
}
