/** Numbers of whole intervals: which are asked for, in which order, and what happens when an answer is too much. */
import { describe, expect, test } from 'vitest';
import type { Intervals } from '../../../src/sdk/define/window.js';
import type { Exchange } from '../../../src/sdk/http/transport.js';
import { IntervalSet, type Range } from '../../../src/sdk/interval-set.js';
import { IntervalReader } from '../../../src/sdk/range/interval-reader.js';
import type { RangeQuery } from '../../../src/sdk/range/range-query.js';
import { WorkQueue } from '../../../src/sdk/range/work-queue.js';
import { day, isoSeconds, parseDate, second } from '../../../src/sdk/time.js';
import { restStream } from '../../support/rest.js';

type Row = Record<string, unknown>;

const first = Date.UTC(2026, 10, 1);
const days = (from: number, to: number): Range => ({ start: first + from * day, end: first + to * day });
const dayOf = (text: string): number => Math.round(((parseDate(text) ?? NaN) - first) / day);

interface Options {
  intervals?: Partial<Intervals>;
  range?: Range;
  gaps?: readonly Range[];
  queries?: readonly Record<string, string>[];
  /** Groups of each day. */
  groups?: readonly string[];
  maxRows?: number;
  /** Has the first word on an answer. */
  answer?: (from: number, to: number, url: URL) => Exchange | undefined;
}

const reply = (value: unknown, status = 200, headers: Record<string, string> = {}): Exchange => {
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
};

/** A server that counts by day, and rounds every range outwards. */
function serverOf({ groups = ['a', 'b'], answer }: Options) {
  const asked: string[] = [];
  const transport = async (url: URL): Promise<Exchange> => {
    const [from, to] = ['start', 'end'].map((name) => dayOf(url.searchParams.get(name) ?? '')) as [number, number];
    asked.push(`${from}-${to}`);
    const intervals = Array.from({ length: to - from }, (_, n) => isoSeconds(first + (from + n) * day));
    await Promise.resolve();
    return answer?.(from, to, url) ?? reply({ intervals, groups });
  };
  return { asked, transport };
}

async function read(options: Options = {}) {
  const { intervals, range = days(0, 5), gaps = [range], maxRows = 1000, queries = [{}] } = options;
  const server = serverOf(options);
  const rest = restStream({
    transport: server.transport,
    definition: {
      primaryKey: ['at', 'id'],
      queries: () => queries,
      records: ({ intervals: starts, groups }: Row) =>
        (groups as string[]).flatMap((id) => (starts as string[]).map((at) => ({ id, at }))),
    },
  });
  const window = { params: (sent: { start: string; end: string }) => sent, maxRows };
  const whole = { length: day, most: 2, kept: 100 * day, ...intervals };
  const rows: string[] = [];
  const failures: string[] = [];
  const lacks: string[] = [];
  const remarks: string[] = [];
  const progress = new IntervalSet(range);
  const query: RangeQuery = {
    at: { context: {} },
    range,
    gaps,
    takesNewer: false,
    onCapped: () => undefined,
    isEnough: () => false,
    onFailed: ({ message }) => failures.push(message),
    onLack: (text) => lacks.push(text),
    onRemark: (text) => remarks.push(text),
    deliver: async ({ records, finished }) => {
      for (const { row } of records) rows.push(`${String(row['id'])}${dayOf(String(row['at']))}`);
      if (finished) progress.mark(finished);
      return Promise.resolve(records.length);
    },
  };
  await new IntervalReader(rest, new WorkQueue(() => 4), window, whole).read(query);
  return { ...server, rows, failures, lacks, remarks, progress };
}

describe('what is asked for', () => {
  test('is all intervals of the range, oldest first, so many in one query', async () => {
    const { asked, rows, progress } = await read();

    expect(asked).toEqual(['0-2', '2-4', '4-5']);
    expect(rows).toEqual(['a0', 'a1', 'b0', 'b1', 'a2', 'a3', 'b2', 'b3', 'a4', 'b4']);
    expect(progress.complete).toBe(true);
  });

  test('is whole intervals, where the range begins and ends within one', async () => {
    const { asked, progress } = await read({ range: { start: first + 5 * second, end: first + day + second } });

    expect(asked).toEqual(['0-2']);
    expect(progress.complete).toBe(true);
  });

  test('is what the gaps of an earlier run touch, once', async () => {
    const gaps = [
      { start: first + day / 2, end: first + day / 2 + second },
      { start: first + day - second, end: first + day },
      days(3, 4),
    ];

    expect((await read({ gaps })).asked).toEqual(['0-1', '3-4']);
  });

  test('is nothing that the server has forgotten, which counts as read', async () => {
    const { asked, progress, remarks } = await read({ intervals: { kept: 1.5 * day } });

    expect(asked).toEqual(['3-5']);
    expect(remarks).toEqual(['nothing before 2026-11-04T00:00:00Z was asked for, since the server keeps no more']);
    expect(progress.complete).toBe(true);
  });

  test('is each of the queries', async () => {
    const names: string[] = [];
    const answer = (_from: number, _to: number, url: URL): undefined => {
      names.push(url.searchParams.get('of') ?? '');
    };
    await read({ range: days(0, 1), queries: [{ of: 'x' }, { of: 'y' }], answer });

    expect(names.sort()).toEqual(['x', 'y']);
  });
});

describe('an answer that is too much', () => {
  test.each([
    ['a refusal of so many intervals', reply({ detail: 'too many results' }, 400)],
    ['a query that takes too long', reply({ detail: 'timeout' }, 400)],
  ])('is asked for in halves: %s', async (_, refusal) => {
    const { asked, rows, failures } = await read({
      range: days(0, 4),
      intervals: { most: 4 },
      answer: (from, to) => (to - from > 1 ? refusal : undefined),
    });

    expect(new Set(asked)).toEqual(new Set(['0-4', '0-2', '0-1', '1-2', '2-4', '2-3', '3-4']));
    expect(rows).toHaveLength(8);
    expect(failures).toEqual([]);
  });

  test('is seen where it has about as many rows as the server shows, and no word of a next page', async () => {
    const { asked, rows, lacks } = await read({ range: days(0, 2), maxRows: 4 });

    expect(asked).toEqual(['0-2', '0-1', '1-2']);
    expect(rows).toEqual(['a0', 'b0', 'a1', 'b1']);
    expect(lacks).toEqual([]);
  });

  test('is said where it is a single interval', async () => {
    const { lacks, rows } = await read({ range: days(0, 1), maxRows: 2 });

    expect(rows).toEqual(['a0', 'b0']);
    expect(lacks).toEqual(['intervals of which the server shows 2 rows only']);
  });

  test('is read page by page where the server names a next one', async () => {
    const at = isoSeconds(first);
    const link = (results: boolean) => ({ link: `<x>; rel="next"; results="${String(results)}"; cursor="c1"` });
    const { rows, progress, lacks } = await read({
      range: days(0, 1),
      maxRows: 2,
      answer: (_from, _to, url) =>
        url.searchParams.has('cursor')
          ? reply({ intervals: [at], groups: ['c', 'd'] }, 200, link(false))
          : reply({ intervals: [at], groups: ['a', 'b'] }, 200, link(true)),
    });

    expect(rows).toEqual(['a0', 'b0', 'c0', 'd0']);
    expect(progress.complete).toBe(true);
    expect(lacks).toEqual([]);
  });
});

describe('a list of pages', () => {
  const at = isoSeconds(first);
  const more = { link: '<x>; rel="next"; results="true"; cursor="7"' };

  test('that loses its word on a next page is asked for in halves; a single interval fails', async () => {
    const { asked, failures, progress } = await read({
      range: days(0, 2),
      answer: (_from, _to, url) =>
        reply(
          { intervals: [at], groups: url.searchParams.has('cursor') ? ['b'] : ['a'] },
          200,
          url.searchParams.has('cursor') ? {} : more,
        ),
    });

    expect(new Set(asked)).toEqual(new Set(['0-2', '0-1', '1-2']));
    expect(failures[0]).toContain('without a word about a next page');
    expect(progress.watermark).toBe(first);
  });

  test('whose rows move each time is asked for in halves, and fails for a single interval', async () => {
    let count = 0;
    const { asked, failures, progress } = await read({
      range: days(0, 2),
      answer: (_from, _to, url) => {
        const isLast = url.searchParams.has('cursor');
        const link = isLast ? '<x>; rel="next"; results="false"' : more.link;
        return reply({ intervals: [at], groups: [`a${++count}`, `b${count}`] }, 200, { link });
      },
    });

    expect(new Set(asked)).toEqual(new Set(['0-2', '0-1', '1-2']));
    expect(failures).toEqual(Array(2).fill('things: rows moved each time that the list was read; some may be missing'));
    expect(progress.complete).toBe(false);
  });
});

describe('rows outside the range', () => {
  const answered = (from: number, to: number) => {
    const intervals = Array.from({ length: to - from }, (_, n) => isoSeconds(first + (from + n) * day));
    return reply({ intervals, groups: ['a'] });
  };

  test('are written where rounding explains them', async () => {
    const { rows, progress } = await read({ range: days(3, 4), answer: () => answered(2, 5) });

    expect(rows).toEqual(['a2', 'a3', 'a4']);
    expect(progress.complete).toBe(true);
  });

  test('fail the stream where the server does not look at the range', async () => {
    const { rows, failures, progress } = await read({ range: days(0, 1), answer: () => answered(20, 30) });

    expect(rows).toEqual([]);
    expect(failures).toEqual(['things: the server answers for another time than it is asked for']);
    expect(progress.watermark).toBe(first);
  });
});

describe('an interval that fails', () => {
  const broken = reply({ detail: 'no' }, 422);

  test('is reported and stays open; the others are read', async () => {
    const { rows, failures, progress } = await read({
      intervals: { most: 1 },
      answer: (from) => (from === 1 ? broken : undefined),
    });

    expect(failures).toHaveLength(1);
    expect(rows).toEqual(['a0', 'b0', 'a2', 'b2', 'a3', 'b3', 'a4', 'b4']);
    expect(progress.watermark).toBe(first + day);
    expect(progress.gaps).toEqual([days(1, 2)]);
  });

  test('ends the reading after a few in a row', async () => {
    const { asked, failures } = await read({ intervals: { most: 1 }, range: days(0, 9), answer: () => broken });

    expect(asked).toEqual(['0-1', '1-2', '2-3']);
    expect(failures).toHaveLength(3);
  });

  test('ends it at once where the server refuses the stream', async () => {
    const { asked, failures, progress } = await read({ answer: () => reply({ detail: 'no' }, 403) });

    expect(asked).toEqual(['0-2']);
    expect(failures).toHaveLength(1);
    expect(progress.watermark).toBe(first);
  });

  test('is read for what came before retention: an answer that says so is empty', async () => {
    const { rows, progress } = await read({
      answer: (from) => (from < 4 ? reply({ detail: 'before retention' }, 400) : undefined),
    });

    expect(rows).toEqual(['a4', 'b4']);
    expect(progress.complete).toBe(true);
  });
});
