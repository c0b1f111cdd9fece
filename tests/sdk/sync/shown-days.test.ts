import { describe, expect, test } from 'vitest';
import { hiddenDays } from '../../../src/sdk/sync/shown-days.js';
import { day, isoSeconds } from '../../../src/sdk/time.js';
import { LibraryServer, type Row, ago, lastPage, now, startDate, sync } from './library.js';

const range = { start: now - 200 * day, end: now };
/** Days ago. */
const parts = (oldest: number, since: number | undefined, from = range): number[][] =>
  hiddenDays({
    range: from,
    oldest: now - oldest * day,
    since: since === undefined ? undefined : now - since * day,
  }).map(({ start, end }) => [(now - start) / day, (now - end) / day]);

describe('days that a server may not have shown', () => {
  test('are asked for in parts of six days, newest first, from a month before the rows are said to begin', () => {
    expect(parts(7, 10)).toEqual([
      [13, 7],
      [19, 13],
      [25, 19],
      [31, 25],
      [37, 31],
      [40, 37],
    ]);
  });

  test('are none before the range', () => {
    expect(parts(7, 100, { start: now - 15 * day, end: now })).toEqual([
      [13, 7],
      [15, 13],
    ]);
  });

  test('are none in a range that is shorter than any such limit', () => {
    expect(parts(1, 100, { start: now - 6 * day, end: now })).toEqual([]);
    expect(parts(1, 100, { start: now - 6.1 * day, end: now })).not.toEqual([]);
  });

  test('are none where rows go back further than any such limit', () => {
    expect(parts(15, 100)).not.toEqual([]);
    expect(parts(15.1, 100)).toEqual([]);
    expect(parts(8.1, 100, { start: now - 12 * day, end: now })).toEqual([]);
  });

  test('are none where the rows go back to where they are said to begin', () => {
    expect(parts(7, 7.9)).toEqual([]);
    expect(parts(7, 8)).not.toEqual([]);
  });

  test('are none where nothing says since when there are rows, or no row was shown', () => {
    expect(parts(7, undefined)).toEqual([]);
    expect(hiddenDays({ range, oldest: Infinity, since: range.start })).toEqual([]);
  });
});

describe('a server that shows the latest days of a range only', () => {
  const days = (count: number): number => count * 24 * 3600;
  const visits: Row[] = [1, 3, 12, 40].map((count) => ({ id: `v${count}`, at: ago(days(count)) }));
  const serverOf = (shown: (start: number, end: number) => number): LibraryServer => {
    const sale = { id: '1', shelf: 'a', at: ago(days(1)), since: ago(days(60)), proof: true };
    const server = new LibraryServer({ '/shelves/': [{ id: 'a' }], '/sales/': [sale] });
    server.answer = ({ pathname, searchParams }) => {
      if (pathname !== '/shelves/a/visits/') return undefined;
      const [start, end] = [searchParams.get('start'), searchParams.get('end')].map((text) => Date.parse(text ?? ''));
      const [from = startDate, to = now + 1] = [start, end].map((time) => (Number.isNaN(time) ? undefined : time));
      const oldest = Math.max(from, shown(from, to));
      return lastPage(visits.filter(({ at }) => Date.parse(String(at)) >= oldest && Date.parse(String(at)) < to));
    };
    return server;
  };

  test.each([7, 14])('%i of them, is asked for what is older by parts, and everything comes', async (limit) => {
    const { ids, outcomes } = await sync(
      serverOf((_, end) => end - limit * day),
      { select: ['sales', 'visits'] },
    );

    expect(ids('visits').sort()).toEqual(['v1', 'v12', 'v3', 'v40']);
    expect(outcomes.get('visits')).toMatchObject({ status: 'partial', exitCode: 0 });
  });

  test('is asked for no more rows than are wanted', async () => {
    const newest = { select: ['sales', 'visits'], settings: { newestVisits: 2 } };

    const { ids } = await sync(
      serverOf((_, end) => end - 7 * day),
      newest,
    );

    expect(ids('visits').sort()).toEqual(['v1', 'v3']);
  });

  test('whatever is asked for is said to show them only', async () => {
    const { ids, outcomes } = await sync(
      serverOf(() => now - 7 * day),
      { select: ['sales', 'visits'] },
    );

    expect(ids('visits').sort()).toEqual(['v1', 'v3']);
    expect(outcomes.get('visits')).toMatchObject({ status: 'partial', exitCode: 0 });
    expect(outcomes.get('visits')?.describe()).toContain(
      `the server showed nothing older than ${isoSeconds(now - 3 * day).slice(0, 10)}, though older rows existed`,
    );
  });

  test('is not said to, where a row has no time', async () => {
    const server = serverOf(() => now - 7 * day);
    const { answer } = server;
    server.answer = async (url) =>
      url.pathname === '/shelves/a/visits/' ? lastPage([{ id: 'undated', at: null }]) : answer(url);

    const { ids, error, outcomes } = await sync(server, { select: ['sales', 'visits'] });

    expect([ids('visits'), error, outcomes.get('visits')?.status]).toEqual([['undated'], undefined, 'ok']);
  });

  test.each([
    ['is looked at below few rows', [1, 20]],
    ['is looked at where the row above says that there is one', [20]],
  ])('%s', async (_, dates) => {
    const book = { id: 'b', at: ago(days(20)) };
    const loans = dates.map((count) => ({ id: `l${count}`, at: ago(days(count)) }));
    const server = new LibraryServer({ '/shelves/': [{ id: 'a' }], '/shelves/a/books/': [book] });
    server.answer = ({ pathname, searchParams }) => {
      if (pathname !== '/books/b/loans/') return undefined;
      const to = Date.parse(searchParams.get('end') ?? isoSeconds(now));
      return lastPage(loans.filter((row) => Date.parse(row.at) >= to - 7 * day && Date.parse(row.at) < to));
    };

    const { ids, outcomes } = await sync(server, { select: ['books', 'loans'] });

    expect(ids('loans')).toEqual(loans.map(({ id }) => id));
    expect(outcomes.get('loans')?.describe()).toContain('showed the latest days only');
  });
});
