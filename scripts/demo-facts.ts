/**
 * Writes `demo/facts/published.json`, what the demo knows of the routes that it answers from facts:
 * `npx tsx scripts/demo-facts.ts OPENAPI_JSON`. Sentry's OpenAPI document is not part of this repository.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { documentedRoutes } from '../demo/documented/tables.js';
import { statisticsRoutes } from '../demo/statistics/answers.js';
import { formOf, type RouteFacts, type Shape } from '../demo/documented/shape.js';
import type { ApiSchema } from './api-document.js';

interface Operation {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: ApiSchema }> }>;
}

interface ApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, { get?: Operation }>;
}

/** A shape, and whether null may stand there too. */
interface Described {
  readonly shape: Shape;
  readonly nullable: boolean;
}

/** Deeper than this, a schema that contains itself is cut. */
const mostDepth = 14;

function resolve(document: ApiDocument, schema: ApiSchema): ApiSchema {
  if (schema.$ref === undefined) return schema;
  const keys = schema.$ref.slice(2).split('/');
  const target = keys.reduce<unknown>(
    (at, key) => (at as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
  return resolve(document, target as ApiSchema);
}

function describe(document: ApiDocument, reference: ApiSchema, depth = 0): Described {
  const schema = resolve(document, reference);
  const nullable = schema.nullable === true;
  const shape = depth > mostDepth ? 'any' : shapeOf(document, schema, depth + 1);
  return { shape, nullable };
}

function shapeOf(document: ApiDocument, schema: ApiSchema, depth: number): Shape {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return either(alternatives.map((one) => describe(document, one, depth).shape));
  if (schema.allOf) return together(schema.allOf.map((one) => describe(document, one, depth).shape));
  if (schema.enum) return wordsOf(schema.enum);
  if (schema.type === 'array') return [describe(document, schema.items ?? {}, depth).shape];
  if (schema.properties) return fieldsOf(document, schema.properties, depth);
  if (schema.type === 'object') return mapOf(document, schema, depth);
  const isFormat = schema.type === 'string' && ['date-time', 'uuid', 'uri'].includes(schema.format ?? '');
  return isFormat ? schema.format! : (schema.type ?? 'any');
}

function fieldsOf(document: ApiDocument, properties: Record<string, ApiSchema>, depth: number): Shape {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { shape, nullable } = describe(document, property, depth);
      return [nullable ? `${name}?` : name, shape];
    }),
  );
}

function mapOf(document: ApiDocument, { additionalProperties }: ApiSchema, depth: number): Shape {
  if (typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0) return 'object';
  return { '*': describe(document, additionalProperties, depth).shape };
}

/** Alternatives, each once; a list of anything says nothing beside another list. */
function either(shapes: readonly Shape[]): Shape {
  const different = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
  if ([...different.values()].filter(Array.isArray).length > 1) different.delete('["any"]');
  return different.size === 1 ? [...different.values()][0]! : { '|': [...different.values()] };
}

function together(shapes: readonly Shape[]): Shape {
  return shapes.length === 1 ? shapes[0]! : Object.assign({}, ...shapes.map((shape) => shape as object));
}

function wordsOf(words: NonNullable<ApiSchema['enum']>): Shape {
  const real = words.filter((word) => word !== null);
  if (typeof real[0] === 'boolean') return 'boolean';
  return `${typeof real[0] === 'number' ? '#' : '='}${real.join('|')}`;
}

function factsOf(document: ApiDocument, { operationId, security, parameters, responses }: Operation): RouteFacts {
  const schema = responses['200']?.content?.['application/json']?.schema ?? {};
  return {
    operation: operationId,
    scopes: [...new Set((security ?? []).flatMap((one) => Object.values(one)).flat())],
    query: (parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name),
    answer: describe(document, schema).shape,
  };
}

function main([path]: string[]): void {
  if (path === undefined) throw new RangeError('usage: demo-facts OPENAPI_JSON');
  const text = readFileSync(path, 'utf8');
  const document = JSON.parse(text) as ApiDocument;
  const operations = new Map(Object.entries(document.paths).map(([at, { get }]) => [formOf(at), get]));
  const forms = [...new Set([...documentedRoutes, ...statisticsRoutes].map(({ template }) => formOf(template)))].sort();
  const lines = forms.flatMap((form) => {
    const operation = operations.get(form);
    return operation ? [`  ${JSON.stringify(form)}: ${JSON.stringify(factsOf(document, operation))}`] : [];
  });
  const about = {
    title: document.info.title,
    version: document.info.version,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  const target = new URL('../demo/facts/published.json', import.meta.url);
  writeFileSync(target, `{\n "document": ${JSON.stringify(about)},\n "routes": {\n${lines.join(',\n')}\n }\n}\n`);
}

main(process.argv.slice(2));
