/**
 * Whether a request that failed is tried again, and when. Pure: the client keeps the clock and sleeps.
 * A server that is down costs one retry time in all, since `left` counts from when it went down.
 */
import { type RetriableError, StreamError, TooLargeError } from '../errors.js';
import { second } from '../time.js';
import { retryDelay } from './retry-delay.js';

/** `short`: the caller can ask for less, so three tries are enough. `full`: as long as the retry time lasts. */
export type Patience = 'full' | 'short';

/** Where a request stands after a try that failed. */
export interface Tries {
  /** How many there were, this one included. */
  attempt: number;
  patience: Patience;
  /** Milliseconds since the first. */
  elapsed: number;
  /** Milliseconds of the retry time that are left. */
  left: number;
  /** Milliseconds since the last answer that was good, of any request; undefined if this failure is the first. */
  down: number | undefined;
  /** The server has answered some request in this run. */
  answered: boolean;
  /** In [0, 1). */
  random: number;
}

const triesToReach = 3;
const timeToReach = 5 * second;

/**
 * Milliseconds until the next try; undefined when the retry time is over.
 * @throws TooLargeError, or StreamError when the server cannot be reached or asks for too long a wait.
 */
export function waitBeforeRetry(error: RetriableError, tries: Tries): number | undefined {
  const { attempt, patience, elapsed, left, answered } = tries;
  const delay = retryDelay(attempt, tries.random);
  const wait = error.wait === undefined ? delay : Math.max(error.wait, Math.min(delay, second));
  const over = wait > left;
  if (error.unreachable && !answered && (attempt >= triesToReach || elapsed + wait > timeToReach || over))
    throw new StreamError(advised(error), { code: error.code, cause: error });
  if (patience === 'short' && error.shortTries < Infinity && (attempt >= error.shortTries || over))
    throw new TooLargeError(error.message, { cause: error });
  if (over && error.wait !== undefined && left > 0) throw givenUp(error, tries);
  return over ? undefined : wait;
}

/** A number of seconds for people: `0.8`, `45`, `86,400`. */
export function seconds(ms: number): string {
  return ms < 10_000 ? (ms / second).toFixed(1) : Math.round(ms / second).toLocaleString('en-US');
}

const advised = ({ message, advice }: RetriableError): string => (advice ? `${message}. ${advice}` : message);

/** The error of a request that is not tried again. */
export function givenUp(error: RetriableError, tries: Tries): StreamError {
  const { code, message } = error;
  const many = `given up after ${tries.attempt} ${tries.attempt === 1 ? 'try' : 'tries'}`;
  return new StreamError(`${message}; ${reasonOf(error, tries)}${many}`, { code, cause: error });
}

function reasonOf({ wait }: RetriableError, { left, elapsed, down = 0 }: Tries): string {
  if (wait !== undefined && left > 0)
    return `it asks to wait ${seconds(wait)} s, but only ${seconds(left)} s of the retry time are left; `;
  return down > elapsed + second ? `nothing was answered well for ${seconds(down)} s; ` : '';
}
