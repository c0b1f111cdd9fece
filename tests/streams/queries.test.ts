/** From a query to a stream: keys, parameters, rows, and what is said of an answer. */
import { listIn } from '../../src/sdk/rest/answer.js';
import { describe, expect, test } from 'vitest';
import { type Config, settings } from '../../src/schemas/config.js';
import { type Query } from '../../src/schemas/config-queries.js';
import type { Dataset } from '../../src/schemas/config-query-fields.js';
import { rowSchema } from '../../src/sdk/singer/json-schema.js';
import { queryStream, queryStreams } from '../../src/streams/by-config/queries.js';

const config = (more: object = {}): Config =>
  settings.parse({ api_token: 'sntrys_0123456789', start_date: '2024-01-01', ...more });
const query = (more: Partial<Query> = {}): Query => {
  return { name: 'mine', dataset: 'errors', fields: ['title'], query: '', projects: [], ...more };
};
const streamOf = (more: Partial<Query> = {}) => queryStream(query(more));
const paramsOf = (more: Partial<Query> = {}, own: object = {}) => streamOf(more).params?.(config(own));
const counted = { fields: ['count()', 'release', 'issue.id'] };

describe('the key of a query', () => {
  test.each<[Dataset, string[]]>([
    ['errors', ['id']],
    ['spans', ['trace', 'id']],
    ['logs', ['trace', 'id']],
    ['tracemetrics', ['trace', 'id']],
    ['profile_functions', ['trace', 'id']],
    ['uptime_results', ['check_id', 'request_sequence']],
  ])('of %s is %j', (dataset, key) => {
    const { primaryKey, replicationKey } = streamOf({ dataset });
    expect([primaryKey, replicationKey]).toEqual([key, 'timestamp']);
  });

  test('that counts is the day and its groups', () => {
    const { primaryKey, replicationKey } = streamOf(counted);
    expect([primaryKey, replicationKey]).toEqual([['interval_start', 'release', 'issue_id'], 'interval_start']);
  });
});

describe('a query asks', () => {
  test('for its fields, oldest first, in all projects', () => {
    expect(paramsOf({ query: 'level:error' })).toEqual({
      dataset: 'errors',
      field: ['title', 'id', 'timestamp'],
      sort: ['timestamp', 'id'],
      query: 'level:error',
      project: '-1',
    });
  });

  test('for its projects, or else for those of the settings', () => {
    const own = { project_slugs: ['api'] };
    expect(paramsOf({ projects: ['web'] }, own)).toMatchObject({ projectSlug: ['web'] });
    expect(paramsOf({ projects: ['web'] }, own)).not.toHaveProperty('project');
    expect(paramsOf({ projects: ['17'] }, own)).toMatchObject({ project: ['17'] });
    expect(paramsOf({}, own)).toMatchObject({ projectSlug: ['api'] });
  });

  test('for what the dataset keeps', () => {
    const kept = (dataset: Dataset) => (streamOf({ dataset }).window?.intervals?.kept ?? 0) / 86_400_000;
    expect([kept('errors'), kept('spans'), kept('logs'), kept('uptime_results')]).toEqual([90, 30, 30, 90]);
  });
});

describe('a row', () => {
  const rowOf = (more: Partial<Query>, row: object) =>
    streamOf(more).row?.(
      row as never,
      {},
      { start: '2026-11-01T00:00:00Z' },
      { config: {} as never, alias: undefined },
    );

  test('has the columns of its fields', () => {
    expect(
      rowOf({ fields: ['issue.id'] }, { 'issue.id': 7, id: 'a', timestamp: 't', data_scanned: 'full', x: 1 }),
    ).toEqual({
      issue_id: 7,
      id: 'a',
      timestamp: 't',
      data_scanned: 'full',
    });
  });

  test('of numbers has its day, and an empty text for no group', () => {
    expect(rowOf(counted, { 'count()': 3, release: null, 'issue.id': 7 })).toEqual({
      interval_start: '2026-11-01T00:00:00Z',
      count: 3,
      release: '',
      issue_id: 7,
      data_scanned: undefined,
    });
  });

  test('of an uptime check that was one request is its first', () => {
    const row = { check_id: 'c', request_sequence: null, timestamp: 't', region: 'us' };
    expect(rowOf({ dataset: 'uptime_results', fields: ['region'] }, row)).toMatchObject({ request_sequence: 0 });
  });

  test('says whether the server looked at all rows', () => {
    const { records = '' } = streamOf();
    expect(listIn({ data: [{ id: 'a' }], meta: { dataScanned: 'partial' } }, records)).toEqual([
      { id: 'a', data_scanned: 'partial' },
    ]);
  });

  test('has types that targets know', () => {
    const { schema, primaryKey } = streamOf({ fields: ['count()', 'p50(span.duration)', 'release', 'max(timestamp)'] });
    expect(rowSchema(schema, primaryKey).properties).toMatchObject({
      interval_start: { type: 'string', format: 'date-time' },
      count: { type: ['integer', 'null'] },
      p50_span_duration: { type: ['number', 'null'] },
      release: { type: 'string' },
      max_timestamp: { type: ['string', 'null'], format: 'date-time' },
      data_scanned: { type: ['string', 'null'] },
    });
  });
});

describe('of an answer is said', () => {
  const said = (meta: object, more: Partial<Query> = {}) =>
    streamOf(more).warnings?.({ data: [], meta: meta as never });

  test('that it is a sample', () => {
    expect(said({ dataScanned: 'partial' })).toEqual([expect.stringContaining('a sample of older rows')]);
    expect(said({ dataScanned: 'full' })).toEqual([]);
  });

  test('which field has another type than its name tells', () => {
    const fields = { title: 'number', id: 'string', timestamp: 'date', other: 'integer' };
    expect(said({ fields })).toEqual([
      'the server says that title is number; its values are fitted into a column of string',
    ]);
  });

  test('nothing of ids, of whole numbers, and of groups', () => {
    expect(said({ fields: { 'issue.id': 'integer' } }, { fields: ['issue.id'] })).toEqual([]);
    expect(said({ fields: { 'avg(value)': 'integer' } }, { fields: ['avg(value)'] })).toEqual([]);
    expect(said({ fields: { 'count()': 'integer', release: 'integer' } }, counted)).toEqual([]);
  });
});

test('a query with the name of a stream of the tap is refused', () => {
  const taken = new Set(['issues']);
  expect(() => queryStreams({ queries: [query(), query({ name: 'issues' })] }, taken)).toThrow(
    'queries[1].name (TAP_SENTRY_QUERIES) is "issues"; it should be another name: the tap has a stream of that name.',
  );
});
