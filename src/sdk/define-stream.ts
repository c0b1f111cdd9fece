/**
 * The words in which a stream is defined: data, and small functions where data is not enough.
 * Paging, retry, windows, skipping and state are never part of a definition.
 */
import type { z } from 'zod';
import type { Row } from './singer/record-shape.js';
import type { Context } from './singer/state.js';

/** Query parameters; a list repeats its name. */
export type Params = Readonly<Record<string, string | readonly string[]>>;

/** A range as it is sent: UTC, whole seconds, half open. */
export type SentRange = Readonly<Record<'start' | 'end', string>>;

/** How often a stream is asked, and with which path variables (`Variables`). */
export interface Scope<Variables extends string = string> {
  /** `once`: without context. `each`: once per row of the parent. `together`: one query for many contexts. */
  readonly kind: 'once' | 'each' | 'together';
  readonly parent?: StreamDefinition;
  /** The context that a parent's row makes; undefined: it makes none. */
  readonly context?: (row: Row) => Context | undefined;
  /** Other values for the same variables, tried when the first answer 404 (a slug for an id). */
  readonly alias?: (row: Row) => Context | undefined;
  /** Parent rows that the server lists, but will not let us ask about. */
  readonly refused?: (row: Row) => boolean;
  /** `together`: the parameters that name the contexts; `all` when none is left out. */
  readonly select?: (contexts: readonly Context[] | 'all') => Params;
  /** `together`: the context that a row of this stream belongs to. */
  readonly contextOf?: (row: Row) => Context | undefined;
  /** Never set: carries `Variables` for the compiler. */
  readonly variables?: Variables;
}

/** How a range of time is asked for. Rows come newest first; `replicationKey` is their time. */
export interface Window {
  /** The parameters of the whole range. */
  readonly params: (range: SentRange) => Params;
  /** How a part of the range is asked for, when `params` cannot be cut into disjoint parts: changes the range's parameters. */
  readonly cut?: (part: SentRange, params: Params) => Params;
  /**
   * Cursors count rows: one that is deleted while pages are read would hide another. Pages are then asked for by time; where
   * too many rows share a second, by the link that this makes of the next one: begun one row earlier (undefined: not known how).
   */
  readonly counts?: (next: URL) => URL | undefined;
  /** A row that only a server which understands the window can have sent. */
  readonly proof?: (row: Row) => boolean;
  /** What is to be said when no row was such a proof. */
  readonly unproved?: string;
  /** The server forgets old rows, and says so when a range has only such: then nothing older is asked for. */
  readonly expires?: boolean;
  /** At most this many rows from one query. */
  readonly most: number;
}

export interface StreamDefinition<R extends Row = Row, Config = unknown, Variables extends string = string> {
  readonly name: string;
  readonly summary: string;
  readonly path: string;
  readonly scope: Scope<Variables>;
  readonly schema: z.ZodObject;
  readonly primaryKey: readonly string[];
  readonly replicationKey?: string | undefined;
  /** Off by default. */
  readonly optional?: boolean;
  /** `pages` (default): a list, paged by Link header. `list`: a list in one answer. `object`: one row. */
  readonly answer?: 'pages' | 'list' | 'object';
  /** Name of the page-size parameter. */
  readonly sizeParam?: string;
  readonly params?: (config: Config) => Params;
  /** Several queries that only together are the whole stream. */
  readonly queries?: (config: Config) => readonly Params[];
  readonly window?: Window;
  /** Milliseconds that are read again before the bookmark. */
  readonly lookback?: (config: Config) => number;
  /** Milliseconds after which everything is read again, for changes that no window shows; 0: never. */
  readonly fullPass?: (config: Config) => number;
  /** One request at a time, in order. */
  readonly serial?: boolean;
  /** Times of a parent's row: the child is asked for when one of them is new. Default: the parent's own time. */
  readonly movedAt?: (parent: Row) => readonly unknown[];
  /** A changed row; the same object when there is nothing to change. */
  readonly row?: (row: R) => Row;
  /** Rows that the settings leave out. */
  readonly keep?: (row: R, config: Config) => boolean;
  /** Rows that a setting asks for by name; one that the list does not show is asked for at `path` ({name}): it may have been renamed. */
  readonly named?: {
    readonly setting: string;
    readonly wanted: (config: Config) => readonly string[];
    readonly names: (row: R) => readonly string[];
    readonly path: string;
  };
  /** At most this many of the newest rows per context and run. */
  readonly newest?: (config: Config) => number | undefined;
  /** All rows belong to rows of that stream: a context in which it has none needs no question. */
  readonly within?: { readonly stream: StreamDefinition; readonly when: (config: Config) => boolean };
  /** A parameter without which the server may answer, when it refuses (400) to answer with it; and what is to be said then. */
  readonly droppable?: { readonly param: string; readonly remark: string };
  /** Where to ask when the server does not know the path (404, 405). */
  readonly fallback?: {
    readonly path: string;
    readonly answer?: 'pages' | 'list';
    readonly params: (config: Config) => Params;
  };
  /** More of each row from a path of its own, when the list did not bring it. */
  readonly body?: {
    readonly wanted: (config: Config) => boolean;
    readonly present: (row: R) => boolean;
    readonly path: string;
    readonly context: (row: R) => Context;
  };
}

type VariablesOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | VariablesOf<Rest>
  : never;
type Column<S extends z.ZodObject> = keyof S['shape'] & string;

/** What a definition must say; names and path variables are checked by the compiler. */
export type Definition<Config, Path extends string, S extends z.ZodObject, Variables extends string> = Omit<
  StreamDefinition<z.output<S>, Config, Variables>,
  'path' | 'schema' | 'primaryKey' | 'replicationKey'
> & {
  readonly path: VariablesOf<Path> extends Variables ? Path : never;
  readonly schema: S;
  readonly primaryKey: readonly Column<S>[];
  readonly replicationKey?: Column<S>;
};

/** `defineStream` for taps with these settings. */
export function streamDefiner<Config>() {
  return <const Path extends string, S extends z.ZodObject, Variables extends string>(
    definition: Definition<Config, Path, S, Variables>,
  ): StreamDefinition<z.output<S>, Config, Variables> => definition;
}

/** Asked once, with variables that the tap knows. */
export const once = <Variables extends string>(): Scope<Variables> => ({ kind: 'once' });

type RowOf<D> = D extends StreamDefinition<infer R, infer _Config, infer _Variables> ? R : never;
type VariablesIn<D> = D extends StreamDefinition<infer _R, infer _Config, infer Variables> ? Variables : never;

export interface EachOptions<D, Variables extends string> {
  context: (row: RowOf<D>) => Readonly<Record<Variables, string>> | undefined;
  alias?: (row: RowOf<D>) => Readonly<Record<Variables, string>> | undefined;
  refused?: (row: RowOf<D>) => boolean;
}

/** Asked once per row of `parent`. */
export function each<D extends StreamDefinition<never, never, string>, Variables extends string>(
  parent: D,
  options: EachOptions<D, Variables>,
): Scope<Variables | VariablesIn<D>> {
  return { kind: 'each', parent, ...options } as unknown as Scope<Variables | VariablesIn<D>>;
}

/** Asked for many rows of `parent` in one query; the rows say where they belong. */
export function together<D extends StreamDefinition<never, never, string>, Variables extends string>(
  parent: D,
  options: EachOptions<D, Variables> & {
    select: (contexts: readonly Readonly<Record<Variables, string>>[] | 'all') => Params;
    contextOf: (row: Row) => Readonly<Record<Variables, string>> | undefined;
  },
): Scope<VariablesIn<D>> {
  return { kind: 'together', parent, ...options } as unknown as Scope<VariablesIn<D>>;
}
