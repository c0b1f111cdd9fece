import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/sdk/errors.js';
import { catalogEntry, parseCatalog, parseJsonFile, rootMetadata } from '../../../src/sdk/singer/catalog.js';

const schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    at: { type: ['string', 'null'], format: 'date-time' },
    user: { type: ['object', 'null'], properties: { name: {} } },
  },
};

describe('a discovered entry', () => {
  test('tells keys, replication and what may be chosen, the root last', () => {
    const entry = catalogEntry({
      name: 's',
      schema,
      keyProperties: ['id'],
      replicationKey: 'at',
      selectedByDefault: true,
    });

    expect(entry).toMatchObject({
      tap_stream_id: 's',
      stream: 's',
      replication_key: 'at',
      replication_method: 'INCREMENTAL',
      key_properties: ['id'],
    });
    expect(entry.metadata.map(({ breadcrumb, metadata }) => [breadcrumb.join('.'), metadata['inclusion']])).toEqual([
      ['properties.id', 'automatic'],
      ['properties.at', 'automatic'],
      ['properties.user', 'available'],
      ['properties.user.properties.name', 'available'],
      ['', 'available'],
    ]);
    expect(rootMetadata(entry)).toEqual({
      inclusion: 'available',
      'selected-by-default': true,
      'table-key-properties': ['id'],
      'replication-key': 'at',
      'valid-replication-keys': ['at'],
    });
  });

  test('without replication key is a full table', () => {
    const entry = catalogEntry({ name: 's', schema, keyProperties: ['id'], selectedByDefault: false });

    expect(entry.replication_method).toBe('FULL_TABLE');
    expect(entry).not.toHaveProperty('replication_key');
  });
});

describe('a catalog that comes in', () => {
  const parse = (value: unknown) =>
    parseCatalog(typeof value === 'string' ? value : JSON.stringify(value), 'catalog.json');

  test('may lack everything but the name', () => {
    expect(parse({ streams: [{ stream: 's' }] }).streams[0]).toMatchObject({
      tap_stream_id: 's',
      schema: {},
      metadata: [],
    });
  });

  test('may begin with a byte-order mark', () => {
    expect(parse('\uFEFF{"streams":[]}').streams).toEqual([]);
  });

  test.each([
    ['[]', /no catalog: an object with a list "streams"/],
    ['{}', /Make one with --discover/],
    ['{"streams":{}}', /list "streams"/],
    ['{"streams":[1]}', /streams\[0\]: an object is expected/],
    ['{"streams":[{}]}', /streams\[0\]: "tap_stream_id" is missing/],
    ['{"streams":[{"stream":"s","schema":[]}]}', /streams\[0\] \(s\): "schema" is not an object/],
    ['{"streams":[{"stream":"s","metadata":{}}]}', /"metadata" is not a list/],
    ['{"streams":[{"stream":"s","metadata":[{"breadcrumb":[]}]}]}', /metadata\[0\] needs/],
    ['{"streams":[{"stream":"s","metadata":[{"metadata":{}}]}]}', /metadata\[0\] needs/],
    ['{"streams":[{"stream":"s","key_properties":"id"}]}', /"key_properties" is not a list of names/],
    ['{"streams":[{"stream":"s","key_properties":[1]}]}', /"key_properties" is not a list of names/],
    ['', /not valid JSON/],
    ['{"streams":[', /not valid JSON/],
  ])('and is wrong is an error that says where: %s', (text, message) => {
    expect(() => parse(text)).toThrow(InputError);
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(/^catalog\.json/);
  });
});

describe('a JSON file that is none', () => {
  test.each([
    ['{\n  "a": 1,\n  "b": x\n}', 3, 8],
    ["{'a': 1}", 1, 2],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1\n"b": 2}', 2, 1],
    ['[1, 2', 1, 6],
    ['{"a": True}', 1, 7],
    ['{"a": 1} trailing', 1, 10],
  ])('is named with line and column: %j', (text, line, column) => {
    expect(() => parseJsonFile(text, 'c.json', 'config')).toThrow(
      `c.json: the config is not valid JSON at line ${line}, column ${column}.`,
    );
  });

  test('and empty is said to be so', () => {
    expect(() => parseJsonFile(' \n', 'c.json', 'config')).toThrow(
      'c.json: the config is not valid JSON: it is empty.',
    );
  });

  test('with comments is told that there are none in JSON', () => {
    expect(() => parseJsonFile('{\n  "a": 1, // the first\n}', 'c.json', 'config')).toThrow(/JSON has no comments/);
  });
});
