/** What the checks and tests need of Sentry's OpenAPI document: the fields and the example rows of each stream. */
import { listIn } from '../src/sdk/rest/answer.js';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StreamDefinition } from '../src/sdk/define/stream-definition.js';
import { streams as definitions } from '../src/streams/index.js';
import { undocumented } from './field-differences.js';

type Definition = Pick<StreamDefinition, 'name' | 'path' | 'schema' | 'records'>;

/** The streams whose rows the document describes, by name. */
export const streams: Readonly<Record<string, Definition>> = Object.fromEntries(
  definitions.filter(({ name }) => !(name in undocumented)).map((definition) => [definition.name, definition]),
);

/**
 * Dotted path to type: string, date-time, integer, number, boolean, object, any or mixed, with `[]` for each list
 * around it.
 */
export type Fields = Record<string, string>;

export interface Facts {
  document: { title: string; version: string; openapi: string; sha256: string };
  streams: Record<string, { operation: string; path: string; fields: Fields }>;
}

export interface Examples {
  document: Facts['document'];
  streams: Record<string, Record<string, unknown>[]>;
}

export const factsFile = new URL('../tests/facts/api-fields.json', import.meta.url);
export const examplesFile = new URL('../tests/facts/api-examples.json', import.meta.url);

export const readFacts = (): Facts => JSON.parse(readFileSync(factsFile, 'utf8')) as Facts;
export const readExamples = (): Examples => JSON.parse(readFileSync(examplesFile, 'utf8')) as Examples;

// --- The document's fields ---

/** A schema of Sentry's OpenAPI document, as far as it is looked at. */
export interface ApiSchema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: readonly (string | number | boolean | null)[];
  properties?: Record<string, ApiSchema>;
  additionalProperties?: boolean | ApiSchema;
  items?: ApiSchema;
  allOf?: ApiSchema[];
  anyOf?: ApiSchema[];
  oneOf?: ApiSchema[];
}

interface ApiAnswer {
  content?: Record<string, { schema: ApiSchema; examples?: Record<string, { value: unknown }> }>;
}

interface ApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, { get?: { operationId: string; responses: Record<string, ApiAnswer> } }>;
}

function resolve(document: ApiDocument, schema: ApiSchema): ApiSchema {
  if (schema.$ref === undefined) return schema;
  const keys = schema.$ref
    .slice(2)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const target = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document);
  return resolve(document, target as ApiSchema);
}

/**
 * The type of a schema, and the fields under it. Alternatives are laid over each other; keys of open maps are data, not
 * fields.
 */
function describeApi(document: ApiDocument, reference: ApiSchema, path: string, fields: Fields): string {
  const schema = resolve(document, reference);
  const parts = schema.allOf ?? schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) {
    const types = new Set(parts.map((part) => describeApi(document, part, path, fields)));
    return types.size === 1 ? [...types][0]! : 'mixed';
  }
  if (schema.type === 'array') return `${describeApi(document, schema.items ?? {}, `${path}[]`, fields)}[]`;
  if (schema.properties !== undefined) {
    for (const [name, property] of Object.entries(schema.properties)) {
      const at = path === '' ? name : `${path}.${name}`;
      fields[at] = describeApi(document, property, at, fields);
    }
    return 'object';
  }
  if (schema.type === 'string') return schema.format === 'date-time' ? 'date-time' : 'string';
  return schema.type ?? 'any';
}

/** By path. */
export function sorted(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The columns of a stream that say where it was asked for. */
export const askedColumns = ({ path, schema }: Pick<Definition, 'path' | 'schema'>): string[] =>
  Object.keys(schema.shape).filter((name) => name !== 'organization' && path.includes(`{${name}}`));

/** A path without the names of its variables, which are others in the document. */
export const formOf = (path: string): string => path.replace(/^\/api\/0/, '').replace(/\{[^}]+\}/g, '{}');

/** The schema of a row, in a body that is the list, the row, or an object that holds the list. */
function rowOf(document: ApiDocument, body: ApiSchema, records: Definition['records']): ApiSchema {
  if (body.type === 'array') return body.items ?? {};
  if (!records) return body;
  const names = Object.keys(body.properties ?? {});
  const place = listIn(Object.fromEntries(names.map((name) => [name, name])), records); // the property it takes
  const list = typeof place === 'string' ? body.properties?.[place] : body.additionalProperties;
  if (typeof list !== 'object') throw new Error(`no list is where the rows should be, among ${names.join(', ')}`);
  return resolve(document, list).items ?? {};
}

/** The rows of an example body. */
function rowsIn(value: unknown, records: Definition['records']): Record<string, unknown>[] {
  const rows = records && !Array.isArray(value) ? listIn(value as Record<string, unknown>, records) : value;
  return (Array.isArray(rows) ? rows : [rows]) as Record<string, unknown>[];
}

/** What the checks and tests need of Sentry's OpenAPI document. @throws Error for a route that it does not have. */
export function extract(text: string): { facts: Facts; examples: Examples } {
  const document = JSON.parse(text) as ApiDocument;
  const source = {
    title: document.info.title,
    version: document.info.version,
    openapi: document.openapi,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  const facts: Facts = { document: source, streams: {} };
  const examples: Examples = { document: source, streams: {} };
  const paths = new Map(Object.keys(document.paths).map((path) => [formOf(path), path]));
  for (const [stream, { path: own, records }] of Object.entries(streams)) {
    const path = paths.get(formOf(own)) ?? '';
    const operation = document.paths[path]?.get;
    const { 200: good, 201: created } = operation?.responses ?? {};
    const answer = (good ?? created)?.content?.['application/json'];
    if (operation === undefined || answer === undefined) throw new Error(`the document has no GET /api/0${own}`);
    const fields: Fields = {};
    describeApi(document, rowOf(document, resolve(document, answer.schema), records), '', fields);
    facts.streams[stream] = { operation: operation.operationId, path, fields: sorted(fields) };
    examples.streams[stream] = Object.values(answer.examples ?? {}).flatMap(({ value }) => rowsIn(value, records));
  }
  return { facts, examples };
}

/** JSON with a line for each stream. */
export function writeFacts({ document, streams: entries }: Facts | Examples): string {
  const lines = Object.entries(entries).map(([name, entry]) => `  ${JSON.stringify(name)}: ${JSON.stringify(entry)}`);
  return `{\n "document": ${JSON.stringify(document)},\n "streams": {\n${lines.join(',\n')}\n }\n}\n`;
}
