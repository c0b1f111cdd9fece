/** A definition with the settings put in: plain values, worked out once, so that nothing else sees the settings. */
import type { Row } from '../json/source-rows.js';
import type { Context } from '../singer/state.js';
import type { Fallback, Params, StreamDefinition } from './stream-definition.js';

/** Where a row was asked for. */
export interface RowContext {
  readonly context: Context;
  readonly alias?: Context | undefined;
}

export interface ResolvedStream {
  readonly definition: StreamDefinition;
  readonly params: Params;
  readonly fallback: (Omit<Fallback, 'params'> & { readonly params: Params }) | undefined;
  readonly queries: readonly Params[];
  /** Milliseconds. */
  readonly lookback: number;
  /** Milliseconds; 0: never. Where it is asked by the parent's changes, the parent's. */
  readonly fullPass: number;
  readonly maxNewest: number | undefined;
  readonly keep: (row: Row) => boolean;
  /** The row as it leaves; the same object where the definition changes nothing. */
  readonly change: (row: Row, at: RowContext, params?: Params) => Row;
  /** Where the stream is asked for a row of its parent. */
  readonly contextsOf: (parent: Row) => readonly Context[];
  /** Whether bodies are asked for where the list did not bring them. */
  readonly wantsBody: boolean;
  /** The stream that shows which contexts have rows, if its word counts. */
  readonly emptyIf: StreamDefinition | undefined;
  readonly wantedNames: readonly string[];
}

export function resolve(definition: StreamDefinition, config: unknown): ResolvedStream {
  const {
    params = noParams,
    queries = oneQuery,
    lookback = never,
    keep = everyRow,
    row: change = unchanged,
  } = definition;
  const { fallback, emptyIf } = definition;
  return {
    definition,
    params: params(config),
    fallback: fallback && resolveFallback(fallback, config),
    queries: queries(config),
    lookback: lookback(config),
    fullPass: fullPassOf(definition)(config),
    maxNewest: definition.maxNewest?.(config),
    keep: (row) => keep(row, config),
    change: (row, { context, alias }, params = {}) => change(row, context, params, { config, alias }),
    contextsOf: (parent) => [definition.scope.context?.(parent, config as never) ?? []].flat(),
    wantsBody: definition.body?.wanted(config) ?? false,
    emptyIf: emptyIf?.when(config) ? emptyIf.stream : undefined,
    wantedNames: definition.lookupByName?.wanted(config) ?? [],
  };
}

const noParams = (): Params => ({});
const oneQuery = (): readonly Params[] => [{}];
const never = (): number => 0;
const everyRow = (): boolean => true;
const unchanged = (row: Row): Row => row;

function resolveFallback({ params = noParams, ...fallback }: Fallback, config: unknown): ResolvedStream['fallback'] {
  return { ...fallback, params: params(config) };
}

/** A stream that is asked for by the changes of its parent is read in full when the parent is. */
function fullPassOf({ fullPass, changedAt, scope }: StreamDefinition): (config: unknown) => number {
  const parent = changedAt ? scope.parent : undefined;
  return fullPass ?? parent?.fullPass ?? never;
}
