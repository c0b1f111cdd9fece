/** What a run is said to cost, from the sizes of a few streams. */
import { describe, expect, test } from 'vitest';
import { estimate, estimateText, type Size } from '../../src/sdk/check/estimate.js';
import { durationText } from '../../src/sdk/time.js';
import type { StreamDefinition } from '../../src/sdk/define/stream-definition.js';

const stream = (name: string, more: Partial<StreamDefinition> = {}): StreamDefinition =>
  ({ name, path: `/${name}/`, scope: { kind: 'single' }, ...more }) as StreamDefinition;

const projects = stream('projects');
const events = stream('events', { scope: { kind: 'each', parent: projects } });
const eventDetail = stream('event_detail', { scope: { kind: 'each', parent: events }, answer: 'object' });
const users = stream('users');

const of = (
  streams: readonly StreamDefinition[],
  sizes: Readonly<Record<string, Size>>,
  pace: (route: string) => number | undefined = () => undefined,
) => estimate({ streams, sizes: new Map(Object.entries(sizes)), config: {}, pageSize: 100, pace });

describe('an estimate', () => {
  test('counts the pages of a list whose rows are known', () => {
    expect(of([projects], { projects: { rows: 250 } })).toEqual({ requests: 3, rows: 250, ms: undefined, unknown: [] });
  });

  test('asks once for each row of the parent at least, and counts requests of parents that are not selected', () => {
    const { requests, rows } = of([events], { projects: { rows: 5 }, events: { rows: 20 } });

    expect({ requests, rows }).toEqual({ requests: 6, rows: 20 });
  });

  test('takes a row and a request for each context of a stream of single rows', () => {
    const { requests, rows } = of([eventDetail], { projects: { rows: 5 }, events: { rows: 1200 } });

    expect({ requests, rows }).toEqual({ requests: 1 + 12 + 1200, rows: 1200 });
  });

  test('knows pages that the server keeps smaller', () => {
    expect(of([projects], { projects: { rows: 250, perPage: 10 } }).requests).toBe(25);
  });

  test('counts no more rows than a setting wants', () => {
    const capped = stream('events', { scope: events.scope, maxNewest: () => 100 });

    expect(of([capped], { projects: { rows: 5 }, events: { rows: 100_000 } }).rows).toBe(500);
  });

  test('names the streams whose rows nobody knows, and those below them', () => {
    const { unknown, requests } = of([users, events, eventDetail], { projects: { rows: 5 } });

    expect(unknown).toEqual(['event_detail', 'events', 'users']);
    expect(requests).toBe(1 + 1 + 5);
  });

  test('takes as long as its slowest stream', () => {
    const pace = (route: string): number | undefined => (route === '/events/' ? 1000 : 25);

    expect(of([events], { projects: { rows: 5 }, events: { rows: 7200 } }, pace).ms).toBe(72_000);
  });
});

describe('its words', () => {
  test('are about, where everything is known', () => {
    expect(estimateText({ requests: 1312, rows: 12_345, ms: 360_000, unknown: [] })).toBe(
      'about 1,312 requests and 12,345 rows in about 6 min',
    );
  });

  test('are at least, where rows are not known', () => {
    expect(estimateText({ requests: 3, rows: 0, ms: undefined, unknown: ['teams', 'users'] })).toBe(
      'at least 3 requests and 0 rows in a time that is not known; the rows of teams, users are not known, and not ' +
        'counted',
    );
  });

  test.each([
    [20, '1 s'],
    [42_000, '42 s'],
    [360_000, '6 min'],
    [12_000_000, '3 h 20 min'],
  ])('of a time of %i ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
