/** From an answer of statistics to rows. */
import { describe, expect, test } from 'vitest';
import { listOf, perInterval, perRange, timeOf } from '../../src/streams/rows/statistics.js';

const names = { by: { project_id: 'project', status: 'session.status' }, numbers: { count: 'sum(quantity)' } };
const [monday, tuesday] = ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'];

describe('a series', () => {
  test('becomes a row for each group and interval', () => {
    const groups = [
      { by: { project: 7, 'session.status': 'healthy' }, series: { 'sum(quantity)': [1, 2] }, totals: {} },
      { by: { project: 8, 'session.status': 'crashed' }, series: { 'sum(quantity)': [3, null] }, totals: {} },
    ];

    expect(perInterval(names)({ intervals: [monday, tuesday], groups })).toEqual([
      { interval_start: monday, project_id: '7', status: 'healthy', count: 1 },
      { interval_start: tuesday, project_id: '7', status: 'healthy', count: 2 },
      { interval_start: monday, project_id: '8', status: 'crashed', count: 3 },
      { interval_start: tuesday, project_id: '8', status: 'crashed', count: null },
    ]);
  });

  test('of a group without a word has one for that, since it is a key', () => {
    const groups = [{ by: { project: null }, series: { 'sum(quantity)': [1] } }];

    expect(perInterval(names)({ intervals: [monday], groups })).toEqual([
      { interval_start: monday, project_id: '(none)', status: '(none)', count: 1 },
    ]);
  });

  test.each([{}, { groups: null, intervals: [monday] }, { groups: [{}, null, 7] }])('of %j has no rows', (body) => {
    expect(perInterval(names)(body)).toEqual([]);
  });
});

test('totals become a row for each group, at the beginning of the range', () => {
  const groups = [{ by: { project: '7', 'session.status': 'all' }, totals: { 'sum(quantity)': 5 } }];

  expect(perRange(names)({ start: monday, end: tuesday, groups })).toEqual([
    { interval_start: monday, project_id: '7', status: 'all', count: 5 },
  ]);
});

test.each([
  [1_763_942_400, '2025-11-24T00:00:00Z'],
  [1_763_942_400_000, '2025-11-24T00:00:00Z'],
  [1_763_942_400_000.5, '2025-11-24T00:00:00Z'],
  ['2025-11-24', '2025-11-24'],
  [null, null],
])('the time %j is %j', (value, time) => {
  expect(timeOf(value)).toBe(time);
});

test('only objects are rows', () => {
  expect(listOf([{ a: 1 }, null, 'x'])).toEqual([{ a: 1 }]);
  expect(listOf('x')).toEqual([]);
});
