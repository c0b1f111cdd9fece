import { describe, expect, test } from 'vitest';
import { rowTexts } from '../../../src/sdk/json/row-text.js';
import { readSource } from '../../../src/sdk/json/source-rows.js';
import { Chance } from '../../support/random.js';

const cutOf = (text: string, rows: unknown[]) =>
  rowTexts(Buffer.from(text), rows.length)?.map((bytes) => bytes.toString());
const cut = (text: string) => cutOf(text, JSON.parse(text) as unknown[]);

describe('row texts', () => {
  test.each([
    ['rows', '[{"id":1,"a":"x"},{"id":2}]', ['{"id":1,"a":"x"}', '{"id":2}']],
    ['one row', '[{"id":1}]', ['{"id":1}']],
    ['no rows', '[]', []],
    [
      'digits that JavaScript cannot hold',
      '[{"id":12345678901234567890},{"id":1.10}]',
      ['{"id":12345678901234567890}', '{"id":1.10}'],
    ],
    [
      'rows within rows that look like a border',
      '[{"id":1,"l":[{"id":5},{"id":6}]},{"id":2,"l":[{"id":7}]}]',
      ['{"id":1,"l":[{"id":5},{"id":6}]}', '{"id":2,"l":[{"id":7}]}'],
    ],
    ['a text that looks like a border', '[{"id":"},{\\"id\\":"},{"id":2}]', ['{"id":"},{\\"id\\":"}', '{"id":2}']],
    [
      'a text with a real border in it',
      '[{"a":"\\\\\\"},{\\"a\\":"},{"a":2}]',
      ['{"a":"\\\\\\"},{\\"a\\":"}', '{"a":2}'],
    ],
    ['rows of different first keys', '[{"a":1},{"b":2},{}]', ['{"a":1}', '{"b":2}', '{}']],
    [
      'rows within rows, where only they look like a border',
      '[{"id":1,"l":[{"z":1},{"id":5}]},{"x":2}]',
      ['{"id":1,"l":[{"z":1},{"id":5}]}', '{"x":2}'],
    ],
    [
      'rows within rows, beside null',
      '[{"id":1,"l":[{"id":4},{"id":5}]},null]',
      ['{"id":1,"l":[{"id":4},{"id":5}]}', 'null'],
    ],
    [
      'keys of digits within rows',
      '[{"b":[{"x":1},{"1":5}],"1":2},{"b":3}]',
      ['{"b":[{"x":1},{"1":5}],"1":2}', '{"b":3}'],
    ],
    ['text beyond ASCII', '[{"id":"é😀"},{"id":"\u2028"}]', ['{"id":"é😀"}', '{"id":"\u2028"}']],
    ['null elements', '[{"id":1},null,{"id":2}]', ['{"id":1}', 'null', '{"id":2}']],
    ['nothing but null', '[null]', ['null']],
    ['blanks', '[ {"id": 1} , {"id": 2} ]', ['{"id": 1}', '{"id": 2}']],
    ['escapes at the end', '[{"a":"\\\\"},{"a":"\\""}]', ['{"a":"\\\\"}', '{"a":"\\""}']],
    ['keys that need escapes', '[{"a\\"b":1},{"a\\"b":2}]', ['{"a\\"b":1}', '{"a\\"b":2}']],
    [
      'integer-like keys, which JavaScript puts first',
      '[{"b":1,"1":2},{"b":3,"1":4}]',
      ['{"b":1,"1":2}', '{"b":3,"1":4}'],
    ],
  ])('of %s are cut out of the body', (_, text, texts) => {
    const list = JSON.parse(text) as unknown[];
    const source = readSource(Buffer.from(text));

    expect(cut(text)).toEqual(texts);
    expect(source?.value).toEqual(list);
    const kept = texts.filter((_, at) => list[at] !== null).map((own) => (/\d{16}/.test(own) ? undefined : own));
    expect(source?.rows.map(({ text: own }) => own?.toString())).toEqual(kept);
  });

  test('of any compact list are the rows', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const chance = new Chance(seed);
      const rows = Array.from({ length: chance.int(0, 6) }, () => someRow(chance, 2));
      const text = JSON.stringify(rows);
      const texts = cutOf(text, rows);

      const source = readSource(Buffer.from(text));
      expect(source?.value, text).toEqual(rows);
      expect(
        source?.rows.map(({ text: own }) => own?.toString()),
        text,
      ).toEqual(texts);
      expect(
        texts?.map((one) => JSON.parse(one) as unknown),
        text,
      ).toEqual(rows);
      expect(`[${texts?.join(',') ?? ''}]`).toBe(text);
    }
  });
});

function someRow(chance: Chance, depth: number): Record<string, unknown> {
  const names = ['id', 'a', 'l', '1', '},{"id":', '"']; // a key of one backslash is parsed wrongly by the V8 of Node 24
  return Object.fromEntries(
    Array.from({ length: chance.int(0, 4) }, () => {
      const value = chance.pick<unknown>([
        1,
        null,
        true,
        'x',
        '},{"id":1',
        '[{',
        '}]',
        '\\"',
        ...(depth > 0 ? [someRow(chance, depth - 1), [someRow(chance, depth - 1), someRow(chance, depth - 1)]] : []),
      ]);
      return [chance.pick(names), value];
    }),
  );
}
