import { describe, expect, test } from 'vitest';
import { type Facts, extract, formOf, readFacts, streams, writeFacts } from '../../scripts/api-document.js';
import { compare, faults, fieldsOf } from '../../scripts/check-fields.js';
import { differences, undocumented } from '../../scripts/field-differences.js';
import { streams as definitions } from '../../src/streams/index.js';

const facts = readFacts();

test('every stream has the facts of its own path or a reason why there are none, and there are no others', () => {
  const named = [...Object.keys(facts.streams), ...Object.keys(undocumented)];
  expect(named.sort()).toEqual(definitions.map(({ name }) => name).sort());
  expect(Object.entries(facts.streams).map(([stream, { path }]) => [stream, formOf(path)])).toEqual(
    Object.entries(streams).map(([stream, { path }]) => [stream, formOf(path)]),
  );
});

test('facts are written as they are read', () => {
  expect(JSON.parse(writeFacts(facts))).toEqual(facts);
});

test('every field of the document is in the schema, with its type, or listed with a reason', () => {
  expect(faults(compare(facts))).toEqual([]);
});

test('every reason says something', () => {
  const reasons = [
    ...Object.values(differences)
      .flat()
      .map(({ reason }) => reason),
    ...Object.values(undocumented),
  ];
  for (const reason of reasons) expect(reason.length).toBeGreaterThan(10);
});

test('the document knows the keys that the streams rely on', () => {
  expect(facts.streams['projects']?.fields).toMatchObject({ id: 'string', 'teams[].id': 'string' });
  expect(facts.streams['releases']?.fields).toMatchObject({
    id: 'integer',
    version: 'string',
    dateCreated: 'date-time',
  });
  expect(facts.streams['issues']?.fields).toMatchObject({ id: 'string', count: 'string', lastSeen: 'date-time' });
  expect(facts.streams['events']?.fields).toMatchObject({
    eventID: 'string',
    'event.type': 'string',
    dateCreated: 'date-time',
  });
});

describe('a fault is found:', () => {
  const changed = (change: (fields: Record<string, string>) => void): string[] => {
    const copy = structuredClone(facts) as Facts;
    change(copy.streams['teams']!.fields);
    return faults(compare(copy));
  };

  test('a field of the document that is missing', () => {
    expect(
      changed((fields) => {
        fields['projects[].motto'] = 'string';
      }),
    ).toEqual(['teams: projects[].motto is missing']);
  });

  test('a field of ours that the document does not have', () => {
    expect(
      changed((fields) => {
        delete fields['memberCount'];
      }),
    ).toEqual(['teams: memberCount is not in the document']);
  });

  test('another type', () => {
    expect(
      changed((fields) => {
        fields['memberCount'] = 'string';
      }),
    ).toEqual(['teams: memberCount is string in the document, integer in ours']);
  });

  test('a listed difference that is gone', () => {
    const copy = structuredClone(facts) as Facts;
    copy.streams['users']!.fields['role'] = 'string';
    expect(faults(compare(copy))).toEqual(['users: role is listed as a difference and is none']);
  });
});

describe('reading the document:', () => {
  const answer = (schema: object, examples: object) => ({
    get: { operationId: 'get', responses: { 200: { content: { 'application/json': { schema, examples } } } } },
  });
  const row = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      made: { type: 'string', format: 'date-time', nullable: true },
      who: { allOf: [{ $ref: '#/components/schemas/Who' }], nullable: true },
      either: {
        anyOf: [{ $ref: '#/components/schemas/Who' }, { type: 'object', properties: { mail: { type: 'string' } } }],
      },
      odd: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      open: { type: 'object', additionalProperties: { type: 'string' } },
      pairs: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
      anything: {},
    },
  };
  const examples = { one: { value: [{ id: '1' }, { id: '2' }] } };
  const pathOf = (stream: string): string => `/api/0${streams[stream]?.path}`;
  /** Routes whose rows are not the body. */
  const list = { type: 'array', items: row };
  const odd = {
    [pathOf('replay_deletion_jobs')]: answer(
      { type: 'object', properties: { next: { type: 'string' }, data: list } },
      { one: { value: { next: '', data: [{ id: 3 }] } } },
    ),
    [pathOf('release_threshold_statuses')]: answer(
      { type: 'object', additionalProperties: list },
      { one: { value: { a: [{ id: '4' }], b: [{ id: '5' }, { id: '6' }] } } },
    ),
    [pathOf('integration_providers')]: answer({ properties: { providers: list } }, {}),
  };
  const document = (body: object) =>
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'T', version: 'v1' },
      components: { schemas: { Who: { type: 'object', properties: { name: { type: 'string' } } } } },
      paths: {
        ...Object.fromEntries(Object.values(streams).map(({ path }) => [`/api/0${path}`, answer(body, examples)])),
        ...odd,
      },
    });

  test('references, alternatives, maps and lists', () => {
    const { facts: read, examples: rows } = extract(document({ type: 'array', items: row }));
    expect(read.streams['teams']?.fields).toEqual({
      anything: 'any',
      either: 'object',
      'either.mail': 'string',
      'either.name': 'string',
      id: 'string',
      made: 'date-time',
      odd: 'mixed',
      open: 'object',
      pairs: 'number[][]',
      who: 'object',
      'who.name': 'string',
    });
    expect(rows.streams['teams']).toEqual([{ id: '1' }, { id: '2' }]);
  });

  test('rows that stand in a property, or in many', () => {
    const { facts: read, examples: rows } = extract(document({ type: 'array', items: row }));
    const names = ['replay_deletion_jobs', 'release_threshold_statuses', 'integration_providers'];
    for (const name of names) expect(read.streams[name]?.fields).toEqual(read.streams['teams']?.fields);
    expect(names.map((name) => rows.streams[name])).toEqual([[{ id: 3 }], [{ id: '4' }, { id: '5' }, { id: '6' }], []]);
  });

  test('a route that is gone is said', () => {
    expect(() => extract('{"openapi":"3","info":{},"paths":{}}')).toThrow('the document has no GET /api/0/');
  });
});

test('our fields are read the same way', () => {
  const { schema } = streams['releases']!;
  expect(fieldsOf(schema)).toMatchObject({
    id: 'integer',
    data: 'object',
    authors: 'object[]',
    'authors[].emails[].email': 'string',
    dateCreated: 'date-time',
  });
});
