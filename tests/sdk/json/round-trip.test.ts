/** JSON to values and back: digits and nesting come through, whatever the document. */
import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../../src/sdk/json/exact-number.js';
import { parseExact, parseJsonExactly } from '../../../src/sdk/json/parse-exact.js';
import { writeChanged, writeExact } from '../../../src/sdk/json/write-exact.js';
import { Chance } from '../../support/random.js';
import { sameJson, someJson } from './some-json.js';

describe('a text that comes through letter by letter', () => {
  test.each([
    '{"id":9007199254740993}',
    '{"id":-9007199254740993}',
    '[9007199254740993]',
    '[-9223372036854775808,9223372036854775807,9223372036854775808]',
    '{"a":1.234567890123456789,"b":0.1}',
    '{"a":-0,"b":[-0]}',
    '{"a":1e400,"b":-1E-400,"c":1e19}',
    '[[[12345678901234567890]]]',
    '{"12345678901234567890":"12345678901234567890"}',
    '{"a":"say \\"12345678901234567890\\", 12345678901234567890"}',
    '{"a":"\\\\","b":12345678901234567890}',
    '{"__proto__":{"a":12345678901234567890},"constructor":1}',
    '{"a":[],"b":{},"c":[[],{}],"n":12345678901234567890}',
    '{"":12345678901234567890}',
    '{"a":[true,false,null,12345678901234567890]}',
    '{"a":"\\u0000\\ud800\\u001f\\n","b":12345678901234567890}',
    'null',
    '"a"',
    '12',
  ])('%s', (text) => {
    expect(writeExact(parseExact(text))).toBe(text);
    expect(writeChanged(parseExact(text), (one) => one)).toBe(text);
  });
});

describe('parsing exactly', () => {
  test('gives plain numbers where these are the same', () => {
    expect(parseExact('{"a":1,"b":1.5,"c":[9007199254740991],"d":1e3,"e":1.0}')).toEqual({
      a: 1,
      b: 1.5,
      c: [9007199254740991],
      d: 1000,
      e: 1,
    });
  });

  test('gives the last of several members of the same name', () => {
    expect(parseExact('{"a":1,"b":2,"a":{"c":3}}')).toEqual({ a: { c: 3 }, b: 2 });
  });

  test('sets no prototype', () => {
    const value = parseExact('{"__proto__":{"evil":1}}') as Record<string, unknown>;

    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value['evil']).toBeUndefined();
  });

  test('is what JSON.parse does where every number is held', () => {
    for (let seed = 0; seed < 300; seed++) {
      const text = someJson(new Chance(seed), { depth: 4, exact: false });
      expect(parseExact(text), text).toEqual(JSON.parse(text));
    }
  });

  test('is left to JSON.parse for what is no JSON', () => {
    expect(() => parseJsonExactly('{"a":12345678901234567890')).toThrow(SyntaxError);
    expect(() => parseJsonExactly('{"a":0123}')).toThrow(SyntaxError);
    expect(String((parseJsonExactly('{"a": 12345678901234567890}') as Record<string, unknown>)['a'])).toBe(
      '12345678901234567890',
    );
    expect(parseJsonExactly('{"a":1}')).toEqual({ a: 1 });
  });
});

describe('writing', () => {
  test('gives the same document, for any document', () => {
    for (let seed = 0; seed < 500; seed++) {
      const text = someJson(new Chance(seed), { depth: 4, exact: true });
      const written = writeExact(parseExact(text));

      expect(sameJson(written, text), `${text}\n${written}`).toBe(true);
      expect(written).not.toMatch(/[\r\n]/);
    }
  });

  test('is what JSON.stringify does for plain values', () => {
    for (let seed = 0; seed < 300; seed++) {
      const value: unknown = JSON.parse(someJson(new Chance(seed), { depth: 4, exact: false }));

      expect(writeChanged(value, (text) => text).replaceAll('-0', '0')).toBe(
        JSON.stringify(value).replaceAll('-0', '0'),
      );
    }
  });

  test('leaves out members that are undefined, as JSON.stringify', () => {
    const value = { a: undefined, b: [undefined], c: new ExactNumber('1e400'), d: undefined };

    expect(writeExact(value)).toBe('{"b":[null],"c":1e400}');
    expect(writeExact({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(writeExact(undefined)).toBe('null');
  });

  test('changes strings and names when it is asked to', () => {
    const value = { ab: ['b', { b: 'cb' }], n: new ExactNumber('12345678901234567890') };

    expect(writeChanged(value, (text) => text.replaceAll('b', '"'))).toBe(
      '{"a\\"":["\\"",{"\\"":"c\\""}],"n":12345678901234567890}',
    );
  });
});

describe('size is no matter', () => {
  const deep = 100_000;

  test.each([
    ['lists', `${'['.repeat(deep)}12345678901234567890${']'.repeat(deep)}`],
    ['objects', `${'{"a":'.repeat(deep)}1.0${'}'.repeat(deep)}`.replace('1.0', '12345678901234567890')],
    ['lists and objects', `${'[{"a":'.repeat(deep)}-0${'}]'.repeat(deep)}`],
  ])('for %s in 100,000 levels', (_, text) => {
    expect(writeExact(parseExact(text)) === text).toBe(true);
  });

  test('for a text of many megabytes', () => {
    const text = `{"a":"${'x\\"'.repeat(8_000_000)}","b":12345678901234567890}`;

    expect(writeExact(parseExact(text)) === text).toBe(true);
  });

  test('for a list of 300,000 numbers', () => {
    const text = `{"a":[${'12345678901234567890,'.repeat(300_000)}1]}`;

    expect(writeExact(parseJsonExactly(text)) === text).toBe(true);
  });
});
