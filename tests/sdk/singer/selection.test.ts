import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { RecordShape } from '../../../src/sdk/singer/record-shape.js';
import { type Metadata, deselected, selectedSchema, selection } from '../../../src/sdk/singer/selection.js';

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
