import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type StreamDefinition, type Window, once, streamDefiner } from '../../src/sdk/define-stream.js';
import { FatalError } from '../../src/sdk/errors.js';
import { BearerAuthenticator } from '../../src/sdk/http/authenticator.js';
import { HttpClient } from '../../src/sdk/http/client.js';
import { Limiter } from '../../src/sdk/http/limiter.js';
import { linkPaginator } from '../../src/sdk/http/paginator.js';
import { IntervalSet, type Range } from '../../src/sdk/interval-set.js';
import { RESTStream } from '../../src/sdk/rest-stream.js';
import { parseDate } from '../../src/sdk/time.js';
import { WindowReader } from '../../src/sdk/window-reader.js';
import { readUnit } from '../../src/sdk/unit-reading.js';
import { WorkQueue } from '../../src/sdk/work-queue.js';
import { rules } from '../../src/tap/rules.js';
import { JumpingClock, someday } from '../support/clock.js';
import { type ListRow, type ListServerOptions, listServer, rowsAt } from '../support/list-server.js';
import { keepLog } from '../support/log.js';
import { Chance } from '../support/random.js';

const begin = someday - 1_000_000;
const range: Range = { start: begin, end: begin + 1_000_000 };

interface Options extends ListServerOptions {
  pageSize?: number;
  most?: number;
  capacity?: number;
  cut?: boolean;
  counts?: boolean;
  proof?: boolean;
  newest?: number;
  range?: Range;
  gaps?: readonly Range[];
}

/** Reads a range, and checks at every piece that nothing in it is missing. */
async function read(options: Options) {
  const { pageSize = 3, most = 9, capacity = 4, cut, counts = false, proof, newest, rows } = options;
  const whole = options.range ?? range;
  const window: Window = {
    params: (sent) => sent,
    most,
    ...(counts ? { counts: oneRowEarlier } : {}),
    ...(cut
      ? { cut: ({ start, end }, { query }) => ({ query: `${String(query ?? '')} at:>=${start} at:<${end}`.trim() }) }
      : {}),
    ...(proof ? { proof: (row) => row['proof'] === true } : {}),
  };
  const definition = streamDefiner<object>()({
    name: 'things',
    summary: 'Things.',
    path: '/things/',
    scope: once<'none'>(),
    schema: z.looseObject({ id: z.string(), at: z.string() }),
    primaryKey: ['id'],
    replicationKey: 'at',
    window,
  });
  const server = listServer(options);
  const signal = new AbortController().signal;
  const clock = new JumpingClock();
  const client = new HttpClient({
    transport: server.transport,
    authenticator: new BearerAuthenticator('t'),
    limiter: new Limiter({ clock, signal, concurrency: capacity }),
    rules,
    headers: {},
    clock,
    random: () => 0.5,
    signal,
    log: keepLog(false).log,
    retryTime: 300_000,
  });
  const rest = new RESTStream(definition as unknown as StreamDefinition, {
    client,
    paginator: linkPaginator({ cursor: 'cursor', hasMore: ({ parameters }) => parameters['results'] !== 'false' }),
    turn: () => Promise.resolve(),
    baseUrl: new URL('http://list/'),
    variables: {},
    config: {},
    pageSize,
  });
  const reader = new WindowReader(rest, new WorkQueue(() => capacity), pageSize);
  const gaps = options.gaps ?? [whole];
  const times: Record<string, number> = {};
  const progress = new IntervalSet(whole);
  const unread: string[] = [];
  const failures: string[] = [];
  let capped = 0;
  await readUnit(reader, {
    place: { context: {} },
    params: {},
    range: whole,
    gaps,
    newest,
    enough: () => false,
    onCapped: () => capped++,
    failed: (error) => failures.push(error.message),
    deliver: async (delivered, _query, piece) => {
      for (const { row } of delivered) times[String(row['id'])] = (times[String(row['id'])] ?? 0) + 1;
      if (piece) {
        progress.mark(piece);
        if (newest === undefined)
          unread.push(
            ...rows
              .filter((row) => isIn(row, piece) && gaps.some((gap) => isIn(row, gap)) && !times[row.id])
              .map(({ id }) => `${id} before ${JSON.stringify(piece)}`),
          );
      }
      await Promise.resolve();
    },
  });
  return { times, progress, unread, failures, capped, reader, server };
}

function oneRowEarlier(next: URL): URL | undefined {
  const offset = Number(next.searchParams.get('cursor'));
  if (!(offset > 0)) return undefined;
  const earlier = new URL(next);
  earlier.searchParams.set('cursor', String(offset - 1));
  return earlier;
}

const isIn = ({ at }: ListRow, { start, end }: Range): boolean => {
  const time = Math.floor((parseDate(at) ?? 0) / 1000) * 1000;
  return time >= start && time < end;
};

const expected = (rows: readonly ListRow[], whole: Range = range): Record<string, number> =>
  Object.fromEntries(
    rows
      .filter((row) => isIn(row, whole))
      .map(({ id }) => [id, 1])
      .sort(),
  );

/** Rows that lie thick here and thin there. */
function someRows(chance: Chance): ListRow[] {
  const seconds: number[] = [];
  for (let cluster = chance.int(0, 6); cluster > 0; cluster--) {
    const from = chance.int(-20, 1020);
    const width = chance.pick([0, 1, 5, 50, 400]);
    for (let n = chance.pick([1, 3, 20, 60]); n > 0; n--) seconds.push(from + chance.int(0, width));
  }
  return rowsAt(begin, seconds);
}

function allOf(found: Awaited<ReturnType<typeof read>>, rows: readonly ListRow[], note: string, whole = range): void {
  expect(found.failures, note).toEqual([]);
  expect(found.times, note).toEqual(expected(rows, whole));
  expect(found.unread, note).toEqual([]);
  expect(found.progress.complete, note).toBe(true);
}

const settings = (chance: Chance) => ({
  pageSize: chance.int(1, 7),
  most: chance.pick([7, 20, 1000]),
  capacity: chance.int(1, 8),
});

describe('every row exactly once, and no interval before its rows', () => {
  test('whatever the density, page size, longest query and capacity', async () => {
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      allOf(await read({ rows, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test.each([false, true])('whatever the order of the answers (cursors that count rows: %j)', async (counts) => {
    for (let seed = 0; seed < 200; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);
      const last = chance.pick([1, 3, 10]);

      allOf(await read({ rows, counts, ...settings(chance), turns: () => chance.int(0, last) }), rows, `seed ${seed}`);
    }
  });

  test('where cursors count rows, and rows are deleted while they are read', async () => {
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);
      const all = [...rows];
      const turns = (): number => {
        if (chance.int(0, 3) === 0) rows.splice(chance.int(0, rows.length), chance.int(1, 3));
        return chance.int(0, 4);
      };

      const found = await read({ rows, counts: true, ...settings(chance), pageSize: chance.int(2, 7), turns });

      expect(found.failures).toEqual([]);
      expect(
        rows.filter((row) => isIn(row, range) && !found.times[row.id]),
        `seed ${seed} of ${all.length}`,
      ).toEqual([]);
      expect(Math.max(0, ...Object.values(found.times)), `seed ${seed}`).toBeLessThanOrEqual(1);
      expect(found.progress.complete).toBe(true);
    }
  });

  test.each([false, true])(
    'where the second in which a range ends counts as inside (cursors that count rows: %j)',
    async (counts) => {
      for (let seed = 0; seed < 300; seed++) {
        const chance = new Chance(seed);
        const rows = someRows(chance);

        const found = await read({ rows, counts, endIncluded: true, ...settings(chance) });

        allOf(found, rows, `seed ${seed}`);
        expect(found.reader.mode).toBe('window');
      }
    },
  );

  test('where parts are asked for by a search', async () => {
    for (let seed = 0; seed < 200; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      allOf(await read({ rows, cut: true, proves: true, proof: true, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test.each(['ignored', 'nothing'] as const)('where the search that cuts is %s', async (terms) => {
    for (let seed = 0; seed < 100; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      const found = await read({ rows, cut: true, terms, ...settings(chance) });

      allOf(found, rows, `seed ${seed}`);
      expect(found.reader.cuttable).not.toBe(true);
    }
  });

  test('where pages in between are empty', async () => {
    for (let seed = 0; seed < 100; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      allOf(await read({ rows, emptyPages: 2, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test('where large queries are refused', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const chance = new Chance(seed);
      const rows = rowsAt(
        begin,
        Array.from({ length: chance.int(0, 120) }, (_, n) => n * 8),
      );

      allOf(await read({ rows, tooLarge: chance.int(5, 40), ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test('where parts have been read before', async () => {
    for (let seed = 0; seed < 100; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);
      const done = new IntervalSet(range);
      for (let n = chance.int(0, 3); n > 0; n--) {
        const start = begin + chance.int(0, 900) * 1000;
        done.mark({ start, end: start + chance.int(1, 200) * 1000 });
      }

      const found = await read({ rows, gaps: done.gaps, ...settings(chance) });

      expect(found.failures).toEqual([]);
      expect(found.unread, `seed ${seed}`).toEqual([]);
      const missing = rows.filter((row) => done.gaps.some((gap) => isIn(row, gap)) && !found.times[row.id]);
      expect(missing, `seed ${seed}`).toEqual([]);
      expect(Math.max(0, ...Object.values(found.times))).toBeLessThanOrEqual(1);
    }
  });
});

describe('where the server ignores the range', () => {
  test('every row is read; those of the pages that gave it away may come again', async () => {
    for (let seed = 0; seed < 200; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      const found = await read({ rows, ignoreRange: true, ...settings(chance) });

      expect(found.failures).toEqual([]);
      expect(Object.keys(found.times).sort(), `seed ${seed}`).toEqual(Object.keys(expected(rows)));
      expect(found.unread, `seed ${seed}`).toEqual([]);
      expect(found.progress.complete).toBe(true);
    }
  });
});

describe('a range', () => {
  test('of few rows is one request, and one more when it is empty', async () => {
    expect((await read({ rows: rowsAt(begin, [1, 2]) })).server.asked).toHaveLength(1);
    expect((await read({ rows: [] })).server.asked).toHaveLength(2);
  });

  test('is asked for with both ends, in whole seconds of UTC', async () => {
    const { server } = await read({ rows: rowsAt(begin, [5]) });

    expect(server.asked[0]?.get('start')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(server.asked[0]?.get('end')).toMatch(/Z$/);
  });

  test('keeps the fractions of its last second', async () => {
    const rows = [
      { id: 'a', at: new Date(range.end - 1).toISOString() },
      { id: 'b', at: new Date(range.start).toISOString() },
    ];

    allOf(await read({ rows, pageSize: 1 }), rows, 'fractions');
  });

  test('that is long is shared by requests that lie idle, at little cost', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 900 }, (_, n) => n),
    );

    const { server, progress } = await read({ rows, pageSize: 10, most: 9000, capacity: 8 });

    expect(progress.complete).toBe(true);
    expect(server.asked.filter((parameters) => !parameters.has('cursor')).length).toBeGreaterThan(4);
    expect(server.asked.length).toBeLessThan(90 * 1.25);
  });

  test('that is long is divided as soon as requests lie idle, until its last pages', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 1000 }, (_, n) => n),
    );
    const chance = new Chance(1);

    const { server } = await read({ rows, pageSize: 10, most: 9000, capacity: 8, turns: () => chance.int(20, 60) });

    // fewer only at the beginning and at the end
    expect(server.busy.reduce((sum, count) => sum + count, 0) / server.busy.length).toBeGreaterThan(6.5);
    expect(server.asked.length).toBeLessThan(100 * 1.1);
  });

  test('with years before its first row costs a handful of questions more', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 400 }, (_, n) => n),
    );
    const long = { start: begin - 6 * 365 * 86_400_000, end: range.end };
    const options = { rows, pageSize: 10, most: 9000, capacity: 8 };

    const near = await read({ ...options, range: { start: begin, end: range.end } });
    const far = await read({ ...options, range: long });

    allOf(far, rows, 'years', long);
    expect(far.server.asked.length - near.server.asked.length).toBeLessThanOrEqual(4);
  });

  test('whose rows are all of one second is read to its end', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 50 }, () => 7),
    );

    allOf(await read({ rows, most: 6 }), rows, 'one second');
  });
});

describe('a server', () => {
  test('that ignores the range is walked through until rows are older, and no further', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 400 }, (_, n) => n - 300),
    );

    const found = await read({ rows, ignoreRange: true, pageSize: 10 });

    expect(found.reader.mode).toBe('walk');
    expect(Object.keys(found.times).sort()).toEqual(Object.keys(expected(rows)));
    expect(found.server.asked.length).toBeLessThan(20);
  });

  test('that repeats its last cursor, as old ones do, is at its end', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 8 }, (_, n) => n),
    );

    allOf(await read({ rows, repeatsLast: true, most: 1000, capacity: 1 }), rows, 'repeats last');
  });

  test('that repeats the cursor of a full page fails, unless the range can be cut', async () => {
    const one = rowsAt(
      begin,
      Array.from({ length: 20 }, () => 5),
    );

    const found = await read({ rows: one, repeats: true });

    expect(found.failures.join()).toMatch(/repeats the cursor of a full page/);
    expect(found.progress.complete).toBe(false);
  });

  test('without Link headers is read by cutting', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 40 }, (_, n) => n * 20),
    );

    allOf(await read({ rows, silent: true }), rows, 'silent');
  });

  test('without Link headers fails where a full page cannot be cut', async () => {
    const found = await read({
      rows: rowsAt(
        begin,
        Array.from({ length: 20 }, () => 5),
      ),
      silent: true,
    });

    expect(found.failures.join()).toMatch(/without a Link header/);
    expect(found.progress.complete).toBe(false);
  });

  test('that can never answer fails when less cannot be asked for', async () => {
    const found = await read({
      rows: rowsAt(
        begin,
        Array.from({ length: 20 }, () => 5),
      ),
      tooLarge: 2,
    });

    expect(found.failures.join()).toMatch(/less than this cannot be asked for/);
    expect(found.progress.complete).toBe(false);
    expect(found.unread).toEqual([]);
  });

  test.each([2, 50])('that filters on another date is found out, with %i rows', async (count) => {
    const rows = rowsAt(
      begin,
      Array.from({ length: count }, (_, n) => n * 10),
    ).map((row) => ({ ...row, first: '2001-01-01T00:00:00Z' }));

    const found = await read({ rows, otherDate: 'first', proof: true });

    expect(found.reader.mode).toBe('walk');
    expect(found.times).toEqual(expected(rows));
  });
});

describe('what ends the run', () => {
  test.each([1, 3, 8])('ends the reading, though others are under way or wait (%i at once)', async (capacity) => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 400 }, (_, n) => n * 2),
    );

    await expect(read({ rows, capacity, refusedAfter: 5 })).rejects.toBeInstanceOf(FatalError);
  });
});

describe('the newest rows', () => {
  test.each([1, 4, 7, 20])('%i of them are read, and no more pages than they fill', async (newest) => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 15 }, (_, n) => n * 10),
    );

    const found = await read({ rows, newest });

    const wanted = rows
      .slice(-newest)
      .map(({ id }) => id)
      .sort();
    expect(Object.keys(found.times).sort()).toEqual(wanted);
    expect(found.capped).toBe(newest < 15 ? 1 : 0);
    expect(found.server.asked.length).toBeLessThanOrEqual(Math.ceil(Math.min(newest, 15) / 3) + 1);
    expect(found.progress.complete).toBe(true);
  });

  test('are the same on a server that ignores the range', async () => {
    const rows = rowsAt(
      begin,
      Array.from({ length: 15 }, (_, n) => n * 10 - 20),
    );

    const found = await read({ rows, newest: 4, ignoreRange: true });

    expect(Object.keys(found.times)).toHaveLength(4);
    expect(found.capped).toBe(1);
  });
});
