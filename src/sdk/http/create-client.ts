/** The client of a run, with its limiter and its transport. */
import type { Logger } from '../log/logger.js';
import { type Clock, second } from '../time.js';
import type { Authenticator } from './authenticator.js';
import { HttpClient } from './client.js';
import { Limiter } from './limiter.js';
import type { Environment } from './proxy.js';
import type { ResponseRules } from './response-rules.js';
import { createTransport } from './transport.js';

/** What the settings say of requests. Times in milliseconds. */
export interface ClientSettings {
  readonly baseUrl: URL;
  readonly authenticator: Authenticator;
  readonly rules: ResponseRules;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly retryTime: number;
  readonly concurrency?: number | undefined;
  /** Requests per second. */
  readonly rateLimit?: number | undefined;
}

/** Where the run takes place. */
export interface ClientSurroundings {
  /** The User-Agent, unless the headers name one. */
  readonly agent: string;
  readonly env: Environment;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

const longWait = 5 * second; // waits shorter than this are not worth a line

/** @throws FatalError when the environment names a proxy that is none. */
export async function createClient(
  { baseUrl, authenticator, rules, headers, timeout, retryTime, concurrency, rateLimit }: ClientSettings,
  { agent, env, clock, random, signal, log }: ClientSurroundings,
): Promise<HttpClient> {
  const onWait = (route: string, ms: number): void => {
    if (ms >= longWait) log.info(`Rate limit of ${route} reached; resuming in ${Math.ceil(ms / second)} s.`);
  };
  return new HttpClient({
    transport: await createTransport({ timeout, env, origin: baseUrl }),
    authenticator,
    limiter: new Limiter({ clock, signal, concurrency, rateLimit, onWait }),
    rules,
    headers: { 'user-agent': agent, ...headers },
    clock,
    random,
    signal,
    log,
    retryTime,
  });
}
