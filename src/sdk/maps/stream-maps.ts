/**
 * The settings `stream_maps` and flattening, applied to a stream: what is written in its place. Usually that is one
 * output, the stream itself; maps with `__source__` add others.
 */
import type { Row } from '../json/source-rows.js';
import { isRecord } from '../json/objects.js';
import type { JsonSchema } from '../singer/json-schema.js';
import { checkExpression } from './check.js';
import { compile } from './evaluate.js';
import { Failure } from './failure.js';
import {
  DuplicateNameError,
  type Flattening,
  depthMissing,
  flattenRecord,
  flattenSchema,
  flatteningOf,
} from './flattening.js';
import { type ProblemKind, type Problems, expressionProblem } from './map-errors.js';
import { parseExpression } from './parse.js';
import type { LayerConfig } from './settings.js';
import { type MapResult, type MapSource, createMap, isNull, mapOptions } from './stream-map.js';
import { ExpressionError } from './syntax.js';
import { isTrue } from './values.js';
import { hasWildcard, matchesWildcard } from './wildcard.js';
import { Work, type World } from './work.js';

/** One output of a stream. */
export interface StreamOutput {
  readonly stream: string;
  readonly schema: JsonSchema;
  readonly keyProperties: readonly string[] | null;
  readonly isFlattened: boolean;
  /** Whether the filter keeps a record; undefined: there is no filter. */
  readonly keeps: ((record: Row) => boolean) | undefined;
  /** Undefined when the record is left out. */
  readonly transform: (record: Row) => Record<string, unknown> | undefined;
}

/** What is written for a stream; `removed` where its own place stays empty. */
export type MappedOutput = StreamOutput | { readonly stream: string; readonly removed: true };

type Definitions = readonly (readonly [key: string, definition: unknown])[];

const same = (record: Row): Record<string, unknown> => record;

export class StreamMaps {
  readonly #definitions: Definitions;
  readonly #flattening: Flattening | undefined;
  readonly #config: Readonly<Record<string, unknown>>;
  readonly #work: Work;
  readonly #dropsOthers: boolean;

  /** Problems are collected. */
  constructor(settings: Partial<LayerConfig>, world: World, problems: Problems) {
    const all = Object.entries(settings.stream_maps ?? {});
    this.#definitions = all.filter(([key]) => !key.startsWith('__'));
    this.#flattening = flatteningOf(settings);
    this.#config = settings.stream_map_config ?? {};
    this.#work = new Work(world);
    this.#dropsOthers = all.some(([key, definition]) => key === '__else__' && isNull(definition));
    if (settings.flattening_enabled === true && settings.flattening_max_depth === undefined)
      problems.push({ kind: 'root', message: depthMissing });
    for (const [key, definition] of all) checkEntry(key, definition, problems);
  }

  /** What is written for a stream: its own place first. Undefined: just the stream, as it is. */
  outputs(source: MapSource, problems: Problems): readonly MappedOutput[] | undefined {
    let primary: MappedOutput | undefined;
    const others: StreamOutput[] = [];
    for (const [key, definition] of this.#definitions) {
      const own = membersOf(definition);
      const other = own['__source__'];
      const pattern = patternOf(key, own);
      if (!isFor(pattern, source.name)) continue;
      if (isNull(definition)) primary = { stream: source.name, removed: true };
      else if (other === undefined)
        primary = this.#output(key, own, aliasOf(key, own, source.name, this.#work, problems), source, problems);
      else others.push(this.#output(key, own, aliasOf(key, own, key, this.#work, problems), source, problems));
    }
    if (!primary && this.#dropsOthers) primary = { stream: source.name, removed: true };
    if (!primary && !this.#flattening && others.length === 0) return undefined;
    return [primary ?? this.#plain(source, problems), ...others];
  }

  /** What the settings name and nothing has, by the names of all streams. */
  warnings(names: readonly string[]): string[] {
    return this.#definitions.flatMap(([key, definition]) => {
      const own = membersOf(definition);
      const pattern = patternOf(key, own);
      const isKnown = names.some((name) => isFor(pattern, name));
      return [
        ...(isKnown ? [] : [`stream_maps.${key} changes nothing: there is no stream ${pattern}.`]),
        ...unknownOptions(own).map(
          (name) => `stream_maps.${key}.${name} makes a property of this name; options are ${mapOptions.join(', ')}.`,
        ),
      ];
    });
  }

  #output(
    key: string,
    definition: Readonly<Record<string, unknown>>,
    alias: string,
    source: MapSource,
    problems: Problems,
  ): StreamOutput {
    const names = { alias, original: source.name, config: this.#config };
    return this.#flattened(alias, createMap(key, definition, source, names, { problems, work: this.#work }), problems);
  }

  #plain(source: MapSource, problems: Problems): StreamOutput {
    const { schema, keyProperties } = source;
    return this.#flattened(source.name, { schema, keyProperties, filter: undefined, transform: same }, problems);
  }

  #flattened(stream: string, map: MapResult, problems: Problems): StreamOutput {
    const how = this.#flattening;
    const { keyProperties, filter, transform } = map;
    const keeps = filter && ((record: Row): boolean => filter.evaluate(record, isTrue));
    const common = { stream, keyProperties, keeps, isFlattened: how !== undefined };
    if (!how) return { ...common, schema: map.schema, transform };
    const schema = flatSchema(stream, map.schema, how, problems);
    return {
      ...common,
      schema,
      transform: (record) => {
        const mapped = transform(record);
        return mapped && flattenRecord(mapped, schema, how);
      },
    };
  }
}

const membersOf = (definition: unknown): Readonly<Record<string, unknown>> => (isRecord(definition) ? definition : {});

/** The names of the streams that a map is for. */
function patternOf(key: string, definition: Readonly<Record<string, unknown>>): string {
  const source = definition['__source__'];
  return typeof source === 'string' ? source : key;
}

const unknownOptions = (definition: object): string[] =>
  Object.keys(definition).filter((name) => /^__.*__$/.test(name) && !mapOptions.includes(name));

function flatSchema(stream: string, schema: JsonSchema, how: Flattening, problems: Problems): JsonSchema {
  try {
    return flattenSchema(schema, how);
  } catch (error) {
    if (!(error instanceof DuplicateNameError)) throw error;
    problems.push({ kind: 'map', message: `flattening_enabled cannot be used for ${stream}: ${error.message}.` });
    return schema;
  }
}

const isFor = (pattern: string, stream: string): boolean =>
  hasWildcard(pattern) ? matchesWildcard(pattern, stream) : pattern === stream;

function checkEntry(key: string, definition: unknown, problems: Problems): void {
  const complain = (complaint: string, kind: ProblemKind): void => {
    problems.push({ kind, message: `stream_maps.${key}${complaint}.` });
  };
  if (key.startsWith('__')) {
    if (key !== '__else__') complain(' is not known: at this level there is __else__ alone', 'root');
    else if (!isNull(definition)) complain(' can only be null', 'root');
    return;
  }
  if (!isNull(definition) && !isRecord(definition))
    complain(' should be an object of properties, or null, which drops the stream', 'map');
  const source = membersOf(definition)['__source__'];
  if (source !== undefined && typeof source !== 'string') complain('.__source__ should be the name of a stream', 'map');
}

/** The name of an output: an expression of `__stream_name__`, or a name itself where it names anything else. */
function aliasOf(
  key: string,
  definition: Readonly<Record<string, unknown>>,
  name: string,
  work: Work,
  problems: Problems,
): string {
  const text = definition['__alias__'];
  if (text === undefined) return name;
  const complain = (error: ExpressionError): string => {
    const place = { map: key, property: '__alias__', text: typeof text === 'string' ? text : '' };
    problems.push(expressionProblem(place, new ExpressionError(error.message, error.at, 'syntax')));
    return name;
  };
  if (typeof text !== 'string') return complain(new ExpressionError('it should be a name', 0));
  try {
    const expression = parseExpression(text.trim());
    checkExpression(expression, { has: () => true, examples: '' });
    work.start();
    const value = compile(expression)({ lookUp: (one) => (one === '__stream_name__' ? name : undefined), tools: work });
    return typeof value === 'string' ? value : text;
  } catch (error) {
    if (error instanceof ExpressionError) return complain(error);
    if (!(error instanceof Failure)) throw error;
    return error.type === 'NameNotDefined' ? text : complain(new ExpressionError(`${error.type}: ${error.message}`, 0));
  }
}
