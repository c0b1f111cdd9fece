/** Nesting and size of records: what is too deep for targets becomes text, and nothing recurses with the data. */
import { describe, expect, test } from 'vitest';
import { readSource } from '../../../src/sdk/json/source-rows.js';
import { deepestLevel } from '../../../src/sdk/json/survey.js';
import { RecordShape, type Row } from '../../../src/sdk/singer/record-shape.js';

const schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    text: { type: ['string', 'null'] },
    free: { type: ['object', 'null'], additionalProperties: true },
    user: {
      type: ['object', 'null'],
      additionalProperties: true,
      properties: { data: { type: ['object', 'null'], additionalProperties: true } },
    },
    list: { type: ['array', 'null'], items: {} },
    any: {},
  },
};

/** The record of a JSON text as it leaves, and what was reported. */
function leave(text: string): { record: string; said: string[]; raw: boolean } {
  const said: string[] = [];
  const shape = new RecordShape(schema, ['id'], undefined, (field, what) => said.push(`${field} ${what}`));
  const [{ row, text: bytes } = { row: {} as Row, text: undefined }] = readSource(Buffer.from(text))?.rows ?? [];
  const raw = bytes !== undefined && shape.fits(row);
  return { record: raw ? bytes.toString() : shape.write(row), said, raw };
}

const lists = (levels: number, inner = ''): string => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
const objects = (levels: number, inner: string): string => `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`;
const report = `nested deeper than ${deepestLevel} levels; the inner part became text`;

/** How many levels of lists and objects a value has, however many. */
function levelsOf(value: unknown): number {
  let layer: unknown[] = [value];
  for (let levels = 0; ; levels++) {
    layer = layer.filter((item) => typeof item === 'object' && item !== null);
    if (layer.length === 0) return levels;
    layer = layer.flatMap((item) => Object.values(item as object));
  }
}

describe('a column', () => {
  test.each([
    ['any', lists(deepestLevel + 1)],
    ['free', objects(deepestLevel + 1, '1')],
    ['list', lists(deepestLevel + 1, '"x"')],
    ['user', `{"data":${objects(deepestLevel, 'null')}}`],
    ['user', `{"more":${lists(deepestLevel)}}`],
  ])('of as many levels as targets take leaves as it is: %s', (column, json) => {
    const text = `{"id":"1","${column}":${json}}`;

    expect(leave(text)).toEqual({ record: text, said: [], raw: true });
    expect(leave(`{"id":1,"${column}":${json}}`)).toEqual({ record: text, said: [], raw: false });
  });

  test.each([
    ['any', lists(deepestLevel + 2), lists(deepestLevel + 1, '"[]"')],
    ['free', objects(deepestLevel + 2, '1'), objects(deepestLevel + 1, '"{\\"a\\":1}"')],
    ['list', lists(deepestLevel + 2, '"x"'), lists(deepestLevel + 1, '"[\\"x\\"]"')],
    ['user', `{"data":${objects(deepestLevel + 1, '2')}}`, `{"data":${objects(deepestLevel, '"{\\"a\\":2}"')}}`],
    ['user', `{"more":${lists(deepestLevel + 1)}}`, `{"more":${lists(deepestLevel, '"[]"')}}`],
  ])('of one level more has its inner part as text: %s', (column, json, written) => {
    const { record, said, raw } = leave(`{"id":"1","${column}":${json}}`);

    expect(record).toBe(`{"id":"1","${column}":${written}}`);
    expect(said).toEqual([
      `${column === 'user' && json.includes('data') ? 'user.data' : column}${column === 'list' ? '[]' : ''} ${report}`,
    ]);
    expect(raw).toBe(false);
  });

  test('of text takes any depth as its JSON text', () => {
    const { record, said } = leave(`{"id":"1","text":${lists(100_000, '12345678901234567890')}}`);

    expect((JSON.parse(record) as { text: string }).text === lists(100_000, '12345678901234567890')).toBe(true);
    expect(said).toEqual([]);
  });

  test.each([
    ['lists', lists(100_000)],
    ['objects', objects(100_000, '"x\\u0000"')],
    ['lists of objects with numbers', `${'[{"a":'.repeat(50_000)}12345678901234567890${'}]'.repeat(50_000)}`],
  ])('of 100,000 levels leaves within the limit: %s', (_, json) => {
    const { record, said } = leave(`{"id":"1","any":${json}}`);

    expect(levelsOf(JSON.parse(record))).toBe(deepestLevel + 2);
    expect(said).toEqual([`any ${report}`]);
    expect(record).not.toContain('\\u0000');
    if (json.includes('123')) expect(record).toContain(':12345678901234567890}');
  });

  test('of 5,000 levels beside text with NUL works', () => {
    const { record, said } = leave(`{"id":"1","text":"a\\u0000b","user":{"data":${objects(5000, '1')}}}`);

    expect(record).toMatch(/^\{"id":"1","text":"ab","user":\{"data":\{"a":/);
    expect(levelsOf(JSON.parse(record))).toBe(deepestLevel + 2);
    expect(said).toHaveLength(2);
  });

  test('of 300,000 elements is no matter', () => {
    const json = `[${'1.0,'.repeat(300_000)}{"a":2}]`;

    expect(leave(`{"id":"1","any":${json}}`).record.length).toBe(`{"id":"1","any":${json}}`.length - 600_000);
  });
});

test('what a report names is short, and one name for all members of a free value', () => {
  const long = 'x'.repeat(5000);
  const { said } = leave(`{"id":"1","${long}":1,"free":{"a\\u0000":"b","${long}\\ud800":"\\u0000"}}`);

  expect(said).toEqual([
    `${'x'.repeat(100)}… not in the catalog's schema; dropped`,
    'free has names with NUL or lone surrogates, which targets refuse; removed',
    'free has names with NUL or lone surrogates, which targets refuse; removed',
    'free contains NUL or lone surrogates, which targets refuse; removed',
  ]);
});
