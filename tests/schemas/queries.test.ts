/** The setting `queries`: what it takes, and the sentence for each thing that it refuses. */
import { describe, expect, test } from 'vitest';
import { settings } from '../../src/schemas/config.js';
import { columnOf, fieldsOf, isAggregate, typeOf, typeOfMeta } from '../../src/schemas/config-query-fields.js';
import { readConfig } from '../../src/sdk/cli/config.js';
import { ConfigError } from '../../src/sdk/errors.js';

const good = { name: 'mine', dataset: 'errors', fields: ['title'] };

function read(queries: unknown) {
  const given = { api_token: 'sntrys_0123456789', start_date: '2024-01-01', queries };
  const place = { env: {}, cwd: '/', readFile: () => JSON.stringify(given) };
  return readConfig({ name: 'tap-sentry', settings, sources: ['c.json'], ...place }).config.queries;
}

function problemsOf(queries: unknown): readonly string[] {
  try {
    read(queries);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('a query has no search and no projects unless it names them', () => {
  expect(read([good])).toEqual([{ ...good, query: '', projects: [] }]);
});

test('queries may come as JSON in the environment', () => {
  const env = { TAP_SENTRY_API_TOKEN: 'a'.repeat(20), TAP_SENTRY_START_DATE: '2024-01-01' };
  const { config } = readConfig({
    name: 'tap-sentry',
    settings,
    sources: ['ENV'],
    env: { ...env, TAP_SENTRY_QUERIES: JSON.stringify([good]) },
    cwd: '/',
    readFile: () => {
      throw Object.assign(new Error('none'), { code: 'ENOENT' });
    },
  });

  expect(config.queries.map(({ name }) => name)).toEqual(['mine']);
});

describe('a query is refused', () => {
  const twenty = Array.from({ length: 20 }, (_, n) => `tags[t${n}]`);
  test.each([
    ['of a dataset that Sentry removes', { dataset: 'discover' }, /dataset .* is "discover"; .*use errors or spans\.$/],
    ['of a dataset that Sentry removes', { dataset: 'transactions' }, /removes it: use errors or spans\.$/],
    ['of a dataset that there is not', { dataset: 'replays' }, /should be one of errors, spans, logs, tracemetrics/],
    ['without a dataset', { dataset: undefined }, /^queries\[0\]\.dataset .* is missing/],
    ['with a name that no table has', { name: 'My Errors' }, /is "My Errors"; it should be the name of a stream/],
    ['without fields', { fields: [] }, /should be a list of what to ask for/],
    ['with a text for fields', { fields: 'title' }, /is "title"; it should be a list of what to ask for/],
    ['with too many fields', { fields: twenty }, /at most 20 fields, and has 22 with id, timestamp, which rows are/],
    ['with too many numbers', { fields: ['count()', ...twenty] }, /should have at most 20 fields, and has 21\.$/],
    ['with two fields of one column', { fields: ['a.b', 'a_b'] }, /"a\.b" and "a_b" are both a_b\.$/],
    ['with a column of the tap', { fields: ['data_scanned'] }, /"data_scanned": the tap has a column of that name/],
    ['with a field of signs', { fields: ['()'] }, /should name fields by letters and digits/],
    ['with a project that is none', { projects: ['a b'] }, /should be the slug of a project, such as web/],
    ['with slugs and numbers', { projects: ['web', '17'] }, /should hold slugs, or numbers/],
    ['with a word of ours that there is not', { filter: 'x' }, /filter is not a setting/],
  ])('%s', (_, change, says) => {
    expect(problemsOf([{ ...good, ...change }]).join('\n')).toMatch(says);
  });

  test('with the name of another one', () => {
    expect(problemsOf([good, good])).toEqual([expect.stringMatching(/^queries\[1\]\.name .* another query has it\.$/)]);
  });

  test('with its place in the list', () => {
    expect(problemsOf([good, { ...good, name: 'x', dataset: 'y' }])[0]).toMatch(
      /^queries\[1\]\.dataset \(TAP_SENTRY_Q/,
    );
  });
});

test.each([
  ['count()', 'count'],
  ['p95(span.duration)', 'p95_span_duration'],
  ['issue.id', 'issue_id'],
  ['tags[Plan,number]', 'tags_plan_number'],
  ['equation|count() / 2', 'equation_count_2'],
  ['404', '_404'],
  ['x'.repeat(80), 'x'.repeat(63)],
])('the column of %s is %s', (field, column) => {
  expect(columnOf(field)).toBe(column);
});

test.each([
  ['count()', 'integer'],
  ['count_unique(user)', 'integer'],
  ['failure_count()', 'integer'],
  ['avg(span.duration)', 'number'],
  ['p95(span.duration)', 'number'],
  ['epm()', 'number'],
  ['failure_rate()', 'number'],
  ['max(timestamp)', 'date-time'],
  ['max(span.duration)', 'number'],
  ['last_seen()', 'date-time'],
  ['any(title)', 'string'],
  ['equation|count() / 2', 'number'],
  ['timestamp', 'date-time'],
  ['span.duration', 'number'],
  ['measurements.lcp', 'number'],
  ['value', 'number'],
  ['check_duration_us', 'integer'],
  ['severity_number', 'integer'],
  ['error.handled', 'boolean'],
  ['tags[plan]', 'string'],
  ['tags[size,number]', 'number'],
  ['tags[paid,boolean]', 'boolean'],
  ['issue.id', 'string'],
  ['title', 'string'],
])('%s is %s', (field, type) => {
  expect(typeOf(field)).toBe(type);
});

test.each([
  ['integer', 'integer'],
  ['duration', 'number'],
  ['percentage', 'number'],
  ['date', 'date-time'],
  ['boolean', 'boolean'],
  ['array', 'string'],
])('what the server calls %s is %s', (word, type) => {
  expect(typeOfMeta(word)).toBe(type);
});

test('rows are asked for with what tells them apart and their time, numbers as they are', () => {
  expect(fieldsOf('errors', ['title'])).toEqual(['title', 'id', 'timestamp']);
  expect(fieldsOf('spans', ['id', 'span.op'])).toEqual(['id', 'span.op', 'trace', 'timestamp']);
  expect(fieldsOf('uptime_results', ['region'])).toEqual(['region', 'check_id', 'request_sequence', 'timestamp']);
  expect(fieldsOf('logs', ['count()', 'level'])).toEqual(['count()', 'level']);
  expect(isAggregate('tags[a(b)]')).toBe(false);
});
