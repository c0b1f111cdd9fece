/**
 * One stream on its way in: from a definition and a context to requests, and from answers to rows.
 * Remembers for the run what the server has taught: that ids are not taken where slugs are, or that
 * only the fallback path exists.
 */
import type { Params, StreamDefinition } from './define-stream.js';
import { SkippableError, StreamError } from './errors.js';
import type { HttpClient, HttpRequest, HttpResponse } from './http/client.js';
import { parseLinkHeader } from './http/link-header.js';
import type { Paginator } from './http/paginator.js';
import { notJson, refuseEmptyBody } from './http/read-json.js';
import { type SourceRow, readSource } from './json/source-rows.js';
import type { Row } from './singer/record-shape.js';
import type { Context } from './singer/state.js';
import { floorSecond, parseDate } from './time.js';

/** What every stream of a run needs to ask. */
export interface Asking {
  client: HttpClient;
  paginator: Paginator;
  /** Waits until an answer may be taken up: a page that cannot be written yet is smaller as it came than as rows. */
  turn: () => Promise<void>;
  baseUrl: URL;
  /** Path variables that are the same for every stream. */
  variables: Context;
  config: unknown;
  pageSize: number;
}

/** What an answer holds. */
export interface Answer {
  url: URL;
  headers: HttpResponse['headers'];
  value: unknown;
  rows: readonly SourceRow[];
  next: URL | undefined;
  received: number;
  void: boolean;
}

/** A context, with the other values that its variables may take. */
export interface Place {
  context: Context;
  alias?: Context | undefined;
}

export interface PageRow {
  /** As it came. */
  raw: Row;
  /** As it leaves. */
  row: Row;
  /** Its bytes, when it leaves as it came. */
  text?: Buffer | undefined;
  /** Whole second of its replication key, if it has one. */
  time?: number | undefined;
  /** False: the settings leave it out. */
  kept: boolean;
}

export interface Page {
  rows: PageRow[];
  /** Elements of the answer, nulls included. */
  size: number;
  next: URL | undefined;
  /** A full page without a word about a next one: it may or may not be the last. */
  silent: boolean;
  /** As many elements as were asked for. */
  full: boolean;
  received: number;
  /** The server said that there is nothing at all where we asked. */
  void: boolean;
}

export class RESTStream {
  readonly definition: StreamDefinition;
  readonly #asking: Asking;
  #aliased = false;
  fellBack = false;
  /** Whether the server has answered a question of this stream. */
  answered = false;
  #trial: Promise<void> | undefined;
  /** Parameters that the server will not take. */
  readonly #refused = new Set<string>();
  /** What is worth a word at the end. */
  readonly remarks = new Set<string>();

  constructor(definition: StreamDefinition, asking: Asking) {
    this.definition = definition;
    this.#asking = asking;
  }

  get config(): unknown {
    return this.#asking.config;
  }

  get path(): string {
    return this.fellBack && this.definition.fallback ? this.definition.fallback.path : this.definition.path;
  }

  /** How many requests of this stream may be under way at once, as far as we know. */
  get capacity(): number {
    return this.definition.serial ? 1 : this.#asking.client.limiter.capacity(this.path);
  }

  /** How many lanes read this stream: some more than that, for those that are at work on a page. */
  get lanes(): number {
    return this.definition.serial ? 1 : this.capacity + Math.ceil(this.capacity / 4);
  }

  /** How many lanes make this stream faster: no more than the server's window has requests for. */
  get usefulLanes(): number {
    return this.capacity === 1 ? 1 : Math.min(this.lanes, this.#asking.client.limiter.useful(this.path));
  }

  get answer(): 'pages' | 'list' | 'object' {
    const { answer = 'pages', fallback } = this.definition;
    return this.fellBack ? (fallback?.answer ?? answer) : answer;
  }

  /** From now on the fallback path is asked; false when there is none, or none left. */
  fallBack(error: unknown): boolean {
    if (
      this.fellBack ||
      !this.definition.fallback ||
      !(error instanceof SkippableError) ||
      (error.status !== 404 && error.status !== 405)
    )
      return false;
    this.fellBack = true;
    return true;
  }

  /** The first page. */
  async first(place: Place, params: Params = {}): Promise<Page> {
    const { definition, config } = { definition: this.definition, config: this.config };
    const size: Params =
      this.answer === 'pages' ? { [definition.sizeParam ?? 'per_page']: String(this.#asking.pageSize) } : {};
    const own = this.fellBack ? definition.fallback?.params(config) : definition.params?.(config);
    const all = Object.entries({ ...size, ...own, ...params }).filter(([name]) => !this.#refused.has(name));
    const path = this.path;
    try {
      const page = this.#page(await this.#ask(path, place, Object.fromEntries(all)));
      this.answered = true;
      return page;
    } catch (error) {
      if (!(error instanceof SkippableError)) throw error;
      const { droppable, scope } = definition;
      if (droppable && error.status === 400 && !this.#refused.has(droppable.param)) {
        this.#refused.add(droppable.param);
        this.remarks.add(droppable.remark);
        return this.first(place, params);
      }
      if (
        scope.kind === 'each' &&
        (path !== this.path || (!this.answered && (await this.#knowsOtherPath(place, error))))
      )
        return this.first(place, params);
      throw error;
    }
  }

  /** A 404 may mean the row or the route: while the route has never answered, the other path is tried with the row, by one request at a time. */
  async #knowsOtherPath(place: Place, error: SkippableError): Promise<boolean> {
    const { fallback } = this.definition;
    if (this.fellBack || !fallback || (error.status !== 404 && error.status !== 405)) return this.fellBack;
    await this.#trial;
    if (this.fellBack || this.answered) return this.fellBack;
    this.#trial = this.#ask(fallback.path, place, fallback.params(this.config)).then(
      () => {
        this.fellBack = true;
      },
      (second: unknown) => {
        if (!(second instanceof SkippableError)) throw second;
      },
    );
    await this.#trial;
    return this.fellBack;
  }

  /** The page behind a `next` link. */
  async follow(url: URL): Promise<Page> {
    return this.#page(await this.#get({ route: this.path, url, stream: this.definition.name }));
  }

  /** Every row with its body, from the body's own path, where the list did not bring it. */
  async complete(rows: PageRow[], place: Place): Promise<PageRow[]> {
    const { body } = this.definition;
    if (!body?.wanted(this.config)) return rows;
    return Promise.all(
      rows.map(async (entry) => {
        if (!entry.kept || body.present(entry.row as never)) return entry;
        const answer = await this.#ask(
          body.path,
          {
            context: { ...place.context, ...body.context(entry.row as never) },
            alias: place.alias && { ...place.alias, ...body.context(entry.row as never) },
          },
          {},
        ).catch((error: unknown) => {
          if (error instanceof SkippableError) return undefined;
          throw error;
        });
        const [found] = answer?.rows ?? [];
        return found ? { ...entry, row: { ...entry.row, ...found.row }, text: undefined } : entry;
      }),
    );
  }

  /** The row that a name leads to, however it is called today; undefined when there is none. */
  async find(path: string, name: string): Promise<Row | undefined> {
    try {
      const answer = await this.#ask(path, { context: { name } }, {});
      return answer.rows[0]?.row;
    } catch (error) {
      if (error instanceof SkippableError) return undefined;
      throw error;
    }
  }

  /** Asks a path; on 404 once more with the alias, and remembers which of them the server takes. */
  async #ask(path: string, { context, alias }: Place, params: Params): Promise<Answer> {
    const question = (values: Context) => ({
      route: path,
      url: this.#url(path, values, params),
      stream: this.definition.name,
    });
    if (!alias) return this.#get(question(context));
    const [now, other] = this.#aliased ? [alias, context] : [context, alias];
    try {
      return await this.#get(question(now));
    } catch (error) {
      if (!(error instanceof SkippableError) || error.status !== 404) throw error;
      const answer = await this.#get(question(other)).catch(() => undefined);
      if (!answer) throw error;
      this.#aliased = !this.#aliased;
      return answer;
    }
  }

  #get(request: HttpRequest): Promise<Answer> {
    const { client, paginator, turn } = this.#asking;
    const patience = this.definition.window ? 'short' : 'full';
    return client.get({ ...request, patience }, async (response) => {
      await turn();
      const { url, headers, body, received, empty } = response;
      if (empty) return { url, headers, value: [], rows: [], next: undefined, received, void: true };
      refuseEmptyBody(response);
      const source = readSource(body);
      if (!source) throw notJson(response);
      const size = Array.isArray(source.value) ? source.value.length : 1;
      const next = paginator(headers, url);
      response.note = `${size} ${size === 1 ? 'row' : 'rows'}, ${next ? 'a page follows' : 'no page follows'}`;
      return { url, headers, ...source, next, received, void: false };
    });
  }

  #url(path: string, context: Context, params: Params): URL {
    const { baseUrl, variables } = this.#asking;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = context[name] ?? variables[name];
      if (value === undefined) throw new StreamError(`${this.definition.name}: nothing fills {${name}} in ${path}.`);
      return encodeSegment(value);
    });
    const url = new URL(filled.replace(/^\//, ''), baseUrl);
    for (const [name, value] of Object.entries(params)) {
      for (const item of typeof value === 'string' ? [value] : value) url.searchParams.append(name, item);
    }
    return url;
  }

  #page(answer: Answer): Page {
    const { definition, config } = { definition: this.definition, config: this.config };
    if (this.answer !== 'object' && !Array.isArray(answer.value))
      throw new StreamError(
        `GET ${answer.url.pathname} answered with something that is not a list; is this the API that the tap was made for?`,
        { code: 'ERR_NOT_A_LIST' },
      );
    if (
      this.answer === 'object' &&
      (typeof answer.value !== 'object' || answer.value === null || Array.isArray(answer.value))
    )
      throw new StreamError(
        `GET ${answer.url.pathname} answered with something that is not an object; is this the API that the tap was made for?`,
        { code: 'ERR_NOT_AN_OBJECT' },
      );
    const rows = answer.rows.map(({ row: raw, text }): PageRow => {
      const row = definition.row ? definition.row(raw as never) : raw;
      return {
        raw,
        row,
        text: row === raw ? text : undefined,
        time: timeOf(raw, definition.replicationKey),
        kept: definition.keep?.(row as never, config) ?? true,
      };
    });
    const size = Array.isArray(answer.value) ? answer.value.length : 1;
    const told = (): boolean => parseLinkHeader(answer.headers['link']).some((link) => link.rel === 'next');
    return {
      rows,
      size,
      next: this.answer === 'pages' ? answer.next : undefined,
      silent: this.answer === 'pages' && size === this.#asking.pageSize && answer.next === undefined && !told(),
      full: size >= this.#asking.pageSize,
      received: answer.received,
      void: answer.void,
    };
  }
}

function timeOf(row: Row, key: string | undefined): number | undefined {
  const value = key === undefined ? undefined : row[key];
  const time = typeof value === 'string' ? parseDate(value) : undefined;
  return time === undefined ? undefined : floorSecond(time);
}

/** One path segment. A segment of dots alone would lead to another path, however it is written. */
function encodeSegment(value: string): string {
  if (/^\.{0,2}$/.test(value))
    throw new StreamError(`${JSON.stringify(value)} cannot be part of a path`, { code: 'ERR_PATH' });
  return encodeURIComponent(value);
}
