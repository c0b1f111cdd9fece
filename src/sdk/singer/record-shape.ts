/**
 * A record brought to its stream's schema, in two steps. `conform` is the Python SDK's: properties
 * that the schema lacks are dropped. `fit` brings every value to the type that the schema promises,
 * because a target fails a whole load on one wrong value; what cannot be fitted becomes null and is
 * said. `fits` is the cheap question asked first: most records may leave exactly as they came.
 */
import { parseDate, plainDate } from '../time.js';
import { exactDigits, exactNumber, int64Of, writeExact } from '../json/exact-numbers.js';
import { type JsonSchema, typesOf } from './json-schema.js';
import type { Deselected } from './selection.js';

export type Row = Readonly<Record<string, unknown>>;

/** Told of a value that was changed or lost: field, and what happened. */
export type Report = (field: string, what: string) => void;

type Test = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export class RecordShape {
  readonly #schema: JsonSchema;
  readonly #keys: readonly string[];
  readonly #deselected: Deselected | undefined;
  readonly #tests: Map<string, Test>;
  readonly #report: Report;

  constructor(schema: JsonSchema, keys: readonly string[], deselected: Deselected | undefined, report: Report) {
    this.#schema = schema;
    this.#keys = keys;
    this.#deselected = deselected;
    this.#report = report;
    this.#tests = new Map(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, testOf(property)]));
    for (const name of Object.keys(deselected ?? {})) this.#tests.delete(name);
  }

  /** Whether the record may leave as it came (its text has been found clean). */
  fits(row: Row): boolean {
    if (this.#deselected !== undefined) return false;
    for (const name in row) {
      const test = this.#tests.get(name);
      if (test === undefined || !test(row[name])) return false;
    }
    return this.missingKey(row) === undefined;
  }

  /** The first key property without a value. */
  missingKey(row: Row): string | undefined {
    for (const key of this.#keys) if (row[key] === null || row[key] === undefined) return key;
    return undefined;
  }

  /** The record's JSON text, conformed and fitted. */
  write(row: Row): string {
    return writeExact(this.shape(row));
  }

  shape(row: Row): Record<string, unknown> {
    const kept = this.#deselected ? without(row, this.#deselected) : row;
    return this.#object(kept, this.#schema, '', true);
  }

  #object(value: Row, schema: JsonSchema, path: string, closed: boolean): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      const clean = cleanText(name);
      const at = path === '' ? clean : `${path}.${clean}`;
      const property = own(schema.properties, name);
      if (property === undefined && closed && !schema.additionalProperties) {
        this.#report(at, "is not in the catalog's schema and was left out");
        continue;
      }
      const fitted = property ? this.#fit(item, property, at) : this.#free(item);
      if (clean !== name) this.#report(at, 'had characters in its name that no target takes; they were taken out');
      define(out, clean, fitted);
    }
    return out;
  }

  #fit(value: unknown, schema: JsonSchema, path: string): unknown {
    if (value === null || value === undefined) return null;
    const types = typesOf(schema).filter((type) => type !== 'null');
    if (types.length === 0) return this.#free(value);
    const matching = types.find((type) => matches(value, type));
    for (const type of matching ? [matching] : types) {
      const fitted = this.#convert(value, type, schema, path);
      if (fitted !== undefined) return fitted;
    }
    if (value !== '')
      this.#report(path, `held ${describe(value)} where the schema says ${types.join(' or ')}, and became null`);
    return null;
  }

  /** The value as `type`; undefined when that cannot be. */
  #convert(value: unknown, type: string, schema: JsonSchema, path: string): unknown {
    switch (type) {
      case 'string':
        return this.#text(value, schema, path);
      case 'integer':
        return integerOf(value);
      case 'number':
        return numberOf(value);
      case 'boolean':
        return booleanOf(value);
      case 'object':
        return isRecord(value) ? this.#object(value, schema, path, schema.properties !== undefined) : undefined;
      case 'array': {
        const { items } = schema;
        const list = Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? [value] : undefined; // some servers send a lone object for a list of one
        return list?.map((item) => (items ? this.#fit(item, items, `${path}[]`) : this.#free(item)));
      }
      default:
        return this.#free(value);
    }
  }

  #text(value: unknown, schema: JsonSchema, path: string): string | undefined {
    const digits = exactDigits(value);
    const text = digits ?? (typeof value === 'string' ? value : writeExact(this.#free(value)));
    if (schema.format === 'date-time') return utc(text);
    const clean = cleanText(text);
    if (clean !== text)
      this.#report(path, 'had characters that no target takes (NUL or half a surrogate pair); they were taken out');
    return clean;
  }

  /** A free body: kept, but for text and numbers that no target takes. */
  #free(value: unknown): unknown {
    const digits = exactDigits(value);
    if (digits !== undefined) {
      const plain = /^-?\d+$/.test(digits) ? int64Of(digits) !== undefined : Number.isFinite(Number(digits));
      return plain ? value : digits;
    }
    if (typeof value === 'string') return cleanText(value);
    if (Array.isArray(value)) return value.map((item) => this.#free(item));
    if (!isRecord(value)) return value;
    const out: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) define(out, cleanText(name), this.#free(item));
    return out;
  }
}

function testOf(schema: JsonSchema): Test {
  const types = typesOf(schema);
  if (types.length === 0) return () => true;
  const tests = types.filter((type) => type !== 'null').map((type) => testOfType(type, schema));
  const [only] = tests;
  const test: Test = tests.length === 1 && only ? only : (value) => tests.some((one) => one(value));
  return types.includes('null') ? (value) => value === null || test(value) : test;
}

function testOfType(type: string, schema: JsonSchema): Test {
  switch (type) {
    case 'string':
      return schema.format === 'date-time'
        ? (value) => typeof value === 'string' && plainDate.test(value)
        : (value) => typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger;
    case 'number':
      return Number.isFinite;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'array': {
      const item = schema.items ? testOf(schema.items) : undefined;
      return item ? (value) => Array.isArray(value) && value.every(item) : Array.isArray;
    }
    case 'object':
      return objectTest(schema);
    default:
      return () => false;
  }
}

function objectTest(schema: JsonSchema): Test {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, testOf(property)] as const,
  );
  if (properties.length === 0) return isRecord;
  const known = new Set(properties.map(([name]) => name));
  const open = Boolean(schema.additionalProperties);
  return (value) => {
    if (!isRecord(value)) return false;
    for (const [name, test] of properties) {
      const item = value[name];
      if (item !== undefined && !test(item)) return false;
    }
    return open || Object.keys(value).every((name) => known.has(name));
  };
}

function matches(value: unknown, type: string): boolean {
  if (exactDigits(value) !== undefined) return type === 'integer' || type === 'number';
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return typeof value === type;
}

function integerOf(value: unknown): unknown {
  if (typeof value === 'boolean') return undefined;
  const digits =
    exactDigits(value) ??
    (typeof value === 'number' ? numberText(value) : typeof value === 'string' ? value.trim() : '');
  const whole = int64Of(digits);
  return whole === undefined ? undefined : exactNumber(whole);
}

function numberOf(value: unknown): unknown {
  const digits = exactDigits(value) ?? (typeof value === 'string' ? value.trim() : undefined);
  if (digits === undefined) return Number.isFinite(value) ? value : undefined;
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(digits) || !Number.isFinite(Number(digits))) return undefined;
  return exactNumber(digits);
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return undefined;
}

/** Digits of a finite number without an exponent where that is exact. */
const numberText = (value: number): string =>
  Number.isFinite(value) ? (Number.isInteger(value) ? BigInt(value).toString() : String(value)) : '';

/** UTC with `Z`, at most six fraction digits; undefined for what is no date between the years 1 and 9999. */
export function utc(text: string): string | undefined {
  const found = /^(.*?:\d\d)[.,](\d+)(.*)$/.exec(text.trim());
  const time = parseDate(found ? `${found[1] ?? ''}${found[3] ?? ''}` : text);
  if (time === undefined) return undefined;
  const base = new Date(time).toISOString();
  if (base.length !== 24 || base.startsWith('0000')) return undefined;
  const fraction = (found?.[2] ?? '').slice(0, 6);
  return `${base.slice(0, 19)}${fraction ? `.${fraction}` : ''}Z`;
}

/** Without NUL and lone surrogates, which no database takes. */
function cleanText(text: string): string {
  const well = text.isWellFormed() ? text : text.toWellFormed();
  return well.includes('\u0000') ? well.replaceAll('\u0000', '') : well;
}

function without(row: Row, gone: Deselected): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const below = own(gone, name);
    if (below === true) continue;
    define(out, name, below && isRecord(value) ? without(value, below) : value);
  }
  return out;
}

const own = <T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  object && Object.hasOwn(object, name) ? object[name] : undefined;

/** Assignment that also takes a key named `__proto__`. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  if (exactDigits(value) !== undefined) return 'a number out of range';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
