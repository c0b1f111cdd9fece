/** What every stream keeps to; a new one gets all of it for nothing. */
import { readdirSync } from 'node:fs';
import type * as z from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedColumns, formOf, readExamples, readFacts } from '../../scripts/api-document.js';
import { undocumented } from '../../scripts/field-differences.js';
import { type JsonSchema, rowSchema } from '../../src/sdk/singer/json-schema.js';
import { streams } from '../../src/streams/index.js';
import { select } from '../support/compare.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { runTap } from '../support/tap-process.js';

type Row = Record<string, unknown>;

const examples = readExamples().streams;
/** Paths of the API's document, without the names of their variables. */
const documented = new Set(Object.values(readFacts().streams).map(({ path }) => formOf(path)));

describe.each(streams.map((stream) => [stream.name, stream] as const))('%s', (name, stream) => {
  const schema = rowSchema(stream.schema, stream.primaryKey);

  test('is named in snake case, and said in a sentence', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(stream.summary).toMatch(/^[A-Z].*\.$/s);
  });

  test("asks a path of the API's document, or says why it is not there", () => {
    expect(documented.has(formOf(stream.path))).toBe(!(name in undocumented));
    expect(stream.path).toMatch(/\/$|\/scim\//); // SCIM's paths end without a slash
  });

  test('has keys in its schema that are never null, and a replication key that is a time', () => {
    expect(stream.primaryKey.length).toBeGreaterThan(0);
    for (const key of stream.primaryKey) {
      const column = stream.schema.shape[key] as z.ZodType | undefined;
      const refused = [null, undefined, {}].map((value) => column?.safeParse(value).success);
      expect([key, ...refused]).toEqual([key, false, false, false]);
    }
    if (stream.replicationKey)
      expect(schema.properties?.[stream.replicationKey]).toMatchObject({
        type: stream.primaryKey.includes(stream.replicationKey) ? 'string' : ['string', 'null'],
        format: 'date-time',
      });
  });

  test("with a window has a replication key, and a query that stays within the server's offsets", () => {
    if (!stream.window) return;
    expect(stream.replicationKey).toBeDefined();
    expect(stream.window.maxRows).toBeLessThan(10_000);
  });

  test('fills the columns that say where it was asked for, and has them in no other place', () => {
    const variables = [...stream.path.matchAll(/\{(\w+)\}/g)].map(([, variable = '']) => variable);
    expect(askedColumns(stream).filter((column) => !variables.includes(column))).toEqual([]);
  });

  test('says what it costs or does in sentences', () => {
    if (stream.caution !== undefined) expect(stream.caution).toMatch(/^[A-Z].*\.$/s);
  });

  test('has a schema of the one dialect', () => {
    expect(strangers(schema, stream.primaryKey)).toEqual([]);
  });
});

const areaFiles = readdirSync(new URL('../../src/streams', import.meta.url)).filter(
  (file) => file.endsWith('.ts') && file !== 'index.ts' && file !== 'define.ts',
);

test('every stream is an export of its area under its own name', async () => {
  const areas = await Promise.all(
    areaFiles.map((area) => import(`../../src/streams/${area}`) as Promise<Record<string, { name: string }>>),
  );
  for (const area of areas) for (const [name, stream] of Object.entries(area)) expect(stream.name).toBe(name);
  expect(areas.flatMap((area) => Object.keys(area)).sort()).toEqual(streams.map(({ name }) => name).sort());
});

test('names are given once', () => {
  expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
});

describe('the rows of the document', () => {
  let server: Loopback;
  let rows: Map<string, Row[]>;
  let stderr = '';

  beforeAll(async () => {
    server = await loopback(({ url }, response) => {
      const answer = answerTo(url.pathname);
      if (answer === undefined)
        sendJson(response, { detail: 'The requested resource does not exist' }, { status: 404 });
      else sendJson(response, answer, { headers: { link: lastPage } });
    });
    const run = await runTap({
      config: {
        api_token: 'a-token-of-length',
        organization: 'acme',
        base_url: server.url.href,
        start_date: '2000-01-01',
        tag_keys: ['flavors'],
      },
      catalog: select(...streams.map(({ name }) => name)),
    });
    stderr = run.stderr;
    rows = new Map();
    for (const line of run.stdout.trimEnd().split('\n')) {
      const { type, stream, record } = JSON.parse(line) as { type: string; stream: string; record: Row };
      if (type === 'RECORD') rows.set(stream, [...(rows.get(stream) ?? []), record]);
    }
  });

  afterAll(() => server[Symbol.asyncDispose]());

  test.each(streams.filter(({ name }) => (examples[name] ?? []).length > 0).map((stream) => [stream.name, stream]))(
    'of %s pass through the tap unchanged, with the columns that say where they were asked for',
    (name, stream) => {
      const columns = [...askedColumns(stream), ...(name === 'trace_item_attributes' ? ['itemType'] : [])];
      const sent = rowsOf(name).map((row) => asItLeaves(name, row));
      const got = rows.get(name) ?? [];

      expect(got.length, stderr).toBeGreaterThanOrEqual(sent.length);
      expect(got.filter((row) => columns.some((column) => typeof row[column] !== 'string'))).toEqual([]);
      const own = Object.keys(sent[0] ?? {});
      const bare = got.map((row) =>
        without(
          row,
          columns.filter((column) => !own.includes(column)),
        ),
      );
      expect(distinct(bare)).toEqual(distinct(sent));
    },
  );
});

/** The document's rows, and what some lack that every server sends. */
function rowsOf(name: string): Row[] {
  const more: Record<string, Row> = {
    organization: { slug: 'acme' },
    projects: { firstEvent: '2018-11-06T21:19:58.536Z' }, // else its events are not asked for
    releases: { commitCount: 1 }, // nor its commits
    release_threshold_statuses: { id: '1' },
    issue_detail: { tags: [{ key: 'flavors', name: 'Flavors', totalValues: 3 }] }, // nor these
  };
  return (examples[name] ?? []).map((row) => ({ ...row, ...more[name] }));
}

/** Rows whose columns have another type in the document, or become text. */
const changes: Record<string, (row: Row) => Row> = {
  issues: ({ owners, ...row }) => ({ ...row, ...(owners ? { owners: [owners].flat() } : {}) }),
  project_filters: ({ active, ...row }) => ({ ...row, active: JSON.stringify(active) }),
  replays: ({ started_at, finished_at, ...row }) => ({
    ...row,
    started_at: `${String(started_at)}Z`,
    finished_at: `${String(finished_at)}Z`,
  }),
  workflows: (row) => JSON.parse(JSON.stringify(row, comparisonAsText)) as Row,
};

const asItLeaves = (name: string, row: Row): Row => changes[name]?.(row) ?? row;

const comparisonAsText = (key: string, value: unknown): unknown =>
  key === 'comparison' ? JSON.stringify(value) : value;

const without = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name)));

/** Each row once, in no order: what is asked for several rows of a parent shows the same rows. */
const distinct = (list: readonly Row[]): Row[] => {
  const sorted = list.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
  return [...new Set(sorted)].map((text) => Object.fromEntries(JSON.parse(text) as [string, unknown][]));
};

/** Said with every answer: no page follows. */
const lastPage = '<http://sentry/>; rel="next"; results="false"; cursor="0:100:0"';

const byPath = streams.map((stream) => {
  const path = stream.path.replace('{organization}', 'acme').replace(/\{\w+\}/g, '[^/]+');
  return { stream, form: new RegExp(`^/api/0${path}$`) };
});

/** The server of the document: each path answers with its example, whatever its ids are. */
function answerTo(path: string): unknown {
  const stream = byPath.find(({ form }) => form.test(path))?.stream;
  if (!stream) return undefined;
  const sent = rowsOf(stream.name);
  if (stream.answer === 'object') return sent[0];
  return typeof stream.records === 'function' ? bodyOf(stream.records, sent) : sent;
}

/** An object that holds rows where the definition looks for them: under a name, or under every name. */
function bodyOf(records: (body: Row) => unknown, rows: readonly Row[]): Row {
  const place = records(new Proxy({}, { get: (_, name) => name }));
  return { [typeof place === 'string' ? place : 'all']: rows };
}

/** Places where a schema leaves the dialect that loads everywhere. */
function strangers(schema: JsonSchema, keys: readonly string[], at = ''): string[] {
  const allowed = new Set(['type', 'format', 'description', 'properties', 'items', 'additionalProperties']);
  const own = Object.keys(schema)
    .filter((word) => !allowed.has(word))
    .map((word) => `${at}: ${word}`);
  const plain = typeof schema.type === 'string' && (at === '' || keys.includes(at));
  const nullable = Array.isArray(schema.type) && schema.type.length === 2 && schema.type[1] === 'null';
  if (!plain && !nullable) own.push(`${at}: type ${JSON.stringify(schema.type)}`);
  if (schema.format !== undefined && schema.format !== 'date-time') own.push(`${at}: format`);
  if (schema.type?.includes('array') && !schema.items) own.push(`${at}: list of anything`);
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    strangers(property, keys, at === '' ? name : `${at}.${name}`),
  );
  return [...own, ...below, ...(schema.items ? strangers(schema.items, [], `${at}[]`) : [])];
}
