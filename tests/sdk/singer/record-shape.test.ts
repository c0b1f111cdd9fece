import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../../src/sdk/json/exact-number.js';
import { parseExact } from '../../../src/sdk/json/parse-exact.js';
import { readSource } from '../../../src/sdk/json/source-rows.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { RecordShape, type Row } from '../../../src/sdk/singer/record-shape.js';
import { utc } from '../../../src/sdk/singer/values.js';

const types: Record<string, JsonSchema> = {
  text: { type: ['string', 'null'] },
  whole: { type: ['integer', 'null'] },
  number: { type: ['number', 'null'] },
  flag: { type: ['boolean', 'null'] },
  at: { type: ['string', 'null'], format: 'date-time' },
  free: { type: ['object', 'null'], additionalProperties: true },
  user: {
    type: ['object', 'null'],
    additionalProperties: true,
    properties: { id: { type: ['string', 'null'] }, age: { type: ['integer', 'null'] } },
  },
  list: { type: ['array', 'null'], items: { type: ['string', 'null'] } },
  rows: {
    type: ['array', 'null'],
    items: { type: ['object', 'null'], additionalProperties: true, properties: { n: { type: ['integer', 'null'] } } },
  },
  any: {},
  either: { type: ['string', 'integer', 'null'] },
  both: { type: ['integer', 'boolean', 'null'] },
  maybeAt: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
};

const schema: JsonSchema = { type: 'object', properties: { id: { type: 'string' }, ...types } };

function setUp(of = schema, keys = ['id']) {
  const said: string[] = [];
  const shape = new RecordShape(of, keys, undefined, (field, what) => said.push(`${field} ${what}`));
  return { shape, said };
}

/** What becomes of a JSON value in a column. */
function fitted(column: string, json: string): { text: string; said: string[]; fits: boolean } {
  const { shape, said } = setUp();
  const text = `{"id":"1","${column}":${json}}`;
  const [source] = readSource(Buffer.from(text))?.rows ?? [];
  const row = source?.row ?? {};
  const fits = source?.text !== undefined && shape.fits(row);
  const written = shape.write(row);
  return { text: written.slice('{"id":"1",'.length + column.length + 3, -1), said, fits };
}

describe('a value that fits', () => {
  test.each([
    ['text', '"a"'],
    ['text', '""'],
    ['text', 'null'],
    ['whole', '123456789012345'],
    ['whole', '-0'],
    ['number', '1.5'],
    ['number', '-0'],
    ['number', '1763800000.123456'],
    ['flag', 'false'],
    ['at', '"2026-11-22T10:00:00Z"'],
    ['at', '"2026-11-22T10:00:00.123456Z"'],
    ['free', '{"a":{"b":[1,null]}}'],
    ['user', '{"id":"7","age":3,"more":[1]}'],
    ['list', '["a",null]'],
    ['rows', '[{"n":1},null]'],
    ['any', '[1,"a",{}]'],
  ])('in %s leaves as it came: %s', (column, json) => {
    const { text, said, fits } = fitted(column, json);

    expect([JSON.parse(text), said, fits]).toEqual([
      JSON.parse(json === '-0' && column === 'whole' ? '0' : json),
      [],
      true,
    ]);
  });
});

describe('a value that can be fitted', () => {
  test.each([
    ['text', '7', '"7"'],
    ['text', 'true', '"true"'],
    ['text', '{"a":1}', '"{\\"a\\":1}"'],
    ['text', '[1,"b"]', '"[1,\\"b\\"]"'],
    ['text', '12345678901234567890', '"12345678901234567890"'],
    ['text', '1.10', '"1.1"'],
    ['text', '1.234567890123456789', '"1.234567890123456789"'],
    ['text', '{"a":[1e400,"x\\u0000"]}', '"{\\"a\\":[1e400,\\"x\\"]}"'],
    ['whole', '"42"', '42'],
    ['whole', '" 42 "', '42'],
    ['whole', '3.0', '3'],
    ['whole', '1e3', '1000'],
    ['whole', '9007199254740993', '9007199254740993'],
    ['whole', '"9223372036854775807"', '9223372036854775807'],
    ['whole', '-9223372036854775808', '-9223372036854775808'],
    ['number', '"1.5"', '1.5'],
    ['number', '0.1234567890123456789', '0.1234567890123456789'],
    ['number', '12345678901234567890', '12345678901234567890'],
    ['number', '1.234567890123456789', '1.234567890123456789'],
    ['number', '"-1.234567890123456789"', '-1.234567890123456789'],
    ['number', '1.0', '1'],
    ['number', '1E5', '100000'],
    ['number', '1e19', '1e19'],
    ['whole', '1E5', '100000'],
    ['whole', '-1.0', '-1'],
    ['whole', '9223372036854775807.0', '9223372036854775807'],
    ['either', '9007199254740993', '9007199254740993'],
    ['either', '1.5', '"1.5"'],
    ['flag', '"1"', 'true'],
    ['flag', '"0"', 'false'],
    ['flag', '1', 'true'],
    ['flag', '0', 'false'],
    ['flag', '"true"', 'true'],
    ['flag', '"false"', 'false'],
    ['at', '"2026-11-22"', '"2026-11-22T00:00:00Z"'],
    ['at', '"2026-11-22 10:00:00"', '"2026-11-22T10:00:00Z"'],
    ['at', '"2026-11-22T10:00:00.5+01:00"', '"2026-11-22T09:00:00.5Z"'],
    ['at', '"2026-11-22T10:00:00.123456789Z"', '"2026-11-22T10:00:00.123456Z"'],
    ['list', '{"a":1}', '["{\\"a\\":1}"]'],
    ['list', '[1,true]', '["1","true"]'],
    ['rows', '{"n":"1"}', '[{"n":1}]'],
    ['user', '{"id":7,"age":"8"}', '{"id":"7","age":8}'],
    ['rows', '[{"n":"x9"}]', '[{"n":null}]'],
  ])('in %s becomes what the schema says: %s', (column, json, text) => {
    expect(fitted(column, json)).toMatchObject({ text, fits: false });
  });
});

describe('a value that cannot be fitted', () => {
  test.each([
    ['whole', '"abc"', 'string does not match schema type integer; set to null'],
    ['whole', '1.5', 'number does not match schema type integer; set to null'],
    ['whole', 'true', 'boolean does not match schema type integer; set to null'],
    ['whole', '9223372036854775808', 'number is out of range for schema type integer; set to null'],
    ['whole', '1e400', 'number is out of range for schema type integer; set to null'],
    ['number', '1e400', 'number is out of range for schema type number; set to null'],
    ['number', '"Infinity"', 'string does not match schema type number; set to null'],
    ['number', '"0x10"', 'string does not match schema type number; set to null'],
    ['number', 'false', 'boolean does not match schema type number; set to null'],
    ['number', '[]', 'array does not match schema type number; set to null'],
    ['flag', '"yes"', 'string does not match schema type boolean; set to null'],
    ['flag', '12345678901234567890', 'number does not match schema type boolean; set to null'],
    ['at', '"yesterday"', 'not a date between the years 1 and 9999; the value became null'],
    ['at', '"2026-02-30T00:00:00Z"', 'not a date between the years 1 and 9999; the value became null'],
    ['at', '"51502-06-08T14:46:42Z"', 'not a date between the years 1 and 9999; the value became null'],
    ['at', '"0000-00-00T00:00:00Z"', 'not a date between the years 1 and 9999; the value became null'],
    ['at', '"9999-12-31T23:59:59-01:00"', 'not a date between the years 1 and 9999; the value became null'],
    ['at', '1700000000', 'not a date between the years 1 and 9999; the value became null'],
    ['maybeAt', '"soon"', 'not a date between the years 1 and 9999; the value became null'],
    ['free', '"text"', 'string does not match schema type object; set to null'],
    ['free', '12345678901234567890', 'number does not match schema type object; set to null'],
    ['user', '[1]', 'array does not match schema type object; set to null'],
    ['list', '"a"', 'string does not match schema type array; set to null'],
    ['both', '{}', 'object does not match schema type integer or boolean; set to null'],
  ])('in %s becomes null, and is reported: %s', (column, json, what) => {
    expect(fitted(column, json)).toEqual({ text: 'null', said: [`${column} ${what}`], fits: false });
  });

  test('names its place', () => {
    const { shape, said } = setUp();

    shape.write({ id: '1', user: { age: 'x' }, rows: [{ n: 1 }, { n: [] }] });

    expect(said.map((line) => line.split(' ')[0])).toEqual(['user.age', 'rows[].n']);
  });

  test.each([['at'], ['flag'], ['whole']])('and is empty in %s becomes null in silence', (column) => {
    expect(fitted(column, '""')).toMatchObject({ text: 'null', said: [] });
  });
});

describe('text that no target takes', () => {
  test.each([
    ['NUL', 'a\u0000b', 'ab'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a surrogate turned around', '\udc00\ud800', '\ufffd\ufffd'],
  ])('%s is taken out, and reported', (_, text, clean) => {
    const { shape, said } = setUp();

    const out = shape.shape({ id: '1', text, free: { deep: [text], [`k${text}`]: 1 }, any: text, list: [text] });

    expect(out).toEqual({ id: '1', text: clean, free: { deep: [clean], [`k${clean}`]: 1 }, any: clean, list: [clean] });
    expect(said).toEqual([
      'text contains NUL or lone surrogates, which targets refuse; removed',
      'free contains NUL or lone surrogates, which targets refuse; removed',
      'free has names with NUL or lone surrogates, which targets refuse; removed',
      'any contains NUL or lone surrogates, which targets refuse; removed',
      'list[] contains NUL or lone surrogates, which targets refuse; removed',
    ]);
  });

  test('is kept when it is well-formed', () => {
    const { shape, said } = setUp();

    expect(shape.shape({ id: '1', text: 'é😀\u0001\u2028' })['text']).toBe('é😀\u0001\u2028');
    expect(said).toEqual([]);
  });

  test('in names of a free body too', () => {
    const { shape } = setUp();

    expect(shape.shape({ id: '1', free: { 'a\u0000b': { 'c\ud800': 1 } } })['free']).toEqual({ ab: { 'c\ufffd': 1 } });
  });
});

describe('a record', () => {
  test('loses what the catalog does not name at the top, and says so', () => {
    const { shape, said } = setUp();

    expect(shape.shape({ id: '1', other: 1, user: { other: 1 } })).toEqual({ id: '1', user: { other: 1 } });
    expect(said).toEqual(["other not in the catalog's schema; dropped"]);
    expect(shape.fits({ id: '1', other: 1 })).toBe(false);
  });

  test('loses what a closed object does not name', () => {
    const closed: JsonSchema = { type: 'object', properties: { n: { type: ['integer', 'null'] } } };
    const { shape, said } = setUp({ type: 'object', properties: { id: { type: 'string' }, closed } });
    const row = { id: '1', closed: { n: 1, other: 2 } };

    expect([shape.fits(row), shape.fits({ id: '1', closed: { n: 1 } })]).toEqual([false, true]);
    expect(shape.shape(row)).toEqual({ id: '1', closed: { n: 1 } });
    expect(said).toEqual(["closed.other not in the catalog's schema; dropped"]);
  });

  test('with an integer that JavaScript cannot hold does not leave as it came', () => {
    expect(setUp().shape.fits({ id: '1', whole: 2 ** 53 })).toBe(false);
  });

  test('keeps a key named __proto__ as data', () => {
    const { shape } = setUp();
    const row = JSON.parse('{"id":"1","free":{"__proto__":{"a":1},"constructor":2}}') as Row;

    expect(shape.write(row)).toBe('{"id":"1","free":{"__proto__":{"a":1},"constructor":2}}');
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('named __proto__ at the top is dropped like any unknown field', () => {
    const { shape } = setUp();

    expect(shape.write(JSON.parse('{"id":"1","__proto__":{"a":1},"toString":"x"}') as Row)).toBe('{"id":"1"}');
    expect(shape.fits(JSON.parse('{"id":"1","__proto__":{"a":1}}') as Row)).toBe(false);
  });

  test('numbers of a free body that no database holds become text', () => {
    const text =
      '{"id":"1","free":{"a":12345678901234567890,"b":9223372036854775807,"c":1e400,"d":0.12345678901234567890}}';

    const { shape, said } = setUp();

    expect(shape.write(parseExact(text) as Row)).toBe(
      '{"id":"1","free":{"a":"12345678901234567890","b":9223372036854775807,"c":"1e400","d":0.12345678901234567890}}',
    );
    expect(said).toEqual([
      'free number out of range for databases; written as text',
      'free number out of range for databases; written as text',
    ]);
  });

  test.each([
    [{}, 'id'],
    [{ id: null }, 'id'],
    [{ id: '' }, undefined],
    [{ id: '0' }, undefined],
    [{ id: 7 }, undefined],
    [{ id: new ExactNumber('12345678901234567890') }, undefined],
  ])('without its key is known: %j', (row, key) => {
    expect(setUp().shape.missingKey(row)).toBe(key);
  });

  test.each<[Record<string, unknown>, string | undefined]>([
    [{ id: 'abc' }, 'id'],
    [{ id: '' }, 'id'],
    [{ id: 1.5 }, 'id'],
    [{ id: new ExactNumber('9223372036854775808') }, 'id'],
    [{ id: '7' }, undefined],
    [{ id: new ExactNumber('9223372036854775807') }, undefined],
  ])('without its key is one whose key cannot be of the type of the schema: %j', (row, key) => {
    const { shape, said } = setUp({ type: 'object', properties: { id: { type: 'integer' } } });

    expect(shape.missingKey(row)).toBe(key);
    expect(said).toEqual([]);
  });

  test('that fits leaves exactly what writing it would give', () => {
    const { shape } = setUp();
    const rows: Row[] = [
      {
        id: '1',
        text: 'a',
        whole: 1,
        number: 1.5,
        flag: true,
        at: '2026-01-02T03:04:05Z',
        free: {},
        user: { id: null },
        list: [],
        rows: [{}],
        any: 1,
      },
      { id: '2' },
    ];

    for (const row of rows) {
      expect(shape.fits(row)).toBe(true);
      expect(shape.write(row)).toBe(JSON.stringify(row));
    }
  });
});

describe('utc', () => {
  test.each([
    ['2026-11-22T10:00:00+00:00', '2026-11-22T10:00:00Z'],
    ['2026-11-22T23:30:00-02:00', '2026-11-23T01:30:00Z'],
    ['2026-11-22T10:00:00.120000+00:00', '2026-11-22T10:00:00.120000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00+01:00', undefined],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ['2026-11-22T10:00:60Z', undefined],
    ['', undefined],
  ])('of %j is %j', (text, result) => {
    expect(utc(text)).toBe(result);
  });
});
