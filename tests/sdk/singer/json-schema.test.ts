import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type JsonSchema, isDateTime, rowSchema, typesOf } from '../../../src/sdk/singer/json-schema.js';

const date = z.string().meta({ format: 'date-time' });

describe("a row's schema", () => {
  test('has plain typed keys, and everything else may be null', () => {
    expect(
      rowSchema(
        z.looseObject({
          id: z.string(),
          n: z.int(),
          x: z.number().nullish(),
          b: z.boolean().optional(),
          at: date.nullish(),
        }),
        ['id'],
      ),
    ).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string' },
        n: { type: ['integer', 'null'] },
        x: { type: ['number', 'null'] },
        b: { type: ['boolean', 'null'] },
        at: { type: ['string', 'null'], format: 'date-time' },
      },
    });
  });

  test('keeps objects open, and types the items of lists', () => {
    const { properties } = rowSchema(
      z.looseObject({
        free: z.looseObject({}).nullish(),
        user: z.looseObject({ name: z.string().nullish() }),
        tags: z.array(z.looseObject({ key: z.string() })).nullish(),
        pairs: z.array(z.array(z.number())),
      }),
      [],
    );

    expect(properties).toEqual({
      free: { type: ['object', 'null'], additionalProperties: true },
      user: {
        type: ['object', 'null'],
        additionalProperties: true,
        properties: { name: { type: ['string', 'null'] } },
      },
      tags: {
        type: ['array', 'null'],
        items: {
          type: ['object', 'null'],
          additionalProperties: true,
          properties: { key: { type: ['string', 'null'] } },
        },
      },
      pairs: { type: ['array', 'null'], items: { type: ['array', 'null'], items: { type: ['number', 'null'] } } },
    });
  });

  test('carries what is said of a field, nullable or not', () => {
    const { properties } = rowSchema(
      z.looseObject({
        a: z.string().nullish().describe('one'),
        b: z.string().describe('two'),
        c: date.nullish().describe('three'),
      }),
      [],
    );

    expect([properties?.['a'], properties?.['b'], properties?.['c']].map((one) => one?.description)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(properties?.['c']?.format).toBe('date-time');
  });

  test('repeats a shape that is used twice instead of referring to it', () => {
    const ref = z.looseObject({ id: z.string().nullish() });

    expect(
      JSON.stringify(rowSchema(z.looseObject({ a: ref.nullish(), b: ref.nullish(), c: z.array(ref) }), [])),
    ).not.toMatch(/\$ref|\$defs|definitions/);
  });
});

test('types are found under anyOf too', () => {
  expect(typesOf({ anyOf: [{ type: 'string' }, { type: ['integer', 'null'] }] })).toEqual([
    'string',
    'integer',
    'null',
  ]);
  expect(typesOf({})).toEqual([]);
});

test.each<[boolean, JsonSchema]>([
  [true, { type: ['string', 'null'], format: 'date-time' }],
  [true, { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }],
  [false, { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'string' }] }],
  [false, { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
  [false, { type: 'string' }],
  [false, {}],
])('it is %s that texts of the schema are dates: %j', (expected, schema) => {
  expect(isDateTime(schema)).toBe(expected);
});
