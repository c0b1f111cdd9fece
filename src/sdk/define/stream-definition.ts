/**
 * The words in which a stream is defined: data, and small functions where data is not enough.
 * Paging, retry, ranges, skipping and state are never part of a definition.
 */
import type { z } from 'zod';
import type { Paginator } from '../http/paginator.js';
import type { Row } from '../json/source-rows.js';
import type { Context } from '../singer/state.js';
import type { Scope } from './scope.js';
import type { Window } from './window.js';

/** Query parameters; a list repeats its name. */
export type Params = Readonly<Record<string, string | readonly string[]>>;

/** Another place that holds the rows, for servers without the first one. */
export interface Fallback<Config = unknown> {
  readonly path: string;
  readonly params?: (config: Config) => Params;
  /** What the outcome says when the rows come from here, where it has fewer: then only absence leads here. */
  readonly remark?: string;
}

/** A parameter that some servers refuse, or answer with an empty list. */
export interface OptionalParam {
  readonly param: string;
  /** Only this value may be left out. */
  readonly value: string;
  readonly remark: string;
}

/** Rows that a setting asks for by name. One that the list does not show is asked for at `path` ({name}). */
export interface LookupByName<R extends Row, Config> {
  readonly setting: string;
  readonly wanted: (config: Config) => readonly string[];
  readonly names: (row: R) => readonly string[];
  readonly path: string;
}

/** More of each row from a path of its own, where the list did not bring it. */
export interface Body<R extends Row, Config> {
  readonly wanted: (config: Config) => boolean;
  readonly present: (row: R) => boolean;
  readonly path: string;
  readonly context: (row: R) => Context;
  /** Name of the parameter that asks the list for bodies: given up before a row is. */
  readonly param: string;
}

/**
 * A refusal that means "there is nothing here". 400 and 403 mean so much else that their message must say it; a refused
 * token (401) never does.
 */
export type Absence = 404 | 405 | { readonly status: 400 | 403 | 404 | 405; readonly message: RegExp };

/** What a changed row may be made of besides itself. */
export interface RowSource<Config = unknown> {
  readonly config: Config;
  /** The other values of the context, such as a name beside an id. */
  readonly alias: Context | undefined;
}

/** All rows belong to rows of another stream: a context in which that has none needs no request. */
export interface EmptyIf<Config> {
  readonly stream: StreamDefinition;
  readonly when: (config: Config) => boolean;
  /** Whether the parent's row itself says that nothing was ever there. */
  readonly never: (parent: Row) => boolean;
  /** The time since which a row of that stream says that rows of this one exist. */
  readonly since: (row: Row) => unknown;
}

export interface StreamDefinition<R extends Row = Row, Config = unknown, Variables extends string = string> {
  readonly name: string;
  readonly summary: string;
  readonly path: string;
  readonly scope: Scope<Variables>;
  /** The columns. Those that are named like a variable of the scope, and that a row lacks, are filled from there. */
  readonly schema: z.ZodObject;
  readonly primaryKey: readonly string[];
  /** The key on servers whose rows lack the primary one. */
  readonly alternateKey?: readonly string[];
  readonly replicationKey?: string | undefined;
  /** Off by default. */
  readonly optional?: boolean;
  /** The permission without which the server refuses the stream: named when it does. */
  readonly permission?: string;
  /**
   * `list` (default); `whole`: a list that the server sends in one answer, though a next page is followed; `object`:
   * one row.
   */
  readonly answer?: 'list' | 'whole' | 'object';
  /**
   * Where the rows are, if the body is not the list itself: a path such as `data.items`. A function may also make them:
   * a body of statistics becomes one for each interval.
   */
  readonly records?: string | ((body: Row) => unknown);
  /** What an answer says of its rows that is worth a word: each is said once, and stands in the outcome. */
  readonly warnings?: (body: Row) => readonly string[];
  /** The rows that one element of the list holds, where it is not a row itself. */
  readonly explode?: (element: Row) => readonly Row[];
  /** How this list pages, where it does so in another way than all others. */
  readonly paginator?: Paginator;
  /** Name of the page-size parameter; `null`: none is sent. */
  readonly sizeParam?: string | null;
  readonly params?: (config: Config) => Params;
  /** The list is asked by POST: the JSON body, made of the parameters that a GET would have. */
  readonly post?: (params: Readonly<Record<string, string>>) => unknown;
  /** Several queries that only together are the whole stream: of a range, or of a full table. */
  readonly queries?: (config: Config) => readonly Params[];
  readonly window?: Window;
  /** Milliseconds that are read again before the bookmark. */
  readonly lookback?: (config: Config) => number;
  /** Milliseconds after which everything is read again, for changes that no range shows; 0: never. */
  readonly fullPass?: (config: Config) => number;
  /** One request at a time, in order. */
  readonly serial?: boolean;
  /** Times of a parent's row: the child is asked for when one of them is new. Default: the parent's own time. */
  readonly changedAt?: (parent: Row) => readonly unknown[];
  /**
   * A changed row; the same object when there is nothing to change. `context`: where it was asked for. `params`: with
   * which parameters.
   */
  readonly row?: (row: R, context: Context, params: Params, more: RowSource<Config>) => Row;
  /** Whether the settings want the row. */
  readonly keep?: (row: R, config: Config) => boolean;
  /** The key columns of the parent's row that an object is about: the asked row may have been merged into it. */
  readonly belongsTo?: (row: R) => Row;
  readonly lookupByName?: LookupByName<R, Config>;
  /** Where a row is asked for by its context: before its bookmarks are forgotten, or when a list below it is empty. */
  readonly lookupPath?: string;
  /** At most this many of the newest rows per context and run. */
  readonly maxNewest?: (config: Config) => number | undefined;
  readonly emptyIf?: EmptyIf<Config>;
  /** Refusals that mean "nothing here", such as a feature that is off: said once, and no reason to call it partial. */
  readonly skip?: readonly Absence[];
  readonly optionalParam?: OptionalParam;
  readonly fallback?: Fallback<Config>;
  readonly body?: Body<R, Config>;
  /** Said in the outcome of a stream that has rows. */
  readonly remark?: string;
  /** For the documentation: rows tell of persons. */
  readonly personal?: boolean;
  /** For the documentation: rows hold secrets. */
  readonly secrets?: boolean;
  /** For the documentation: what reading costs or does, and how long rows are kept, in a sentence. */
  readonly caution?: string;
}

type VariablesOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | VariablesOf<Rest>
  : never;
type Column<S extends z.ZodObject> = keyof S['shape'] & string;

/** The path; or, where it has a variable that nothing fills, a text that no path is and that says so. */
type FilledPath<Path extends string, Variables extends string> = [Exclude<VariablesOf<Path>, Variables>] extends [never]
  ? Path
  : `the scope does not bring {${Exclude<VariablesOf<Path>, Variables>}}`;

/** What a definition must say; names and path variables are checked by the compiler. */
export type Definition<Config, Path extends string, S extends z.ZodObject, Variables extends string> = Omit<
  StreamDefinition<z.output<S>, Config, Variables>,
  'path' | 'schema' | 'primaryKey' | 'alternateKey' | 'replicationKey'
> & {
  readonly path: FilledPath<Path, Variables>;
  readonly schema: S;
  readonly primaryKey: readonly Column<S>[];
  readonly alternateKey?: readonly Column<S>[];
  readonly replicationKey?: Column<S>;
};

/** `defineStream` for taps with these settings. */
export function streamDefiner<Config>() {
  return <const Path extends string, S extends z.ZodObject, Variables extends string>(
    definition: Definition<Config, Path, S, Variables>,
  ): StreamDefinition<z.output<S>, Config, Variables> => definition;
}
