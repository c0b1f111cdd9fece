/** The line at the bottom of a terminal. */
import { expect, test } from 'vitest';
import { LiveLine } from '../../../src/sdk/log/live-line.js';

const setUp = (columns: number, color = false) => {
  const written: string[] = [];
  return { written, live: new LiveLine((text) => written.push(text), { columns: () => columns, color }) };
};
const erase = '\r\u001B[K';

test('a text takes the place of the one before', () => {
  const { live, written } = setUp(80);

  live.show('one');
  live.show('two');

  expect(written).toEqual([`${erase}one`, `${erase}two`]);
});

test('a printed line erases it first, and only where there is one', () => {
  const { live, written } = setUp(80);

  live.print('before\n');
  live.show('live');
  live.print('after\n');
  live.print('more\n');

  expect(written).toEqual(['before\n', `${erase}live`, erase, 'after\n', 'more\n']);
});

test.each([
  [10, 9],
  [80, 79],
  [0, 79], // a terminal that does not know its width
])('at %i columns it has %i letters at most', (columns, letters) => {
  const { live, written } = setUp(columns);

  live.show('x'.repeat(200));

  expect(written).toEqual([`${erase}${'x'.repeat(letters)}`]);
});

test('with color it is dim', () => {
  const { live, written } = setUp(80, true);

  live.show('live');

  expect(written).toEqual([`${erase}\u001B[2mlive\u001B[0m`]);
});
