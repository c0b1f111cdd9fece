/** A server that takes its time to answer at all: perhaps it is the wrong one. */
import type { Logger } from '../log/logger.js';
import { type Clock, second } from '../time.js';

const patience = 10 * second;

/** The run whose first requests are waited for. */
interface Silent {
  readonly log: Pick<Logger, 'warning'>;
  readonly signal: AbortSignal;
  readonly system: { readonly clock: Clock };
}

/** Waits for the first requests of a run, and says what to check when no answer has come for some time. */
export async function sayIfSilent<T>(
  first: Promise<T>,
  { origin }: URL,
  { log, signal, system: { clock } }: Silent,
): Promise<T> {
  const over = new AbortController();
  clock.sleep(patience, AbortSignal.any([signal, over.signal])).then(
    () => log.warning(`${origin} has not answered for ${patience / second} s. Is base_url right? Still waiting.`),
    () => undefined, // an answer came
  );
  try {
    return await first;
  } finally {
    over.abort();
  }
}
