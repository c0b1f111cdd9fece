/**
 * Every field of the API document's answers against the row schemas, by dotted path (`teams[].id`).
 * A difference must be listed in field-differences.ts with its reason, and a listed one must exist. The streams, and
 * the route of the document that is theirs, follow from the definitions.
 *
 *   npm run check:fields                                   against tests/facts/api-fields.json
 *   npx tsx scripts/check-fields.ts --refresh openapi.json write the facts anew from Sentry's OpenAPI document
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import {
  type Facts,
  type Fields,
  askedColumns,
  examplesFile,
  extract,
  factsFile,
  readFacts,
  sorted,
  streams,
  writeFacts,
} from './api-document.js';
import { type Difference, differences, typeDifferences, undocumented } from './field-differences.js';

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
  return Object.entries(streams).map(([stream, definition]) => {
    const { schema } = definition;
    const asked = askedColumns(definition);
    const theirs = facts.streams[stream]?.fields ?? {};
    const ours = fieldsOf(schema);
    const listed = differences[stream];
    const notIn = (fields: Fields, others: Fields) =>
      Object.keys(fields)
        .filter((path) => !(path in others))
        .map((path) => ({ path, reason: reasonFor(listed, path) }));
    const missing = notIn(theirs, ours);
    const extra = notIn(ours, theirs).filter(({ path }) => !asked.includes(path));
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
  for (const [stream, reason] of Object.entries(undocumented)) lines.push(`${stream}: ${reason}`);
  return lines.join('\n');
}

function main([option, path]: string[]): number {
  if (option === '--refresh' && path !== undefined) {
    const { facts, examples } = extract(readFileSync(path, 'utf8'));
    writeFileSync(factsFile, writeFacts(facts));
    writeFileSync(examplesFile, writeFacts(examples));
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
