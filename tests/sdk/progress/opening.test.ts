/** The first lines of a run. */
import { describe, expect, test } from 'vitest';
import type { StreamDefinition } from '../../../src/sdk/define/stream-definition.js';
import { type Opening, openingLines } from '../../../src/sdk/progress/opening.js';
import { State } from '../../../src/sdk/singer/state.js';
import { day, hour } from '../../../src/sdk/time.js';

const now = Date.UTC(2026, 10, 22, 12);
const stream = (name: string, more: Partial<StreamDefinition> = {}): StreamDefinition =>
  ({ name, path: `/${name}/`, scope: { kind: 'single' }, replicationKey: 'at', ...more }) as StreamDefinition;
const events = stream('events', { lookback: () => hour });

const lines = (bookmarks: object, more: Partial<Opening> = {}): string[] =>
  openingLines({
    name: 'tap-toy',
    version: '1.2.3',
    variables: { organization: 'acme' },
    origin: 'https://toy.example',
    startDate: Date.UTC(2020, 0, 1),
    endDate: undefined,
    now,
    streams: [events],
    fullTable: new Set(),
    state: new State({ bookmarks }),
    config: {},
    ...more,
  });

test('the first line tells the version, whose data it is, the server and the range', () => {
  expect(lines({})[0]).toBe(
    'tap-toy v1.2.3 reads 1 streams of organization acme at https://toy.example, from 2020-01-01T00:00:00Z to now.',
  );
  expect(lines({}, { variables: {}, endDate: now })[0]).toBe(
    'tap-toy v1.2.3 reads 1 streams of https://toy.example, from 2020-01-01T00:00:00Z to 2026-11-22T12:00:00Z.',
  );
});

describe('a stream begins', () => {
  const at = (start: string): object => ({ events: { start } });

  test('at the start date, where there is no bookmark', () => {
    expect(lines({}).slice(1)).toEqual(['events: from the start date: there is no bookmark.']);
  });

  test('a lookback before its bookmark', () => {
    expect(lines(at('2026-11-22T10:00:00Z')).slice(1)).toEqual([
      'events: from 2026-11-22T09:00:00Z: its bookmark, less the lookback.',
    ]);
  });

  test('at its bookmark, where it does not look back', () => {
    const streams = [stream('events')];

    expect(lines(at('2026-11-22T10:00:00Z'), { streams }).slice(1)).toEqual([
      'events: from 2026-11-22T10:00:00Z: its bookmark.',
    ]);
  });

  test('at the earliest of the bookmarks of its partitions', () => {
    const partitions = [
      { context: { id: '1' }, start: '2026-11-22T10:00:00Z' },
      { context: { id: '2' }, start: '2026-11-20T10:00:00Z' },
    ];

    expect(lines({ events: { partitions } })[1]).toContain('from 2026-11-20T09:00:00Z');
  });

  test('no later than now, and no earlier than the start date', () => {
    expect(lines(at('2099-01-01T00:00:00Z'))[1]).toContain('from 2026-11-22T11:00:00Z');
    expect(lines(at('2010-01-01T00:00:00Z'))[1]).toContain('from 2020-01-01T00:00:00Z');
  });

  test('at the start date, where the catalog wants all of it', () => {
    expect(lines(at('2026-11-22T10:00:00Z'), { fullTable: new Set(['events']) })[1]).toBe(
      'events: from the start date: the catalog says FULL_TABLE.',
    );
  });

  test.each([
    ['2026-11-21T11:00:00Z', 'from the start date: a full refresh is due'],
    ['2026-11-22T11:00:00Z', 'from 2026-11-22T09:00:00Z: its bookmark, less the lookback'],
  ])('in full when the last full refresh, of %s, is a day ago: %s', (full_pass, text) => {
    const streams = [stream('events', { lookback: () => hour, fullPass: () => day })];
    const bookmarks = { events: { start: '2026-11-22T10:00:00Z', full_pass } };

    expect(lines(bookmarks, { streams })[1]).toBe(`events: ${text}.`);
  });
});

test('streams that begin at the same place for the same reason share a line; full tables have none', () => {
  const streams = [events, stream('issues'), stream('teams', { replicationKey: undefined })];

  expect(lines({}, { streams }).slice(1)).toEqual(['events, issues: from the start date: there is no bookmark.']);
});
