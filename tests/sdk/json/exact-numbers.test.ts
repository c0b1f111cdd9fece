import { describe, expect, test } from 'vitest';
import {
  exactDigits,
  exactNumber,
  int64Of,
  needsCare,
  parseExact,
  writeExact,
} from '../../../src/sdk/json/exact-numbers.js';
import { Chance } from '../../support/random.js';

describe('care is needed', () => {
  test.each([
    '[12345678901234567]',
    '{"a":9007199254740993}',
    '{"a":0.1234567890123456789}',
    '{"a":1e400}',
    '{"a":1E3}',
    '{"a":1.5e3}',
    '{"a":1.0}',
    '{"a": -12345678901234567}',
    '[1,1.00 ]',
    '12345678901234567890',
  ])('for %s', (text) => {
    expect(needsCare(text)).toBe(true);
  });

  test.each(['[1,2]', '{"a":1.5}', '{"a":"12345678901234567890"}', '{"a":123456789012345}', '[]', '{"a":"b, 1"}'])(
    'not for %s',
    (text) => {
      expect(needsCare(text)).toBe(false);
    },
  );
});

describe('digits survive', () => {
  test.each([
    '{"id":9007199254740993}',
    '{"id":123456789012345678901234567890}',
    '[-9223372036854775808,9223372036854775807,9223372036854775808]',
    '{"a":0.12345678901234567890123}',
    '{"a":-0}',
    '{"a":1e400,"b":-1E-400}',
    '{"a":1.10000000000000000000}',
    '[[[12345678901234567890]]]',
    '{"12345678901234567890":"12345678901234567890"}',
    '{"a":"say \\"12345678901234567890\\", 12345678901234567890"}',
    '{"a":"\\\\","b":12345678901234567890}',
  ])('%s', (text) => {
    expect(writeExact(parseExact(text))).toBe(text);
  });

  test('and small numbers are plain numbers', () => {
    expect(parseExact('{"a":1,"b":1.5,"c":[9007199254740991],"d":1e3}')).toEqual({
      a: 1,
      b: 1.5,
      c: [9007199254740991],
      d: 1000,
    });
  });

  test('of any JSON, by value', () => {
    for (let seed = 0; seed < 200; seed++) {
      const text = someJson(new Chance(seed), 3);
      expect(JSON.parse(writeExact(parseExact(text))), text).toEqual(JSON.parse(text));
    }
  });

  test('of a text of many megabytes', () => {
    const text = `{"a":"${'x\\"'.repeat(4_000_000)}","b":12345678901234567890}`;

    expect(writeExact(parseExact(text))).toBe(text);
  });

  test('text that is no JSON is refused', () => {
    expect(() => parseExact('{"a":12345678901234567890')).toThrow(SyntaxError);
    expect(() => parseExact('{"a":0123}')).toThrow(SyntaxError);
  });

  test('no data can pretend to be a number', () => {
    const [mark] = String((parseExact('[12345678901234567890]') as string[])[0]).split(':');

    expect(exactDigits(`${mark?.slice(0, -1) ?? ''}:1`)).toBeUndefined();
    expect(exactDigits('12345678901234567890')).toBeUndefined();
    expect(exactDigits(12)).toBeUndefined();
  });

  test('a number is marked only where JavaScript would change it', () => {
    expect(exactNumber('12')).toBe(12);
    expect(exactDigits(exactNumber('12345678901234567890'))).toBe('12345678901234567890');
  });
});

describe('int64Of', () => {
  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['1.0', '1'],
    ['1e3', '1000'],
    ['1.5e1', '15'],
    ['1200e-2', '12'],
    ['-0', '0'],
    ['0e999999', '0'],
    ['1e400', undefined],
    ['1e999999999', undefined],
    ['1.5', undefined],
    ['1e-1', undefined],
    ['0.000', '0'],
    ['', undefined],
    ['abc', undefined],
    ['0x10', undefined],
    ['+1', undefined],
  ])('of %j is %j', (digits, integer) => {
    expect(int64Of(digits)).toBe(integer);
  });

  test('is done quickly with a huge number', () => {
    const began = performance.now();

    expect(int64Of('9'.repeat(100_000))).toBeUndefined();

    expect(performance.now() - began).toBeLessThan(500);
  });
});

function someJson(chance: Chance, depth: number): string {
  switch (chance.int(0, depth > 0 ? 5 : 3)) {
    case 0:
      return chance.pick([
        'null',
        'true',
        'false',
        '-0',
        '1e5',
        '-1.25',
        '0.5E-3',
        '12345678901234567',
        '1.0',
        '1234567890.123456789012',
      ]);
    case 1:
      return String(chance.int(-1e9, 1e9));
    case 2:
    case 3:
      return JSON.stringify(
        chance.pick(['', 'a', '1, 2', ':12345678901234567890,', '\\', '"', '\\"', '\u0001', 'é😀', '},{"a":']),
      );
    case 4:
      return `[${Array.from({ length: chance.int(0, 4) }, () => someJson(chance, depth - 1)).join(chance.pick([',', ' , ']))}]`;
    default:
      return `{${Array.from({ length: chance.int(0, 4) }, (_, n) => `"k${n}"${chance.pick([':', ' : '])}${someJson(chance, depth - 1)}`).join(',')}}`;
  }
}
