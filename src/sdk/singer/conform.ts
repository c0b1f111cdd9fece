/**
 * A record conformed as the Python SDK does it, before stream maps see it: properties that the schema lacks go,
 * objects of the program become JSON, numbers in boolean columns become booleans. Nothing else is converted here:
 * bringing values to the types of the schema is the last step (`RecordShape`), after maps and flattening.
 */
import { dateTimeText } from '../json/date-time.js';
import { isRecord, setMember } from '../json/objects.js';
import type { Row } from '../json/source-rows.js';
import { type JsonSchema, typesOf } from './json-schema.js';
import { booleanOf } from './values.js';

/** Levels that are looked through: what lies deeper stays as it came. */
const deepest = 400;

/** How deep a record is conformed. */
export type ConformLevel = 'RECURSIVE' | 'ROOT_ONLY' | 'NONE';

export interface ConformOptions {
  /** Default: RECURSIVE. */
  readonly level?: ConformLevel;
  /** Told the dotted name of each property that the schema lacks. */
  readonly onUnknown?: (name: string) => void;
}

/** The record as its schema knows it, its properties in the record's own order. */
export function conform(record: Row, schema: JsonSchema, options: ConformOptions = {}): Record<string, unknown> {
  if (options.level === 'NONE') return record;
  return conformObject(record, schema, '', options);
}

function conformObject(record: Row, schema: JsonSchema, path: string, options: ConformOptions) {
  const out: Record<string, unknown> = {};
  const properties = new Map(Object.entries(schema.properties ?? {}));
  for (const [name, value] of Object.entries(record)) {
    const at = path === '' ? name : `${path}.${name}`;
    const property = properties.get(name);
    if (property !== undefined) setMember(out, name, conformValue(value, property, at, options));
    else if (schema.additionalProperties) setMember(out, name, plain(value));
    else options.onUnknown?.(at);
  }
  return out;
}

function conformValue(value: unknown, schema: JsonSchema, path: string, options: ConformOptions): unknown {
  if (options.level === 'ROOT_ONLY' || !Array.isArray(value)) return conformItem(value, schema, path, options);
  const { items } = schema;
  if (!isRecord(items)) return plain(value);
  return value.map((item: unknown) => conformItem(item, items, path, options));
}

/** A value that is no list, or stays whole: also an item that is a list itself. */
function conformItem(value: unknown, schema: JsonSchema, path: string, options: ConformOptions): unknown {
  const isEntered = options.level !== 'ROOT_ONLY' && schema.properties !== undefined;
  if (isEntered && isRecord(value) && dateTimeText(value) === undefined)
    return conformObject(value, schema, path, options);
  if (value === '' && isBoolean(schema)) return null;
  const isFraction = typeof value === 'number' && !Number.isInteger(value); // the SDK takes integers for booleans
  const flag = isBoolean(schema) && !isFraction ? booleanOf(value) : undefined;
  return flag ?? plain(value);
}

/** A value as JSON has it: date-times as text, numbers that are none as null. */
function plain(value: unknown, levels = deepest): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (levels === 0) return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, levels - 1));
  const text = dateTimeText(value);
  if (text !== undefined) return text;
  if (!isRecord(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) setMember(out, name, plain(item, levels - 1));
  return out;
}

const isBoolean = ({ type = [] }: JsonSchema): boolean => {
  const types = typesOf({ type }).filter((name) => name !== 'null');
  return types.join() === 'boolean';
};
