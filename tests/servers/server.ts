/** The server as a process sees it: HTTP, its clock, its limits, faults that pass, and changes between two pages. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FastClock, hour, second } from './clock.js';
import type { Organization } from './organization.js';
import type { Passing, Plan, Route } from './plan.js';
import { Dice, chanceOf } from './random.js';
import { type Answer, Routes } from './routes.js';
import { bytesOf } from './rows.js';

const html = '<!doctype html><html><body><h1>Sentry</h1></body></html>';

interface Window {
  end: number;
  used: number;
}

export class RandomServer {
  /** A line per request. */
  readonly journal: string[] = [];
  requests = 0;
  /** When the first request of a run came. */
  began: number | undefined;
  /** Called with the number of each request. */
  onRequest: (number: number) => void = () => undefined;
  readonly #http: Server;
  readonly #routes: Routes;
  readonly #windows = new Map<string, Window>();
  readonly #tries = new Map<string, number>();
  readonly #dice: Dice;
  #waited = false;
  #run = 0;

  constructor(
    private readonly plan: Plan,
    private readonly organization: Organization,
    private readonly clock: FastClock,
  ) {
    this.#dice = new Dice(plan.seed + 13_131_313);
    this.#routes = new Routes(
      plan,
      organization,
      () => clock.now(),
      () => this.url,
    );
    this.#http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => this.#serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  /** Another run begins. */
  begin(run: number): void {
    this.#run = this.#routes.run = run;
    this.requests = 0;
    this.began = undefined;
    this.organization.shown.clear();
    this.journal.push(`run ${run + 1}`);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.began ??= this.clock.now();
    this.requests++;
    this.onRequest(this.requests);
    const url = new URL(request.url ?? '/', this.url);
    const answer = this.#tooMuch(this.#routes.answer(url), url);
    const fault = answer.status === 429 ? undefined : this.#fault(url);
    this.#note(url, answer, fault);
    if (fault) this.#fail(response, fault, answer);
    else this.#send(response, answer);
    const { moving, runs } = this.plan;
    const quiet = !moving?.lastToo && this.#run === runs.length - 1;
    if (answer.paged && moving && !quiet && this.#dice.is(moving.share)) {
      const change = this.#dice.pick(moving.kinds);
      this.organization.change(change, this.clock.now());
      this.journal.push(`  * ${change}`);
    }
  }

  #note(url: URL, { status, rows, more, headers }: Answer, fault: Passing | undefined): void {
    const parts = [fault ? `${fault}, which passes` : String(status)];
    if (rows !== undefined)
      parts.push(`${rows} rows`, more ? 'more' : 'the end', ...(headers?.['link'] ? [] : ['no Link']));
    this.journal.push(`  ${this.requests} ${decodeURIComponent(url.pathname + url.search)} -> ${parts.join(', ')}`);
  }

  // Answers ----------------------------------------------------------------------------------

  #send(response: ServerResponse, { status, body, html: page, headers }: Answer): void {
    const bytes = page ? Buffer.from(html) : bytesOf(body ?? {}, this.plan);
    const type = page ? 'text/html' : 'application/json';
    this.#head(response, status, { 'content-type': type, 'content-length': String(bytes.length), ...headers });
    response.end(bytes);
  }

  #head(response: ServerResponse, status: number, headers: NonNullable<Answer['headers']>): void {
    const date = this.#date();
    response.sendDate = false;
    response.writeHead(status, { ...headers, ...(date === undefined ? {} : { date: new Date(date).toUTCString() }) });
  }

  #date(): number | undefined {
    const now = this.clock.now();
    switch (this.plan.date) {
      case 'right':
        return now;
      case 'three hours fast':
        return now + 3 * hour;
      case 'an hour behind':
        return now - hour;
      case 'missing':
        return undefined;
      case 'year 2099':
        return Date.UTC(2099, 0, 1);
      case 'year 1970':
        return 0;
    }
  }

  // Limits -----------------------------------------------------------------------------------

  /** The answer with the headers of its limit, or a 429 in its place. */
  #tooMuch(answer: Answer, url: URL): Answer {
    if (answer.route === this.plan.retryAfterDay && !this.#waited) {
      this.#waited = true;
      return refused(answer.route, { 'retry-after': '86400' });
    }
    const { limits } = this.plan;
    if (!limits || answer.route === 'none' || !applies(limits.routes, answer.route)) return answer;
    const { requests, window: length, headers } = limits.limits;
    const now = this.clock.now();
    const key = limits.routes === 'all' ? url.pathname.split('/')[3] : answer.route;
    let window = this.#windows.get(key ?? '');
    if (!window || window.end <= now)
      this.#windows.set(key ?? '', (window = { end: endOfWindow(now, length), used: 0 }));
    window.used++;
    const told = limitHeaders(headers, requests, Math.max(0, requests - window.used), window.end);
    return window.used > requests
      ? refused(answer.route, told)
      : { ...answer, headers: { ...answer.headers, ...told } };
  }

  // Faults -----------------------------------------------------------------------------------

  /** What goes wrong this time. No request fails more than twice in a row. */
  #fault(url: URL): Passing | undefined {
    const { passing, seed } = this.plan;
    if (!passing) return undefined;
    const name = `${this.#run} ${url.pathname}${url.search}`;
    const tries = (this.#tries.get(name) ?? 0) + 1;
    this.#tries.set(name, tries);
    if (tries > 2 || chanceOf(seed, `fault ${name} ${tries}`) >= passing.share) return undefined;
    return passing.kinds[Math.floor(chanceOf(seed, `kind ${name} ${tries}`) * passing.kinds.length)];
  }

  #fail(response: ServerResponse, fault: Passing, answer: Answer): void {
    switch (fault) {
      case '500':
      case '502':
      case '503':
      case '504':
        this.#head(response, Number(fault), { 'content-type': 'text/html' });
        response.end(html);
        return;
      case '429 now':
      case '429 soon':
        this.#send(response, refused(answer.route, { 'retry-after': fault === '429 now' ? '0' : '1' }));
        return;
      case 'empty':
        this.#head(response, 200, { 'content-type': 'application/json', 'content-length': '0' });
        response.end();
        return;
      case 'truncated': {
        const bytes = bytesOf(answer.body ?? {}, this.plan);
        this.#head(response, 200, { 'content-type': 'application/json', ...answer.headers });
        response.end(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))));
        return;
      }
      case 'reset':
        response.destroy();
    }
  }
}

const applies = (routes: readonly Route[] | 'all', route: Answer['route']): boolean =>
  routes === 'all' || routes.includes(route as Route);

const refused = (route: Answer['route'], headers: Record<string, string>): Answer => ({
  route,
  status: 429,
  body: { detail: 'You are attempting to use this endpoint too frequently.' },
  headers,
});

const endOfWindow = (now: number, length: number): number => (Math.floor(now / length) + 1) * length;

function limitHeaders(form: string, limit: number, remaining: number, end: number): Record<string, string> {
  if (form === 'none') return {};
  const reset = { milliseconds: end, 'year 2099': Date.UTC(2099, 0, 1) / second, past: end / second - 86_400 }[form];
  const left = form === 'year 2099' ? 0 : remaining;
  return {
    'x-sentry-rate-limit-limit': String(limit),
    'x-sentry-rate-limit-remaining': String(left),
    'x-sentry-rate-limit-reset': String(Math.ceil(reset ?? end / second)),
    'x-sentry-rate-limit-concurrentlimit': '25',
    'x-sentry-rate-limit-concurrentremaining': '24',
  };
}
