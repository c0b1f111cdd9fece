/**
 * Stream maps and flattening. What `src` offers for them is plugged in at `functions`; the comparison is here already.
 * An error is thrown; one of stream maps says what kind it is (`category`) and when it came (`phase`).
 */
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

const functions: MapFunctions | undefined = undefined as MapFunctions | undefined;

export const flattening: Runner | undefined =
  functions && ((one) => runFlattening(one, functions.flatten.bind(functions)));
export const streamMaps: Runner | undefined = functions && ((one) => runMaps(one, functions));

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
  return ((input[`${name}s`] ?? []) as unknown[]).map((record) => JSON.stringify(record));
}
