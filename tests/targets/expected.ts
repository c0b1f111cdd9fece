/**
 * What a target should hold of a stream: the server's rows, each value as the stream's schema types
 * it. A target is asked for the same, and spellings that mean the same are made one here: times
 * become microseconds, JSON is compared as a value, `1.0` is 1.
 */
import type { JsonSchema } from '../../src/sdk/singer/json-schema.js';

export type Values = Readonly<Record<string, unknown>>;

export interface StreamSchema {
  readonly stream: string;
  readonly key_properties: readonly string[];
  readonly schema: JsonSchema;
}

/** A difference between the server and the target, in words. */
export type Difference = string;

const kindOf = ({ type }: JsonSchema): string =>
  typeof type === 'string' ? type : ((type ?? []).find((one) => one !== 'null') ?? 'any');

/** The server's value, as the schema types it; null for none. */
export function expected(value: unknown, schema: JsonSchema): unknown {
  if (value === null || value === undefined) return null;
  switch (kindOf(schema)) {
    case 'string':
      if (schema.format === 'date-time') return microseconds(String(value));
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'integer':
    case 'number':
      return Number(value);
    case 'object':
    case 'array':
      return canonical(typed(value, schema));
    default:
      return value;
  }
}

/** The same of a value that a target holds: JSON may be text there, times may lack their zone. */
export function held(value: unknown, schema: JsonSchema): unknown {
  if (value === null || value === undefined) return null;
  switch (kindOf(schema)) {
    case 'string':
      return schema.format === 'date-time' ? microseconds(String(value)) : String(value);
    case 'integer':
    case 'number':
      return Number(value);
    case 'boolean':
      return typeof value === 'string' ? /^(t|true|1)$/i.test(value) : Boolean(value);
    case 'object':
      return canonical(typed(typeof value === 'string' ? JSON.parse(value) : value, schema));
    case 'array': {
      const list: unknown = typeof value === 'string' ? JSON.parse(value) : value;
      return canonical(typed(list, schema));
    }
    default:
      return value;
  }
}

/** Times inside of objects are written anew by the tap, as UTC. */
function typed(value: unknown, schema: JsonSchema | undefined): unknown {
  if (!schema || value === null || value === undefined) return value;
  const kind = kindOf(schema);
  if (Array.isArray(value)) return value.map((item: unknown) => typed(item, schema.items));
  if (kind === 'object' && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, typed(item, schema.properties?.[name])]),
    );
  if (kind === 'string' && schema.format === 'date-time') return microseconds(String(value));
  if (kind === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  if (kind === 'integer' || kind === 'number') return Number(value);
  return value;
}

/** JSON text with sorted names, so that two equal values have one text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Since 1970, as text; a time without a zone is UTC. Null for what is no time. */
function microseconds(text: string): string | null {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text);
  if (!parts) return null;
  const [, date = '', time = '00:00:00', fraction = '', zone = 'Z'] = parts;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.replace(':', '').slice(3) || '00'}`;
  return String(BigInt(Date.parse(`${date}T${time}${offset}`)) * 1000n + BigInt(fraction.padEnd(6, '0')));
}

/** What a target does to values by itself, whatever tap they come from. */
export interface Quirks {
  /** An empty text is stored as NULL. */
  readonly emptyTextIsNull?: boolean;
}

export interface Held {
  /** Rows, each with the target's own column names. */
  readonly rows: AsyncIterable<Values> | Iterable<Values>;
  /** The target's name of a column. */
  readonly column: (name: string) => string;
  /** Non-null values per column of the target, and rows as `*`, as the target itself counts them. */
  readonly counted?: Readonly<Record<string, number>>;
}

/** How the rows of a target differ from the server's: counts, non-null counts per column, and every value. */
export async function differences(
  real: Iterable<Values>,
  target: Held,
  { stream, key_properties: keys, schema }: StreamSchema,
  { emptyTextIsNull = false }: Quirks = {},
): Promise<Difference[]> {
  const columns = Object.entries(schema.properties ?? {});
  const keyOf = (values: (name: string) => unknown): string => keys.map((name) => String(values(name))).join('/');
  const wanted = new Map<string, Map<string, unknown>>();
  const wantedCounts = new Map<string, number>();
  for (const row of real) {
    const values = new Map(
      columns.map(([name, property]) => [
        name,
        expected(emptyTextIsNull && row[name] === '' ? null : row[name], property),
      ]),
    );
    for (const [name, value] of values) if (value !== null) wantedCounts.set(name, (wantedCounts.get(name) ?? 0) + 1);
    wanted.set(
      keyOf((name) => values.get(name)),
      values,
    );
  }
  const found = new Set<string>();
  const counts = new Map<string, number>();
  const wrong = new Map<string, { times: number; example: string }>();
  const note = (what: string, example: string): void => {
    const known = wrong.get(what);
    if (known) known.times += 1;
    else wrong.set(what, { times: 1, example: example.slice(0, 400) });
  };
  let rows = 0;
  for await (const row of target.rows) {
    rows += 1;
    const values = new Map(columns.map(([name, property]) => [name, held(row[target.column(name)], property)]));
    const key = keyOf((name) => values.get(name));
    const own = wanted.get(key);
    if (!own) {
      note('rows that the server does not have', key);
      continue;
    }
    if (found.has(key)) note('rows that are there twice', key);
    found.add(key);
    for (const [name, value] of values) {
      if (value !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (value !== own.get(name)) note(`${name} differs`, `${key}: ${String(own.get(name))} is ${String(value)}`);
    }
  }
  for (const key of wanted.keys()) if (!found.has(key)) note('rows are missing', key);
  const count = (name: string): number | undefined =>
    target.counted ? target.counted[target.column(name)] : counts.get(name);
  if (target.counted) rows = target.counted['*'] ?? 0;
  if (rows !== wanted.size) note('counts differ', `${wanted.size} rows on the server, ${rows} in the target`);
  for (const [name] of columns)
    if ((wantedCounts.get(name) ?? 0) !== (count(name) ?? 0))
      note(
        `non-null values of ${name}`,
        `${wantedCounts.get(name) ?? 0} on the server, ${count(name) ?? 0} in the target`,
      );
  return [...wrong].map(([what, { times, example }]) => `${stream}: ${what} (${times}): ${example}`);
}
