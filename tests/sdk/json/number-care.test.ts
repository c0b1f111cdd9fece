import { describe, expect, test } from 'vitest';
import { numberCare } from '../../../src/sdk/json/number-care.js';

/** The white space that may stand around a number. */
const spaces = ['', ' ', '  ', '\n', '\r\n  ', '\t'];

/** Places of a number in a row. */
const places = (digits: string): string[] =>
  spaces.flatMap((space) => [
    `{"a":${space}${digits}${space}}`,
    `{"a":1,"b":${space}${digits}${space},"c":2}`,
    `{"a":{"b":${space}${digits}${space}}}`,
    `{"a":[${space}${digits}${space}]}`,
    `{"a":[1,${space}${digits}${space},2]}`,
    `{"a"${space}:${digits}${space},"b":"x"}`,
  ]);

describe('the care for numbers', () => {
  test.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '1.234567890123456789',
    '-0.1234567890123456789',
    '1234567.1234567890123',
    '1e400',
    '-1E400',
    '1e19',
    '1.5e-400',
  ])('is to keep the digits of %s, wherever it stands', (digits) => {
    for (const text of places(digits)) expect(numberCare(text), text).toBe('exact');
  });

  test.each(['1.0', '-1.0', '1.000000000000000000000', '12.00', '1e3', '1E+3', '-1.5e3', '1200e-2', '0.0'])(
    'is to write %s as a whole number, wherever it stands',
    (digits) => {
      for (const text of places(digits)) expect(numberCare(text), text).toBe('rewrite');
    },
  );

  test.each(['0', '-7', '1.5', '123456789012345', '9007199254740991', '1763800000.123456', '1.5e-7', '0.1', '-0'])(
    'is none for %s',
    (digits) => {
      for (const text of places(digits)) expect(numberCare(text), text).toBe('none');
    },
  );

  test.each([
    '{"a":"12345678901234567890"}',
    '{"a":"x:12345678901234567890,"}',
    '{"a":"\\":12345678901234567890,"}',
    '{"a":"\\\\\\":1e400,"}',
    '{":12345678901234567890":1}',
    '{"a":": 1.0, "}',
    '{"a":true,"b":false,"c":null}',
  ])('is none for digits inside strings: %s', (text) => {
    expect(numberCare(text)).toBe('none');
  });

  test('is for the number after a string of backslashes', () => {
    expect(numberCare('{"a":"\\\\","b":12345678901234567890}')).toBe('exact');
    expect(numberCare('{"a":"\\\\\\"","b":12345678901234567890}')).toBe('exact');
  });

  test('is found without lists where no list has numbers', () => {
    expect(numberCare('{"a":["b"], "c": 12345678901234567890}', false)).toBe('exact');
    expect(numberCare('{"a":["b"], "c" : 1.0}', false)).toBe('rewrite');
  });

  test('to keep digits comes before the care to rewrite', () => {
    expect(numberCare('{"a":1.0,"b":12345678901234567890,"c":1.0}')).toBe('exact');
    expect(numberCare('{"a":[12345678901234567890,1.0]}')).toBe('exact');
    expect(numberCare('{"a":[1.0,2,3.5]}')).toBe('rewrite');
  });
});
