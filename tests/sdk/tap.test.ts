/** A whole run in one process: a tap of two streams against a server of its own. */
import { describe, expect, test } from 'vitest';
import { day, hour, isoSeconds, second } from '../../src/sdk/time.js';
import { someday } from '../support/clock.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { Chance } from '../support/random.js';
import { Target } from '../support/target.js';
import { type Library, type Row, ids, run, serve, someLibrary } from './library-tap.js';

/** Where a shelf stands in a state. */
const placed = (messages: Awaited<ReturnType<typeof run>>['state'], shelf = 's0'): string | undefined =>
  partitionsIn(messages).find(({ context }) => context.shelf === shelf)?.start;

interface Partition {
  context: { shelf: string };
  start?: string;
}

const partitionsIn = (state: Awaited<ReturnType<typeof run>>['state']): Partition[] =>
  (state?.bookmarks['books']?.['partitions'] ?? []) as Partition[];

describe('a run that is cut off anywhere', () => {
  test('is taken up from the last state that came out: nothing is lost', async () => {
    for (let seed = 0; seed < 6; seed++) {
      const chance = new Chance(seed);
      const library = someLibrary(chance);
      await using server = await serve(library);
      const { stdout } = await run(server);
      const lines = stdout.trimEnd().split('\n');

      for (let cut = 0; cut < 8; cut++) {
        const target = new Target();
        target.load(`${lines.slice(0, chance.int(0, lines.length)).join('\n')}\n`);
        const second = await run(server, { state: target.state });
        target.load(second.stdout);

        expect(target.keys('books'), `seed ${seed}`).toEqual(ids(library));
      }
    }
  });
});

describe('a second run', () => {
  test('reads from the bookmark on, each shelf from its own', async () => {
    const library = someLibrary(new Chance(1));
    await using server = await serve(library);
    const first = await run(server);
    server.asked.length = 0;

    const { messages } = await run(server, { state: first.state });

    expect(messages.filter(({ type }) => type === 'RECORD').map(({ stream }) => stream)).toEqual([
      'shelves',
      'shelves',
      'shelves',
    ]);
    expect(
      server.asked.filter(
        (path) =>
          path.includes('books') && new URL(path, 'http://x').searchParams.get('start')?.startsWith('2026-01-01'),
      ),
    ).toEqual([]);
  });

  test('reads a new shelf from the start, and forgets one that is gone', async () => {
    const library = someLibrary(new Chance(2));
    await using server = await serve(library);
    const first = await run(server);
    library.shelves = [{ id: 's0' }, { id: 's1' }, { id: 'new' }];
    library.books['new'] = [{ id: 'n1', at: '2026-02-01T00:00:00Z' }];

    const { messages, state } = await run(server, { state: first.state });

    expect(
      messages
        .filter(({ stream, type }) => stream === 'books' && type === 'RECORD')
        .map(({ record }) => record?.['id']),
    ).toEqual(['n1']);
    expect(
      (state!.bookmarks['books']!['partitions'] as { context: { shelf: string } }[])
        .map(({ context }) => context.shelf)
        .sort(),
    ).toEqual(['new', 's0', 's1']);
  });

  test('forgets nothing when the list of shelves comes back empty', async () => {
    const library = someLibrary(new Chance(3));
    await using server = await serve(library);
    const first = await run(server);
    library.shelves = [];

    const { state, code, said } = await run(server, { state: first.state });

    expect(code).toBe(1);
    expect(said('WARNING').join()).toMatch(/shelf s0 is not in the list of shelves any more/);
    expect(state?.bookmarks['books']).toEqual(first.state?.bookmarks['books']);
  });

  test('takes what is finished behind a gap as read', async () => {
    const library: Library = {
      shelves: [{ id: 's0' }],
      books: {
        s0: ['2026-02-01', '2026-06-01', '2026-10-01'].map((day, n) => ({ id: `b${n}`, at: `${day}T00:00:00Z` })),
      },
    };
    await using server = await serve(library);
    const state = {
      bookmarks: {
        books: {
          partitions: [
            {
              context: { shelf: 's0' },
              start: '2026-03-01T00:00:00Z',
              done: [['2026-05-01T00:00:00Z', '2026-09-01T00:00:00Z']],
            },
          ],
        },
      },
    };

    const { messages } = await run(server, { state });

    expect(
      messages
        .filter(({ stream, type }) => stream === 'books' && type === 'RECORD')
        .map(({ record }) => record?.['id']),
    ).toEqual(['b2']);
  });
});

describe('a partition', () => {
  test('that fails keeps its bookmark, the others move, and the run fails', async () => {
    const library = { ...someLibrary(new Chance(4)), broken: 's1' };
    await using server = await serve(library);

    const { code, state, said } = await run(server);

    const partitions = state?.bookmarks['books']?.['partitions'] as { context: { shelf: string }; start?: string }[];
    expect(code).toBe(1);
    expect(
      partitions
        .filter(({ start }) => start !== undefined && start > '2026-11')
        .map(({ context }) => context.shelf)
        .sort(),
    ).toEqual(['s0', 's2']);
    expect(said('ERROR').at(-1)).toMatch(/tap-library could not read everything: books \(shelf s1: /);
  });

  test('that is refused is partial, and a failure only if it could be read before', async () => {
    const library = someLibrary(new Chance(5));
    library.shelves[1] = { id: 's1', open: false };
    await using server = await serve(library);

    const fresh = await run(server);
    const known = await run(server, {
      state: { bookmarks: { books: { partitions: [{ context: { shelf: 's1' }, start: '2026-05-01T00:00:00Z' }] } } },
    });

    expect([fresh.code, known.code]).toEqual([0, 1]);
    expect(known.state?.bookmarks['books']?.['partitions']).toContainEqual({
      context: { shelf: 's1' },
      start: '2026-05-01T00:00:00Z',
    });
  });
});

describe('a row', () => {
  const one = (row: Row): Library => ({
    shelves: [{ id: 's0' }],
    books: { s0: [row, { id: 'other', at: '2026-03-01T00:00:00Z' }] },
  });

  test('without its key is left out and said; the bookmark stays before it', async () => {
    await using server = await serve(one({ id: null, at: '2026-02-01T00:00:00Z' }));

    const { code, messages, state, said } = await run(server);

    expect(code).toBe(1);
    expect(messages.filter(({ stream, type }) => stream === 'books' && type === 'RECORD')).toHaveLength(1);
    expect(String(placed(state)) <= '2026-02-01T00:00:00Z').toBe(true);
    expect(said('ERROR').join()).toMatch(/books: skipped a record without its key id; the bookmark stays before it/);
  });

  test('that is longer than the pipe takes is left out and said', async () => {
    await using server = await serve(one({ id: 'long', at: '2026-02-01T00:00:00Z', more: { text: 'é'.repeat(3000) } }));

    const { code, stdout, said } = await run(server, { env: { MELTANO_ELT_BUFFER_SIZE: '10000' } });

    expect(code).toBe(1);
    expect(Math.max(...stdout.split('\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(5000);
    expect(said('ERROR').join()).toMatch(/books: skipped a record of \d+ bytes, since the pipe takes 5000/);
  });

  test('leaves with the digits that came', async () => {
    await using server = await loopback(({ url }, response) =>
      sendJson(
        response,
        url.pathname === '/shelves/'
          ? '[{"id":"s0"}]'
          : '[{"id":"b","at":"2026-02-01T00:00:00Z","big":9007199254740993,"more":{"a":1.10,' +
              '"b":12345678901234567890,"c":"\\u00e9"}}]',
        { headers: { date: new Date(someday).toUTCString() } },
      ),
    );

    const { stdout } = await run(server);

    expect(stdout).toContain('"big":9007199254740993');
    expect(stdout).toContain('"b":"12345678901234567890"'); // no database holds it as a number
  });

  test('with digits that fit leaves byte by byte', async () => {
    const row = '{"id":"b","at":"2026-02-01T00:00:00Z","big":7,"more":{"a":1.10,"b":"\\u00e9 \\/"}}';
    await using server = await loopback(({ url }, response) =>
      sendJson(response, url.pathname === '/shelves/' ? '[{"id":"s0"}]' : `[${row}]`, {
        headers: { date: new Date(someday).toUTCString() },
      }),
    );

    expect((await run(server)).stdout).toContain(`"record":${row},`);
  });

  test('laid out over several lines leaves on one', async () => {
    await using server = await loopback(({ url }, response) =>
      sendJson(
        response,
        JSON.stringify(
          url.pathname === '/shelves/' ? [{ id: 's0' }] : [{ id: 'b', at: '2026-02-01T00:00:00Z', big: 12 }],
          null,
          2,
        ),
        { headers: { date: new Date(someday).toUTCString() } },
      ),
    );

    const { messages } = await run(server);

    expect(messages.filter(({ type }) => type === 'RECORD').map(({ record }) => record)).toEqual([
      { id: 's0' },
      { id: 'b', at: '2026-02-01T00:00:00Z', big: 12 },
    ]);
  });
});

describe('ACTIVATE_VERSION', () => {
  const activated = (messages: { type: string; stream?: string }[]): (string | undefined)[] =>
    messages.filter(({ type }) => type === 'ACTIVATE_VERSION').map(({ stream }) => stream);

  test('comes for a full table, after its last record', async () => {
    await using server = await serve(someLibrary(new Chance(6)));

    const { messages } = await run(server, { activateVersion: true });

    expect(activated(messages)).toEqual(['shelves']);
    const last = messages.findLastIndex(({ type, stream }) => type === 'RECORD' && stream === 'shelves');
    expect(messages.findIndex(({ type }) => type === 'ACTIVATE_VERSION')).toBeGreaterThan(last);
  });

  test('does not come for one that is empty, or where it is not asked for', async () => {
    await using empty = await serve({ shelves: [], books: {} });
    await using server = await serve(someLibrary(new Chance(6)));

    expect(activated((await run(empty, { activateVersion: true })).messages)).toEqual([]);
    expect(activated((await run(server)).messages)).toEqual([]);
  });
});

describe('a test', () => {
  test('brings a row of each stream and no state', async () => {
    await using server = await serve(someLibrary(new Chance(7)));

    const { messages, code } = await run(server, { mode: 'test' });

    expect(code).toBe(0);
    expect(messages.map(({ type, stream }) => `${type} ${stream ?? ''}`).sort()).toEqual([
      'RECORD books',
      'RECORD shelves',
      'SCHEMA books',
      'SCHEMA shelves',
    ]);
  });

  test('of the schema asks nothing', async () => {
    await using server = await serve(someLibrary(new Chance(7)));

    expect((await run(server, { mode: 'schema' })).messages.map(({ type }) => type)).toEqual(['SCHEMA', 'SCHEMA']);
    expect(server.asked).toEqual([]);
  });
});

describe('the clocks', () => {
  const library = (): Library => ({
    shelves: [{ id: 's0' }],
    books: {
      s0: [
        { id: 'hot', at: isoSeconds(someday) },
        { id: 'old', at: '2026-03-01T00:00:00Z' },
      ],
    },
  });
  const ends = ({ asked }: Loopback): (string | null)[] =>
    asked.map((path) => new URL(path, 'http://x').searchParams.get('end')).filter((end) => end !== null);
  test('of server and machine end the run at the later, and keep bookmarks at the earlier', async () => {
    for (const apart of [3 * hour, -3 * hour]) {
      await using server = await serve(library());

      const { state, said, messages } = await run(server, { now: someday + apart });

      expect(ends(server)[0]).toBe(isoSeconds(someday + Math.max(0, apart) - 60 * second));
      expect(placed(state)).toBe(isoSeconds(someday + Math.min(0, apart)));
      expect(said('WARNING').join()).toMatch(/The server's clock says 2026-11-22T12:00:00Z/);
      expect(messages.some(({ record }) => record?.['id'] === 'old')).toBe(true);
    }
  });

  test('that agree are not worth a word', async () => {
    await using server = await serve(library());

    expect((await run(server)).said('WARNING')).toEqual([]);
  });

  test('a bookmark of 2099 is taken for now, and said', async () => {
    await using server = await serve(library());
    const state = { bookmarks: { books: { start: '2099-01-01T00:00:00Z' } } };

    const { said, code } = await run(server, { state });

    expect(code).toBe(0);
    expect(said('WARNING').join()).toMatch(/books: the bookmark 2099-01-01T00:00:00Z lies in the future/);
    expect(ends(server)).toEqual([]); // nothing lies between now and the minute that is held back
  });
});

describe('settings', () => {
  test('with a start in the future are refused before anything is asked', async () => {
    await using server = await serve({ shelves: [], books: {} });

    const started = run(server, { connection: { startDate: someday + day } });

    await expect(started).rejects.toThrow(
      'start_date (TAP_LIBRARY_START_DATE) is 2026-11-23T12:00:00Z, which lies in the future ' +
        '(it is 2026-11-22T12:00:00Z). Set it to a date',
    );
    expect(server.asked).toEqual([]);
    await expect(run(server, { connection: { startDate: someday } })).resolves.toMatchObject({ code: 0 });
  });

  test('with an end leave out what is newer', async () => {
    const library = someLibrary(new Chance(8));
    await using server = await serve(library);
    const endDate = someday - 100 * day;

    const { messages, state } = await run(server, { connection: { endDate } });

    const times = messages.flatMap(({ stream, record }) =>
      stream === 'books' && record ? [String(record['at'])] : [],
    );
    const wanted = Object.values(library.books)
      .flat()
      .filter(({ at }) => String(at) < isoSeconds(endDate));
    expect(times).toHaveLength(wanted.length);
    expect(placed(state)).toBe(isoSeconds(endDate));
  });

  test('see what was selected, and bring other states into our form', async () => {
    await using server = await serve({ shelves: [{ id: 's0' }], books: { s0: [] } });
    const seen: unknown[] = [];

    const { state } = await run(server, {
      state: { old: true },
      connection: {
        reviewSelection: (selected) => seen.push(selected),
        migrateState: (old) => {
          seen.push(old);
          return {
            bookmarks: { books: { partitions: [{ context: { shelf: 's0' }, start: '2026-05-01T00:00:00Z' }] } },
          };
        },
      },
    });

    expect(seen).toEqual([['books', 'shelves'], { old: true }]);
    expect(server.asked.join()).toContain('start=2026-05-01');
    expect(placed(state)).toBe(isoSeconds(someday - 60 * second));
  });
});

describe('a run that ends early', () => {
  test('because the connection is wrong writes nothing', async () => {
    await using server = await serve(someLibrary(new Chance(9)));

    const started = run(server, { connection: { checkConnection: () => Promise.reject(new Error('no such API')) } });

    await expect(started).rejects.toThrow('no such API');
    expect(server.asked).toEqual([]);
  });

  test('because the token is refused in the middle leaves its state as the last message', async () => {
    const library = someLibrary(new Chance(9));
    await using server = await serve({ ...library, refused: 's2' });
    const lines: string[] = [];

    await expect(run(server, { onOutput: (text) => lines.push(text) })).rejects.toThrow(/refuses the token/);

    expect(lines.join('').trimEnd().split('\n').at(-1)).toMatch(/^\{"type":"STATE"/);
  });
});

describe('a catalog', () => {
  const catalog = (more: Row) => ({
    streams: [
      {
        tap_stream_id: 'books',
        stream: 'books',
        schema: {},
        metadata: [{ breadcrumb: [], metadata: { selected: true } }],
        ...more,
      },
    ],
  });

  test('has no other method for a stream without a replication key: below a range it brings what is new', async () => {
    const library = someLibrary(new Chance(11), 20);
    await using server = await serve(library);
    const selection = catalog({ tap_stream_id: 'stamps', stream: 'stamps', replication_method: 'FULL_TABLE' });
    const stamped = ({ messages }: Awaited<ReturnType<typeof run>>) =>
      messages.filter(({ type }) => type === 'RECORD').map(({ record }) => record?.['book']);

    const first = await run(server, { catalog: selection });
    library.books['s0']?.push({ id: 'new', at: isoSeconds(someday) });
    const second = await run(server, { catalog: selection, state: first.state });

    expect(stamped(first).sort()).toEqual(ids(library).filter((id) => id !== 'new'));
    expect(stamped(second)).toEqual(['new']);
  });

  test('that wants a whole table gets it in each run', async () => {
    const library = someLibrary(new Chance(10));
    await using server = await serve(library);
    const first = await run(server);

    const again = await run(server, { state: first.state, catalog: catalog({ replication_method: 'FULL_TABLE' }) });
    const usual = await run(server, { state: first.state, catalog: catalog({}) });

    const count = ({ messages }: typeof first) => messages.filter(({ type }) => type === 'RECORD').length;
    expect([count(again), count(usual)]).toEqual([ids(library).length, 0]);
  });
});
