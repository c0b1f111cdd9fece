import { describe, expect, test } from 'vitest';
import { ExactNumber, exactNumber, int64Of, isHeld } from '../../../src/sdk/json/exact-number.js';
import { plainText } from '../../../src/sdk/json/write-exact.js';

describe('JavaScript holds', () => {
  test.each([
    '0',
    '-1',
    '9007199254740991',
    '-9007199254740991',
    '0.1',
    '-0',
    '-0.0',
    '1.0',
    '1.10',
    '1.10000000000000000000',
    '0.000',
    '0e99999999999',
    '1E5',
    '1.5e3',
    '12e-1',
    '1763800000.123456',
    '1e-7',
    '5e-324',
  ])('%s', (digits) => {
    expect(isHeld(digits)).toBe(true);
    expect(exactNumber(digits)).toBe(Number(digits));
  });
});

describe('JavaScript does not hold', () => {
  test.each([
    '9007199254740992', // others are rounded to it
    '9007199254740993',
    '-9007199254740993',
    '123456789012345678901234567890',
    '1e16',
    '1e19',
    '1e400',
    '-1e400',
    '1e-400',
    '1.234567890123456789',
    '0.1234567890123456789',
    '0.10000000000000000555',
    '1234567.1234567890123',
    '1.2345678901234567e-320',
  ])('%s', (digits) => {
    const number = exactNumber(digits);

    expect(isHeld(digits)).toBe(false);
    expect(number).toBeInstanceOf(ExactNumber);
    expect(String(number)).toBe(digits);
  });
});

describe('an exact number', () => {
  const id = new ExactNumber('9007199254740993');

  test('is its digits wherever text is made of it', () => {
    expect(String(id)).toBe('9007199254740993');
    expect(`/issues/${String(id)}/`).toBe('/issues/9007199254740993/');
    expect([id].join()).toBe('9007199254740993');
    expect(encodeURIComponent(String(id))).toBe('9007199254740993');
  });

  test('keeps its digits in JSON that others make of it', () => {
    expect(JSON.stringify({ id })).toBe('{"id":"9007199254740993"}');
  });
});

describe('plain text', () => {
  test.each([
    [new ExactNumber('9007199254740993'), '9007199254740993'],
    [7, '7'],
    ['a', 'a'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{ id: new ExactNumber('9007199254740993') }, '{"id":9007199254740993}'],
    [[1, 'a'], '[1,"a"]'],
  ])('of %j is %s', (value, text) => {
    expect(plainText(value)).toBe(text);
  });
});

describe('int64Of', () => {
  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['10000000000000000000', undefined],
    ['000000000000000000000000012', '12'],
    ['1.0', '1'],
    ['1e3', '1000'],
    ['1.5e1', '15'],
    ['0.05e2', '5'],
    ['1200e-2', '12'],
    ['1e18', '1000000000000000000'],
    ['-0', '0'],
    ['0e999999', '0'],
    ['1e400', undefined],
    ['1e999999999', undefined],
    ['1e-999999999', undefined],
    ['1.5', undefined],
    ['0.05', undefined],
    ['1e-1', undefined],
    ['1001e-2', undefined],
    ['0.000', '0'],
    ['', undefined],
    ['abc', undefined],
    ['0x10', undefined],
    ['+1', undefined],
    ['12 ', undefined],
  ])('of %j is %j', (digits, integer) => {
    expect(int64Of(digits)).toBe(integer);
  });

  test('is done quickly with a huge number', () => {
    const began = performance.now();

    expect(int64Of('9'.repeat(1_000_000))).toBeUndefined();

    expect(performance.now() - began).toBeLessThan(500);
  });
});
