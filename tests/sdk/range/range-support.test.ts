/** What a server understands of ranges: when it is believed, and what is done where it is not (laws 4 and 8). */
import { describe, expect, test } from 'vitest';
import type { Window } from '../../../src/sdk/define/window.js';
import type { RangeQuery } from '../../../src/sdk/range/range-query.js';
import { RangeSupport } from '../../../src/sdk/range/range-support.js';
import { Slice } from '../../../src/sdk/range/slice.js';
import type { Page } from '../../../src/sdk/rest/page.js';
import { isoSeconds } from '../../../src/sdk/time.js';
import { type ListServerOptions, listServer, rowsAt } from '../../support/list-server.js';
import { begin, everySecond, range } from '../../support/range-reading.js';
import { restStream } from '../../support/rest.js';

const own = {};
const query = { at: { context: {} }, range, gaps: [range] } as unknown as RangeQuery;

function supportOf(options: ListServerOptions, window: Partial<Window> = {}, pageSize = 10) {
  const server = listServer(options);
  const rest = restStream({ transport: server.transport, pageSize });
  const support = new RangeSupport(rest, { params: (sent) => sent, maxRows: 9000, ...window });
  const first = (part = range): Promise<Page> =>
    rest.first({ at: query.at, params: support.paramsOf(query, part, own) });
  const check = async (part = range) => {
    const page = await first(part);
    server.asked.length = 0; // what the check itself asks for
    return support.check(page, query, new Slice(part), own);
  };
  return { server, support, first, check };
}

describe('a range is believed', () => {
  test('where the plain list shows the same rows, and then without asking again', async () => {
    const { check, server, support } = supportOf({ rows: everySecond(0, 50) });

    expect(await check()).toBe('believed');
    expect(server.asked.map((parameters) => [...parameters.keys()])).toEqual([['per_page']]);
    expect(await check()).toBe('believed');
    expect(server.asked).toEqual([]);
    expect(support.scans).toBe(false);
  });

  test('where it leaves newer and older rows out', async () => {
    const { check } = supportOf({ rows: everySecond(-20, 1020) });

    expect(await check()).toBe('believed');
  });

  test('where it is empty and the plain list leads behind it by two rows; another one is doubted anew', async () => {
    const { check, server } = supportOf({ rows: everySecond(-5, -3) });

    expect(await check()).toBe('believed');
    expect(await check()).toBe('believed');
    expect(server.asked).toHaveLength(1);
  });

  test('where it is empty, and so is the plain list', async () => {
    expect(await supportOf({ rows: [] }).check()).toBe('believed');
  });

  test('where it is empty, and the plain list is one page without rows of it', async () => {
    expect(await supportOf({ rows: rowsAt(begin, [1500]) }).check()).toBe('believed');
  });

  test('where rows come between the two answers', async () => {
    const rows = everySecond(0, 50);
    const before = (nth: number): void => void (nth === 2 && rows.push({ id: 'late', at: rows[49]?.at ?? '' }));

    expect(await supportOf({ rows, before }).check()).toBe('believed');
  });

  test('with rows, where the plain list is refused or too much; it is compared with that again', async () => {
    const rows = everySecond(-500, 50);
    const { check, server } = supportOf({ rows, tooLarge: 100 });

    expect(await check()).toBe('believed');
    expect(server.asked).toHaveLength(3);
  });
});

describe('a range is not believed', () => {
  test('where it is empty, and the plain list has rows of it', async () => {
    const { check, support } = supportOf({ rows: everySecond(0, 5), ranges: 'nothing' });

    expect(await check()).toBe('scan');
    expect(support.scans).toBe(true);
  });

  test('from then on, without another look', async () => {
    const { check, server } = supportOf({ rows: everySecond(0, 5), ranges: 'nothing' });
    await check();

    expect(await check()).toBe('scan');
    expect(server.asked).toEqual([]);
  });

  test('where one row of the plain list is missing in the middle of what it shows', async () => {
    const rows = everySecond(0, 50).map((row, index) => ({
      ...row,
      other: index === 47 ? '2001-01-01T00:00:00Z' : row.at,
    }));

    expect(await supportOf({ rows, filterDate: 'other' }).check()).toBe('scan');
  });

  test('where a row is missing that is older than all that it shows, and it is at its end', async () => {
    const rows = everySecond(0, 5).map((row, index) => ({
      ...row,
      other: index === 0 ? '2001-01-01T00:00:00Z' : row.at,
    }));

    expect(await supportOf({ rows, filterDate: 'other' }).check()).toBe('scan');
  });

  test.each([
    [1, 'scan'],
    [2, 'believed'],
  ])('where it is empty, and %i rows of the plain page, which goes on, are older: %s', async (older, verdict) => {
    // One may lie about its time.
    const rows = rowsAt(begin, [
      ...Array.from({ length: 10 - older }, (_, n) => 1500 + n),
      ...Array(older + 5).fill(-9),
    ]);

    expect(await supportOf({ rows }).check()).toBe(verdict);
  });

  test('where it is kept by the date at which a row began, though all that is compared agrees', async () => {
    const rows = everySecond(0, 50).map((row, index) => ({
      ...row,
      began: isoSeconds(begin + (index < 30 ? -1000 : index - 5) * 1000),
    }));
    const window = { began: ({ began }: Record<string, unknown>) => began };

    expect(await supportOf({ rows }, window).check()).toBe('believed');
    expect(await supportOf({ rows, filterDate: 'began' }, window).check()).toBe('scan');
    expect(await supportOf({ rows, filterDate: 'began' }).check()).toBe('believed');
  });

  test('where an empty answer has lost its header', async () => {
    const { check } = supportOf({ rows: everySecond(0, 5), ranges: 'nothing', hasLink: (nth) => nth === 2 });

    expect(await check()).toBe('scan');
  });
});

describe('a range that is refused as such', () => {
  test('is read from the plain list, if that answers', async () => {
    const { support } = supportOf({ rows: everySecond(0, 5), ranges: 'refused' });

    expect(await support.isRefusedOnly(query, own)).toBe(true);
    expect(support.scans).toBe(true);
  });

  test('is refused for another reason where the server has kept ranges', async () => {
    const { support, check } = supportOf({ rows: everySecond(0, 5) });
    await check();

    expect(await support.isRefusedOnly(query, own)).toBe(false);
    expect(support.scans).toBe(false);
  });
});

describe('what the server has forgotten', () => {
  const old = { start: begin - 5_000_000, end: begin - 1_000_000 };

  test('begins where it says that nothing is there, if it forgets at all', async () => {
    const expiring = supportOf({ rows: everySecond(0, 5), retention: begin }, { expires: true });
    const lasting = supportOf({ rows: everySecond(0, 5), retention: begin });
    await expiring.check(old);
    await lasting.check(old);

    expect(expiring.support.retentionStart).toBe(old.end);
    expect(lasting.support.retentionStart).toBe(-Infinity);
  });

  test('never becomes less', async () => {
    const { check, support } = supportOf({ rows: everySecond(0, 5), retention: begin }, { expires: true });
    await check(old);
    await check({ start: old.start, end: old.start + 1000 });

    expect(support.retentionStart).toBe(old.end);
  });
});

describe('a row that only a server can send which understands the range', () => {
  const window = { provesFilter: (row: Record<string, unknown>) => row['proof'] === true };

  test.each([true, false])('proves it: %j', async (proof) => {
    const { check, support } = supportOf({ rows: everySecond(0, 5).map((row) => ({ ...row, proof })) }, window);
    await check();

    expect(support.proved).toBe(proof);
  });

  test('proves nothing where the definition knows of no such row', async () => {
    const { check, support } = supportOf({ rows: everySecond(0, 5) });
    await check();

    expect(support.proved).toBe(false);
  });
});

describe('parts of a range', () => {
  const canSplit = async (options: Partial<ListServerOptions>, window: Partial<Window> = {}) => {
    const { first, support, server } = supportOf({ rows: everySecond(0, 100), ...options }, window);
    const page = await first();
    server.asked.length = 0;
    return { can: await support.canSplit(query, page, own), support, server, page };
  };
  const search: Partial<Window> = { split: ({ start, end }) => ({ query: `at:>=${start} at:<${end}` }) };

  test('can be asked for where one shows just the rows that the whole showed there', async () => {
    const { can, server, page, support } = await canSplit({});

    expect(can).toBe(true);
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.get('start')).toBe('2026-11-22T11:44:52Z'); // of rows 90 to 99: from 92
    expect(server.asked[0]?.get('end')).toBe('2026-11-22T11:44:57Z'); // to 97
    await support.canSplit(query, page, own);
    expect(server.asked).toHaveLength(1); // tried once
  });

  test.each([
    ['where the second of its end counts as inside', { endIncluded: true }, {}, true],
    ['where ranges are ignored', { ranges: 'ignored' as const }, {}, false],
    ['where ranges are empty', { ranges: 'nothing' as const }, {}, undefined],
    ['by a search', {}, search, true],
    ['by a search that is ignored', { terms: 'ignored' as const }, search, false],
    ['by a search that finds nothing', { terms: 'nothing' as const }, search, false],
  ])('%s: %j', async (_, options, window, can) => {
    expect((await canSplit(options, window)).support.splittable).toBe(can);
  });

  test('cannot be tried with rows of too few seconds, and that is not the last word', async () => {
    const { can, support, server } = await canSplit({ rows: rowsAt(begin, Array(20).fill(7) as number[]) });

    expect(can).toBe(false);
    expect(support.splittable).toBeUndefined();
    expect(server.asked).toEqual([]);
  });

  test.each([
    [[1, 2], false],
    [[1, 2, 3], false],
    [[1, 2, 3, 4], true],
    [[1, 1, 1, 2], false],
  ])('can be tried with rows at %j: %j', async (seconds, can) => {
    expect((await canSplit({ rows: rowsAt(begin, seconds) })).can).toBe(can);
  });
});

describe('parameters', () => {
  const { support } = supportOf({ rows: [] }, { params: ({ start, end }) => ({ start, end }) });
  const searched = supportOf(
    { rows: [] },
    { split: ({ start }, params) => ({ query: `${String(params['end'])} ${start}` }) },
  );
  const part = { start: range.start + 10_000, end: range.end };
  const text = { start: '2026-11-22T11:43:20Z', end: '2026-11-22T12:00:00Z' };

  test('of a part are its two ends, where those can be divided', () => {
    expect(support.paramsOf(query, range, { kind: 'a' })).toEqual({ ...text, kind: 'a' });
    expect(support.paramsOf(query, part, {})).toEqual({ ...text, start: '2026-11-22T11:43:30Z' });
  });

  test('of a part are those of the whole with a search, where they cannot', () => {
    expect(searched.support.paramsOf(query, range, {})).toEqual(text);
    expect(searched.support.paramsOf(query, part, {})).toEqual({ ...text, query: `${text.end} 2026-11-22T11:43:30Z` });
    expect(searched.support.paramsOf(query, { ...range, end: range.end - 1000 }, {})).toHaveProperty('query');
  });
});

describe('the dates of a row', () => {
  const record = (row: Record<string, unknown>, time?: number) =>
    ({ raw: row, row, key: '1', kept: true, ...(time === undefined ? {} : { time }) }) as never;

  test('are its own time', () => {
    expect(supportOf({ rows: [] }).support.datesOf(record({}, 5000))).toEqual([5000]);
    expect(supportOf({ rows: [] }).support.datesOf(record({}))).toEqual([]);
  });

  test('are also what the definition names, in whole seconds', () => {
    const { support } = supportOf({ rows: [] }, { dates: (row) => [row['released'], row['number'], row['none']] });

    expect(support.datesOf(record({ released: '1970-01-01T00:00:09.9Z', number: 7 }, 5000))).toEqual([5000, 9000]);
  });
});
