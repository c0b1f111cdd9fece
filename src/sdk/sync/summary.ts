/** What a run says of itself: a line every 30 s, a line per stream at the end, then one sentence. */
import type { Logger } from '../log/logger.js';
import { type Clock, second } from '../time.js';
import type { Outcome } from './outcome.js';
import type { OutputStream } from './output-stream.js';

const progressInterval = 30 * second;

/**
 * Says now and then how far the run is, with the details; `isQuiet`: only as metrics, since a terminal shows it
 * already. Returns what ends that.
 */
export function reportProgress(
  outputs: readonly OutputStream[],
  clock: Clock,
  log: Logger,
  signal: AbortSignal,
  { details = () => [], isQuiet = false }: { details?: () => readonly string[]; isQuiet?: boolean } = {},
): () => void {
  const stop = new AbortController();
  const report = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(progressInterval, AbortSignal.any([stop.signal, signal]));
      const lines = outputs
        .filter(({ outcome }) => outcome.rows > 0)
        .map(({ name, outcome }) => `${name} ${count(outcome.rows)}`);
      const more = details().map((detail) => ` ${detail}.`);
      if (!isQuiet) log.info(`So far: ${lines.join(', ') || 'no rows'}.${more.join('')}`);
      for (const { outcome } of outputs) if (outcome.hasNewRows) countRows(outcome);
    }
  };
  report().catch(() => undefined);
  return () => stop.abort();
}

export interface RunSummary {
  readonly tap: string;
  readonly outputs: readonly OutputStream[];
  readonly requests: number;
  /** Requests by stream, then by route. */
  readonly requestsOf?: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly isTest: boolean;
  /** Says how a stream ended. Default: its outcome, as a line. */
  readonly sayStream?: (output: OutputStream) => void;
  /** What else is said between the streams and the verdict. */
  readonly sayBeforeVerdict?: (() => void) | undefined;
}

/** Says how the run ended; answers its exit code. */
export function summarize(run: RunSummary, log: Logger): number {
  const { tap, outputs, requests, requestsOf, isTest, sayStream = sayOutcome } = run;
  const outcomes = outputs.map(({ outcome }) => outcome);
  for (const output of outputs) {
    const { outcome, batches } = output;
    if (batches > 0) countBatches(outcome, batches);
    countRequests(outcome, requestsOf?.get(outcome.stream));
    countRows(outcome);
    sayStream(output);
  }
  run.sayBeforeVerdict?.();
  const rows = outcomes.reduce((sum, outcome) => sum + outcome.rows, 0);
  const summary = `${count(rows)} rows of ${outcomes.length} streams in ${count(requests)} requests`;
  const bad = outcomes.filter(({ exitCode }) => exitCode > 0);
  if (bad.length > 0) {
    const reasons = bad.map(({ stream, reason }) => `${stream} (${reason})`).join('; ');
    log.error(
      isTest
        ? `${tap} cannot read ${bad.length} of ${outcomes.length} selected streams: ${reasons}.`
        : `${tap} could not read everything: ${reasons}. ${summary}. Bookmarks of what is missing stay, so the next ` +
            'run tries again.',
    );
    return 1;
  }
  const isWhole = outcomes.every(({ status, hasGone }) => status !== 'partial' && !hasGone);
  const end = isWhole ? 'nothing was left out' : 'what was left out is named above';
  log.info(isTest ? `The connection works: ${summary}.` : `Done: ${summary}; ${end}.`);
  return 0;
}

const sayOutcome = ({ outcome }: OutputStream): void => outcome.log.info(outcome.describe());

/** Metrics of a stream carry the increase since the last one, as the Python SDK's counters do. */
function countRows(outcome: Outcome): void {
  const tags = { stream: outcome.stream, pid: process.pid, context: {} };
  outcome.log.metric('counter', 'record_count', outcome.newRows(), tags);
}

function countBatches({ stream, log }: Outcome, batches: number): void {
  log.metric('counter', 'batch_count', batches, { stream, pid: process.pid });
}

function countRequests({ stream, log }: Outcome, routes: ReadonlyMap<string, number> = new Map()): void {
  for (const [endpoint, requests] of routes)
    log.metric('counter', 'http_request_count', requests, { stream, endpoint, pid: process.pid });
}

const count = (number: number): string => number.toLocaleString('en-US');
