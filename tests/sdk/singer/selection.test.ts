import { describe, expect, test } from 'vitest';
import { catalogEntry, parseCatalog } from '../../../src/sdk/singer/catalog.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { RecordShape, type Row } from '../../../src/sdk/singer/record-shape.js';
import { type Metadata, deselected, selectedSchema, selection } from '../../../src/sdk/singer/selection.js';
import { haveVectors, vectors } from '../../support/vectors.js';

const schema: JsonSchema = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer' },
    name: { type: ['string', 'null'] },
    user: {
      type: ['object', 'null'],
      additionalProperties: true,
      properties: { name: { type: ['string', 'null'] }, mail: { type: ['string', 'null'] } },
    },
    tags: {
      type: ['array', 'null'],
      items: {
        type: ['object', 'null'],
        additionalProperties: true,
        properties: { key: { type: ['string', 'null'] } },
      },
    },
  },
};

const row = { id: 1, name: 'a', user: { name: 'n', mail: 'm', more: 1 }, tags: [{ key: 'k' }] };

const pruned = (metadata: readonly Metadata[]): Record<string, unknown> =>
  new RecordShape(schema, ['id'], deselected(schema, selection(metadata)), () => undefined).shape(row);

describe('selection', () => {
  test('takes everything when nothing is said', () => {
    expect(selection([])([])).toBe(true);
    expect(selection(undefined)(['properties', 'x'])).toBe(true);
  });

  test('drops a property from schema, required and record', () => {
    const metadata = [{ breadcrumb: ['properties', 'name'], metadata: { selected: false } }];

    expect(Object.keys(selectedSchema(schema, selection(metadata)).properties ?? {})).toEqual(['id', 'user', 'tags']);
    expect(selectedSchema(schema, selection(metadata))['required']).toEqual(['id']);
    expect(pruned(metadata)).toEqual({ id: 1, user: row.user, tags: row.tags });
  });

  test('drops a nested property, and keeps what the schema does not know beside it', () => {
    const metadata = [{ breadcrumb: ['properties', 'user', 'properties', 'mail'], metadata: { selected: false } }];

    expect(pruned(metadata)['user']).toEqual({ name: 'n', more: 1 });
    expect(selectedSchema(schema, selection(metadata)).properties?.['user']?.properties).toEqual({
      name: { type: ['string', 'null'] },
    });
  });

  test('keeps what is automatic, and never what is unsupported', () => {
    const chosen = selection([
      { breadcrumb: [], metadata: { selected: true } },
      { breadcrumb: ['properties', 'id'], metadata: { inclusion: 'automatic', selected: false } },
      { breadcrumb: ['properties', 'name'], metadata: { inclusion: 'unsupported', selected: true } },
    ]);

    expect(chosen(['properties', 'id'])).toBe(true);
    expect(chosen(['properties', 'name'])).toBe(false);
  });

  test('of a parent that is deselected hides everything below, automatic or not', () => {
    const chosen = selection([
      { breadcrumb: ['properties', 'user'], metadata: { selected: false } },
      {
        breadcrumb: ['properties', 'user', 'properties', 'name'],
        metadata: { inclusion: 'automatic', selected: true },
      },
    ]);

    expect(chosen(['properties', 'user', 'properties', 'name'])).toBe(false);
  });
});

type Mask = [string[], boolean][] | { breadcrumb: string[]; selected: boolean }[];
interface MaskInput {
  schema: JsonSchema;
  metadata: Metadata[];
  record: Row;
}
interface MaskExpected {
  stream_selected: boolean;
  mask: Mask;
  schema: JsonSchema;
  record: unknown;
}

describe('where we differ from the Python SDK', () => {
  test('a root that is missing takes its children by default (D15)', () => {
    const chosen = selection([{ breadcrumb: ['properties', 'name'], metadata: {} }]);

    expect([chosen([]), chosen(['properties', 'name']), chosen(['properties', 'id'])]).toEqual([true, true, true]);
  });

  test('objects under anyOf lose the same in schema and record (D41)', () => {
    const optional: JsonSchema = {
      type: 'object',
      properties: { o: { anyOf: [{ type: 'object', properties: { x: {}, y: {} } }, { type: 'null' }] } },
    };
    const chosen = selection([{ breadcrumb: ['properties', 'o', 'properties', 'x'], metadata: { selected: false } }]);

    expect(selectedSchema(optional, chosen).properties?.['o']?.anyOf?.[0]?.properties).toEqual({ y: {} });
    expect(
      new RecordShape(optional, [], deselected(optional, chosen), () => undefined).shape({ o: { x: 1, y: 2 } }),
    ).toEqual({ o: { y: 2 } });
  });
});

describe.runIf(haveVectors)('the Python SDK selects the same', () => {
  test.each(vectors<MaskInput, MaskExpected>('selection', 'mask').filter(({ tags }) => !tags?.includes('quirk')))(
    '$name',
    ({ input, expected }) => {
      const chosen = selection(input.metadata);

      expect(chosen([])).toBe(expected.stream_selected);
      for (const entry of expected.mask) {
        const [breadcrumb, selected] = Array.isArray(entry) ? entry : [entry.breadcrumb, entry.selected];
        expect([breadcrumb, chosen(breadcrumb)]).toEqual([breadcrumb, selected]);
      }
      expect(selectedSchema(input.schema, chosen)).toEqual(expected.schema);
      // else no record leaves
      if (expected.stream_selected) expect(removed(input.record, input.schema, chosen)).toEqual(expected.record);
    },
  );
});

/** The record without what is deselected; other steps of writing are not looked at. */
function removed(record: Row, from: JsonSchema, chosen: (breadcrumb: readonly string[]) => boolean): unknown {
  const open = (one: JsonSchema): JsonSchema => ({
    additionalProperties: true,
    properties: Object.fromEntries(
      Object.entries(one.properties ?? {}).map(([name, property]) => [
        name,
        property.properties ? { ...open(property), type: property.type ?? [] } : {},
      ]),
    ),
  });
  return new RecordShape({ ...open(from), type: 'object' }, [], deselected(from, chosen), () => undefined).shape(
    record,
  );
}

interface StandardInput {
  schema: JsonSchema;
  key_properties: string[];
  valid_replication_keys: string[] | null;
  replication_method: string | null;
  selected_by_default: boolean;
}

describe.runIf(haveVectors)('the Python SDK describes the same', () => {
  const plain = vectors<StandardInput, { metadata: Metadata[] }>('selection', 'standard_metadata').filter(
    ({ input }) => input.replication_method === null && (input.valid_replication_keys?.length ?? 0) <= 1,
  );

  test.each(plain)('$name', ({ input, expected }) => {
    const { metadata } = catalogEntry({
      name: 's',
      schema: input.schema,
      keyProperties: input.key_properties,
      replicationKey: input.valid_replication_keys?.[0],
      selectedByDefault: input.selected_by_default,
    });

    expect(metadata.slice(0, -1)).toEqual(expected.metadata.slice(0, -1));
    expect(metadata.at(-1)?.metadata).toMatchObject({
      inclusion: 'available',
      'selected-by-default': input.selected_by_default,
      'table-key-properties': input.key_properties,
    });
  });

  test('but keeps every schema keyword (D13)', () => {
    for (const { input } of vectors<{ schema: JsonSchema }, unknown>('selection', 'catalog_schema')) {
      const { streams } = parseCatalog(
        JSON.stringify({ streams: [{ tap_stream_id: 's', schema: input.schema, metadata: [] }] }),
        'catalog.json',
      );

      expect(streams[0]?.schema).toEqual(input.schema);
    }
  });
});
