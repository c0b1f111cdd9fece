/**
 * The one way to the server: limiter, request, retry, and what an answer means. What an API's
 * statuses and bodies mean is passed in (`judge`); that a page is JSON, that redirects stay on the
 * origin and that waiting ends with the run is decided here.
 */
import { FatalError, RetriableError, SkippableError, StreamError, TooLargeError, messageOf } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { type SourceRow, parseJson, readSource } from '../json/source-rows.js';
import { type Clock, minute } from '../time.js';
import type { Authenticator } from './authenticator.js';
import { type Limiter, type RateLimits } from './limiter.js';
import type { Headers, Paginator } from './paginator.js';
import { retryDelay } from './retry-delay.js';
import type { Exchange, Transport } from './transport.js';

/** What becomes of an answer. `message` completes the sentence "… answered …". */
export type Verdict =
  | { kind: 'ok' }
  /** Nothing there; as good as an empty list. */
  | { kind: 'empty' }
  | { kind: 'retry'; message: string; wait?: number | undefined; tooLarge?: boolean; trouble?: boolean }
  | { kind: 'skip' | 'fail' | 'fatal'; message: string };

export interface ApiRules {
  judge(status: number, headers: Headers, body: () => unknown): Verdict;
  limits(headers: Headers): RateLimits | undefined;
  /** Headers that are worth a word, e.g. a deprecation. */
  notice?(headers: Headers, route: string): string | undefined;
}

export interface ClientOptions {
  transport: Transport;
  authenticator: Authenticator;
  limiter: Limiter;
  paginator: Paginator;
  rules: ApiRules;
  headers: Record<string, string>;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
  /** Waits until an answer may be taken up: a page that cannot be written yet is smaller as it came than as rows. */
  turn: () => Promise<void>;
  log: Logger;
  /** Milliseconds for which a request is tried again. */
  retryTime: number;
}

export interface Question {
  /** Path template: the key of the route's budget. */
  route: string;
  url: URL;
  /** For logs and metrics. */
  stream?: string | undefined;
}

export interface Answer {
  url: URL;
  status: number;
  headers: Headers;
  value: unknown;
  rows: readonly SourceRow[];
  next: URL | undefined;
  /** When it came, on our clock. */
  received: number;
  /** The server said that there is nothing at all where we asked. */
  void?: boolean;
}

const mostRedirects = 3;
const triesBeforeTooLarge = 3;

export class Client {
  readonly #options: ClientOptions;
  readonly #noticed = new Set<string>();
  /** The server's time (epoch ms, whole second) in its first answer. */
  serverDate: number | undefined;
  /** Attempts that went out, by route. */
  readonly requests = new Map<string, number>();

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get limiter(): Limiter {
    return this.#options.limiter;
  }

  /**
   * The answer to a GET.
   * @throws SkippableError, StreamError, FatalError as the rules judge; TooLargeError when the server
   * cannot answer a query of this size; StreamError when the retry time is over.
   */
  async get(question: Question): Promise<Answer> {
    const { clock, signal, random, log, retryTime } = this.#options;
    const began = clock.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#try(question);
      } catch (error) {
        if (!(error instanceof RetriableError)) throw error;
        if (error.tooLarge && attempt >= triesBeforeTooLarge) throw new TooLargeError(error.message, { cause: error });
        const wait = error.wait ?? retryDelay(attempt, random());
        const left = began + retryTime - clock.now();
        if (wait > left && (error.wait === undefined || left <= 0))
          throw new StreamError(`${error.message}; given up after ${attempt} ${attempt === 1 ? 'try' : 'tries'}`, {
            code: error.code,
            cause: error,
          });
        log.warning(`${error.message}; next try in ${seconds(wait)} s`, { route: question.route, attempt });
        await this.#sleep(wait, signal, question.route);
      }
    }
  }

  /** Long waits say that they wait. */
  async #sleep(wait: number, signal: AbortSignal, route: string): Promise<void> {
    const { clock, log } = this.#options;
    for (let left = wait; left > 0; left -= minute / 2) {
      if (left < wait) log.info(`still waiting ${seconds(left)} s before asking ${route} again`);
      await clock.sleep(Math.min(left, minute / 2), signal);
    }
  }

  async #try(question: Question): Promise<Answer> {
    const { limiter, clock, rules } = this.#options;
    await limiter.start(question.route);
    const sent = clock.now();
    const [exchange, url] = await this.#exchange(question).catch((error: unknown) => {
      limiter.finish(question.route, { answered: false, trouble: true });
      throw error;
    });
    const received = clock.now();
    const date = Date.parse(exchange.headers['date'] ?? '');
    if (!Number.isNaN(date)) {
      this.serverDate ??= date;
      limiter.observe(date, sent, received);
    }
    const verdict =
      brokenOff(exchange) ??
      rules.judge(exchange.status, exchange.headers, () => parseJson(exchange.body.toString('utf8')));
    if (verdict.kind === 'retry' && verdict.wait !== undefined) limiter.block(question.route, verdict.wait);
    // The place is free before the page is read: the next request need not wait for our own work.
    limiter.finish(question.route, {
      answered: true,
      took: received - sent,
      limits: rules.limits(exchange.headers),
      trouble: verdict.kind === 'retry' && verdict.trouble === true,
    });
    this.#notice(exchange.headers, question.route);
    await this.#options.turn();
    return this.#accept(exchange, url, verdict, received);
  }

  #accept({ status, headers, body }: Exchange, url: URL, verdict: Verdict, received: number): Answer {
    const where = `GET ${url.pathname}`;
    switch (verdict.kind) {
      case 'ok':
        break;
      case 'empty':
        return { url, status, headers, value: [], rows: [], next: undefined, received, void: true };
      case 'retry':
        throw new RetriableError(`${where} answered ${verdict.message}`, {
          wait: verdict.wait,
          tooLarge: verdict.tooLarge ?? false,
          code: `ERR_HTTP_${status}`,
        });
      case 'skip':
        throw new SkippableError(`${where} answered ${verdict.message}`, { status });
      case 'fatal':
        throw new FatalError(verdict.message, { code: `ERR_HTTP_${status}` });
      case 'fail':
        throw new StreamError(`${where} answered ${verdict.message}`, { status, code: `ERR_HTTP_${status}` });
    }
    const source = readSource(body);
    if (!source) throw notJson(where, headers, body.toString('utf8'));
    return { url, status, headers, ...source, next: this.#options.paginator(headers, url), received };
  }

  /** One exchange, with the redirects that stay on the origin. */
  async #exchange(question: Question): Promise<[Exchange, URL]> {
    const { transport, authenticator, headers, signal } = this.#options;
    let url = question.url;
    for (let hop = 0; ; hop++) {
      const sent = this.#options.clock.now();
      this.requests.set(question.route, (this.requests.get(question.route) ?? 0) + 1);
      let exchange: Exchange;
      try {
        exchange = await transport(url, { accept: 'application/json', ...headers, ...authenticator.headers() }, signal);
      } catch (error) {
        this.#logRequest(url, sent, messageOf(error));
        throw error;
      }
      this.#logRequest(url, sent, exchange);
      const target = exchange.headers['location'];
      if (exchange.status < 300 || exchange.status > 399 || !target) return [exchange, url];
      const next = URL.canParse(target, url.href) ? new URL(target, url) : undefined;
      if (!next || hop >= mostRedirects)
        throw new StreamError(`GET ${url.pathname} answered with a redirect that leads nowhere.`, {
          status: exchange.status,
        });
      if (next.origin !== url.origin)
        throw new StreamError(
          `GET ${url.pathname} is redirected to another origin (${next.origin}); it is not followed, since the token would go along. If the server has moved, set base_url to the new address.`,
          { status: exchange.status, code: 'ERR_REDIRECT' },
        );
      if (!next.search) next.search = url.search;
      url = next;
    }
  }

  #logRequest(url: URL, sent: number, result: Exchange | string): void {
    const { log, clock, paginator } = this.#options;
    const ms = Math.round(clock.now() - sent);
    if (!log.enabled('debug')) return;
    if (typeof result === 'string') {
      log.debug(`GET ${url.href} -> ${result} after ${ms} ms`);
      return;
    }
    const value = parseJson(result.body.toString('utf8'));
    const rows = Array.isArray(value) ? value.length : value === undefined ? 0 : 1;
    const more = result.status === 200 && hasNext(paginator, result.headers, url);
    log.debug(
      `GET ${url.href} -> ${result.status}, ${ms} ms, ${result.body.length} bytes, ${rows} ${rows === 1 ? 'row' : 'rows'}, ${more ? 'a page follows' : 'no page follows'}`,
    );
  }

  #notice(headers: Headers, route: string): void {
    const notice = this.#options.rules.notice?.(headers, route);
    if (notice === undefined || this.#noticed.has(notice)) return;
    this.#noticed.add(notice);
    this.#options.log.warning(notice);
  }
}

function hasNext(paginator: Paginator, headers: Headers, url: URL): boolean {
  try {
    return paginator(headers, url) !== undefined;
  } catch {
    return false; // the request itself reports it
  }
}

/** A refusal whose reason breaks off cannot be judged: another try tells. */
function brokenOff({ status, headers, body }: Exchange): Verdict | undefined {
  const broken =
    status === 400 &&
    /json/i.test(headers['content-type'] ?? '') &&
    body.length > 0 &&
    parseJson(body.toString('utf8')) === undefined;
  return broken ? { kind: 'retry', message: `HTTP ${status} with JSON that breaks off` } : undefined;
}

/** A list that breaks off is worth another try; a page for people is not. */
function notJson(where: string, headers: Headers, text: string): Error {
  const type = headers['content-type'] ?? 'no content type';
  if (/^\s*[[{]/.test(text))
    return new RetriableError(
      `${where} answered with JSON that breaks off or is not well-formed (${text.length} characters)`,
      { code: 'ERR_BAD_JSON' },
    );
  return new StreamError(
    `${where} answered 200 with something that is not JSON (${type}): probably a log-in page or a proxy. Check base_url and the token.`,
    { code: 'ERR_NOT_JSON' },
  );
}

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
