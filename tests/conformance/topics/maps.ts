/**
 * Stream maps and flattening: how the SDK's questions are put to `src`, and how the answers are compared.
 * An error is thrown; one of stream maps says what kind it is (`category`) and when it came (`phase`).
 */
import { parseExact } from '../../../src/sdk/json/parse-exact.js';
import type { Row } from '../../../src/sdk/json/source-rows.js';
import { writeExact } from '../../../src/sdk/json/write-exact.js';
import { MapExpressionError, type Problem, type ProblemKind } from '../../../src/sdk/maps/map-errors.js';
import { StreamMaps } from '../../../src/sdk/maps/stream-maps.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { type Case, type Json, type Result, type Runner, compare, sameText } from '../cases.js';

export interface StreamInput {
  readonly name: string;
  readonly key_properties: readonly string[];
  readonly schema: JsonSchema;
}

export type MappedStream =
  | { stream: string; removed: true }
  | { stream: string; removed: false; schema: JsonSchema; key_properties: readonly string[]; records: unknown[] };

/** Records are the texts that the API sent. `*Text`: the same as JSON text, numbers digit by digit. */
export interface MapFunctions {
  flatten(config: Json, schema: JsonSchema, records: readonly string[]): { schema: JsonSchema; recordTexts: string[] };
  /** One entry for each output of the stream, in order. A filtered record is null. */
  map(config: Json, stream: StreamInput, records: readonly string[]): readonly MappedStream[];
  /** The kind of an error that `map` threw. */
  errorOf(error: unknown): { phase: string; category: string } | undefined;
}

/** The SDK finds unknown names on the first record; here they are found at the start. The kinds are the same. */
const kinds: Readonly<Record<ProblemKind, { phase: string; category: string }>> = {
  root: { phase: 'config', category: 'StreamMapConfigError' },
  map: { phase: 'register', category: 'StreamMapConfigError' },
  option: { phase: 'register', category: 'NotImplementedError' },
  syntax: { phase: 'register', category: 'MapExpressionError' },
  statement: { phase: 'transform', category: 'StreamMapConfigError' },
  meaning: { phase: 'transform', category: 'MapExpressionError' },
};

class RefusedError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

function throwFirst([problem]: readonly Problem[]): void {
  if (problem) throw new RefusedError(problem);
}

const world = { now: () => Date.UTC(2026, 0), random: () => 0.5 };
const rowOf = (text: string): Row => parseExact(text, 'digits') as Row;

const functions: MapFunctions = {
  flatten: (config, schema, records) => {
    const problems: Problem[] = [];
    const source = { name: 'stream', schema, keyProperties: [] };
    const outputs = new StreamMaps(config, world, problems).outputs(source, problems);
    throwFirst(problems);
    const [only = { schema, transform: (row: Row) => row }] = outputs ?? [];
    if ('removed' in only) throw new Error('nothing drops the stream');
    return { schema: only.schema, recordTexts: records.map((text) => writeExact(only.transform(rowOf(text)))) };
  },
  map: (config, { name, schema, key_properties }, records) => {
    const problems: Problem[] = [];
    const source = { name, schema, keyProperties: key_properties };
    const outputs = new StreamMaps(config, world, problems).outputs(source, problems);
    throwFirst(problems);
    const same = { stream: name, schema, keyProperties: key_properties, transform: (row: Row) => row };
    return (outputs ?? [same]).map((output): MappedStream => {
      if ('removed' in output) return { stream: output.stream, removed: true };
      const rows = records.map((text) => output.transform(rowOf(text)) ?? null);
      const keys = output.keyProperties as readonly string[];
      return { stream: output.stream, removed: false, schema: output.schema, key_properties: keys, records: rows };
    });
  },
  errorOf: (error) => {
    if (error instanceof RefusedError) return kinds[error.problem.kind];
    const isFailure = error instanceof MapExpressionError;
    return isFailure ? { phase: 'transform', category: 'MapExpressionError' } : undefined;
  },
};

export const flattening: Runner = (one) => runFlattening(one, functions.flatten.bind(functions));
export const streamMaps: Runner = (one) => runMaps(one, functions);

function runFlattening({ input, expected }: Case, flatten: MapFunctions['flatten']): Result {
  const wantsError = 'error' in expected;
  let found: ReturnType<MapFunctions['flatten']>;
  try {
    found = flatten(input['config'] as Json, input['schema'] as JsonSchema, textsOf(input, 'record'));
  } catch (error) {
    return { ours: String(error), differences: wantsError ? [] : [`it throws ${String(error)}`] };
  }
  const ours = { schema: found.schema, records: found.recordTexts.map((text) => JSON.parse(text) as unknown) };
  if (wantsError) return { ours, differences: ['no error'] };
  const wanted = expected['record_text'];
  if (typeof wanted !== 'string') return compare(ours, expected);
  const isSame = sameText(found.recordTexts[0] ?? '', wanted);
  const { differences } = compare(ours, { schema: expected['schema'] });
  return { ours, differences: isSame ? differences : [...differences, `${found.recordTexts[0]} for ${wanted}`] };
}

function runMaps({ input, expected }: Case, { map, errorOf }: MapFunctions): Result {
  const wanted = expected['error'] as { phase: string; category: string } | undefined;
  try {
    const maps = map(input['config'] as Json, input['stream'] as StreamInput, textsOf(input, 'record'));
    if (wanted) return { ours: maps, differences: ['no error'] };
    if ('pattern' in expected) return matchPattern(maps, expected);
    return compare({ maps }, expected);
  } catch (error) {
    if (!wanted) return { ours: String(error), differences: [`it throws ${String(error)}`] };
    const ours = errorOf(error);
    const phase = ours?.phase === wanted.phase;
    const category = wanted.category === 'uncaught' ? ours !== undefined : ours?.category === wanted.category;
    return { ours, differences: phase && category ? [] : [`${String(error)} is ${JSON.stringify(ours)}`] };
  }
}

/** Random values: compared by their form. */
function matchPattern(maps: readonly MappedStream[], expected: Json): Result {
  const form = new RegExp(`^(?:${String(expected['pattern'])})$`);
  const records = maps.flatMap((one) => (one.removed ? [] : one.records)) as Json[];
  const values = records.map((record) => String(record[String(expected['property'])]));
  return { ours: values, differences: values.filter((value) => !form.test(value)) };
}

/** `records`, `record_text` or `record_texts` as texts. */
function textsOf(input: Json, name: string): string[] {
  const [one, several] = [input[`${name}_text`], input[`${name}_texts`]];
  if (typeof one === 'string') return [one];
  if (Array.isArray(several)) return several as string[];
  return ((input[`${name}s`] ?? []) as unknown[]).map((record) => writeExact(record));
}
