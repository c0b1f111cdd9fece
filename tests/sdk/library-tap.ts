/** A tap of three streams, a server of its own, and a whole run of the two in one process. */
import { Writable } from 'node:stream';
import * as z from 'zod';
import type { Run, System } from '../../src/sdk/cli/program.js';
import {
  BearerAuthenticator,
  type Connection,
  createTap,
  each,
  linkPaginator,
  single,
  streamDefiner,
} from '../../src/sdk/index.js';
import { parseCatalog } from '../../src/sdk/singer/catalog.js';
import { Writer } from '../../src/sdk/singer/writer.js';
import { isoSeconds } from '../../src/sdk/time.js';
import { rules } from '../../src/tap/rules.js';
import { JumpingClock, someday, withoutReports } from '../support/clock.js';
import { keepLog } from '../support/log.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { Chance } from '../support/random.js';

export type Row = Record<string, unknown>;

const define = streamDefiner<object>();
const shelves = define({
  name: 'shelves',
  summary: 'Shelves.',
  path: '/shelves/',
  scope: single<'none'>(),
  schema: z.looseObject({ id: z.string(), open: z.boolean().nullish() }),
  primaryKey: ['id'],
  lookupPath: '/shelves/{shelf}/',
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
  window: { params: (range) => range, maxRows: 50 },
});

/** A list for each book, without a replication key. */
const stamps = define({
  name: 'stamps',
  summary: 'Stamps of a book.',
  path: '/books/{book}/stamps/',
  scope: each(books, { context: ({ id }) => ({ book: id }) }),
  schema: z.looseObject({ book: z.string(), id: z.string() }),
  primaryKey: ['book', 'id'],
  optional: true,
});

/** What the server holds. */
export interface Library {
  shelves: Row[];
  books: Record<string, Row[]>;
  /** Answers 500 to this shelf for good. */
  broken?: string;
  /** Answers 401 to this shelf. */
  refused?: string;
}

const pageSize = 4;

/** Serves a library as the tap expects it, newest first. */
export const serve = (library: Library): Promise<Loopback> =>
  loopback(({ url }, response) => {
    const single = /^\/shelves\/([^/]+)\/$/.exec(url.pathname)?.[1];
    if (single !== undefined) {
      const row = library.shelves.find(({ id }) => id === single);
      return sendJson(response, row ?? { detail: 'not found' }, { status: row ? 200 : 404 });
    }
    if (/^\/books\/[^/]+\/stamps\/$/.test(url.pathname)) return sendJson(response, [{ id: 'stamp' }]);
    const shelf = /^\/shelves\/([^/]+)\/books\/$/.exec(url.pathname)?.[1];
    if (shelf !== undefined && shelf === library.broken)
      return sendJson(response, { detail: 'broken' }, { status: 422 });
    if (shelf !== undefined && shelf === library.refused)
      return sendJson(response, { detail: 'Invalid token' }, { status: 401 });
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

/** What a run is given. */
export interface Given {
  state?: unknown;
  catalog?: unknown;
  mode?: Run['mode'];
  env?: Record<string, string>;
  activateVersion?: boolean;
  /** Settings, as they are after they were read. */
  config?: object;
  /** More of what the settings mean. */
  connection?: Partial<Connection>;
  /** Told of each piece of stdout. */
  onOutput?: (text: string) => void;
  /** What this machine's clock says (epoch ms). */
  now?: number;
}

/** Runs the tap against a server. */
export async function run(server: Loopback, given: Given = {}) {
  const {
    state,
    catalog,
    mode = 'sync',
    env = {},
    activateVersion = false,
    connection = {},
    now,
    onOutput,
    config = {},
  } = given;
  const tap = createTap<object>({
    name: 'tap-library',
    description: 'Books.',
    version: '1.0.0',
    capabilities: [],
    settings: z.object({}),
    streams: [shelves, books, stamps] as never,
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
      checkConnection: (client) =>
        client.get({ route: '/shelves/', url: new URL('/shelves/', server.url) }, () => undefined),
      ...connection,
    }),
  });
  let stdout = '';
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      stdout += chunk.toString();
      onOutput?.(chunk.toString());
      done();
    },
  });
  const { log, said } = keepLog();
  const { signal } = new AbortController();
  const clock = new JumpingClock(now);
  const system: System = {
    argv: [],
    env,
    cwd: '/',
    stdout: out,
    stderr: out,
    clock: withoutReports(clock),
    random: () => 0.5,
    readFile: () => '',
    onSignal: () => undefined,
  };
  const code = await tap.sync({
    config,
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
export function someLibrary(chance: Chance, count = 60): Library {
  const library: Library = { shelves: Array.from({ length: 3 }, (_, n) => ({ id: `s${n}` })), books: {} };
  for (let n = 0; n < count; n++) {
    const shelf = `s${chance.int(0, 2)}`;
    (library.books[shelf] ??= []).push({ id: `b${n}`, at: isoSeconds(someday - chance.int(100, 20_000_000) * 1000) });
  }
  return library;
}

/** Keys of all books. */
export const ids = (library: Library): string[] =>
  Object.values(library.books)
    .flat()
    .map((row) => String(row['id']))
    .sort();
