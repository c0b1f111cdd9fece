/** Reading a range: which requests it costs, how it is shared, and what becomes of what cannot be read. */
import { describe, expect, test } from 'vitest';
import { FatalError } from '../../../src/sdk/errors.js';
import { type ListRow, rowsAt } from '../../support/list-server.js';
import { Chance } from '../../support/random.js';
import {
  type Found,
  begin,
  bySearch,
  everySecond,
  expected,
  isIn,
  range,
  read,
  readerOf,
  wholeRange,
} from '../../support/range-reading.js';

const starts = ({ server }: Found): string[] =>
  server.asked.filter((parameters) => !parameters.has('cursor')).map((parameters) => parameters.get('start') ?? '');

describe('a range', () => {
  test('of few rows is one request, and one more that compares it with the plain list', async () => {
    const { server } = await read({ rows: rowsAt(begin, [1, 2]) });

    expect(server.asked.map((parameters) => [...parameters.keys()])).toEqual([
      ['per_page', 'start', 'end'],
      ['per_page'],
    ]);
  });

  test('is asked for with both ends, in whole seconds of UTC', async () => {
    const { server } = await read({ rows: rowsAt(begin, [5]) });

    expect(server.asked[0]?.get('start')).toBe('2026-11-22T11:43:20Z');
    expect(server.asked[0]?.get('end')).toBe('2026-11-22T12:00:00Z');
  });

  test('keeps the fractions of its last second', async () => {
    const rows = [
      { id: 'a', at: new Date(range.end - 1).toISOString() },
      { id: 'b', at: new Date(range.start).toISOString() },
    ];

    wholeRange(await read({ rows, pageSize: 1 }), rows, 'fractions');
  });

  test('whose rows are all of one second is read page by page, past the longest query', async () => {
    const rows = rowsAt(begin, Array(50).fill(7) as number[]);

    wholeRange(await read({ rows, maxRows: 6 }), rows, 'one second');
  });

  test('of more rows than one query may have is read in several, each no longer than that', async () => {
    const rows = everySecond(0, 200);

    const found = await read({ rows, pageSize: 10, maxRows: 40, capacity: 1, cursors: 'offset' });

    wholeRange(found, rows, 'long');
    const offsets = found.server.asked.map((parameters) => Number(parameters.get('cursor') ?? 0));
    expect(Math.max(...offsets)).toBe(27); // overlapping pages of ten: from 27, it holds the 37th row
    expect(starts(found).length).toBeGreaterThan(4);
  });
});

describe('workers that have nothing to do', () => {
  test('get parts of a long range, at little cost', async () => {
    const rows = everySecond(0, 900);

    const found = await read({ rows, pageSize: 10, maxRows: 9000, capacity: 8, cursors: 'row' });

    wholeRange(found, rows, 'shared');
    expect(starts(found).length).toBeGreaterThan(4);
    expect(found.server.asked.length).toBeLessThan(90 * 1.3);
  });

  test('get none of a range of less than four pages', async () => {
    const short = { start: begin + 960_000, end: range.end };
    const rows = everySecond(960, 1000);

    const found = await read({ rows, range: short, pageSize: 10, maxRows: 9000, capacity: 8, cursors: 'row' });

    expect(found.server.asked).toHaveLength(4 + 1);
  });

  test('are busy until the last pages', async () => {
    const rows = everySecond(0, 1000);
    const chance = new Chance(1);
    const turns = (): number => chance.int(20, 60);

    const { server } = await read({ rows, pageSize: 10, maxRows: 9000, capacity: 8, cursors: 'row', turns });

    expect(server.busy.reduce((sum, count) => sum + count, 0) / server.busy.length).toBeGreaterThan(6);
    expect(server.asked.length).toBeLessThan(100 * 1.3);
  });

  test('cost a handful of requests where years lie before the first row', async () => {
    const rows = everySecond(0, 400);
    const options = { rows, pageSize: 10, maxRows: 9000, capacity: 8, cursors: 'row' as const };

    const near = await read({ ...options, range });
    const far = await read({ ...options, range: { start: begin - 6 * 365 * 86_400_000, end: range.end } });

    expect(far.times).toEqual(expected(rows));
    expect(far.server.asked.length - near.server.asked.length).toBeLessThanOrEqual(8);
  });

  test.each([1, 3, 8])('do not keep the run from ending when the token is refused (%i at once)', async (capacity) => {
    await expect(read({ rows: everySecond(0, 800, 2), capacity, refusedAfter: 5 })).rejects.toBeInstanceOf(FatalError);
  });
});

describe('an interrupted range', () => {
  const gaps = [{ start: begin, end: begin + 100_000 }];

  test('goes on in its gap, after one look whether the server takes parts', async () => {
    const found = await read({ rows: everySecond(0, 1000), pageSize: 10, maxRows: 9000, query: { gaps } });

    expect(Object.keys(found.times)).toHaveLength(100);
    expect(found.server.asked.length).toBeLessThan(20);
  });

  test('is read as a whole where the server does not take parts', async () => {
    const rows = everySecond(0, 1000);

    const found = await read({
      rows,
      window: bySearch,
      terms: 'nothing',
      pageSize: 50,
      maxRows: 9000,
      query: { gaps },
    });

    expect(found.times).toEqual(expected(rows));
    expect(found.support.splittable).toBe(false);
  });

  test('is read from the plain list where ranges are ignored; what was read is not delivered again', async () => {
    const found = await read({ rows: everySecond(0, 1000), ranges: 'ignored', pageSize: 50, query: { gaps } });

    expect(found.unread).toEqual([]);
    expect(everySecond(0, 100).filter(({ id }) => found.times[id] !== 1)).toEqual([]);
  });

  test.each(['kept', 'ignored'] as const)('is read anew where rows have no order and ranges are %s', async (ranges) => {
    const rows = everySecond(0, 1100).sort((a, b) => (Number(a.id) % 10) - (Number(b.id) % 10));
    const finished = { start: begin + 100_000, end: range.end };
    let timesTold = 0;
    const onDisorder = () => (timesTold++, [finished]);

    const found = await read({
      rows,
      unordered: true,
      ranges,
      pageSize: 50,
      maxRows: 9000,
      query: { gaps, onDisorder },
    });

    expect(found.times).toEqual(expected(rows.filter((row) => isIn(row, range))));
    expect([found.progress.complete, timesTold]).toEqual([true, 1]);
  });
});

test('a row that came late, among newer ones, is not delivered again by the part that it belongs to', async () => {
  const rows = everySecond(0, 400).map((row, index, { [390]: later }) => ({
    ...row,
    arrived: index === 200 ? later?.at : row.at,
  }));

  const found = await read({ rows, ownDate: 'arrived', filterDate: 'at', pageSize: 10, maxRows: 1000 });

  expect(found.support.splittable).toBe(true);
  expect(found.times).toEqual(expected(rows));
});

describe('a second query', () => {
  const kinds = { queries: () => [{ kind: 'a' }, { kind: 'b' }] };
  const rows = everySecond(0, 60).map((row, index) => ({ ...row, kind: index % 3 === 0 ? 'b' : 'a' }));

  test('brings the rows that the first does not', async () => {
    const found = await read({ rows, definition: kinds, knowsKinds: true, pageSize: 10 });

    expect(found.times).toEqual(expected(rows));
    expect(new Set(found.queries)).toEqual(new Set([0, 1]));
  });

  test('that shows the rows of the first is stopped at its first page, and is complete', async () => {
    const found = await read({ rows, definition: kinds, knowsKinds: false, pageSize: 10 });

    expect(found.times).toEqual(expected(rows));
    expect(found.server.asked.filter((parameters) => parameters.get('kind') === 'b').length).toBeLessThanOrEqual(1);
    expect(found.progress.complete).toBe(true);
    expect(found.queries.filter((query) => query === 1)).toHaveLength(1);
  });

  test('is asked though the first one has no rows', async () => {
    const only = rows.filter(({ kind }) => kind === 'b');

    const found = await read({ rows: only, definition: kinds, knowsKinds: true });

    expect(found.times).toEqual(expected(only));
  });

  test('shows that the server does not keep ranges: the plain list of the first one is read then, too', async () => {
    const other = (index: number, at: string): string => (index < 20 || index === 57 ? '2001-01-01T00:00:00Z' : at);
    const hidden = rows.map((row, index) => ({ ...row, loose: true, other: other(index, row.at) }));

    const found = await read({
      rows: hidden,
      definition: kinds,
      knowsKinds: true,
      filterDate: 'other',
      pageSize: 10,
    });

    expect(found.support.scans).toBe(true);
    expect(Object.keys(found.times).sort()).toEqual(Object.keys(expected(hidden)).sort());
  });

  test('is not asked where the first one failed, and nothing was ever answered', async () => {
    const broken = { ids: new Set(rows.map(({ id }) => id)) };
    const minute = { start: begin, end: begin + 60_000 };

    const found = await read({ rows, range: minute, definition: kinds, broken, pageSize: 10 });

    expect(found.failures.length).toBeGreaterThan(0);
    expect(found.server.asked.filter((parameters) => parameters.get('kind') === 'b')).toEqual([]);
  });
});

describe('a server that shows the latest days of a range', () => {
  const day = 86_400_000;
  const month = { start: begin - 30 * day, end: begin };
  const rows = rowsAt(
    begin - 30 * day,
    Array.from({ length: 60 }, (_, n) => n * 43_200),
  );

  test('has what is older asked for, where a range can be cut', async () => {
    const found = await read({ rows, range: month, latest: 7 * day, pageSize: 5, maxRows: 20 });

    expect(found.times).toEqual(expected(rows, month));
  });

  test('is not taken for one that ignores ranges, though its plain list goes back a little further', async () => {
    const shifted = { start: month.start, end: month.end + day };

    const found = await read({ rows, range: shifted, latest: 7 * day, plainLatest: begin - 7 * day, pageSize: 20 });

    expect(found.support.scans).toBe(false);
    expect(found.times).toEqual(expected(rows, shifted));
  });

  test('is said to lack rows, where a search cuts what the range shows', async () => {
    const loose = rows.map((row) => ({ ...row, loose: true }));

    const found = await read({
      rows: loose,
      range: month,
      latest: 7 * day,
      pageSize: 5,
      maxRows: 20,
      window: { ...bySearch, provesFilter: () => true },
    });

    expect(found.support.splittable).toBe(true);
    expect(found.lacks).toContain('lists of which the server shows the latest days only');
  });
});

describe('a limit on rows', () => {
  test.each([1, 4, 7, 20])('takes the newest %i, in no more pages than they fill', async (maxNewest) => {
    const rows = everySecond(0, 150, 10);

    const found = await read({ rows, query: { maxNewest }, cursors: 'row' });

    const wanted = rows.slice(-maxNewest).map(({ id }) => id);
    expect(Object.keys(found.times).sort()).toEqual(wanted.sort());
    expect(found.capped).toBe(maxNewest < 15 ? 1 : 0);
    expect(found.server.asked.length).toBeLessThanOrEqual(Math.ceil(Math.min(maxNewest, 15) / 3) + 2);
    expect(found.progress.complete).toBe(true);
  });

  test.each(['ignored', 'nothing'] as const)('takes as many where ranges are %s', async (ranges) => {
    const rows = everySecond(-20, 130, 10);

    const found = await read({ rows, query: { maxNewest: 4 }, ranges });

    expect(Object.keys(found.times).sort()).toEqual(rows.slice(-4).map(({ id }) => id));
    expect(found.capped).toBe(1);
    expect(found.progress.complete).toBe(true);
  });

  test('takes the newest rows though workers have nothing to do', async () => {
    const rows = everySecond(0, 900);

    const found = await read({ rows, query: { maxNewest: 500 }, pageSize: 10, capacity: 8, maxRows: 90 });

    expect(Object.keys(found.times).sort()).toEqual(rows.slice(-500).map(({ id }) => id));
  });
});

describe('a connection test', () => {
  test('stops as soon as it has enough', async () => {
    let delivered = 0;
    const deliver = async (): Promise<number> => ++delivered;
    const query = { isEnough: () => delivered > 0, deliver };

    const { server } = await read({ rows: everySecond(0, 900), query, pageSize: 10 });

    expect(delivered).toBe(1);
    expect(server.asked.length).toBeLessThanOrEqual(3);
  });
});

describe('a query that is too much for the server', () => {
  test('is asked for in parts, each row once', async () => {
    const rows = everySecond(0, 1000, 8);

    wholeRange(await read({ rows, tooLarge: 10, pageSize: 5 }), rows, 'too large');
  });

  test('fails for the rows of one second alone, when less cannot be asked for', async () => {
    const rows = [...everySecond(0, 400, 40), ...rowsAt(begin, Array(30).fill(405) as number[]).map(renamed)];

    const found = await read({ rows, tooLarge: 20, pageSize: 5 });

    expect(found.failures).toHaveLength(1);
    expect(found.failures[0]).toMatch(/The rows of 2026-11-22T11:50:05Z cannot be read; the others can\.$/);
    expect(Object.keys(found.times).filter((id) => !id.startsWith('x'))).toHaveLength(10);
    expect(found.unread).toEqual([]);
    expect(found.progress.complete).toBe(false);
  });

  test('leads down to the one row that cannot be read', async () => {
    const rows = everySecond(0, 300);
    const broken = { ids: new Set(['000123']) };

    const found = await read({ rows, broken, pageSize: 10, maxRows: 9000 });

    expect(found.failures).toHaveLength(1);
    expect(rows.filter(({ id }) => !found.times[id]).map(({ id }) => id)).toEqual(['000123']);
    expect(found.progress.covers(begin + 123_000)).toBe(false);
    expect(found.unread).toEqual([]);
  });

  test('leads down to the one row of a crowded second, in pages of a single row', async () => {
    const rows = rowsAt(begin, Array(25).fill(50) as number[]);
    const broken = { ids: new Set(['000007']) };

    const found = await read({ rows, broken, pageSize: 100, maxRows: 9000 });

    expect(found.failures.join()).toMatch(/The rows of 2026-11-22T11:44:10Z cannot be read/);
    // Down to the row: what follows it in that second cannot be reached.
    expect(Object.keys(found.times)).toHaveLength(17);
    expect(found.server.asked.map((parameters) => parameters.get('per_page'))).toContain('10');
    expect(found.unread).toEqual([]);
  });

  test('gives up bodies before it gives up a row', async () => {
    const rows = everySecond(0, 300);
    const broken = { ids: new Set(['000123']), onlyFull: true };
    const body = { wanted: () => true, present: () => true, path: '/x/', context: () => ({}), param: 'full' };

    const found = await read({
      rows,
      broken,
      pageSize: 10,
      maxRows: 9000,
      definition: { body, params: () => ({ full: '1' }) },
    });

    wholeRange(found, rows, 'bodies');
    const without = found.server.asked.filter((parameters) => !parameters.has('full'));
    expect(without.length).toBeGreaterThan(0);
    expect(without.length).toBeLessThan(5);
  });

  test('is given up after some dozens of failures in a row, where nothing can be read', async () => {
    const rows = everySecond(0, 900);

    const found = await read({ rows, broken: { ids: new Set(rows.map(({ id }) => id)) }, pageSize: 10 });

    expect(found.failures.length).toBeGreaterThan(0);
    expect(found.server.asked.length).toBeLessThan(33 * 3 + 10);
    expect(found.progress.complete).toBe(false);
  });
});

describe('a list that cannot go on', () => {
  test('because its Link header is lost, goes on by time', async () => {
    const rows = everySecond(0, 300);
    const found = await read({
      rows,
      pageSize: 10,
      maxRows: 9000,
      cursors: 'row',
      hasLink: (nth) => nth < 6 || nth > 9,
    });

    wholeRange(found, rows, 'lost links');
    expect(starts(found).length).toBeGreaterThan(2);
  });

  test('because there are no Link headers, goes on by time', async () => {
    const rows = everySecond(0, 800, 20);

    wholeRange(await read({ rows, hasLink: () => false, pageSize: 8 }), rows, 'no links');
  });

  test('because pages far down are refused, goes on by time', async () => {
    const rows = everySecond(0, 300);

    wholeRange(await read({ rows, pageSize: 10, maxRows: 9000, capacity: 1, deepest: 40 }), rows, 'offsets refused');
  });

  test('fails where pages far down one second are refused', async () => {
    const rows = rowsAt(begin, Array(20).fill(5) as number[]);

    const found = await read({ rows, pageSize: 5, maxRows: 9000, deepest: 10 });

    expect(found.failures.join()).toMatch(/offset/);
    expect(found.progress.complete).toBe(false);
  });

  test('fails within one second, where no header says what follows', async () => {
    const rows = rowsAt(begin, Array(20).fill(5) as number[]);

    const found = await read({ rows, hasLink: () => false, pageSize: 5 });

    expect(found.failures.join()).toMatch(/a page of 5 rows came without a word about a next page/);
    expect(found.progress.complete).toBe(false);
  });

  test('because it repeats the cursor of a full page, fails', async () => {
    const found = await read({ rows: rowsAt(begin, Array(20).fill(5) as number[]), repeats: true });

    expect(found.failures.join()).toMatch(/repeats a cursor/);
    expect(found.progress.complete).toBe(false);
  });

  test('is at its end where a short page repeats its own cursor', async () => {
    const rows = everySecond(0, 8);

    wholeRange(
      await read({ rows, repeatsLast: true, cursors: 'row', maxRows: 1000, capacity: 1 }),
      rows,
      'repeats last',
    );
  });

  test('because rows have moved, goes on by time', async () => {
    const rows = everySecond(0, 300);
    const first = rows.slice(-5);
    const before = (nth: number): void => void (nth === 4 && rows.splice(-5, 5));

    const found = await read({ rows, pageSize: 10, maxRows: 9000, capacity: 1, before });

    expect(found.failures).toEqual([]);
    expect([...rows, ...first].filter(({ id }) => found.times[id] !== 1)).toEqual([]);
    expect(starts(found).length).toBeGreaterThan(2);
  });

  test('because rows move within one second, is asked for again, three times', async () => {
    const rows = rowsAt(begin, Array(40).fill(5) as number[]);
    const moving = (times: number) => {
      const left = [...rows];
      let moved = 0;
      const before = (nth: number): void => void (nth > 2 && nth % 2 === 1 && moved++ < times && left.pop());
      return read({ rows: left, pageSize: 5, maxRows: 9000, capacity: 1, before });
    };

    expect((await moving(3)).failures).toEqual([]);
    expect((await moving(30)).failures.join()).toMatch(/rows move while they are read/);
  });
});

describe('where the time of a row moves', () => {
  const moving = { moves: true };

  test('the newest pages are read once more, until one shows nothing new', async () => {
    const rows = everySecond(0, 60);
    const late = rows[10] as ListRow;
    // A late event moves a row up to a page that has been read.
    const before = (nth: number): void => void (nth === 4 && Object.assign(late, { at: rows[58]?.at }));

    const found = await read({ rows, window: moving, pageSize: 10, maxRows: 9000, capacity: 1, before });

    expect(Object.keys(found.times)).toHaveLength(60);
    expect(found.server.asked.at(-1)?.has('cursor')).toBe(true);
  });

  test('three pages are read once more at most', async () => {
    const rows = everySecond(0, 300);
    const deliver = async (): Promise<number> => 1; // each page shows something new
    const plain = await read({ rows, pageSize: 10, maxRows: 9000, capacity: 1, cursors: 'row', query: { deliver } });

    const again = await read({
      rows,
      window: moving,
      pageSize: 10,
      maxRows: 9000,
      capacity: 1,
      cursors: 'row',
      query: { deliver },
    });

    expect(again.server.asked.length - plain.server.asked.length).toBe(3);
  });

  test('a failure of the second look is told like any other', async () => {
    const rows = everySecond(0, 60);
    const ids = new Set<string>();
    const newest = rows.at(-1)?.id ?? '';
    const before = (nth: number): void => void (nth > 9 && ids.add(newest));

    const found = await read({
      rows,
      window: moving,
      broken: { ids },
      before,
      pageSize: 10,
      capacity: 1,
      cursors: 'row',
    });

    expect(Object.keys(found.times)).toHaveLength(60);
    expect(found.failures).toHaveLength(1);
  });

  test('a list of one page is not read again', async () => {
    const { server } = await read({ rows: everySecond(0, 5), window: moving, pageSize: 10 });

    expect(server.asked).toHaveLength(2);
  });

  test.each([true, false])(
    'a row that is newer than the run is delivered, if no setting ends the run (%j)',
    async (takesNewer) => {
      const rows = everySecond(0, 60);
      Object.assign(rows[59] as ListRow, { at: '2026-11-22T13:00:00Z' });

      const found = await read({ rows, window: moving, ranges: 'ignored', pageSize: 10, query: { takesNewer } });

      expect('000059' in found.times).toBe(takesNewer);
    },
  );
});

describe('where the server has forgotten what is old', () => {
  const expiring = { expires: true };

  test('that is nothing, not an error, and nothing older is asked for', async () => {
    const rows = everySecond(0, 60);
    const { read: once, server } = readerOf({ rows, window: expiring, retention: begin, pageSize: 100 });
    const old = { start: begin - 900_000, end: begin - 100_000 };

    const first = await once({ range: old });
    const asked = server.asked.length;
    const second = await once({ range: { start: begin - 990_000, end: begin - 200_000 } });

    expect(first).toMatchObject({ failures: [], times: {} });
    expect(first.progress.complete).toBe(true);
    expect(second.progress.complete).toBe(true);
    expect(server.asked).toHaveLength(asked);
  });
});

/** Rows with other keys. */
function renamed(row: ListRow): ListRow {
  return { ...row, id: `x${row.id}` };
}
