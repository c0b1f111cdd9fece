/** What every stream keeps to; a new one gets all of it for nothing. */
import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonSchema, rowSchema } from '../../src/sdk/singer/json-schema.js';
import { streams } from '../../src/streams/index.js';
import { select } from '../support/compare.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { runTap } from '../support/tap-process.js';

type Row = Record<string, unknown>;

const facts = (name: string): { streams: Record<string, unknown> } =>
  JSON.parse(readFileSync(new URL(`../facts/${name}.json`, import.meta.url), 'utf8')) as {
    streams: Record<string, unknown>;
  };
const fields = facts('api-fields').streams as Record<string, { path: string }>;
const examples = facts('api-examples').streams as Record<string, Row[]>;

/** The document's path, its variables named as ours. */
const documented = new Set(Object.values(fields).map(({ path }) => shapeOf(path.replace(/^\/api\/0/, ''))));

function shapeOf(path: string): string {
  return path.replace(/\{[^}]+\}/g, '{}');
}

describe.each(streams.map((stream) => [stream.name, stream] as const))('%s', (name, stream) => {
  const schema = rowSchema(stream.schema, stream.primaryKey);

  test('is named in snake case, and said in a sentence', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(stream.summary).toMatch(/^[A-Z].*\.$/s);
  });

  test("asks a path of the API's document", () => {
    expect(documented).toContain(shapeOf(stream.path));
    expect(stream.path.endsWith('/')).toBe(true);
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
        type: ['string', 'null'],
        format: 'date-time',
      });
  });

  test("with a window has a replication key, and a query that stays within the server's offsets", () => {
    if (!stream.window) return;
    expect(stream.replicationKey).toBeDefined();
    expect(stream.window.maxRows).toBeLessThan(10_000);
  });

  test('has a schema of the one dialect', () => {
    expect(strangers(schema, stream.primaryKey)).toEqual([]);
  });
});

test('every stream is an export of its area under its own name', async () => {
  const areas = await Promise.all(
    ['events', 'issues', 'people', 'project-config', 'projects', 'releases'].map(
      (area) => import(`../../src/streams/${area}.ts`) as Promise<Record<string, { name: string }>>,
    ),
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
      else sendJson(response, answer);
    });
    const run = await runTap({
      config: {
        api_token: 'a-token-of-length',
        organization: 'acme',
        base_url: server.url.href,
        start_date: '2000-01-01',
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

  test.each(Object.keys(examples).filter((name) => streams.some((stream) => stream.name === name)))(
    'of %s pass through the tap unchanged',
    (name) => {
      const sent = examples[name] ?? [];

      expect(rows.get(name), stderr).toHaveLength(sent.length);
      expect(rows.get(name)).toEqual(sent.map((row) => (name === 'issues' ? ownersAsList(row) : row)));
    },
  );
});

/** The document's list of issues has one owner where every server sends a list. */
const ownersAsList = (row: Row): Row =>
  row['owners'] === undefined || row['owners'] === null || Array.isArray(row['owners'])
    ? row
    : { ...row, owners: [row['owners']] };

/** The server of the document: each path answers with its example, whatever its ids are. */
function answerTo(path: string): unknown {
  const at = path.replace(/^\/api\/0/, '');
  const lists: [RegExp, string][] = [
    [/^\/organizations\/acme\/projects\/$/, 'projects'],
    [/^\/organizations\/acme\/teams\/$/, 'teams'],
    [/^\/organizations\/acme\/(users|members)\/$/, 'users'],
    [/^\/organizations\/acme\/releases\/$/, 'releases'],
    [/^\/organizations\/acme\/issues\/$/, 'issues'],
    [/^\/organizations\/acme\/issues\/[^/]+\/events\/$/, 'issue_events'],
    [/^\/projects\/acme\/[^/]+\/events\/$/, 'events'],
  ];
  const objects: [RegExp, string][] = [
    [/^\/projects\/acme\/[^/]+\/$/, 'project_detail'],
    [/^\/organizations\/acme\/releases\/[^/]+\/$/, 'release'],
    [/^\/organizations\/acme\/issues\/[^/]+\/$/, 'issue_detail'],
    [/^\/projects\/acme\/[^/]+\/events\/[^/]+\/$/, 'event_detail'],
  ];
  if (at === '/organizations/acme/') return { slug: 'acme' };
  const list = lists.find(([form]) => form.test(at))?.[1];
  if (list) return examples[list] ?? [];
  const object = objects.find(([form]) => form.test(at))?.[1];
  return object ? examples[object]?.[0] : undefined;
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
