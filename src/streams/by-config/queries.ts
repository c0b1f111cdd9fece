/**
 * The user's own queries of Explore, each a stream. Rows are read in windows of a day, oldest first. What is counted
 * over many rows has a row for each day and group, and the newest days are read again while their numbers grow.
 */
import * as z from 'zod';
import { timestamp } from '../../schemas/common.js';
import type { Config } from '../../schemas/config.js';
import { type Query, isNumber } from '../../schemas/config-queries.js';
import {
  type FieldType,
  columnOf,
  datasets,
  fieldsOf,
  isAggregate,
  mostFields,
  typeOf,
  typeOfMeta,
} from '../../schemas/config-query-fields.js';
import { ConfigError, type Params, type Row, type StreamDefinition, day, minute, second } from '../../sdk/index.js';
import { defineStream } from '../define.js';
import { everyProject, optionalEveryProject, organization } from '../scopes/organization.js';

type Definition = StreamDefinition<never, Config>;

/** The streams of the settings. @throws ConfigError when one has the name of another stream. */
export function queryStreams(
  { queries }: { readonly queries: readonly Query[] },
  taken: ReadonlySet<string>,
): Definition[] {
  const problems = queries.flatMap(({ name }, index) =>
    taken.has(name)
      ? [
          `queries[${index}].name (TAP_SENTRY_QUERIES) is "${name}"; it should be another name: the tap has a stream ` +
            'of that name.',
        ]
      : [],
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return queries.map(queryStream);
}

/** The stream of a query. */
export function queryStream(query: Query): Definition {
  const fields = fieldsOf(query.dataset, query.fields);
  const isCounted = fields.some(isAggregate);
  const { name, dataset, query: search } = query;
  return defineStream({
    name,
    summary: `Rows of ${dataset} that the setting queries asks for.`,
    path: '/organizations/{organization}/events/',
    scope: organization,
    permission: 'org:read',
    optionalParam: optionalEveryProject,
    records: recordsOf,
    warnings: (body) => warningsOf(body, fields, isCounted),
    ...(isCounted ? countedPart(query, fields) : rowPart(query, fields)),
    params: ({ project_slugs }) => ({
      dataset,
      field: fields,
      sort: isCounted ? groupsOf(fields) : sortOf(query),
      ...(search === '' ? {} : { query: search }),
      ...projectParams(query.projects.length > 0 ? query.projects : project_slugs),
    }),
  }) as unknown as Definition;
}

const params = (range: { start: string; end: string }) => range;
const shownRows = 10_000; // the server shows no more of one list
const mostRows = 9_000;

/** What makes a stream of single rows. */
function rowPart({ dataset }: Query, fields: readonly string[]) {
  const { key, days } = datasets[dataset];
  const isKey = (field: string): boolean => key.some((one) => one === field);
  const shape = Object.fromEntries(fields.map((field) => [columnOf(field), columnFor(field, isKey(field))]));
  return {
    schema: z.looseObject({ ...shape, data_scanned: scanned }) as z.ZodObject,
    primaryKey: key.map(columnOf),
    replicationKey: 'timestamp',
    row: (row: Row): Row => ({
      ...columnsOf(fields, row),
      ...('request_sequence' in row ? { request_sequence: row['request_sequence'] ?? 0 } : {}),
      data_scanned: row['data_scanned'],
    }),
    window: {
      params,
      intervals: { length: second, most: day / second, kept: days * day, mostRows },
      maxRows: shownRows,
      lag: 10 * minute,
    },
    lookback: ({ lookback }: Config) => lookback,
  };
}

/** What makes a stream of numbers: a row for each day and group. Groups are part of the key, so that they are texts. */
function countedPart({ dataset }: Query, fields: readonly string[]) {
  const groups = groupsOf(fields);
  const shape = fields.map((field) => [
    columnOf(field),
    groups.includes(field) ? groupColumn(field) : columnFor(field),
  ]);
  return {
    schema: z.looseObject({
      interval_start: timestamp.describe('the day that was counted'),
      ...Object.fromEntries(shape),
      data_scanned: scanned,
    }) as z.ZodObject,
    primaryKey: ['interval_start', ...groups.map(columnOf)],
    replicationKey: 'interval_start',
    row: (row: Row, _context: unknown, { start }: Params): Row => ({
      interval_start: start,
      ...columnsOf(fields, row),
      ...Object.fromEntries(groups.map((field) => [columnOf(field), row[field] ?? ''])),
      data_scanned: row['data_scanned'],
    }),
    window: {
      params,
      intervals: { length: day, most: 1, kept: datasets[dataset].days * day, mostRows },
      maxRows: shownRows,
    },
    lookback: () => 2 * day,
  };
}

const groupsOf = (fields: readonly string[]): string[] => fields.filter((field) => !isAggregate(field));
const sortOf = ({ dataset }: Query): string[] => ['timestamp', ...datasets[dataset].key];

const columnsOf = (fields: readonly string[], row: Row): Row =>
  Object.fromEntries(fields.map((field) => [columnOf(field), row[field]]));

const scanned = z.string().nullish().describe('partial: the server looked at a sample of the rows; full: at all');

const types: Readonly<Record<FieldType, () => z.ZodType>> = {
  string: () => z.string(),
  integer: () => z.int(),
  number: () => z.number(),
  boolean: () => z.boolean(),
  'date-time': () => timestamp,
};

function columnFor(field: string, isKey = false): z.ZodType {
  const type = types[typeOf(field)]();
  return (isKey ? type : type.nullish()).describe(field);
}

const groupColumn = (field: string): z.ZodType => z.string().describe(`${field}; empty: none`);

/** Projects by number, or by slug; none: all. */
function projectParams(projects: readonly string[]): Params {
  if (projects.length === 0) return everyProject;
  return projects.every(isNumber) ? { project: projects } : { projectSlug: projects };
}

/** The rows of an answer, each with what the answer says of all. */
function recordsOf({ data, meta }: Row): unknown {
  const { dataScanned } = (meta ?? {}) as Row;
  return Array.isArray(data) ? data.map((row: Row) => ({ ...row, data_scanned: dataScanned })) : data;
}

const sampled =
  'the server looked at a sample of older rows (dataScanned: partial), which the column data_scanned names';

/** What an answer says of itself: that it is a sample, and that fields have other types than their names tell. */
function warningsOf({ meta }: Row, fields: readonly string[], isCounted: boolean): string[] {
  const { dataScanned, fields: said } = (meta ?? {}) as Row;
  const words = Object.entries((said ?? {}) as Record<string, unknown>);
  const others = words.flatMap(([field, word]) => {
    const isText = isCounted && !isAggregate(field);
    if (!fields.includes(field) || typeof word !== 'string' || isText) return [];
    return differenceOf(field, typeOf(field), typeOfMeta(word));
  });
  return [...(dataScanned === 'partial' ? [sampled] : []), ...others.slice(0, mostFields)];
}

/** Whole numbers are numbers, and ids are texts here, as in all streams. */
function differenceOf(field: string, ours: FieldType, theirs: FieldType): string[] {
  const isSame = ours === theirs || (ours === 'number' && theirs === 'integer') || /(^|[._])id$/.test(field);
  return isSame ? [] : [`the server says that ${field} is ${theirs}; its values are fitted into a column of ${ours}`];
}
