/** Flattening: names, depths, texts. */
import { describe, expect, test } from 'vitest';
import { parseExact } from '../../../src/sdk/json/parse-exact.js';
import { readSource } from '../../../src/sdk/json/source-rows.js';
import {
  DuplicateNameError,
  type Flattening,
  flattenRecord,
  flattenSchema,
  flatteningOf,
  targetSchema,
} from '../../../src/sdk/maps/flattening.js';
import { decimalText } from '../../../src/sdk/maps/json-text.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';

const text = { type: ['string', 'null'] };
const how = (more: Partial<Flattening> = {}): Flattening => ({ depth: 2, separator: '__', maxKeyLength: 255, ...more });
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: ['object', 'null'], properties });
const nested = object({ id: text, user: object({ name: text, home: object({ city: object({ name: text }) }) }) });
const names = (schema: JsonSchema): string[] => Object.keys(schema.properties ?? {});

describe('a schema', () => {
  test.each([
    [1, ['id', 'user__name', 'user__home']],
    [2, ['id', 'user__name', 'user__home__city']],
    [3, ['id', 'user__name', 'user__home__city__name']],
    [9, ['id', 'user__name', 'user__home__city__name']],
  ])('of depth %i has the columns %j', (depth, expected) => {
    expect(names(flattenSchema(nested, how({ depth })))).toEqual(expected);
  });

  test('has texts in place of lists, of objects without properties and of those that lie too deep', () => {
    const schema = object({
      list: { type: 'array' },
      free: { type: ['object', 'null'] },
      deep: object({ a: object({}) }),
    });

    expect(flattenSchema(schema, how({ depth: 1 })).properties).toEqual({
      list: { type: 'string' },
      free: text,
      deep__a: text,
    });
  });

  test('keeps the option that is not null, whatever its type and place', () => {
    const options = [{ type: 'null' }, { type: 'integer' }];

    expect(flattenSchema(object({ a: { description: 'd', anyOf: options } }), how()).properties).toEqual({
      a: { type: ['null', 'integer'] },
    });
  });

  test('flattens an object that is an option', () => {
    const schema = object({ a: { anyOf: [{ type: 'null' }, object({ b: text })] } });

    expect(names(flattenSchema(schema, how()))).toEqual(['a__b']);
    expect(flattenRecord({ a: { b: 'x' } }, flattenSchema(schema, how()), how())).toEqual({ a__b: 'x' });
  });

  test('in which two columns get one name is refused', () => {
    expect(() => flattenSchema(object({ a: object({ b: text }), a__b: text }), how())).toThrow(DuplicateNameError);
  });

  test('for targets requires only what it has, and has no lists', () => {
    const schema = { ...object({ a: object({ b: text }), c: text }), required: ['a', 'c'] };
    const flat = targetSchema(flattenSchema({ ...schema, properties: { ...schema.properties } }, how()));

    expect(flat['required']).toEqual(['c']);
    expect(targetSchema(object({ a: { type: ['null', 'array'] } })).properties).toEqual({ a: text });
  });
});

describe('a long name', () => {
  const shorten = (path: string[], maxKeyLength: number): string => {
    const schema = path.reduceRight<JsonSchema>((inner, name) => object({ [name]: inner }), text);
    return names(flattenSchema(schema, how({ depth: 9, maxKeyLength })))[0] ?? '';
  };

  test.each([
    [100, 'customerRecord__home_address__streetName'],
    [40, 'cr__home_address__streetName'],
    [28, 'cr__ha__streetName'],
    [18, 'cr__ha__sn'],
    [1, 'cr__ha__sn'],
  ])('of at least %i characters becomes %s', (most, expected) => {
    expect(shorten(['customerRecord', 'home_address', 'streetName'], most)).toBe(expected);
  });

  test('keeps three letters of a part with one capital', () => {
    expect(shorten(['address'], 3)).toBe('add');
  });
});

describe('a record', () => {
  const flat = (json: string, depth = 1) => {
    const schema = flattenSchema(nested, how({ depth }));
    return flattenRecord(parseExact(json, 'digits') as Record<string, unknown>, schema, how({ depth }));
  };

  test('has the values of an object in columns, and JSON text of what lies deeper', () => {
    expect(flat('{"id": "1", "user": {"name": "Ada", "home": {"city": {"name": "London"}}}}')).toEqual({
      id: '1',
      user__name: 'Ada',
      user__home: '{"city":{"name":"London"}}',
    });
  });

  test('has the digits that came, and escapes for what is not ASCII', () => {
    const { user__home } = flat(
      '{"user": {"home": {"a": [1.0, 1.10, 1e3, 12345678901234567890], "b": "é\\u0001\\u007f😀"}}}',
    );

    expect(user__home).toBe(
      String.raw`{"a":[1.0,1.10,1E+3,12345678901234567890],"b":"\u00e9\u0001\u007f\ud83d\ude00"}`,
    );
  });

  test('leaves nothing for an empty object', () => {
    expect(flat('{"user": {}}')).toEqual({});
  });
});

test.each([
  ['1e3', '1E+3'],
  ['1.5E-7', '1.5E-7'],
  ['0.0000015', '0.0000015'],
  ['15e-7', '0.0000015'],
  ['1.50e1', '15.0'],
  ['-0.00', '-0.00'],
  ['123e5', '1.23E+7'],
])('%s as a decimal is %s', (digits, expected) => {
  expect(decimalText(digits)).toBe(expected);
});

test('rows keep the digits of numbers where that is asked for', () => {
  const body = Buffer.from('[{"a": 1.10, "b": 2.0, "c": 3}]');

  expect(String(readSource(body, 'digits')?.rows[0]?.row['a'])).toBe('1.10');
  expect(String(readSource(body, 'digits')?.rows[0]?.row['b'])).toBe('2.0');
  expect(readSource(body, 'digits')?.rows[0]?.row['c']).toBe(3);
  expect(readSource(body)?.rows[0]?.row['a']).toBe(1.1);
});

test.each([
  [{}, undefined],
  [{ flattening_enabled: true, flattening_max_depth: 0 }, undefined],
  [{ flattening_enabled: false, flattening_max_depth: 2 }, undefined],
  [{ flattening_enabled: true, flattening_max_depth: 2 }, how()],
  [{ flattening_enabled: true, flattening_max_depth: 1, flattening_separator: '' }, how({ depth: 1, separator: '' })],
])('the settings %j mean %j', (settings, expected) => {
  expect(flatteningOf(settings)).toEqual(expected);
});
