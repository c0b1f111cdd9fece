/**
 * Every field of the API document's answers against the row schemas, by dotted path (`teams[].id`).
 * A difference must be listed below with its reason, and a listed one must exist.
 *
 *   npm run check:fields                                   against tests/facts/api-fields.json
 *   npx tsx scripts/check-fields.ts --refresh openapi.json write the facts anew from Sentry's OpenAPI document
 */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { event, eventDetail } from '../src/schemas/events.js';
import { issue, issueDetail } from '../src/schemas/issues.js';
import { user } from '../src/schemas/people.js';
import { project, projectDetail } from '../src/schemas/projects.js';
import { release } from '../src/schemas/releases.js';
import { team } from '../src/schemas/teams.js';

const organization = '/api/0/organizations/{organization_id_or_slug}';
const oneProject = '/api/0/projects/{organization_id_or_slug}/{project_id_or_slug}';

/**
 * Each stream's row schema, and the documented route whose answer it is. `users` is unpublished: its rows are members.
 */
export const streams: Record<string, { schema: z.ZodObject; path: string }> = {
  projects: { schema: project, path: `${organization}/projects/` },
  project_detail: { schema: projectDetail, path: `${oneProject}/` },
  teams: { schema: team, path: `${organization}/teams/` },
  users: { schema: user, path: `${organization}/members/` },
  releases: { schema: release, path: `${organization}/releases/` },
  release: { schema: release, path: `${organization}/releases/{version}/` },
  issues: { schema: issue, path: `${organization}/issues/` },
  issue_detail: { schema: issueDetail, path: `${organization}/issues/{issue_id}/` },
  events: { schema: event, path: `${oneProject}/events/` },
  issue_events: { schema: event, path: `${organization}/issues/{issue_id}/events/` },
  event_detail: { schema: eventDetail, path: `${oneProject}/events/{event_id}/` },
};

/** Fields that differ from the document, with all that is under them. */
export interface Difference {
  paths: string[];
  reason: string;
}

const fullBody: Difference = {
  paths: [
    '_meta',
    'breakdowns',
    'context',
    'contexts',
    'dateReceived',
    'dist',
    'endTimestamp',
    'entries',
    'errors',
    'fingerprints',
    'groupingConfig',
    'measurements',
    'occurrence',
    'packages',
    'sdk',
    'size',
    'startTimestamp',
    'type',
  ],
  reason: 'the full body, which full=1 adds to a row; the document has it for a single event only',
};
const entryType: Difference = {
  paths: ['entries[].type'],
  reason: 'the document leaves entries open; each has a type and data (object or list: passed on undeclared)',
};

/** Why ours is not the document's, per stream. */
export const differences: Record<string, Difference[]> = {
  users: [
    { paths: ['projects'], reason: 'only on the unpublished users route' },
    { paths: ['role', 'roleName'], reason: 'older servers' },
  ],
  project_detail: [
    {
      paths: ['dynamicSamplingBiases[].id', 'dynamicSamplingBiases[].active'],
      reason: 'the document leaves the map open; its example has these',
    },
  ],
  issues: [
    {
      paths: ['owners'],
      reason: 'the document has one object here; servers send a list, as the document says of a single issue',
    },
    {
      paths: ['lifetime.count', 'lifetime.userCount', 'lifetime.stats', 'lifetime.firstSeen', 'lifetime.lastSeen'],
      reason: 'the document leaves the map open; it is the numbers of the issue over all time',
    },
    { paths: ['sentryAppIssues[]'], reason: 'left open here, named by the document for a single issue' },
  ],
  issue_detail: [
    { paths: ['activity[]', 'tags[]'], reason: 'the document leaves the map open; its example has these' },
    { paths: ['pluginActions', 'pluginContexts', 'pluginIssues'], reason: 'older servers' },
  ],
  events: [fullBody],
  issue_events: [fullBody],
  event_detail: [entryType],
};

/** Fields whose type in ours is not the document's, per stream. Only these may differ. */
export const typeDifferences: Record<string, Difference[]> = {
  issues: [{ paths: ['owners'], reason: 'a list, see above' }],
};

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

const factsFile = new URL('../tests/facts/api-fields.json', import.meta.url);
const examplesFile = new URL('../tests/facts/api-examples.json', import.meta.url);

export const readFacts = (): Facts => JSON.parse(readFileSync(factsFile, 'utf8')) as Facts;
export const readExamples = (): Examples => JSON.parse(readFileSync(examplesFile, 'utf8')) as Examples;

// --- The document's fields ---

interface ApiSchema {
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Record<string, ApiSchema>;
  additionalProperties?: boolean | ApiSchema;
  items?: ApiSchema;
  allOf?: ApiSchema[];
  anyOf?: ApiSchema[];
  oneOf?: ApiSchema[];
}

interface ApiAnswer {
  content: Record<string, { schema: ApiSchema; examples?: Record<string, { value: unknown }> }>;
}

interface ApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, { get: { operationId: string; responses: Record<string, ApiAnswer> } }>;
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

function sorted(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the checks and tests need of Sentry's OpenAPI document. */
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
  for (const [stream, { path }] of Object.entries(streams)) {
    const operation = document.paths[path]?.get;
    const answer = operation?.responses['200']?.content['application/json'];
    if (operation === undefined || answer === undefined) throw new Error(`the document has no GET ${path}`);
    const body = resolve(document, answer.schema);
    const fields: Fields = {};
    describeApi(document, body.type === 'array' ? (body.items ?? {}) : body, '', fields);
    facts.streams[stream] = { operation: operation.operationId, path, fields: sorted(fields) };
    const rows = Object.values(answer.examples ?? {}).flatMap((example) => example.value);
    examples.streams[stream] = rows as Record<string, unknown>[];
  }
  return { facts, examples };
}

// --- Our fields ---

/** Takes `.nullish()` off. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'optional' || def.type === 'nullable' ? bare(def.innerType) : schema;
}

function describeOurs(wrapped: z.core.$ZodType, path: string, fields: Fields): string {
  const schema = bare(wrapped);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'array':
      return `${describeOurs(def.element, `${path}[]`, fields)}[]`;
    case 'object':
      for (const [name, property] of Object.entries(def.shape)) {
        const at = path === '' ? name : `${path}.${name}`;
        fields[at] = describeOurs(property, at, fields);
      }
      return 'object';
    case 'number':
      return (def as { format?: string }).format === 'safeint' ? 'integer' : 'number';
    case 'string':
      return (schema as z.ZodString).meta()?.['format'] === 'date-time' ? 'date-time' : 'string';
    default:
      return def.type;
  }
}

/** The fields of a row schema, in the form of the facts. */
export function fieldsOf(schema: z.ZodObject): Fields {
  const fields: Fields = {};
  describeOurs(schema, '', fields);
  return sorted(fields);
}

// --- The comparison ---

const covers = (listed: string, path: string): boolean =>
  path === listed || path.startsWith(`${listed}.`) || path.startsWith(`${listed}[`);

const reasonFor = (list: Difference[] | undefined, path: string): string | undefined =>
  list?.find(({ paths }) => paths.some((listed) => covers(listed, path)))?.reason;

/** An open type of the document (`any`, `mixed`) takes whatever ours is, list for list. */
const sameType = (theirs: string, ours: string): boolean => {
  const open = /^(?:any|mixed)((?:\[\])*)$/.exec(theirs);
  return open ? ours.endsWith(open[1]!) : theirs === ours;
};

export interface Comparison {
  stream: string;
  documented: number;
  ours: number;
  /** In the document and not in ours. */
  missing: { path: string; reason: string | undefined }[];
  /** In ours and not in the document. */
  extra: { path: string; reason: string | undefined }[];
  types: { path: string; theirs: string; ours: string; reason: string | undefined }[];
  /** Listed differences that are none. */
  stale: string[];
}

export function compare(facts: Facts): Comparison[] {
  return Object.entries(streams).map(([stream, { schema }]) => {
    const theirs = facts.streams[stream]?.fields ?? {};
    const ours = fieldsOf(schema);
    const listed = differences[stream];
    const notIn = (fields: Fields, others: Fields) =>
      Object.keys(fields)
        .filter((path) => !(path in others))
        .map((path) => ({ path, reason: reasonFor(listed, path) }));
    const missing = notIn(theirs, ours);
    const extra = notIn(ours, theirs);
    const types = Object.entries(theirs)
      .filter(([path, type]) => path in ours && !sameType(type, ours[path]!))
      .map(([path, type]) => ({
        path,
        theirs: type,
        ours: ours[path]!,
        reason: reasonFor(typeDifferences[stream], path),
      }));
    const unused = (list: Difference[] | undefined, found: { path: string }[]) =>
      (list ?? []).flatMap(({ paths }) => paths).filter((path) => !found.some((one) => covers(path, one.path)));
    return {
      stream,
      documented: Object.keys(theirs).length,
      ours: Object.keys(ours).length,
      missing,
      extra,
      types,
      stale: [...unused(listed, [...missing, ...extra]), ...unused(typeDifferences[stream], types)],
    };
  });
}

/** What is wrong, one line each; nothing when every difference is listed and every listed one exists. */
export function faults(comparisons: Comparison[]): string[] {
  const unlisted = <One extends { reason: string | undefined }>(list: One[]) =>
    list.filter(({ reason }) => reason === undefined);
  return comparisons.flatMap(({ stream, missing, extra, types, stale }) => [
    ...unlisted(missing).map(({ path }) => `${stream}: ${path} is missing`),
    ...unlisted(extra).map(({ path }) => `${stream}: ${path} is not in the document`),
    ...unlisted(types).map(
      ({ path, theirs, ours }) => `${stream}: ${path} is ${theirs} in the document, ${ours} in ours`,
    ),
    ...stale.map((path) => `${stream}: ${path} is listed as a difference and is none`),
  ]);
}

/** Paths by their reason; a field stands for what is under it. */
function byReason(list: { path: string; reason: string | undefined }[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { path, reason = 'NO REASON' } of list) {
    const paths = groups.get(reason) ?? [];
    if (!paths.some((above) => covers(above, path))) groups.set(reason, [...paths, path]);
  }
  return groups;
}

function report(comparisons: Comparison[], facts: Facts): string {
  const lines: string[] = [];
  for (const { stream, documented, ours, missing, extra, types } of comparisons) {
    const { operation } = facts.streams[stream]!;
    const both = documented - missing.length;
    lines.push(
      `${stream} (${operation}): ${documented} fields in the document, ${ours} in the schema, ${both} in both`,
    );
    for (const [reason, paths] of byReason(missing)) lines.push(`  missing: ${paths.join(', ')}: ${reason}`);
    for (const [reason, paths] of byReason(extra)) lines.push(`  more: ${paths.join(', ')}: ${reason}`);
    for (const { path, theirs, ours: type, reason = 'NO REASON' } of types) {
      lines.push(`  type: ${path} is ${theirs} there, ${type} here: ${reason}`);
    }
  }
  return lines.join('\n');
}

function main([option, path]: string[]): number {
  if (option === '--refresh' && path !== undefined) {
    const { facts, examples } = extract(readFileSync(path, 'utf8'));
    writeFileSync(factsFile, `${JSON.stringify(facts, null, 1)}\n`);
    writeFileSync(examplesFile, `${JSON.stringify(examples, null, 1)}\n`);
  } else if (option !== undefined) {
    console.error('usage: check-fields [--refresh OPENAPI_JSON]');
    return 2;
  }
  const facts = readFacts();
  const comparisons = compare(facts);
  console.log(report(comparisons, facts));
  const found = faults(comparisons);
  for (const fault of found) console.error(fault);
  return found.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
