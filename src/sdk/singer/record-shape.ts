/**
 * A record brought to its stream's schema. Properties that the schema lacks are dropped, as the Python SDK
 * does. Every value is brought to the type that the schema promises, because a target fails a whole load on one
 * wrong value; a value that cannot be becomes null and is reported. `fits` is the cheap question asked first:
 * most records may leave exactly as they came.
 */
import { dateTimeText } from '../json/date-time.js';
import { ExactNumber } from '../json/exact-number.js';
import { isContainer, isRecord, setMember } from '../json/objects.js';
import type { Row } from '../json/source-rows.js';
import { deepestLevel } from '../json/survey.js';
import { writeChanged, writeExact } from '../json/write-exact.js';
import { type JsonSchema, isDateTime, propertiesOf, typesOf } from './json-schema.js';
import { type Test, testOf } from './schema-test.js';
import { type Deselected, withoutDeselected } from './selection.js';
import {
  booleanOf,
  cleanText,
  integerOf,
  isOfType,
  isStorable,
  numberOf,
  numberTypes,
  typeName,
  utc,
} from './values.js';

export type { Row } from '../json/source-rows.js';

/** Told of a value that was changed or lost: field, and what happened. */
export type Report = (field: string, what: string) => void;

/** What a report says. Messages that end in null are about lost values. */
const reports = {
  unknown: "not in the catalog's schema; dropped",
  badText: 'contains NUL or lone surrogates, which targets refuse; removed',
  badName: 'has names with NUL or lone surrogates, which targets refuse; removed',
  bigNumber: 'number out of range for databases; written as text',
  tooDeep: `nested deeper than ${deepestLevel} levels; the inner part became text`,
  noDate: 'not a date between the years 1 and 9999; the value became null',
};

/** Where a value stands: its name for reports, and how many levels of nesting it may have. */
interface Place {
  path: string;
  levels: number;
}

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
    this.#tests = new Map(propertiesOf(schema).map(([name, property]) => [name, testOf(property)]));
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

  /** The first key property without a value, or with a value that the schema cannot hold. */
  missingKey(row: Row): string | undefined {
    return this.#keys.find((key) => this.#isLost(key, row[key]));
  }

  #isLost(key: string, value: unknown): boolean {
    if (value === null || value === undefined) return true;
    const property = own(this.#schema.properties, key);
    if (property === undefined || this.#tests.get(key)?.(value)) return false;
    return this.#fitted(value, property, { path: key, levels: deepestLevel }) === undefined;
  }

  /** The record's JSON text, brought to the schema. */
  write(row: Row): string {
    return writeExact(this.shape(row));
  }

  /** The record, brought to the schema. */
  shape(row: Row): Record<string, unknown> {
    const kept = this.#deselected ? withoutDeselected(row, this.#deselected) : row;
    return this.#object(kept, this.#schema, { path: '', levels: deepestLevel + 2 });
  }

  /** An object whose properties the schema names. */
  #object(value: Row, schema: JsonSchema, { path, levels }: Place): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      const clean = cleanText(name);
      const property = own(schema.properties, name);
      const at = { path: path === '' ? clean : `${path}.${clean}`, levels: levels - 1 };
      const field = path === '' ? shorten(clean) : path;
      if (property !== undefined) setMember(out, clean, this.#fit(item, property, at));
      else if (!schema.additionalProperties) this.#report(shorten(at.path), reports.unknown);
      else setMember(out, clean, this.#free(item, { ...at, path: field }));
      if (clean !== name) this.#report(field, reports.badName);
    }
    return out;
  }

  /** A value of a property of the schema: null where it cannot be fitted. */
  #fit(value: unknown, schema: JsonSchema, place: Place): unknown {
    if (value === null || value === undefined) return null;
    const fitted = this.#fitted(value, schema, place);
    if (fitted !== undefined) return fitted;
    if (value !== '') this.#report(place.path, isDateTime(schema) ? reports.noDate : mismatch(value, schema));
    return null;
  }

  /** The value as one of the schema's types; undefined when that cannot be. */
  #fitted(value: unknown, schema: JsonSchema, place: Place): unknown {
    const types = typesOf(schema).filter((type) => type !== 'null');
    if (types.length === 0) return this.#free(value, place);
    const matching = types.find((type) => isOfType(value, type));
    for (const type of matching ? [matching] : types) {
      const converted = this.#convert(value, type, schema, place);
      if (converted !== undefined) return converted;
    }
    return undefined;
  }

  /** The value as `type`; undefined when that cannot be. */
  #convert(value: unknown, type: string, schema: JsonSchema, place: Place): unknown {
    switch (type) {
      case 'string':
        return this.#text(value, schema, place);
      case 'integer':
        return integerOf(value);
      case 'number':
        return numberOf(value);
      case 'boolean':
        return booleanOf(value);
      case 'object':
        if (!isRecord(value)) return undefined;
        return schema.properties ? this.#object(value, schema, place) : this.#free(value, place);
      case 'array':
        return this.#list(value, schema, place);
      default:
        return this.#free(value, place);
    }
  }

  /** A list. Some servers send a lone object for a list of one. */
  #list(value: unknown, { items }: JsonSchema, { path, levels }: Place): unknown[] | undefined {
    const list = isRecord(value) ? [value] : value;
    if (!Array.isArray(list)) return undefined;
    const place = { path: `${path}[]`, levels: levels - 1 };
    return list.map((item: unknown) => (items ? this.#fit(item, items, place) : this.#free(item, place)));
  }

  /** A text: other values become their JSON text. */
  #text(value: unknown, schema: JsonSchema, place: Place): string | undefined {
    const text = typeof value === 'string' ? value : (dateTimeText(value) ?? writeChanged(value, cleanText));
    return isDateTime(schema) ? utc(text) : this.#clean(text, place);
  }

  #clean(text: string, { path }: Place): string {
    const clean = cleanText(text);
    if (clean !== text) this.#report(path, reports.badText);
    return clean;
  }

  /** A value that the schema leaves free: kept, but for what no target takes. */
  #free(value: unknown, place: Place): unknown {
    if (typeof value === 'string') return this.#clean(value, place);
    if (value instanceof ExactNumber) return this.#freeNumber(value, place);
    if (!isContainer(value)) return value;
    if (place.levels <= 0) {
      this.#report(place.path, reports.tooDeep);
      return writeChanged(value, cleanText);
    }
    const below = { path: place.path, levels: place.levels - 1 };
    if (Array.isArray(value)) return value.map((item: unknown) => this.#free(item, below));
    const out: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      const clean = cleanText(name);
      if (clean !== name) this.#report(place.path, reports.badName);
      setMember(out, clean, this.#free(item, below));
    }
    return out;
  }

  #freeNumber(value: ExactNumber, { path }: Place): unknown {
    if (isStorable(value)) return value;
    this.#report(path, reports.bigNumber);
    return value.digits;
  }
}

function mismatch(value: unknown, schema: JsonSchema): string {
  const wanted = typesOf(schema).filter((type) => type !== 'null');
  const isNumber = value instanceof ExactNumber && wanted.some((type) => numberTypes.has(type));
  const what = isNumber ? 'number is out of range for' : `${typeName(value)} does not match`;
  return `${what} schema type ${wanted.join(' or ')}; set to null`;
}

/** A name that the server chose, in a length that logs can show. */
const shorten = (name: string): string => (name.length > 100 ? `${name.slice(0, 100)}…` : name);

const own = <T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  object && Object.hasOwn(object, name) ? object[name] : undefined;
