/** What a catalog that comes in makes of a stream's own entry. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/sdk/errors.js';
import { type CatalogEntry, catalogEntry, parseCatalog } from '../../../src/sdk/singer/catalog.js';
import { mergeEntry } from '../../../src/sdk/singer/merge-entry.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { type Metadata, selection } from '../../../src/sdk/singer/selection.js';

const own = catalogEntry({
  name: 's',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      number: { type: 'integer' },
      at: { type: ['string', 'null'], format: 'date-time' },
      name: { type: ['string', 'null'] },
    },
  },
  keyProperties: ['id'],
  replicationKey: 'at',
  selectedByDefault: true,
});

function merge(given: Partial<CatalogEntry>, of: CatalogEntry = own): { entry: CatalogEntry; warnings: string[] } {
  const warnings: string[] = [];
  const entry = mergeEntry(of, { ...of, ...given }, (message) => warnings.push(message));
  return { entry, warnings };
}

const withRoot = (root: Record<string, unknown>): Metadata[] =>
  own.metadata.map((one) => (one.breadcrumb.length === 0 ? { ...one, metadata: { ...one.metadata, ...root } } : one));

const without = (name: string, entry: Record<string, unknown>): Metadata[] =>
  own.metadata.map((one) => (one.breadcrumb[1] === name ? { ...one, metadata: entry } : one));

const withProperty = (name: string, property: JsonSchema): JsonSchema => ({
  ...own.schema,
  properties: { ...own.schema.properties, [name]: property },
});

describe('an entry that says nothing else', () => {
  test('leaves the stream as it is', () => {
    expect(merge({})).toEqual({ entry: own, warnings: [] });
  });

  test('and has no schema, keys or metadata keeps those of the stream', () => {
    const { streams } = parseCatalog('{"streams":[{"stream":"s"}]}', 'catalog.json');
    const warnings: string[] = [];
    const entry = mergeEntry(own, streams[0] ?? own, (message) => warnings.push(message));

    expect(entry).toEqual({ ...own, metadata: [] });
    expect(warnings).toEqual([]);
  });
});

describe('keys', () => {
  test.each([
    ['of the metadata win', { metadata: withRoot({ 'table-key-properties': ['number', 'id'] }) }, ['number', 'id']],
    [
      'of the metadata win over others in key_properties',
      { metadata: withRoot({ 'table-key-properties': ['number'] }), key_properties: ['name'] },
      ['number'],
    ],
    ['of key_properties count where the metadata are as discovered', { key_properties: ['number'] }, ['number']],
    ['may be none', { metadata: withRoot({ 'table-key-properties': [] }) }, []],
    ['that are no names are not used', { metadata: withRoot({ 'table-key-properties': [1] }) }, ['id']],
    ['that are null are those of the stream', { key_properties: undefined, metadata: [] }, ['id']],
  ])('%s', (_, given, keys) => {
    expect(merge(given).entry.key_properties).toEqual(keys);
  });

  test.each([
    ['false', { selected: false }],
    ['unsupported', { inclusion: 'unsupported' }],
    ['not by default', { inclusion: 'available', 'selected-by-default': false }],
  ])('stay selected, with a warning: %s', (_, metadata) => {
    const { entry, warnings } = merge({ metadata: without('id', metadata) });

    expect(selection(entry.metadata)(['properties', 'id'])).toBe(true);
    expect(entry.metadata.filter(({ breadcrumb }) => breadcrumb[1] === 'id')).toHaveLength(1);
    expect(entry.metadata).toHaveLength(own.metadata.length);
    expect(warnings).toEqual(['s: the catalog deselects the key id; it stays selected.']);
  });

  test('that Meltano marks as deselected, though automatic, need no warning', () => {
    const { entry, warnings } = merge({ metadata: without('id', { inclusion: 'automatic', selected: false }) });

    expect(selection(entry.metadata)(['properties', 'id'])).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('from the metadata stay selected as well', () => {
    const metadata = withRoot({ 'table-key-properties': ['number'] }).map((one) =>
      one.breadcrumb[1] === 'number' ? { ...one, metadata: { selected: false } } : one,
    );

    expect(merge({ metadata }).warnings).toEqual(['s: the catalog deselects the key number; it stays selected.']);
  });

  test('of a stream that is not selected are left alone', () => {
    const metadata = [
      ...without('id', { selected: false }).slice(0, -1),
      { breadcrumb: [], metadata: { selected: false } },
    ];

    expect(merge({ metadata })).toMatchObject({ entry: { metadata }, warnings: [] });
  });

  test('the replication key stays selected too, and other properties do not', () => {
    const { entry, warnings } = merge({
      metadata: without('at', { selected: false }).map((one) =>
        one.breadcrumb[1] === 'name' ? { ...one, metadata: { selected: false } } : one,
      ),
    });

    expect(['id', 'at', 'name'].map((name) => selection(entry.metadata)(['properties', name]))).toEqual([
      true,
      true,
      false,
    ]);
    expect(warnings).toEqual(['s: the catalog deselects the key at; it stays selected.']);
  });
});

describe('a schema', () => {
  test('replaces the schema of the stream', () => {
    const schema = withProperty('name', { type: ['integer', 'null'], maximum: 5 });

    expect(merge({ schema })).toEqual({ entry: { ...own, schema }, warnings: [] });
  });

  test.each<[string, JsonSchema]>([
    ['id', { type: ['string', 'null'] }],
    ['id', { type: ['null', 'string'], maxLength: 5 }],
    ['id', {}],
    ['id', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['id', { type: 'integer' }],
    ['id', { type: ['number', 'null'] }],
    ['number', { type: ['integer', 'null'] }],
    ['number', { type: 'number' }],
    ['number', { type: 'string' }],
    ['at', { type: 'string', format: 'date-time' }],
  ])('may give the key %s a type that holds it: %j', (key, property) => {
    const schema = withProperty(key, property);

    expect(merge({ schema, key_properties: [key] })).toMatchObject({ entry: { schema }, warnings: [] });
  });

  test.each<[string, JsonSchema, string]>([
    ['id', { type: 'boolean' }, 'string'],
    ['id', { type: 'null' }, 'string'],
    ['id', { type: ['object', 'null'] }, 'string'],
    ['id', { type: 'string', format: 'date-time' }, 'string'],
    ['number', { type: ['boolean', 'null'] }, 'integer'],
    ['at', { type: 'array' }, 'string or null'],
  ])('cannot give the key %s a type that loses it: %j', (key, property, kept) => {
    const { entry, warnings } = merge({ schema: withProperty(key, property), key_properties: [key] });

    expect(entry.schema).toEqual(own.schema);
    expect(warnings).toEqual([`s: the catalog's type for the key ${key} cannot hold keys; it stays ${kept}.`]);
  });

  test('may give another type to a property that is no key', () => {
    const schema = withProperty('name', { type: ['integer', 'null'] });

    expect(merge({ schema })).toMatchObject({ entry: { schema }, warnings: [] });
  });

  test('cannot give the replication key a type that loses times', () => {
    const { entry, warnings } = merge({ schema: withProperty('at', { type: ['integer', 'null'] }) });

    expect(entry.schema).toEqual(own.schema);
    expect(warnings).toEqual(["s: the catalog's type for the key at cannot hold keys; it stays string or null."]);
  });

  test('without a key, or the replication key, gets it back', () => {
    const { name, at } = own.schema.properties ?? {};
    const { entry, warnings } = merge({ schema: { type: 'object', properties: { name: name ?? {} } } });

    expect(entry.schema.properties).toEqual({ name, id: { type: 'string' }, at });
    expect(warnings).toEqual([
      "s: the catalog's schema lacks the key id; it is added.",
      "s: the catalog's schema lacks the key at; it is added.",
    ]);
  });

  test('keeps the digits of its numbers', () => {
    const { streams } = parseCatalog(
      '{"streams":[{"stream":"s","schema":{"maximum": 9223372036854775807}}]}',
      'c.json',
    );

    expect(String(streams[0]?.schema['maximum'])).toBe('9223372036854775807');
  });
});

describe('the replication method', () => {
  test.each([
    [{ 'forced-replication-method': 'FULL_TABLE', 'replication-method': 'INCREMENTAL' }, 'INCREMENTAL', 'FULL_TABLE'],
    [{ 'replication-method': 'FULL_TABLE' }, 'INCREMENTAL', 'FULL_TABLE'],
    [{}, 'FULL_TABLE', 'FULL_TABLE'],
    [{ 'replication-method': null }, 'FULL_TABLE', 'FULL_TABLE'],
    [{}, undefined, 'INCREMENTAL'],
  ])('of %j beside %s is %s', (root, method, wanted) => {
    expect(merge({ metadata: withRoot(root), replication_method: method }).entry.replication_method).toBe(wanted);
  });
});

describe('what cannot be done is refused', () => {
  const fullTable = catalogEntry({ name: 't', schema: own.schema, keyProperties: ['id'], selectedByDefault: true });

  test.each<[string, Partial<CatalogEntry>, CatalogEntry, RegExp]>([
    [
      'a key that no schema has',
      { key_properties: ['nowhere'] },
      own,
      /^s: the catalog names the key nowhere, which is/,
    ],
    [
      'another replication key',
      { replication_key: 'name' },
      own,
      /replication key "name", .* for ranges of at\. Leave/,
    ],
    [
      'another replication key in the metadata',
      { metadata: withRoot({ 'replication-key': 'name' }) },
      own,
      /replication key "name"/,
    ],
    [
      'a method that nobody has',
      { replication_method: 'LOG_BASED' },
      own,
      /the replication method LOG_BASED\. This tap/,
    ],
    [
      'ranges of a full table',
      { replication_method: 'INCREMENTAL' },
      fullTable,
      /^t: .* can only be read as FULL_TABLE/,
    ],
  ])('%s', (_, given, of, message) => {
    expect(() => merge(given, of)).toThrow(InputError);
    expect(() => merge(given, of)).toThrow(message);
  });

  test('but not where it makes no difference: in a full table, or in a stream that is not selected', () => {
    expect(merge({ replication_key: 'name', replication_method: 'FULL_TABLE' }).warnings).toEqual([]);
    expect(
      merge({ key_properties: ['nowhere'], metadata: [{ breadcrumb: [], metadata: { selected: false } }] }).warnings,
    ).toEqual([]);
  });
});
