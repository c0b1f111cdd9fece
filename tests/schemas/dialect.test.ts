/** What every target can load: see the header of src/schemas/common.ts. */
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { askedColumns, readFacts } from '../../scripts/api-document.js';
import { bare, fieldsOf } from '../../scripts/check-fields.js';
import { undocumented } from '../../scripts/field-differences.js';
import { streams } from '../../src/streams/index.js';

/** Columns that are never null although their stream has another key. */
const alwaysThere: Record<string, string[]> = { events: ['projectID'], release: ['version'], releases: ['id'] };

/** Moments that the document does not have, because it leaves their place open. */
const undocumentedMoments: Record<string, string[]> = {
  issues: ['lifetime.firstSeen', 'lifetime.lastSeen'],
  issue_detail: ['activity[].dateCreated'],
  organization: ['trustedRelays[].created', 'trustedRelays[].lastModified'],
  events: ['dateReceived'],
  issue_events: ['dateReceived'],
  issue_tags: ['topValues[].firstSeen', 'topValues[].lastSeen'],
  issue_tag_values: ['firstSeen', 'lastSeen'],
  project_tag_values: ['firstSeen', 'lastSeen'],
  replays: ['finished_at', 'started_at'],
  tags: ['topValues[].firstSeen', 'topValues[].lastSeen'],
  user_feedback: ['dateCreated'],
};

/** Columns that are one object in the document, and a list here. */
const listsHere: Record<string, string> = { issues: 'owners', monitors: 'environments' };

interface Field {
  path: string;
  schema: z.core.$ZodType;
}

/** Every property and list item of a schema, with its nullish still on. */
function walk(schema: z.core.$ZodType, path: string): Field[] {
  const { def } = (bare(schema) as z.core.$ZodTypes)._zod;
  if (def.type === 'array') return [{ path: `${path}[]`, schema: def.element }, ...walk(def.element, `${path}[]`)];
  if (def.type !== 'object') return [];
  return Object.entries(def.shape).flatMap(([name, property]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [{ path: at, schema: property }, ...walk(property, at)];
  });
}

/** What a schema uses that the dialect lacks. */
function foreign(schema: z.core.$ZodType): string[] {
  const { def } = (bare(schema) as z.core.$ZodTypes)._zod;
  const found: string[] = [];
  if (!['object', 'array', 'string', 'number', 'boolean'].includes(def.type)) found.push(def.type);
  if (def.type === 'object') {
    const catchall = def.catchall as z.core.$ZodTypes | undefined;
    if (catchall?._zod.def.type !== 'unknown') found.push('an object that is not loose');
  }
  if ((def.checks?.length ?? 0) > 0) found.push('a check');
  const format = (def as { format?: string }).format;
  if (format !== undefined && format !== 'safeint') found.push(`format ${format}`);
  const { description, format: declared, ...rest } = { ...(bare(schema) as z.ZodType).meta() };
  if (declared !== undefined && declared !== 'date-time') found.push(`format ${String(declared)}`);
  found.push(...Object.keys(rest));
  if (description !== undefined && description.trim() === '') found.push('an empty description');
  return found;
}

const isNullish = (schema: z.core.$ZodType): boolean =>
  [null, undefined].every((nothing) => (schema as z.ZodType).safeParse(nothing).success);

describe.each(streams.map((stream) => [stream.name, stream] as const))('%s', (stream, definition) => {
  const { schema, primaryKey } = definition;
  const fields = walk(schema, '');

  test('uses only the dialect', () => {
    expect(foreign(schema)).toEqual([]);
    for (const { path, schema: field } of fields) expect([path, foreign(field)]).toEqual([path, []]);
  });

  test('has plain keys, and nothing else that must be there', () => {
    const plain = fields
      .filter(({ path, schema: field }) => !path.endsWith('[]') && !isNullish(field))
      .map(({ path }) => path);
    expect(plain.sort()).toEqual(
      [...new Set([...primaryKey, ...askedColumns(definition), ...(alwaysThere[stream] ?? [])])].sort(),
    );
  });

  test('has lists of values, not of nulls', () => {
    expect(fields.filter(({ path, schema: field }) => path.endsWith('[]') && isNullish(field))).toEqual([]);
  });

  test('has names that stay apart in a database, none too long', () => {
    const objects = [schema as z.core.$ZodType, ...fields.map(({ schema: field }) => bare(field))];
    for (const object of objects) {
      const { def } = (object as z.core.$ZodTypes)._zod;
      if (def.type !== 'object') continue;
      const names = Object.keys(def.shape);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      expect(names.filter((name) => name.length > 63)).toEqual([]);
    }
  });

  test.skipIf(stream in undocumented)("has the document's moments, and no others", () => {
    const moments = (all: Record<string, string>) =>
      Object.keys(all).filter((path) => all[path]!.startsWith('date-time'));
    const list = listsHere[stream] ?? 'none';
    const theirs = moments(readFacts().streams[stream]!.fields).map((path) => path.replace(`${list}.`, `${list}[].`));
    const ours = moments(fieldsOf(schema));
    expect(ours.filter((path) => !theirs.includes(path))).toEqual(undocumentedMoments[stream] ?? []);
    expect(theirs.filter((path) => !ours.includes(path))).toEqual([]);
  });
});
