/** A server made of a tap's own description: paths, paginators, keys, replication keys. It misbehaves as it is told. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamDefinition } from '../define/stream-definition.js';
import type { PagingForm } from '../http/paginator.js';
import { urlOf } from '../rest/urls.js';
import type { Context } from '../singer/state.js';
import { parseDate, second } from '../time.js';
import type { Behaviour } from './behaviour.js';
import type { Chance } from './chance.js';
import { type ServedPage, servePage } from './served-pages.js';
import { RowMaker, type ServedRow, exactInteger, exactMark, withTime } from './served-rows.js';

/** What of a tap a server is made of. */
export interface Served {
  readonly streams: readonly StreamDefinition[];
  readonly variables: Context;
  /** Of streams without a paginator of their own. */
  readonly form: PagingForm | undefined;
  readonly config: unknown;
}

export interface ApiOptions {
  readonly served: Served;
  readonly chance: Chance;
  /** Epoch ms: when the rows are drawn. */
  readonly now: number;
  readonly isOdd?: boolean;
  readonly isCrowded?: boolean;
  readonly mostRows: number;
}

interface List {
  readonly definition: StreamDefinition;
  readonly rows: ServedRow[];
}

const mostFailures = 3; // in a row
const usualPage = 20;
const baseUrl = new URL('http://localhost/');

export class ServedApi {
  behaviour: Behaviour = {};
  /** Epoch ms: the server's clock. */
  clock: () => number;
  /** Requests so far. */
  requests = 0;
  /** Requests and answers. */
  activity = 0;
  /** More requests than this are refused: the run does not end by itself. */
  mostRequests = Infinity;
  readonly #lists = new Map<string, List>();
  readonly #things = new Map<string, ServedRow>();
  readonly #maker: RowMaker;
  readonly #server = createServer((request, response) => this.#take(request, response));
  #failures = 0;

  constructor(private readonly options: ApiOptions) {
    const { chance, now, isOdd = false, isCrowded = false, served, mostRows } = options;
    this.clock = () => now;
    this.#maker = new RowMaker(chance, now, isOdd, isCrowded);
    for (const definition of served.streams.filter(({ scope }) => scope.kind === 'single'))
      this.#add(definition, {}, chance.below(mostRows) + 1);
  }

  async open(): Promise<URL> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** The rows that a stream has now. */
  rowsOf(stream: string): ServedRow[] {
    const lists = [...this.#lists.values()].filter(({ definition }) => definition.name === stream);
    return lists.flatMap(({ rows }) => rows.filter(({ gone }) => !gone));
  }

  get lists(): number {
    return this.#lists.size;
  }

  /** A new row in each list; parents come with rows of their own, which are old. */
  grow(time: number): void {
    const known = [...this.#lists.values()]; // new parents bring lists of their own
    for (const { definition, rows } of known) {
      const row = this.#maker.make(definition, this.#childrenOf(definition).length > 0, time);
      this.#addRow(definition, {}, rows, row);
    }
  }

  #childrenOf({ name }: StreamDefinition): StreamDefinition[] {
    return this.options.served.streams.filter(({ scope }) => scope.parent?.name === name);
  }

  #add(definition: StreamDefinition, context: Context, count: number): void {
    const rows: ServedRow[] = [];
    this.#lists.set(this.#pathOf(definition.path, context), { definition, rows });
    const isParent = this.#childrenOf(definition).length > 0;
    for (let n = 0; n < (isParent ? Math.min(count, 5) : count); n++)
      this.#addRow(definition, context, rows, this.#maker.make(definition, isParent));
  }

  #addRow(definition: StreamDefinition, context: Context, rows: ServedRow[], row: ServedRow): void {
    const { chance, mostRows, served } = this.options;
    rows.push(row);
    for (const child of this.#childrenOf(definition)) {
      const made = [child.scope.context?.(row.row, served.config as never) ?? []].flat();
      for (const own of made) {
        const inner = { ...context, ...own };
        if (definition.lookupPath !== undefined) this.#things.set(this.#pathOf(definition.lookupPath, inner), row);
        this.#add(child, inner, chance.below(mostRows));
      }
    }
  }

  #pathOf(path: string, context: Context): string {
    const values = { ...this.options.served.variables, ...context };
    return urlOf({ baseUrl, path, values, params: {}, stream: path }).pathname;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.requests++;
    this.activity++;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      this.activity++;
      this.#answer(new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`), body, response);
    });
  }

  #answer(url: URL, body: string, response: ServerResponse): void {
    if (this.requests > this.mostRequests) return this.#send(response, 401, 'Too many requests for one run.');
    if (this.#fails(response)) return;
    const list = this.#lists.get(url.pathname);
    const thing = this.#things.get(url.pathname);
    if (list) return this.#sendList(url, paramsOf(url, body), list, response);
    if (thing && !thing.gone && !this.behaviour.vanished) return this.#send(response, 200, thing.row);
    this.#send(response, 404, { detail: 'There is no such thing.' });
  }

  /** Failures that pass: there are never many in a row. */
  #fails(response: ServerResponse): boolean {
    const { unavailable = 0, throttled = 0, broken = 0 } = this.behaviour;
    const roll = this.options.chance.next();
    if (this.#failures >= mostFailures || roll >= unavailable + throttled + broken) {
      this.#failures = 0;
      return false;
    }
    this.#failures++;
    if (roll < unavailable) this.#send(response, 503, {});
    else if (roll < unavailable + throttled) this.#send(response, 429, {}, { 'retry-after': '2' });
    else this.#send(response, 200, '[{"id": 1, "na');
    return true;
  }

  #sendList(url: URL, params: URLSearchParams, list: List, response: ServerResponse): void {
    const { served, chance } = this.options;
    const { largestPage = usualPage, endless = false, wordless = 0, failing, vanished } = this.behaviour;
    const { definition } = list;
    const form = definition.paginator?.form ?? served.form;
    const isLast = definition === [...this.#lists.values()].at(-1)?.definition;
    if (failing && isLast && url.pathname === this.#failingPath(definition)) return this.#send(response, 500, {});
    this.#change(list);
    const asked = Number(params.get(definition.sizeParam ?? 'per_page') ?? largestPage);
    const question = {
      url,
      params,
      size: Math.min(asked, largestPage),
      isEndless: endless,
      isWordless: chance.is(wordless),
    };
    const all = vanished && this.#childrenOf(definition).length > 0 ? [] : this.#ordered(list, params);
    if (!form) return this.#send(response, 500, { detail: 'The paginator does not say how it pages.' });
    const page = servePage(form, all, question);
    this.#send(response, 200, this.#bodyOf(definition, page), page.headers);
  }

  #failingPath(definition: StreamDefinition): string {
    return [...this.#lists].find(([, list]) => list.definition === definition)?.[0] ?? '';
  }

  #bodyOf({ records, answer }: StreamDefinition, { rows, said }: ServedPage): unknown {
    const list = rows.map(({ row }) => row);
    if (answer === 'object') return list[0] ?? {};
    if (typeof records !== 'string') return list;
    const body: Record<string, unknown> = {};
    for (const [path, value] of [[records, list] as const, ...said]) setAt(body, path, value);
    return body;
  }

  /** The rows of the range that is asked for, in the order that the stream says. */
  #ordered({ definition, rows }: List, params: URLSearchParams): ServedRow[] {
    const { ranges, shuffled } = this.behaviour;
    const { window } = definition;
    const names = window?.params && rangeNames(window.params);
    const ends = [names?.start, names?.end].map((name) => (name === undefined ? undefined : timeIn(params.get(name))));
    if (ranges === 'empty' && ends.some((end) => end !== undefined)) return [];
    const [start = -Infinity, end = Infinity] = ends;
    const inside = ({ time }: ServedRow): boolean => ranges === 'ignored' || (time >= start && time < end);
    const place = ({ time, serial }: ServedRow): number => {
      if (shuffled) return (serial * 7919) % 1013;
      if (!window) return serial;
      return window.order === 'any' ? time : -time;
    };
    return rows.filter(inside).sort((a, b) => place(a) - place(b) || a.serial - b.serial);
  }

  /** What happens to the rows of a list before it is answered. */
  #change({ definition, rows }: List): void {
    const { chance } = this.options;
    const { removes = 0, changes = 0 } = this.behaviour;
    if (this.#childrenOf(definition).length > 0) return;
    const chosen = rows[chance.below(rows.length)];
    if (!chosen) return;
    if (chance.is(removes)) chosen.gone = true;
    if (!chance.is(changes) || !definition.replicationKey) return;
    chosen.time = Math.floor(this.clock() / second) * second;
    chosen.row = withTime(definition, chosen.row, chosen.time);
  }

  #send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
    const { ahead = 0, marked } = this.behaviour;
    const text = typeof body === 'string' ? body : JSON.stringify(body).replaceAll(`"${exactMark}"`, exactInteger);
    const date = new Date(this.clock() + ahead).toUTCString();
    response.writeHead(status, { 'content-type': 'application/json', date, ...headers });
    response.end(marked ? `\ufeff${text}` : text);
  }
}

/** The parameters of a request: those of the URL, or the fields of a body. */
function paramsOf(url: URL, body: string): URLSearchParams {
  if (body === '') return url.searchParams;
  const fields = JSON.parse(body) as Record<string, unknown>;
  return new URLSearchParams(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])));
}

/** The parameters that take the ends of a range: those that change with them. */
function rangeNames(params: (range: { start: string; end: string }) => Readonly<Record<string, unknown>>) {
  const [one, other] = ['2001-01-01T00:00:00Z', '2002-02-02T00:00:00Z'] as const;
  const usual = params({ start: one, end: one });
  const changed = (given: Readonly<Record<string, unknown>>): string | undefined =>
    Object.keys(given).find((name) => String(given[name]) !== String(usual[name]));
  return { start: changed(params({ start: other, end: one })), end: changed(params({ start: one, end: other })) };
}

function timeIn(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\d+$/.test(text) ? Number(text) * second : parseDate(text);
}

function setAt(body: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const inner = names.reduce<Record<string, unknown>>(
    (object, name) => (object[name] ??= {}) as Record<string, unknown>,
    body,
  );
  inner[last] = value;
}
