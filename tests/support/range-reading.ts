/** Reads a range from a list server, and keeps what was delivered and said. */
import { expect } from 'vitest';
import type { StreamDefinition } from '../../src/sdk/define/stream-definition.js';
import type { Window } from '../../src/sdk/define/window.js';
import { IntervalSet, type Range } from '../../src/sdk/interval-set.js';
import type { RangeQuery } from '../../src/sdk/range/range-query.js';
import { RangeReader } from '../../src/sdk/range/range-reader.js';
import { WorkQueue } from '../../src/sdk/range/work-queue.js';
import { floorSecond, parseDate } from '../../src/sdk/time.js';
import { someday } from './clock.js';
import { type ListRow, type ListServerOptions, listServer, rowsAt } from './list-server.js';
import type { Chance } from './random.js';
import { restStream } from './rest.js';

export const begin = someday - 1_000_000;
export const range: Range = { start: begin, end: begin + 1_000_000 };

export interface ReadOptions extends ListServerOptions {
  pageSize?: number;
  maxRows?: number;
  capacity?: number;
  window?: Partial<Window>;
  definition?: Partial<StreamDefinition>;
  query?: Partial<RangeQuery>;
  range?: Range;
}

/** A search that divides what two dates cannot. */
export const bySearch: Partial<Window> = {
  split: ({ start, end }, { query = '' }) => ({ query: `${String(query)} at:>=${start} at:<${end}`.trim() }),
};

/** A reader of the server's list; `read` may be called several times. */
export function readerOf(options: ReadOptions) {
  const { maxRows = 9, capacity = 4, pageSize = 3, window, definition } = options;
  const server = listServer(options);
  const whole: Window = { params: (sent) => sent, maxRows, ...window };
  const rest = restStream({
    transport: server.transport,
    definition: { window: whole, ...definition },
    pageSize,
    capacity,
  });
  const reader = new RangeReader(rest, new WorkQueue(() => capacity), whole);
  return {
    server,
    rest,
    reader,
    support: reader.support,
    read: (more = {}) => readWith(reader, { ...options, ...more }),
  };
}

/** Reads one range, and checks at every part that is finished that nothing in it is missing. */
async function readWith(reader: RangeReader, { rows, range: asked = range, query = {} }: ReadOptions) {
  const gaps = query.gaps ?? [asked];
  const progress = new IntervalSet(asked);
  const found = {
    /** How often each row was delivered. */
    times: {} as Record<string, number>,
    order: [] as string[],
    queries: [] as number[],
    progress,
    /** Rows that were finished before they were delivered. */
    unread: [] as string[],
    failures: [] as string[],
    lacks: [] as string[],
    remarks: [] as string[],
    capped: 0,
  };
  await reader.read({
    at: { context: {} },
    range: asked,
    gaps,
    takesNewer: false,
    onCapped: () => found.capped++,
    isEnough: () => false,
    onFailed: (error) => found.failures.push(error.message),
    onLack: (text) => found.lacks.push(text),
    onRemark: (text) => found.remarks.push(text),
    deliver: async ({ records, query: index, finished }) => {
      const fresh = records.filter(({ key }) => !(key in found.times)).length;
      for (const { key } of records) {
        found.times[key] = (found.times[key] ?? 0) + 1;
        found.order.push(key);
      }
      found.queries.push(index);
      if (finished) {
        progress.mark(finished);
        found.unread.push(...unreadIn(finished, rows, gaps, found.times));
      }
      await Promise.resolve();
      return fresh;
    },
    ...query,
  });
  return found;
}

export async function read(options: ReadOptions) {
  const parts = readerOf(options);
  const found = await parts.read();
  return { ...parts, ...found };
}

export type Found = Awaited<ReturnType<typeof read>>;

function unreadIn(finished: Range, rows: readonly ListRow[], gaps: readonly Range[], times: Record<string, number>) {
  return rows
    .filter((row) => isIn(row, finished) && gaps.some((gap) => isIn(row, gap)) && !times[row.id] && !row['loose'])
    .map(({ id }) => `${id} before ${JSON.stringify(finished)}`);
}

export const isIn = ({ at }: ListRow, { start, end }: Range): boolean => {
  const time = floorSecond(parseDate(at) ?? 0);
  return time >= start && time < end;
};

/** Each row of the range, once. */
export const expected = (rows: readonly ListRow[], whole: Range = range): Record<string, number> =>
  Object.fromEntries(rows.filter((row) => isIn(row, whole)).map(({ id }) => [id, 1]));

/** Rows that lie thick here and thin there. */
export function someRows(chance: Chance): ListRow[] {
  const seconds: number[] = [];
  for (let cluster = chance.int(0, 6); cluster > 0; cluster--) {
    const from = chance.int(-20, 1020);
    const width = chance.pick([0, 1, 5, 50, 400]);
    for (let n = chance.pick([1, 3, 20, 60]); n > 0; n--) seconds.push(from + chance.int(0, width));
  }
  return rowsAt(begin, seconds);
}

/** Rows at every second from `from` to `to` (excluded). */
export const everySecond = (from: number, to: number, step = 1): ListRow[] =>
  rowsAt(
    begin,
    Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + n * step),
  );

/** Checks that each row of the range came once, and that nothing failed. */
export function wholeRange(found: Found, rows: readonly ListRow[], note: string): void {
  expect({ ...found, times: undefined, seed: note }).toMatchObject({ failures: [], unread: [], seed: note });
  expect(found.times, note).toEqual(expected(rows));
  expect(found.progress.complete, note).toBe(true);
}
