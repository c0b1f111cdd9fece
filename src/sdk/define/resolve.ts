/** A definition with the settings put in: plain values, worked out once, so that nothing else sees the settings. */
import type { Row } from '../json/source-rows.js';
import type { Fallback, Params, StreamDefinition } from './stream-definition.js';

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
  /** Whether bodies are asked for where the list did not bring them. */
  readonly wantsBody: boolean;
  /** The stream that shows which contexts have rows, if its word counts. */
  readonly emptyIf: StreamDefinition | undefined;
  readonly wantedNames: readonly string[];
}

export function resolve(definition: StreamDefinition, config: unknown): ResolvedStream {
  const { fallback, keep, emptyIf, changedAt, scope } = definition;
  const fullPass = definition.fullPass ?? (changedAt ? scope.parent?.fullPass : undefined);
  return {
    definition,
    params: definition.params?.(config) ?? {},
    fallback: fallback && { ...fallback, params: fallback.params?.(config) ?? {} },
    queries: definition.queries?.(config) ?? [{}],
    lookback: definition.lookback?.(config) ?? 0,
    fullPass: fullPass?.(config) ?? 0,
    maxNewest: definition.maxNewest?.(config),
    keep: keep ? (row) => keep(row, config) : () => true,
    wantsBody: definition.body?.wanted(config) ?? false,
    emptyIf: emptyIf?.when(config) ? emptyIf.stream : undefined,
    wantedNames: definition.lookupByName?.wanted(config) ?? [],
  };
}
