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
  const delay = retryDelay(tries.attempt, tries.random);
  const wait = error.wait === undefined ? delay : Math.max(error.wait, Math.min(delay, second));
  if (isWrongAddress(error, tries, wait)) throw new StreamError(advised(error), { code: error.code, cause: error });
  if (shouldAskForLess(error, tries, wait)) throw new TooLargeError(error.message, { cause: error });
  if (wait <= tries.left) return wait;
  if (asksForTooLong(error, tries)) throw givenUp(error, tries);
  return undefined;
}

/** Before the server's first answer, a few tries are enough to tell that there is no way to it. */
function isWrongAddress({ unreachable }: RetriableError, tries: Tries, wait: number): boolean {
  if (tries.answered || !unreachable) return false;
  return tries.attempt >= triesToReach || wait > Math.min(tries.left, timeToReach - tries.elapsed);
}

function shouldAskForLess({ shortTries }: RetriableError, { patience, attempt, left }: Tries, wait: number): boolean {
  if (patience === 'full' || shortTries === Infinity) return false;
  return attempt >= shortTries || wait > left;
}

/** Whether a request that is given up while time is left is given up because of the wait that the server asks for. */
const asksForTooLong = ({ wait }: RetriableError, { left }: Tries): boolean => wait !== undefined && left > 0;

/** A number of seconds for people: `0.8`, `45`, `86,400`. */
export function seconds(ms: number): string {
  return ms < 10_000 ? (ms / second).toFixed(1) : Math.round(ms / second).toLocaleString('en-US');
}

const advised = ({ message, advice }: RetriableError): string => (advice ? `${message}. ${advice}` : message);

/** The error of a request that is not tried again. */
export function givenUp(error: RetriableError, tries: Tries): StreamError {
  const { code, message, advice } = error;
  const many = `given up after ${tries.attempt} ${tries.attempt === 1 ? 'try' : 'tries'}`;
  const hint = advice !== undefined && !tries.answered ? `. ${advice}` : ''; // a server that answers is the right one
  return new StreamError(`${message}; ${reasonOf(error, tries)}${many}${hint}`, { code, cause: error });
}

function reasonOf(error: RetriableError, tries: Tries): string {
  const { wait = 0 } = error;
  const { left, elapsed, down = 0 } = tries;
  if (asksForTooLong(error, tries))
    return `it asks to wait ${seconds(wait)} s, but only ${seconds(left)} s of the retry time are left; `;
  return down > elapsed + second ? `nothing was answered well for ${seconds(down)} s; ` : '';
}
