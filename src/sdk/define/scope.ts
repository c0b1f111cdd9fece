/**
 * How often a stream is asked, and with which path variables. Parents, partitions and contexts are one idea:
 * a row of the parent makes a context, and the context fills the path.
 */
import type { Row } from '../json/source-rows.js';
import type { Context } from '../singer/state.js';
import type { Params, StreamDefinition } from './stream-definition.js';

export interface Scope<Variables extends string = string> {
  /**
   * `single`: one list, without context. `each`: one list per row of the parent. `batched`: one list for many contexts.
   */
  readonly kind: 'single' | 'each' | 'batched';
  readonly parent?: StreamDefinition;
  /** The context that a parent's row makes, or several; undefined: it makes none. */
  readonly context?: (row: Row, config: never) => Context | readonly Context[] | undefined;
  /** `each`: the parameters that name the context, where the path does not. */
  readonly params?: (context: Context) => Params;
  /** Other values for the same variables (a slug for an id), tried where the first find nothing. */
  readonly alias?: (row: Row) => Context | undefined;
  /** Parent rows that the server lists, but does not let us ask about. */
  readonly refused?: (row: Row) => boolean;
  /** `batched`: the parameters that name the contexts; `all` when none is left out. */
  readonly select?: (contexts: readonly Context[] | 'all') => Params;
  /** `batched`: the context that a row of this stream belongs to. */
  readonly contextOf?: (row: Row) => Context | undefined;
  /** Never set: carries `Variables` for the compiler. */
  readonly variables?: Variables;
}

/** The columns that a schema names, without those that it lets pass. */
type Named<R> = { [Column in keyof R as string extends Column ? never : Column]: R[Column] };
type RowOf<D> = D extends StreamDefinition<infer R, infer _Config, infer _Variables> ? Named<R> : never;
type VariablesIn<D> = D extends StreamDefinition<infer _R, infer _Config, infer Variables> ? Variables : never;

type Values<Variables extends string> = Readonly<Record<Variables, string>>;

interface ParentOptions<D, Variables extends string> {
  alias?: (row: RowOf<D>) => Readonly<Partial<Record<Variables, string>>> | undefined;
  refused?: (row: RowOf<D>) => boolean;
}

export interface EachOptions<D, Variables extends string> extends ParentOptions<D, Variables> {
  context: (row: RowOf<D>, config: never) => Values<Variables> | readonly Values<Variables>[] | undefined;
  params?: (context: Values<Variables>) => Params;
}

export interface BatchedOptions<D, Variables extends string> extends ParentOptions<D, Variables> {
  context: (row: RowOf<D>) => Values<Variables> | undefined;
  select: (contexts: readonly Values<Variables>[] | 'all') => Params;
  contextOf: (row: Row) => Values<Variables> | undefined;
}

/** Asked once, with variables that the connection has: `single<'organization'>()`. */
export function single(): Scope<never>;
export function single<Variables extends string>(): Scope<Variables>;
export function single(): Scope {
  return { kind: 'single' };
}

/** Asked once per row of `parent`, or once per context where a row makes several. */
export function each<D extends StreamDefinition<never, never, string>, Variables extends string>(
  parent: D,
  options: EachOptions<D, Variables>,
): Scope<Variables | VariablesIn<D>> {
  return { kind: 'each', parent, ...options } as unknown as Scope<Variables | VariablesIn<D>>;
}

/** Asked for many rows of `parent` in one query; the rows say where they belong. */
export function batched<D extends StreamDefinition<never, never, string>, Variables extends string>(
  parent: D,
  options: BatchedOptions<D, Variables>,
): Scope<VariablesIn<D>> {
  return { kind: 'batched', parent, ...options } as unknown as Scope<VariablesIn<D>>;
}
