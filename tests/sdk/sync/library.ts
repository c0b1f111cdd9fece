/** A library: the streams of a small API, a server that holds its rows without a network, and a sync of the two. */
import { Writable } from 'node:stream';
import * as z from 'zod';
import { batched, each, single } from '../../../src/sdk/define/scope.js';
import { type Absence, type StreamDefinition, streamDefiner } from '../../../src/sdk/define/stream-definition.js';
import { BearerAuthenticator } from '../../../src/sdk/http/authenticator.js';
import { HttpClient } from '../../../src/sdk/http/client.js';
import { Limiter } from '../../../src/sdk/http/limiter.js';
import { type Paginator, linkPaginator } from '../../../src/sdk/http/paginator.js';
import { defaultRules } from '../../../src/sdk/http/response-rules.js';
import type { Exchange, Transport } from '../../../src/sdk/http/transport.js';
import type { RestConnection } from '../../../src/sdk/rest/rest-stream.js';
import { rowSchema } from '../../../src/sdk/singer/json-schema.js';
import { State } from '../../../src/sdk/singer/state.js';
import { Writer } from '../../../src/sdk/singer/writer.js';
import { Bookmarks } from '../../../src/sdk/sync/bookmarks.js';
import { OutputStream } from '../../../src/sdk/sync/output-stream.js';
import type { StreamNode } from '../../../src/sdk/sync/stream-node.js';
import { buildStreamTree } from '../../../src/sdk/sync/stream-tree.js';
import { sinceReader } from '../../../src/sdk/sync/sync-run.js';
import { Sync } from '../../../src/sdk/sync/sync.js';
import { day, isoSeconds, second } from '../../../src/sdk/time.js';
import { JumpingClock, someday } from '../../support/clock.js';
import { type KeptLog, keepLog } from '../../support/log.js';

export type Row = Record<string, unknown>;

export interface Settings {
  /** Milliseconds. */
  lookback?: number;
  /** Milliseconds. */
  fullPass?: number;
  /** Names or ids of the shelves that are wanted; default: all. */
  shelves?: string[];
  /** At most so many books of a shelf. */
  newestVisits?: number;
  newestBooks?: number;
  /** Texts of books are wanted. */
  texts?: boolean;
  /** Sales are asked for in two queries, by their kind. */
  kinds?: boolean;
  /** Visits are only asked for where there are sales. */
  trustsSales?: boolean;
  /** Languages in which shelves have labels. */
  languages?: string[];
}

const define = streamDefiner<Settings>();
const at = z.string().meta({ format: 'date-time' }).nullish();
const id = z.string();
const lookback = (settings: Settings): number => settings.lookback ?? 0;
const skip: readonly Absence[] = [405, { status: 403, message: /feature is off/ }];
const window = { params: (range: { start: string; end: string }) => range, maxRows: 1000 };

/** A full table. Its rows make the contexts of most others. */
export const shelves = define({
  name: 'shelves',
  summary: 'Shelves.',
  path: '/shelves/',
  scope: single<'none'>(),
  schema: z.looseObject({
    id,
    name: z.string().nullish(),
    open: z.boolean().nullish(),
    first: at,
  }),
  primaryKey: ['id'],
  skip,
  lookupPath: '/shelves/{shelf}/',
  lookupByName: {
    setting: 'shelves',
    wanted: ({ shelves: wanted = [] }) => wanted,
    names: ({ name, id: own }) => (name ? [name, own] : [own]),
    path: '/shelves/{name}/',
  },
  keep: ({ name, id: own }, { shelves: wanted = [] }) =>
    wanted.length === 0 || wanted.includes(own) || wanted.includes(name ?? ''),
});

const onShelf = {
  context: ({ id: shelf }: { id: string }) => ({ shelf }),
  alias: ({ name }: { name?: string | null | undefined }) => (name ? { shelf: name } : undefined),
  refused: ({ open }: { open?: boolean | null | undefined }) => open === false,
};

/** A child of a full table without a range. */
export const staff = define({
  name: 'staff',
  summary: 'People of a shelf.',
  path: '/shelves/{shelf}/staff/',
  scope: each(shelves, onShelf),
  schema: z.looseObject({ id }),
  primaryKey: ['id'],
  skip,
});

/** A range for each shelf. */
export const books = define({
  name: 'books',
  summary: 'Books of a shelf.',
  path: '/shelves/{shelf}/books/',
  scope: each(shelves, onShelf),
  schema: z.looseObject({ id: id, at, text: z.string().nullish() }),
  primaryKey: ['id'],
  replicationKey: 'at',
  permission: 'book:read',
  skip,
  window,
  lookback,
  maxNewest: ({ newestBooks }) => newestBooks,
  body: {
    wanted: ({ texts }) => texts === true,
    present: (row) => row['text'] !== undefined,
    param: 'text',
    path: '/books/{book}/',
    context: (row) => ({ book: String(row['id']) }),
  },
});

/** An object for each book. */
export const notes = define({
  name: 'notes',
  summary: 'The note of a book.',
  path: '/books/{book}/note/',
  scope: each(books, { context: ({ id: book }) => ({ book }) }),
  schema: z.looseObject({ id, at }),
  primaryKey: ['id'],
  replicationKey: 'at',
  skip,
  answer: 'object',
  lookback,
});

/** A list for each note: grandchildren of books. */
export const stamps = define({
  name: 'stamps',
  summary: 'Stamps of a note.',
  path: '/notes/{note}/stamps/',
  scope: each(notes, { context: ({ id: note }) => ({ note }) }),
  schema: z.looseObject({ id }),
  primaryKey: ['id'],
});

/** A range for each book. */
export const loans = define({
  name: 'loans',
  summary: 'Loans of a book.',
  path: '/books/{book}/loans/',
  scope: each(books, { context: ({ id: book }) => ({ book }) }),
  schema: z.looseObject({ id, at }),
  primaryKey: ['id'],
  replicationKey: 'at',
  window,
  lookback,
});

/** One range for all shelves. */
export const sales = define({
  name: 'sales',
  summary: 'Sales of all shelves.',
  path: '/sales/',
  scope: batched(shelves, {
    ...onShelf,
    select: (contexts) => ({ shelf: contexts === 'all' ? 'all' : contexts.map(({ shelf }) => shelf) }),
    contextOf: ({ shelf }) => (typeof shelf === 'string' ? { shelf } : undefined),
  }),
  schema: z.looseObject({ id, at, shelf: z.string().nullish(), since: at }),
  primaryKey: ['id'],
  replicationKey: 'at',
  queries: ({ kinds = false }) => (kinds ? [{ kind: 'sold' }, { kind: 'lent' }] : [{}]),
  window: {
    ...window,
    moves: true,
    provesFilter: ({ proof }) => proof === true,
    unprovenRemark: 'counts may be those of the range',
  },
  lookback,
  fullPass: ({ fullPass = 0 }) => fullPass,
});

/** An object for each sale. */
export const receipts = define({
  name: 'receipts',
  summary: 'The receipt of a sale.',
  path: '/sales/{sale}/receipt/',
  belongsTo: ({ id: sale }) => ({ id: sale }),
  scope: each(sales, { context: ({ id: sale }) => ({ sale }) }),
  schema: z.looseObject({ id, at }),
  primaryKey: ['id'],
  replicationKey: 'at',
  answer: 'object',
  lookback,
  fullPass: ({ fullPass = 0 }) => fullPass,
});

/** A range for each shelf, of which sales say whether anything is there. */
export const visits = define({
  name: 'visits',
  summary: 'Visits to a shelf.',
  path: '/shelves/{shelf}/visits/',
  scope: each(shelves, onShelf),
  schema: z.looseObject({ id, at }),
  primaryKey: ['id'],
  replicationKey: 'at',
  window,
  lookback,
  maxNewest: ({ newestVisits }) => newestVisits,
  emptyIf: {
    stream: sales as unknown as StreamDefinition,
    when: ({ trustsSales = true }) => trustsSales,
    never: ({ first }) => first === null,
    since: ({ since }) => since,
  },
});

/** Several lists for each shelf: one in each language. */
export const labels = define({
  name: 'labels',
  summary: 'Labels of a shelf.',
  path: '/shelves/{shelf}/labels/{language}/',
  scope: each(shelves, {
    ...onShelf,
    context: ({ id: shelf }, { languages = [] }: Settings) => languages.map((language) => ({ shelf, language })),
  }),
  schema: z.looseObject({ id, language: id }),
  primaryKey: ['language', 'id'],
});

/** Numbers of whole days, for each shelf that a parameter names. */
export const counts = define({
  name: 'counts',
  summary: 'What was lent from a shelf on each day.',
  path: '/counts/',
  scope: each(shelves, { ...onShelf, params: ({ shelf }) => ({ shelf }) }),
  schema: z.looseObject({ id, at, shelf: id }),
  primaryKey: ['shelf', 'id'],
  replicationKey: 'at',
  answer: 'whole',
  records: ({ days }) => days,
  window: { ...window, intervals: { length: day, most: 30, kept: 60 * day } },
  lookback: () => 2 * day,
});

/** A full table of two queries. The first one's parameters become a column. */
export const guests = define({
  name: 'guests',
  summary: 'Guests, by where they are from.',
  path: '/guests/',
  scope: single<'none'>(),
  schema: z.looseObject({ id, kind: id }),
  primaryKey: ['kind', 'id'],
  queries: () => [{ kind: 'near' }, { kind: 'far' }],
  row: (row, _context, { kind }) => ({ ...row, kind }),
});

/** A range that the server does not take: the latest first. */
export const news = define({
  name: 'news',
  summary: 'News, which take no dates.',
  path: '/news/',
  scope: single<'none'>(),
  schema: z.looseObject({ id, at }),
  primaryKey: ['id'],
  replicationKey: 'at',
  window: { maxRows: 1000 },
  lookback,
});

export const definitions = [
  shelves,
  staff,
  books,
  notes,
  stamps,
  loans,
  sales,
  receipts,
  visits,
  labels,
  counts,
  guests,
  news,
] as unknown as readonly StreamDefinition[];

const pageSize = 4;

/** Cursors count rows, so that pages can overlap by one. */
const paginator: Paginator = {
  ...linkPaginator({ cursor: 'cursor', hasMore: ({ parameters }) => parameters['results'] !== 'false' }),
  overlap: (next) => {
    const url = new URL(next);
    url.searchParams.set('cursor', String(Number(next.searchParams.get('cursor')) - 1));
    return url;
  },
};

/** A server that holds lists and objects by their paths. */
export class LibraryServer {
  /** Path and query of each request. */
  readonly asked: string[] = [];
  /** Has the first word on an answer; undefined: the rows answer. */
  answer: (url: URL) => Exchange | undefined | Promise<Exchange | undefined> = () => undefined;

  constructor(readonly rows: Record<string, Row | Row[]>) {}

  /** The paths that were asked for, without their queries, each once. */
  get paths(): string[] {
    return [...new Set(this.asked.map((one) => one.replace(/\?.*/, '')))].sort();
  }

  readonly transport: Transport = async (url) => {
    this.asked.push(`${url.pathname}${url.search}`);
    return (await this.answer(url)) ?? this.#find(url);
  };

  #find({ pathname, searchParams }: URL): Exchange {
    const found = this.rows[decodeURIComponent(pathname)];
    if (found === undefined) return reply({ detail: 'not found' }, 404);
    if (!Array.isArray(found)) return reply(found);
    const [start, end] = [searchParams.get('start') ?? '', searchParams.get('end') ?? '9'];
    const wanted = searchParams.getAll('shelf');
    const kind = searchParams.get('kind');
    const list = found
      .filter((row) => row['at'] === undefined || (String(row['at']) >= start && String(row['at']) < end))
      .filter((row) => wanted.length === 0 || wanted.includes('all') || wanted.includes(String(row['shelf'])))
      .filter((row) => kind === null || row['kind'] === kind)
      .sort((a, b) => String(b['at'] ?? '').localeCompare(String(a['at'] ?? '')));
    const offset = Number(searchParams.get('cursor') ?? 0);
    const more = offset + pageSize < list.length;
    const link = `<http://library/>; rel="next"; results="${String(more)}"; cursor="${offset + pageSize}"`;
    return reply(list.slice(offset, offset + pageSize), 200, { link });
  }
}

export const reply = (value: unknown, status = 200, headers: Record<string, string> = {}): Exchange => ({
  status,
  headers,
  body: Buffer.from(JSON.stringify(value)),
});

/** The answer for a list that is at its end. */
export const lastPage = (rows: readonly Row[]): Exchange =>
  reply(rows, 200, { link: '<http://library/>; rel="next"; results="false"; cursor="0"' });

/** A time as rows have it: so many seconds before now. */
export const ago = (seconds: number): string => isoSeconds(someday - seconds * second);
export const now = someday;
export const startDate = Date.UTC(2026, 0, 1);

export interface SyncOptions {
  /** Names of the streams that are selected. */
  select: readonly string[];
  state?: unknown;
  settings?: Settings;
  /** Streams that are read wholly in each run. */
  fullTable?: readonly string[];
  /** ACTIVATE_VERSION messages are wanted. */
  activates?: boolean;
  /** At most so many records of each stream. */
  maxRows?: number;
  /** Bytes that a message may have. */
  maxBytes?: number;
  /** Epoch milliseconds. */
  end?: number;
  latest?: number;
  endsNow?: boolean;
  /** Called at each checkpoint with the state as it is then. */
  onCheckpoint?: (state: State, records: readonly string[]) => void;
}

interface Message {
  type: string;
  stream: string;
  record?: Row;
}

export interface Synced {
  /** Keys of the records of a stream, in the order in which they came. */
  readonly ids: (stream: string) => string[];
  readonly messages: readonly Message[];
  readonly state: Partial<Record<string, StateEntry>>;
  readonly outcomes: ReadonlyMap<string, OutputStream['outcome']>;
  readonly kept: KeptLog;
  /** What stopped the run. */
  readonly error: unknown;
}

export interface StateEntry {
  start?: string;
  full_pass?: string;
  done?: string[][];
  partitions?: { context: Record<string, string>; start?: string; done?: string[][] }[];
}

/** What a run is made of, for tests of its parts. */
export function setUp(server: LibraryServer, options: SyncOptions) {
  const { select, settings = {}, state, fullTable = [], end = someday + second, latest = someday } = options;
  const kept = keepLog();
  const messages: Message[] = [];
  const { signal } = new AbortController();
  const clock = new JumpingClock();
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      for (const line of chunk.toString().split('\n')) if (line) messages.push(JSON.parse(line) as Message);
      done();
    },
  });
  const writer = new Writer(stdout, signal);
  const outputs = new Map(
    definitions
      .filter(({ name }) => select.includes(name))
      .map((definition) => [definition.name, openOutput(definition, writer, kept, options)]),
  );
  const client = new HttpClient({
    transport: server.transport,
    authenticator: new BearerAuthenticator('token'),
    limiter: new Limiter({ clock, signal }),
    rules: defaultRules,
    headers: {},
    clock,
    random: () => 0.5,
    signal,
    log: kept.log,
    retryTime: 60 * second,
  });
  const connection: RestConnection = {
    client,
    paginator,
    baseUrl: new URL('http://library/'),
    variables: {},
    pageSize,
    turn: () => Promise.resolve(),
    onOtherWay: () => undefined,
    onRepair: () => undefined,
  };
  const roots = buildStreamTree(definitions, outputs, connection, settings);
  const bookmarks = new Bookmarks({
    state: new State(state),
    startDate,
    end,
    latest,
    fullTable: new Set(fullTable),
    log: kept.log,
  });
  const ids = (stream: string): string[] =>
    messages
      .filter((message) => message.type === 'RECORD' && message.stream === stream)
      .map(({ record }) => String(record?.['id']));
  return { kept, messages, outputs, roots, bookmarks, ids, signal };
}

function openOutput(
  { name, schema, primaryKey, replicationKey }: StreamDefinition,
  writer: Writer,
  { log }: KeptLog,
  { activates = false, maxRows, maxBytes = 1e6 }: SyncOptions,
): OutputStream {
  return new OutputStream({
    name,
    schema: rowSchema(schema, primaryKey),
    keyProperties: primaryKey,
    replicationKey,
    selected: () => true,
    writer,
    log,
    maxBytes,
    version: activates && !replicationKey ? 1 : undefined,
    maxRows,
  });
}

/** Reads what is selected. */
export async function sync(server: LibraryServer, options: SyncOptions): Promise<Synced> {
  const { kept, messages, outputs, roots, bookmarks, ids } = setUp(server, options);
  const run = {
    bookmarks,
    quiet: new Map(),
    log: kept.log,
    endsNow: options.endsNow ?? true,
    sinceOf: sinceReader(definitions),
    checkpoint: async (): Promise<void> => {
      const written = messages.filter(({ type }) => type === 'RECORD');
      options.onCheckpoint?.(
        bookmarks.state,
        written.map(({ stream, record }) => `${stream} ${String(record?.['id'])}`),
      );
      await Promise.resolve();
    },
  };
  let error: unknown;
  try {
    await new Sync(run, roots).readAll();
  } catch (thrown) {
    error = thrown;
  }
  const { bookmarks: state } = JSON.parse(JSON.stringify(bookmarks.state)) as { bookmarks: Synced['state'] };
  const outcomes = new Map([...outputs].map(([name, { outcome }]) => [name, outcome]));
  return { ids, messages, state, outcomes, kept, error };
}

/** The node of a stream in a tree. */
export function nodeOf(roots: readonly StreamNode[], name: string): StreamNode {
  const found = roots.flatMap(({ subtree }) => subtree).find((node) => node.name === name);
  if (!found) throw new Error(`no ${name} in the tree`);
  return found;
}

/** Where a partition of a stream stands. */
export const partitionOf = (synced: Synced, stream: string, shelf: string) =>
  synced.state[stream]?.partitions?.find(({ context }) => context['shelf'] === shelf);
