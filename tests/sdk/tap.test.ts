/** A whole run in one process: a tap of two streams against a server of its own. */
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Run, System } from '../../src/sdk/cli/program.js';
import { BearerAuthenticator, createTap, each, linkPaginator, once, streamDefiner } from '../../src/sdk/index.js';
import { parseCatalog } from '../../src/sdk/singer/catalog.js';
import { Writer } from '../../src/sdk/singer/writer.js';
import { isoSeconds } from '../../src/sdk/time.js';
import { rules } from '../../src/tap/rules.js';
import { JumpingClock, someday } from '../support/clock.js';
import { keepLog } from '../support/log.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { Chance } from '../support/random.js';
import { Target } from '../support/target.js';

type Row = Record<string, unknown>;

const define = streamDefiner<object>();
const shelves = define({
  name: 'shelves',
  summary: 'Shelves.',
  path: '/shelves/',
  scope: once<'none'>(),
  schema: z.looseObject({ id: z.string(), open: z.boolean().nullish() }),
  primaryKey: ['id'],
});
const books = define({
  name: 'books',
  summary: 'Books of a shelf.',
  path: '/shelves/{shelf}/books/',
  scope: each(shelves, { context: ({ id }) => ({ shelf: id }), refused: ({ open }) => open === false }),
  schema: z.looseObject({
    id: z.string(),
    at: z.string().meta({ format: 'date-time' }).nullish(),
    big: z.int().nullish(),
    more: z.looseObject({}).nullish(),
  }),
  primaryKey: ['id'],
  replicationKey: 'at',
  window: { params: (range) => range, most: 50 },
});

interface Library {
  shelves: Row[];
  books: Record<string, Row[]>;
  /** Answers 500 to this shelf for good. */
  broken?: string;
}

const pageSize = 4;

/** Serves a library as the tap expects it, newest first. */
const serve = (library: Library): Promise<Loopback> =>
  loopback(({ url }, response) => {
    const shelf = /^\/shelves\/([^/]+)\/books\/$/.exec(url.pathname)?.[1];
    if (shelf !== undefined && shelf === library.broken)
      return sendJson(response, { detail: 'broken' }, { status: 422 });
    const inside = (row: Row): boolean =>
      String(row['at']) >= (url.searchParams.get('start') ?? '') &&
      String(row['at']) < (url.searchParams.get('end') ?? '9');
    const list =
      shelf === undefined
        ? library.shelves
        : (library.books[decodeURIComponent(shelf)] ?? [])
            .filter(inside)
            .sort((a, b) => (String(a['at']) < String(b['at']) ? 1 : -1));
    const offset = Number(url.searchParams.get('cursor') ?? 0);
    const more = offset + pageSize < list.length;
    sendJson(response, list.slice(offset, offset + pageSize), {
      headers: {
        date: new Date(someday).toUTCString(),
        link: `<x>; rel="next"; results="${String(more)}"; cursor="${offset + pageSize}"`,
      },
    });
  });

interface Given {
  state?: unknown;
  catalog?: unknown;
  mode?: Run['mode'];
  env?: Record<string, string>;
  activateVersion?: boolean;
}

async function run(server: Loopback, { state, catalog, mode = 'sync', env = {}, activateVersion = false }: Given = {}) {
  const tap = createTap<object>({
    name: 'tap-library',
    description: 'Books.',
    version: '1.0.0',
    capabilities: [],
    settings: z.object({}),
    streams: [shelves, books] as never,
    connect: () => ({
      baseUrl: server.url,
      variables: {},
      authenticator: new BearerAuthenticator('token'),
      paginator: linkPaginator({ cursor: 'cursor', hasMore: ({ parameters }) => parameters['results'] !== 'false' }),
      rules,
      headers: {},
      startDate: Date.UTC(2026, 0, 1),
      pageSize,
      timeout: 5000,
      retryTime: 0,
      activateVersion,
      hello: (client) => client.get({ route: '/shelves/', url: new URL('/shelves/', server.url) }, () => undefined),
    }),
  });
  let stdout = '';
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      stdout += chunk.toString();
      done();
    },
  });
  const { log, said } = keepLog();
  const { signal } = new AbortController();
  const clock = new JumpingClock();
  const system: System = {
    argv: [],
    env,
    cwd: '/',
    stdout: out,
    stderr: out,
    clock: {
      now: () => clock.now(),
      sleep: (ms, stop) =>
        ms > 20_000
          ? new Promise((_, reject) => stop?.addEventListener('abort', () => reject(new Error('over'))))
          : clock.sleep(ms, stop),
    },
    random: () => 0.5,
    readFile: () => '',
    onSignal: () => undefined,
  };
  const code = await tap.sync({
    config: {},
    defaulted: new Set(),
    catalog: catalog === undefined ? undefined : parseCatalog(JSON.stringify(catalog), 'c'),
    state,
    mode,
    log,
    writer: new Writer(out, signal),
    signal,
    system,
  } as Run);
  const messages = stdout
    .split('\n')
    .filter(Boolean)
    .map(
      (line) =>
        JSON.parse(line) as {
          type: string;
          stream?: string;
          record?: Row;
          value?: { bookmarks: Record<string, Row> };
          version?: number;
        },
    );
  return { code, stdout, messages, said, state: messages.filter(({ type }) => type === 'STATE').at(-1)?.value };
}

/** A library of books that lie at random times. */
function someLibrary(chance: Chance, count = 60): Library {
  const library: Library = { shelves: Array.from({ length: 3 }, (_, n) => ({ id: `s${n}` })), books: {} };
  for (let n = 0; n < count; n++) {
    const shelf = `s${chance.int(0, 2)}`;
    (library.books[shelf] ??= []).push({ id: `b${n}`, at: isoSeconds(someday - chance.int(100, 20_000_000) * 1000) });
  }
  return library;
}

const ids = (library: Library): string[] =>
  Object.values(library.books)
    .flat()
    .map((row) => String(row['id']))
    .sort();

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

    const { state, code } = await run(server, { state: first.state });

    expect(code).toBe(0);
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
    expect(JSON.stringify(state)).not.toContain('2026-11-22T11:59:00Z');
    expect(said('ERROR').join()).toMatch(/books: a row has no id, which is its key/);
  });

  test('that is longer than the pipe takes is left out and said', async () => {
    await using server = await serve(one({ id: 'long', at: '2026-02-01T00:00:00Z', more: { text: 'é'.repeat(3000) } }));

    const { code, stdout, said } = await run(server, { env: { MELTANO_ELT_BUFFER_SIZE: '10000' } });

    expect(code).toBe(1);
    expect(Math.max(...stdout.split('\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(5000);
    expect(said('ERROR').join()).toMatch(/longer than the pipe takes \(5000 bytes\)/);
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
