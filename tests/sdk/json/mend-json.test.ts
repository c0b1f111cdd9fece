/** Values that are no JSON, in a body that is whole: they must not cost the other rows of the page (law 15). */
import { expect, test } from 'vitest';
import { mendJson } from '../../../src/sdk/json/mend-json.js';
import { readSource } from '../../../src/sdk/json/source-rows.js';

const numbers = 'numbers that are not finite became null';
const controls = 'control characters in strings were escaped';

test.each([
  ['[{"id":1,"x":NaN},{"id":2}]', '[{"id":1,"x":null},{"id":2}]', [numbers]],
  ['[{"id":1,"x":[-Infinity, Infinity]}]', '[{"id":1,"x":[null, null]}]', [numbers]],
  ['[{"id":1,"x":"a\tb\u0000"}]', '[{"id":1,"x":"a\\u0009b\\u0000"}]', [controls]],
  ['[{"NaN":"\\"NaN, \n","x":NaN}]', '[{"NaN":"\\"NaN, \\u000a","x":null}]', [controls, numbers]],
])('%j is read as %j', (body, text, repairs) => {
  const source = readSource(Buffer.from(body));

  expect(source?.value).toEqual(JSON.parse(text));
  expect(source?.repairs).toEqual(repairs);
});

test('digits survive beside them', () => {
  const source = readSource(Buffer.from('[{"id":9007199254740993,"x":NaN}]'), 'digits');

  expect(String(source?.rows[0]?.row['id'])).toBe('9007199254740993');
});

test.each(['[{"x":NaN}', '[{"x":NaN},{"y":"a', '[{"x":nan}]', '[{"x":NaNs}]', "[{'x':1}]", '[{"x":"\\'])(
  '%j is no JSON all the same',
  (body) => {
    expect(readSource(Buffer.from(body))).toBeUndefined();
  },
);

test.each(['[{"id":1,"x":"NaN"}]', '', '<html>'])('%j has nothing to mend', (text) => {
  expect(mendJson(text)).toBeUndefined();
});
