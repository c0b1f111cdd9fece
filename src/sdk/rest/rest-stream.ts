/**
 * One stream on its way in: from a definition and a context to requests, and from answers to pages of records.
 * Remembers for the run which way of asking the server answers.
 */
import type { ResolvedStream } from '../define/resolve.js';
import type { Params } from '../define/stream-definition.js';
import { SkippableError, StreamError, TooLargeError, isReadFailure } from '../errors.js';
import type { HttpClient, HttpResponse } from '../http/client.js';
import type { NextPage, PageView, Paginator } from '../http/paginator.js';
import { isRecord } from '../json/objects.js';
import type { Row } from '../json/source-rows.js';
import type { Context } from '../singer/state.js';
import type { NumberReading } from '../json/parse-exact.js';
import { type AnswerBody, type AnswerKind, readAnswer } from './answer.js';
import type { Page, PageRecord, PageRequest, RequestContext } from './page.js';
import { type PagedList, type PagingHabits, unknownHabits } from './pages.js';
import { isMissing, recordsOf } from './record-builder.js';
import { SmallerPages } from './smaller-pages.js';
import { urlOf } from './urls.js';
import { type Way, hasSameRows, isNotThere, isOpen, mayHelp, waysOf } from './ways.js';

/** What every stream of a run needs to ask. */
export interface RestConnection {
  readonly client: HttpClient;
  readonly paginator: Paginator;
  readonly baseUrl: URL;
  /** Path variables that are the same for every stream. */
  readonly variables: Context;
  readonly pageSize: number;
  /** What is kept of numbers: stream maps also see their digits. Default: their values. */
  readonly numbers?: (stream: string) => NumberReading;
  /** Waits until an answer may be taken up: a page that cannot be written yet is smaller as it came than as records. */
  readonly turn: () => Promise<void>;
  /** What is said when a stream is asked in another way than usual. */
  readonly onOtherWay: (stream: string, usual: string, now: string) => void;
  /** Told what was mended in a body (bytes that are no UTF-8). */
  readonly onRepair: (stream: string, what: string) => void;
  /** Told what an answer says of its rows. */
  readonly onWarning?: (stream: string, what: string) => void;
}

type Patience = 'short' | 'full';

/** How a request says which contexts it is about. */
export type RequestKind = 'all' | 'named';

const mostTrials = 5; // contexts for which other ways are tried, as long as none has answered

export class RestStream {
  readonly stream: ResolvedStream;
  readonly paging: PagingHabits = unknownHabits();
  readonly smallerPages: SmallerPages;
  /** Whether the server has answered a request of this stream. */
  answered = false;
  /** Kinds of request whose answers had rows: until then, an empty one may mean that we ask the wrong way. */
  readonly #shown = new Set<RequestKind>();
  readonly #connection: RestConnection;
  readonly #selectsAll: string;
  readonly #ways: readonly Way[];
  readonly #fixed: ReadonlySet<string>;
  /** Ways that the server did not answer. */
  readonly #dead = new Set<Way>();
  /** How many contexts were refused in a way. */
  readonly #refusals = new Map<Way, number>();
  #way: Way;
  #trials = 0;
  #trial: Promise<unknown> = Promise.resolve();

  constructor(stream: ResolvedStream, connection: RestConnection) {
    this.stream = stream;
    this.#connection = connection;
    this.smallerPages = new SmallerPages(connection.pageSize);
    this.#fixed = new Set(Object.keys(connection.variables));
    this.#selectsAll = JSON.stringify(stream.definition.scope.select?.('all'));
    this.#ways = waysOf(stream);
    const [usual] = this.#ways;
    if (!usual) throw new StreamError(`${stream.definition.name} cannot be asked for.`);
    this.#way = usual;
  }

  get name(): string {
    return this.stream.definition.name;
  }

  get path(): string {
    return this.#way.path;
  }

  get usesFallback(): boolean {
    return this.#way.isFallback;
  }

  /** What the outcome says about the way in which the rows came. */
  get remark(): string | undefined {
    return this.#way.remark;
  }

  get pageSize(): number {
    return this.#connection.pageSize;
  }

  /** How many requests of this stream may be under way at once, as far as is known. */
  get capacity(): number {
    return this.stream.definition.serial ? 1 : this.#connection.client.limiter.capacity(this.path);
  }

  /** How many workers read this stream: some more than the capacity, for those that are at work on a page. */
  get workers(): number {
    return this.stream.definition.serial ? 1 : this.capacity + Math.ceil(this.capacity / 4);
  }

  /** How many workers make this stream faster: no more than the server's limit has requests for. */
  get usefulWorkers(): number {
    return this.capacity === 1 ? 1 : Math.min(this.workers, this.#connection.client.limiter.useful(this.path));
  }

  /** A list, to be read page by page. */
  list(request: PageRequest, patience: Patience = 'full'): PagedList {
    return {
      name: this.name,
      requested: this.#sizeOf(request),
      paging: this.paging,
      first: () => this.first(request, patience),
      follow: (url) => this.#get(this.#way, url, request.at, patience).catch((error) => throwRefusal(error, request)),
    };
  }

  /**
   * The first page, or the only one.
   * @throws SkippableError, StreamError, TooLargeError, FatalError as the client does.
   */
  async first(request: PageRequest, patience: Patience = 'full'): Promise<Page> {
    const way = this.#way;
    try {
      return this.#accept(await this.#ask(way, request, this.#patience(patience)), request);
    } catch (error) {
      const page = await this.#otherwise(way, request, error);
      if (page) return page;
      if (patience === 'short' || !(error instanceof TooLargeError)) throw error;
      return this.#accept(await this.#ask(way, request, patience), request);
    }
  }

  /** Contexts may be named, or asked for as all: servers that know the one need not know the other. */
  kindOf(select: Params = {}): RequestKind {
    return JSON.stringify(select) === this.#selectsAll ? 'all' : 'named';
  }

  /** Whether an answer to a request of this kind had rows. */
  hasShown(select?: Params): boolean {
    return this.#shown.has(this.kindOf(select));
  }

  /** Whether a page was asked for in the way that is used now. */
  isCurrent({ way }: Page): boolean {
    return way === this.#way;
  }

  /**
   * Where an empty answer may be due to the way of asking: the first page of another way that has rows.
   * @throws StreamError when the server fails to answer along the same path.
   */
  async findRows(request: PageRequest): Promise<Page | undefined> {
    if (this.hasShown(request.select)) return undefined;
    for (const way of this.#waysFor(request.at)) {
      const page = await this.#ask(way, request, 'short').catch((error: unknown) => this.#noAnswer(way, error));
      if (page && hasRows(page)) return this.#switchTo(way, page, request);
    }
    return undefined;
  }

  /** Whether the server still has what a context stands for. @throws what is no clear answer. */
  async exists(path: string, context: Context): Promise<boolean> {
    try {
      await this.#fetch(path, { context }, {}, 'full');
      return true;
    } catch (error) {
      if (error instanceof SkippableError && error.status === 404) return false;
      if (error instanceof StreamError && error.code === 'ERR_NOT_AN_OBJECT') return true; // a list says as much
      throw error;
    }
  }

  /** The row that a name leads to, whatever it is called today; undefined when there is none. */
  async lookupByName(path: string, name: string): Promise<Row | undefined> {
    try {
      return (await this.#fetch(path, { context: { name } }, {}, 'full')).rows[0]?.row;
    } catch (error) {
      if (error instanceof SkippableError) return undefined;
      throw error;
    }
  }

  /** A record with the body that the list did not bring. @throws SkippableError when it is refused. */
  async withBody(record: PageRecord, at: RequestContext): Promise<PageRecord> {
    const { body } = this.stream.definition;
    if (!body || !this.stream.wantsBody || !record.kept || body.present(record.row as never)) return record;
    const context = { ...at.context, ...body.context(record.row as never) };
    const alias = at.alias && { ...context, ...at.alias };
    const aliased = this.#way.aliased && alias ? [alias, context] : [context, ...(alias ? [alias] : [])];
    const [found] = await this.#bodyOf(body.path, aliased);
    if (!found) return record;
    const shown = this.stream.definition.primaryKey.filter((name) => !isMissing(record.row[name]));
    const key = Object.fromEntries(shown.map((name) => [name, record.row[name]])); // whatever the body says
    return {
      ...record,
      row: { ...record.row, ...this.stream.change(found, { context, alias: at.alias }), ...key },
      text: undefined,
    };
  }

  async #bodyOf(path: string, [context, ...others]: readonly Context[]): Promise<Row[]> {
    if (!context) return [];
    try {
      const { rows } = await this.#fetch(path, { context }, {}, 'full');
      return rows.map(({ row }) => row);
    } catch (error) {
      if (!isNotThere(error) || others.length === 0) throw error;
      return this.#bodyOf(path, others);
    }
  }

  /** Another way that the server answers, when this one failed; undefined: there is none. @throws its own error. */
  async #otherwise(failed: Way, request: PageRequest, error: unknown): Promise<Page | undefined> {
    await this.#trial; // one at a time: the others profit
    if (failed !== this.#way) return this.first(request);
    if (this.answered || this.#trials >= mostTrials) return undefined;
    const ways = this.#waysFor(request.at).filter((way) => mayHelp(way, error));
    if (ways.length === 0) return undefined;
    this.#trials++;
    this.#noteFailure(failed, error);
    const trial = this.#try(ways, request);
    this.#trial = trial.catch(() => undefined);
    return trial;
  }

  async #try(ways: readonly Way[], request: PageRequest): Promise<Page | undefined> {
    let own: unknown;
    for (const way of ways) {
      try {
        return this.#switchTo(way, await this.#ask(way, request, way.isFallback ? 'full' : 'short'), request);
      } catch (error) {
        this.#noteFailure(way, error);
        if (!isNotThere(error)) own ??= error;
      }
    }
    if (own !== undefined) throw own;
    return undefined;
  }

  /** The other ways that are open for a context and have not failed: first those along the same path. */
  #waysFor(at: RequestContext): Way[] {
    const open = this.#ways.filter((way) => way !== this.#way && !this.#dead.has(way) && isOpen(way, at, this.#fixed));
    return open.sort((a, b) => Number(b.path === this.path) - Number(a.path === this.path));
  }

  /** @throws what is no answer of the server, and a failure along the same path: the rows may be there. */
  #noAnswer(way: Way, error: unknown): undefined {
    if (!isReadFailure(error)) throw error;
    if (error instanceof TooLargeError && way.path === this.path)
      throw new StreamError(`Asked for in the usual way, it has no rows; ${error.message}`, { cause: error });
    this.#noteFailure(way, error);
  }

  /** A way that fails is not tried again. Where a context is refused it may be the context: several must be. */
  #noteFailure(way: Way, error: unknown): void {
    const refusals = (this.#refusals.get(way) ?? 0) + 1;
    this.#refusals.set(way, refusals);
    const mayBeContext = error instanceof SkippableError || isNotThere(error);
    if (!mayBeContext || refusals >= mostTrials) this.#dead.add(way);
  }

  /** Whether the server may have the same rows elsewhere: nothing has answered yet, and the fallback was not tried. */
  get mayBeElsewhere(): boolean {
    return !this.answered && this.#trials === 0 && this.#ways.some(hasSameRows);
  }

  /** A server that only fails is not asked for long, while it may have the stream elsewhere. */
  #patience(patience: Patience): Patience {
    return this.mayBeElsewhere ? 'short' : patience;
  }

  #accept(page: Page, { select }: PageRequest): Page {
    this.answered = true;
    if (hasRows(page)) this.#shown.add(this.kindOf(select));
    return page;
  }

  /** From now on the stream is asked in this way. */
  #switchTo(way: Way, page: Page, request: PageRequest): Page {
    if (way.path !== this.#way.path) this.#connection.onOtherWay(this.name, this.#way.path, way.path);
    this.#way = way;
    return this.#accept(page, request);
  }

  #ask(way: Way, request: PageRequest, patience: Patience): Promise<Page> {
    const { at, params, select = this.stream.definition.scope.params?.(at.context) ?? {} } = request;
    const values = way.aliased && at.alias ? { ...at.context, ...at.alias } : at.context;
    const all = { ...this.#sizeParam(request), ...way.params, ...params, ...(way.isFallback ? {} : select) };
    const sent = Object.fromEntries(
      Object.entries(all).filter(([name, value]) => this.#isSent(way, request, name, value)),
    );
    return this.#get(way, this.#url(way.path, values, sent), at, patience);
  }

  #isSent(way: Way, { withoutBodies }: PageRequest, name: string, value: string | readonly string[]): boolean {
    const { optionalParam, body } = this.stream.definition;
    if (withoutBodies && name === body?.param) return false;
    return name !== way.without || value !== optionalParam?.value;
  }

  #sizeOf({ pageSize }: PageRequest): number {
    return pageSize ?? this.smallerPages.pageSize ?? this.pageSize;
  }

  #sizeParam(request: PageRequest): Params {
    const { answer, sizeParam = 'per_page' } = this.stream.definition;
    return answer === 'object' || sizeParam === null ? {} : { [sizeParam]: String(this.#sizeOf(request)) };
  }

  async #get(way: Way, url: URL, at: RequestContext, patience: Patience): Promise<Page> {
    const { client } = this.#connection;
    const { post } = this.stream.definition;
    const body = post && JSON.stringify(post(Object.fromEntries(url.searchParams)));
    const request = { route: way.path, url, body, stream: this.name, patience };
    return client.get(request, async (response) => this.#page(way, await this.#read(response), response, at));
  }

  /** An object from a path of its own. */
  async #fetch(path: string, { context }: RequestContext, params: Params, patience: Patience): Promise<AnswerBody> {
    const request = { route: path, url: this.#url(path, context, params), stream: this.name, patience };
    return this.#connection.client.get(request, (response) => this.#read(response, { answer: 'object' }));
  }

  async #read(response: HttpResponse, kind: AnswerKind = this.stream.definition): Promise<AnswerBody> {
    await this.#connection.turn();
    const answer = readAnswer(response, kind, this.#connection.numbers?.(this.name));
    for (const what of answer.repairs) this.#connection.onRepair(this.name, what);
    for (const what of this.#warningsOf(answer)) this.#connection.onWarning?.(this.name, what);
    return answer;
  }

  #warningsOf({ value }: AnswerBody): readonly string[] {
    const { warnings } = this.stream.definition;
    return warnings && isRecord(value) ? warnings(value) : [];
  }

  #page(way: Way, { value, rows, size }: AnswerBody, response: HttpResponse, at: RequestContext): Page {
    const { definition } = this.stream;
    const { paginator = this.#connection.paginator } = definition;
    const { url, headers, received } = response;
    const view = { url, headers, body: value, size, requested: this.pageSize };
    const next = this.#nextOf(paginator, view, response.empty);
    const params = Object.fromEntries(url.searchParams);
    response.note =
      `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, ` +
      `${typeof next === 'string' ? 'no page follows' : 'a page follows'}`;
    return {
      records: recordsOf(this.stream, rows, at, params),
      size,
      next: typeof next === 'string' ? next : { url: next.url, overlap: paginator.overlap?.(next.url, view) },
      guesses: (read) => (size > 0 ? (paginator.guess?.(view, read) ?? []) : []),
      received,
      way,
      nothingThere: response.empty,
      total: definition.explode ? undefined : paginator.total?.(view),
      length: paginator.length?.(view),
    };
  }

  #nextOf(paginator: Paginator, view: PageView, isEmpty: boolean): NextPage {
    const { answer } = this.stream.definition;
    if (answer === 'object' || isEmpty) return 'end';
    const next = paginator.next(view);
    return answer === 'whole' && next === 'unknown' ? 'end' : next;
  }

  #url(path: string, context: Context, params: Params): URL {
    const { baseUrl, variables } = this.#connection;
    return urlOf({ baseUrl, path, values: { ...variables, ...context }, params, stream: this.name });
  }
}

/**
 * A list of the whole organization was given out when its first page came: a later page that is refused is a failure. A
 * list of one context may be gone meanwhile.
 */
function throwRefusal(error: unknown, { at, select }: PageRequest): never {
  const isWhole = Object.keys(at.context).length === 0 && select === undefined;
  if (!isWhole || !(error instanceof SkippableError)) throw error;
  const { message, status } = error;
  throw new StreamError(`${message}, after earlier pages of the list had come`, { status, cause: error });
}

/** Whether a list has rows: its first page may be empty all the same. */
export const hasRows = ({ size, next }: Page): boolean => size > 0 || typeof next !== 'string';
