/** One map: what becomes of a stream's schema, keys and records in one output. */
import { setMember } from '../json/objects.js';
import type { Row } from '../json/source-rows.js';
import type { JsonSchema } from '../singer/json-schema.js';
import type { ProblemKind, Problems } from './map-errors.js';
import { type MapNames, MappedExpression } from './mapped-expression.js';
import { resultSchema, withProperties } from './result-type.js';
import { toJson } from './text.js';
import { isTrue } from './values.js';
import type { Work } from './work.js';

/** A stream as expressions see it: after selection. */
export interface MapSource {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly keyProperties: readonly string[];
}

/** What comes out of a map. */
export interface MapResult {
  readonly schema: JsonSchema;
  /** Null: the map says that there is none. */
  readonly keyProperties: readonly string[] | null;
  /** Undefined when the filter leaves the record out. */
  readonly filter: MappedExpression | undefined;
  readonly transform: (record: Row) => Record<string, unknown> | undefined;
}

/** What maps are made with. */
export interface MapTools {
  readonly problems: Problems;
  readonly work: Work;
}

/** Whether a definition says that something is left out. */
export const isNull = (definition: unknown): boolean => definition === null || definition === '__NULL__';

/** The names in a map that are no properties. */
export const mapOptions = ['__alias__', '__source__', '__filter__', '__key_properties__', '__else__'];

/** The map that a definition stands for. `key` names it in messages. Problems are collected. */
export function createMap(
  key: string,
  definition: Readonly<Record<string, unknown>>,
  source: MapSource,
  names: MapNames,
  tools: MapTools,
): MapResult {
  return new Builder(key, definition, source, names, tools).build();
}

class Builder {
  readonly #properties: Record<string, JsonSchema>;
  readonly #steps: { property: string; expression: MappedExpression | undefined }[] = [];
  readonly #keepsOthers: boolean;
  readonly #keys: readonly string[] | null;

  constructor(
    private readonly key: string,
    private readonly definition: Readonly<Record<string, unknown>>,
    private readonly source: MapSource,
    private readonly names: MapNames,
    private readonly tools: MapTools,
  ) {
    this.#keys = this.#readKeys();
    this.#keepsOthers = this.#readElse();
    const own = Object.entries(source.schema.properties ?? {});
    const isKey = ([name]: readonly [string, JsonSchema]): boolean =>
      this.#keys?.includes(name) === true && !Object.hasOwn(definition, name);
    this.#properties = Object.fromEntries(this.#keepsOthers ? own : own.filter(isKey));
  }

  build(): MapResult {
    const filter = this.#readFilter();
    for (const [property, definition] of Object.entries(this.definition)) {
      if (mapOptions.includes(property)) continue;
      if (isNull(definition)) this.#remove(property);
      else if (typeof definition === 'string') this.#set(property, definition);
      else this.#problem(property, 'should be an expression, or null');
    }
    for (const name of this.#keys ?? []) {
      if (!Object.hasOwn(this.#properties, name))
        this.#problem('__key_properties__', `names ${name}, which the stream does not have`);
    }
    return { schema: this.#schema(), keyProperties: this.#keys, filter, transform: this.#transformer(filter) };
  }

  #readKeys(): readonly string[] | null {
    const keys = this.definition['__key_properties__'];
    if (keys === undefined) return this.source.keyProperties;
    if (keys === null) return null;
    if (Array.isArray(keys) && keys.every((name) => typeof name === 'string')) return keys;
    this.#problem('__key_properties__', 'should be a list of properties, or null');
    return null;
  }

  #readElse(): boolean {
    const otherwise = this.definition['__else__'];
    if (otherwise === undefined) return true;
    if (!isNull(otherwise)) this.#problem('__else__', 'can only be null', 'option');
    return false;
  }

  #readFilter(): MappedExpression | undefined {
    const filter = this.definition['__filter__'];
    if (filter === undefined || filter === null) return undefined;
    if (typeof filter === 'string') return this.#expression('__filter__', filter);
    this.#problem('__filter__', 'should be an expression');
    return undefined;
  }

  #expression(property: string, text: string): MappedExpression | undefined {
    return MappedExpression.create({ map: this.key, property, text }, this.source.schema, this.names, this.tools);
  }

  #remove(property: string): void {
    if (this.#keys?.includes(property)) {
      this.#problem(property, 'removes a key property. __key_properties__ can name other keys, or null');
      return;
    }
    delete this.#properties[property];
    this.#steps.push({ property, expression: undefined });
  }

  #set(property: string, text: string): void {
    const expression = this.#expression(property, text);
    if (!expression) return;
    const { schema } = this.source;
    const computed = { property, text, expression: expression.expression, source: schema, changed: this.#properties };
    setMember(this.#properties, property, resultSchema(computed));
    this.#steps.push({ property, expression });
  }

  #schema(): JsonSchema {
    if (!this.#keepsOthers)
      return withProperties(
        { type: 'object', $schema: 'https://json-schema.org/draft/2020-12/schema' },
        this.#properties,
      );
    const { schema } = this.source;
    const { required } = schema;
    const isThere = (name: unknown): boolean => typeof name === 'string' && Object.hasOwn(this.#properties, name);
    const rest = Array.isArray(required) ? { required: required.filter(isThere) } : {};
    return withProperties({ ...schema, ...rest }, this.#properties);
  }

  #transformer(filter: MappedExpression | undefined): MapResult['transform'] {
    const steps = this.#steps;
    const kept = this.#keepsOthers ? undefined : (this.#keys ?? []);
    return (record) => {
      if (filter && !filter.evaluate(record, isTrue)) return undefined;
      const result = kept ? pick(record, kept) : { ...record };
      for (const { property, expression } of steps) {
        if (expression) setMember(result, property, expression.evaluate(record, toJson));
        else delete result[property];
      }
      return Object.keys(result).length > 0 ? result : undefined;
    };
  }

  #problem(property: string, complaint: string, kind: ProblemKind = 'map'): void {
    this.tools.problems.push({ kind, message: `stream_maps.${this.key}.${property} ${complaint}.` });
  }
}

function pick(record: Row, names: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of names) if (Object.hasOwn(record, name)) setMember(result, name, record[name]);
  return result;
}
