/**
 * The one way to the server: limiter, request, redirects, retry, and what an answer means. HTTP knows
 * bytes, not records: what the body says is for `read`, which the caller passes. What an API's statuses
 * and headers mean is passed in as rules.
 */
import { FatalError, RetriableError, SkippableError, StreamError, messageOf } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { type Clock, second } from '../time.js';
import { Activity } from './activity.js';
import type { Authenticator } from './authenticator.js';
import type { Headers } from './headers.js';
import type { Limiter } from './limiter.js';
import { Outage } from './outage.js';
import { nextHop } from './redirect.js';
import type { ResponseAction, ResponseRules } from './response-rules.js';
import { retryDelay } from './retry-delay.js';
import { type Patience, givenUp, seconds, waitBeforeRetry } from './retry-policy.js';
import type { Exchange, Transport } from './transport.js';

/** What the client is made of. Everything that a test wants to control comes from outside. */
export interface HttpClientOptions {
  transport: Transport;
  authenticator: Authenticator;
  limiter: Limiter;
  rules: ResponseRules;
  headers: Record<string, string>;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  signal: AbortSignal;
  log: Logger;
  /** Milliseconds for which a request is tried again. */
  retryTime: number;
}

/** A GET, or a POST that reads. */
export interface HttpRequest {
  /** Path template: the key of the route's budget. */
  route: string;
  url: URL;
  /** JSON that is posted instead of the URL's parameters, which then only tell requests apart. */
  body?: string | undefined;
  /** For logs and metrics. */
  stream?: string | undefined;
  /** `short`: three tries, then TooLargeError, since the caller can ask for less. `full` (default): the retry time. */
  patience?: Patience;
}

/** An answer that the rules call good, or empty. */
export interface HttpResponse {
  /** Where it came from, after redirects. */
  url: URL;
  status: number;
  headers: Headers;
  body: Buffer;
  /** When it came, on our clock (ms). */
  received: number;
  /** The rules said that there is nothing at all where we asked. */
  empty: boolean;
  /** What `read` wants to add to the debug line of the request, e.g. `100 rows, a page follows`. */
  note?: string;
}

/** One try of a request, on its way. */
interface Try {
  request: HttpRequest;
  attempt: number;
  /** Milliseconds of the retry time that are left. */
  left: () => number;
}

/** What a line about a request tells of its answer. */
type Logged = Pick<HttpResponse, 'status' | 'body' | 'note'>;

/** The log with the stream of a request on its lines. */
const logOf = (log: Logger, { stream }: HttpRequest): Logger => (stream === undefined ? log : log.child(stream));

const sayStillWaiting = 30 * second;

export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #noticed = new Set<string>();
  #serverDate: number | undefined;
  #clockSkew: number | undefined;
  readonly #outage: Outage;
  #answered = false;
  /** Attempts that went out, by route. */
  readonly requests = new Map<string, number>();
  readonly activity: Activity;
  /** The same by stream, then by route. */
  readonly requestsOf = new Map<string, Map<string, number>>();

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#outage = new Outage(options.retryTime);
    this.activity = new Activity(options.clock);
  }

  get limiter(): Limiter {
    return this.#options.limiter;
  }

  /** The server's time (epoch ms, whole second) in its first answer. */
  get serverDate(): number | undefined {
    return this.#serverDate;
  }

  /** Our clock minus the server's at the first answer (ms, to about a second); undefined without a date. */
  get clockSkew(): number | undefined {
    return this.#clockSkew;
  }

  /**
   * What `read` makes of the answer. It runs inside the retry loop, when the limiter's place is
   * free again: a RetriableError that it throws is tried again.
   * @throws SkippableError, StreamError, FatalError as the rules say; TooLargeError when patience is short
   * and the server cannot answer; StreamError when the retry time is over or the server cannot be reached.
   */
  get<T>(request: HttpRequest, read: (response: HttpResponse) => T | Promise<T>): Promise<T> {
    return this.activity.during(request.stream ?? '', () => this.#get(request, read));
  }

  async #get<T>(request: HttpRequest, read: (response: HttpResponse) => T | Promise<T>): Promise<T> {
    const { clock, limiter } = this.#options;
    let began: number | undefined;
    for (let attempt = 1; ; attempt++) {
      await limiter.start(request.route, attempt > 1);
      const since = (began ??= clock.now());
      const left = (): number => this.#outage.left(since, clock.now());
      try {
        return await this.#try({ request, attempt, left }, read);
      } catch (error) {
        if (!(error instanceof RetriableError)) throw error;
        await this.#waitBeforeRetry(error, { request, attempt, left }, clock.now() - since);
      }
    }
  }

  async #waitBeforeRetry(error: RetriableError, { request, attempt, left }: Try, elapsed: number): Promise<void> {
    const { clock, random, log } = this.#options;
    const down = this.#outage.duration(clock.now());
    this.#outage.failed(clock.now());
    const { patience = 'full', route } = request;
    const tries = { attempt, patience, elapsed, left: left(), down, answered: this.#answered, random: random() };
    const wait = waitBeforeRetry(error, tries);
    if (wait === undefined) {
      this.#outage.spent();
      throw givenUp(error, tries);
    }
    // Without an answer yet there are a few short tries, and then a sentence.
    const level = error.unreachable && !this.#answered ? 'debug' : 'warning';
    logOf(log, request)[level](`${error.message}; next try in ${seconds(wait)} s`, { route, attempt });
    await this.#sleep(wait, request);
  }

  /** Long waits say that they wait. */
  async #sleep(wait: number, request: HttpRequest): Promise<void> {
    const { clock, signal, log } = this.#options;
    for (let left = wait; left > 0; left -= sayStillWaiting) {
      if (left < wait)
        logOf(log, request).info(`still waiting ${seconds(left)} s before asking ${request.route} again`);
      await clock.sleep(Math.min(left, sayStillWaiting), signal);
    }
  }

  async #try<T>(one: Try, read: (response: HttpResponse) => T | Promise<T>): Promise<T> {
    const { limiter, clock } = this.#options;
    const { route } = one.request;
    const sent = clock.now();
    const [exchange, url] = await this.#exchange(one.request).catch((error: unknown) => {
      limiter.finish(route, { answered: false, trouble: true });
      throw error;
    });
    const received = clock.now();
    // The place is free before the answer is read: the next request need not wait for our own work.
    const action = this.#classify(exchange, one, sent, received);
    const response = { ...exchange, url, received, empty: action.kind === 'empty' };
    try {
      this.#notice(exchange.headers, route);
      refuse(action, response, methodOf(one.request));
      const result = await read(response);
      this.#outage.ended();
      return result;
    } catch (error) {
      if (!(error instanceof RetriableError)) this.#outage.ended();
      throw error;
    } finally {
      this.#logRequest(one.request, url, received - sent, response);
    }
  }

  /** What the answer means; the limiter learns from it. */
  #classify(
    exchange: Exchange,
    { request: { route }, attempt, left }: Try,
    sent: number,
    received: number,
  ): ResponseAction {
    const { limiter, rules } = this.#options;
    const { status, headers } = exchange;
    this.#answered = true;
    this.#observeDate(headers, sent, received);
    const action = beforeRules(exchange) ?? rules.classifyResponse(status, headers, () => parsed(exchange.body), route);
    const retry = action.kind === 'retry' ? action : undefined;
    if (retry && (status === 429 || retry.wait !== undefined)) {
      const wait = retry.wait ?? retryDelay(attempt, 0);
      if (wait <= left()) limiter.block(route, wait); // else the request fails, and so may the next
    }
    limiter.finish(route, {
      answered: true,
      took: received - sent,
      limits: rules.limits(headers),
      refused: status === 429,
      trouble: retry?.trouble === true,
    });
    return action;
  }

  #observeDate(headers: Headers, sent: number, received: number): void {
    const date = Date.parse(headers['date'] ?? '');
    if (Number.isNaN(date)) return;
    this.#serverDate ??= date;
    this.#clockSkew ??= received - date;
    this.#options.limiter.observe(date, sent, received);
  }

  /** One exchange, with the redirects that stay on the origin. */
  async #exchange(request: HttpRequest): Promise<[Exchange, URL]> {
    const { authenticator, clock } = this.#options;
    let { url } = request;
    let isRenewed = false;
    for (let hop = 0; ; hop++) {
      const credentials = await authenticator.headers(this.#options);
      const sent = clock.now();
      this.#count(request);
      let exchange: Exchange;
      try {
        exchange = await this.#send(url, request.body, credentials);
      } catch (error) {
        this.#logRequest(request, url, clock.now() - sent, messageOf(error));
        throw error;
      }
      const isStale: boolean = exchange.status === 401 && !isRenewed && authenticator.renew?.(credentials) === true;
      isRenewed ||= isStale;
      const next = isStale ? url : nextHop(exchange, url, hop);
      if (!next) return [exchange, url];
      this.#logRequest(request, url, clock.now() - sent, exchange);
      url = next;
    }
  }

  /** Sends what is in no log: the credentials, and the body instead of the parameters. */
  #send(url: URL, body: string | undefined, credentials: Record<string, string>): Promise<Exchange> {
    const { transport, authenticator, headers, signal } = this.#options;
    const target = new URL(url);
    if (body !== undefined) target.search = '';
    for (const [name, value] of Object.entries(authenticator.params?.() ?? {})) target.searchParams.set(name, value);
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return transport(target, { accept: 'application/json', ...type, ...headers, ...credentials }, signal, body);
  }

  #count({ route, stream = '' }: HttpRequest): void {
    const routes = this.requestsOf.get(stream) ?? new Map<string, number>();
    this.requestsOf.set(stream, routes);
    for (const counts of [this.requests, routes]) counts.set(route, (counts.get(route) ?? 0) + 1);
  }

  #logRequest(request: HttpRequest, url: URL, took: number, result: Logged | string): void {
    const log = logOf(this.#options.log, request);
    if (!log.enabled('debug')) return;
    const ms = `${Math.round(took)} ms`;
    const method = methodOf(request);
    if (typeof result === 'string') return log.debug(`${method} ${url.href} -> ${result} after ${ms}`);
    const { status, body, note } = result;
    const words = [status, ms, `${body.length} bytes`, note].filter(Boolean);
    log.debug(`${method} ${url.href} -> ${words.join(', ')}`);
    const outcome = status < 400 ? 'succeeded' : 'failed';
    const tags = { stream: request.stream, endpoint: request.route, http_status_code: status, status: outcome };
    log.metric('timer', 'http_request_duration', took / second, tags, true);
  }

  #notice(headers: Headers, route: string): void {
    const notice = this.#options.rules.notice?.(headers, route);
    if (notice === undefined || this.#noticed.has(notice)) return;
    this.#noticed.add(notice);
    this.#options.log.warning(notice);
  }
}

const methodOf = ({ body }: HttpRequest): string => (body === undefined ? 'GET' : 'POST');

/** @throws what the action calls for, unless the answer is good or empty. */
function refuse(action: ResponseAction, { url, status, headers }: HttpResponse, method: string): void {
  if (action.kind === 'ok' || action.kind === 'empty') return;
  const message = `${method} ${url.pathname} answered ${action.message}`;
  const code = `ERR_HTTP_${status}`;
  switch (action.kind) {
    case 'retry': {
      const { wait, tooLarge = false } = action;
      throw new RetriableError(message, { wait, tooLarge, shortTries: shortTries(status, headers), code });
    }
    case 'skip':
      throw new SkippableError(message, { status });
    case 'fatal':
      throw new FatalError(action.message, { code });
    case 'fail':
      throw new StreamError(message, { status, code });
  }
}

/**
 * A gateway's page instead of an answer means a query that takes too long; 429 and its like do not depend on the query.
 */
function shortTries(status: number, headers: Headers): number {
  if ([410, 425, 429].includes(status)) return Infinity;
  if (isJson(headers)) return 3;
  return [502, 503, 504].includes(status) ? 2 : 3;
}

const isJson = (headers: Headers): boolean => /json/i.test(headers['content-type'] ?? '');

const wantsHttps = /HTTP request .{0,20}to (?:an )?HTTPS (?:port|server)/i;

/** What no rules can judge: a refusal whose reason breaks off, and one that comes from the TLS layer of a server. */
function beforeRules({ status, headers, body }: Exchange): ResponseAction | undefined {
  if (status !== 400 || body.length === 0) return undefined;
  if (isJson(headers)) {
    if (parsed(body) !== undefined) return undefined;
    return { kind: 'retry', message: 'HTTP 400 with JSON that breaks off' };
  }
  if (!wantsHttps.test(body.toString('latin1', 0, 2000))) return undefined;
  return { kind: 'fail', message: 'HTTP 400: this port speaks https. Begin base_url with https://' };
}

/** The JSON of an error body; undefined if it is none. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
