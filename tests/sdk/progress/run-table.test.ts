/** The table at the end of a run. */
import { describe, expect, test } from 'vitest';
import { Activity } from '../../../src/sdk/http/activity.js';
import { clockText, runTable, streamLine } from '../../../src/sdk/progress/run-table.js';
import { State } from '../../../src/sdk/singer/state.js';
import type { OutputStream } from '../../../src/sdk/sync/output-stream.js';
import { second } from '../../../src/sdk/time.js';
import { ManualClock } from '../../support/clock.js';

const outputOf = (name: string, rows: number, status: string): OutputStream =>
  ({ name, outcome: { rows, status } }) as unknown as OutputStream;

describe('the table', () => {
  test('has a line for each stream, and one for the whole run', async () => {
    const clock = new ManualClock();
    const activity = new Activity(clock);
    await activity.during('events', () => clock.advance(67 * second));

    const lines = runTable({
      outputs: [outputOf('events', 12_345, 'partial'), outputOf('teams', 4, 'ok')],
      requestsOf: new Map([['events', new Map(Object.entries({ '/events/': 1000, '/old/events/': 234 }))]]),
      requests: 1236,
      activity,
      state: new State({ bookmarks: { events: { start: '2026-11-22T10:00:00Z' } } }),
      duration: 70 * second,
    });

    expect(lines).toEqual([
      'stream    rows  requests  time  bookmark           outcome',
      'events  12,345     1,234  1:07  2026-11-22T10:00Z  partial',
      'teams        4         0  0:00  -                  ok',
      'all     12,349     1,236  1:10',
    ]);
  });

  test('fits 80 columns with long names and large numbers', () => {
    const lines = runTable({
      outputs: [outputOf('a_stream_whose_name_has_no_end', 123_456_789, 'partial')],
      requestsOf: new Map(),
      requests: 1_234_567,
      activity: new Activity(new ManualClock()),
      state: new State({ bookmarks: { a_stream_whose_name_has_no_end: { start: '2026-11-22T10:00:00Z' } } }),
      duration: 36_000 * second,
    });

    expect(lines[1]).toContain('a_stream_whose_na~');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

test('in a pipe a stream has its outcome in words, and the same figures, in one line', async () => {
  const clock = new ManualClock();
  const activity = new Activity(clock);
  await activity.during('events', () => clock.advance(67 * second));
  const state = new State({ bookmarks: { events: { start: '2026-11-22T10:00:00Z' } } });
  const requestsOf = new Map([['events', new Map([['/events/', 1234]])]]);
  const output = { name: 'events', outcome: { describe: () => 'events  ok  5 rows' } } as unknown as OutputStream;

  expect(streamLine(output, { requestsOf, activity, state })).toBe(
    'events  ok  5 rows; 1,234 requests in 1:07; bookmark 2026-11-22T10:00Z',
  );
});

test.each([
  [0, '0:00'],
  [7_400, '0:07'],
  [727_000, '12:07'],
  [3_727_000, '1:02:07'],
])('a time of %i ms is %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});
