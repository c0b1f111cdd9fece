/**
 * A list that comes newest first, without a network. It keeps `start`, `end`, a page size and a cursor, and misbehaves
 * where a test wants it to.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { Exchange, Transport } from '../../src/sdk/http/transport.js';
import { floorSecond, isoSeconds, parseDate } from '../../src/sdk/time.js';

export interface ListRow {
  id: string;
  /** ISO text. */
  at: string;
  [more: string]: unknown;
}

export interface ListServerOptions {
  /** May change while the list is read. */
  rows: readonly ListRow[];
  /** What dates do. Default: they are kept. `nothing`: any range is empty. */
  ranges?: 'kept' | 'ignored' | 'nothing' | 'refused';
  /** The second in which a range ends counts as inside. */
  endIncluded?: boolean;
  /** The date of a row by which the list is ordered and filtered. Default: `at`. */
  ownDate?: string;
  /** The date by which it is filtered, if that is another one. */
  filterDate?: string;
  /** The rows come as they stand in `rows`. */
  unordered?: boolean;
  /** What a search term on `at` does. */
  terms?: 'understood' | 'ignored' | 'nothing';
  /** The parameter `kind` chooses rows by their `kind`; else it has no effect. */
  knowsKinds?: boolean;
  /** A range shows so much of itself (milliseconds), its latest part, whatever a search says. */
  latest?: number;
  /** Without a range nothing older than this instant is shown. */
  plainLatest?: number;
  /** Queries with more rows than this are too much for it. */
  tooLarge?: number;
  /** A page that holds one of these rows cannot be made: always, or only with bodies (`full`). */
  broken?: { readonly ids: ReadonlySet<string>; readonly onlyFull?: boolean };
  /** A range that begins before this instant is told that nothing is there. */
  retention?: number;
  /** Rows in a page at most. */
  largestPage?: number;
  /** Cursors that count more rows than this are refused. */
  deepest?: number;
  /** Whether cursors count rows (default), or name the row behind which they go on. */
  cursors?: 'offset' | 'row';
  /** Whether an answer has a Link header. `nth` counts all answers from 1. */
  hasLink?: (nth: number) => boolean;
  /** The next link of the last page leads to the last page again. */
  repeatsLast?: boolean;
  /** The next link of every page leads to the same page. */
  repeats?: boolean;
  /** Every so many-th page is empty although more follow. */
  emptyPages?: number;
  /** From then on the token is refused. */
  refusedAfter?: number;
  /** Changes the rows before an answer is made. */
  before?: (nth: number) => void;
  /** How many turns of the event loop an answer takes. */
  turns?: () => number;
}

export interface ListServer {
  transport: Transport;
  asked: URLSearchParams[];
  /** Ids of the rows of each answer that was good. */
  pages: string[][];
  /** How many requests were under way when each was answered. */
  busy: number[];
}

export function listServer(options: ListServerOptions): ListServer {
  let busy = 0;
  const transport: Transport = async (url) => {
    busy++;
    for (let turns = options.turns?.() ?? 0; turns > 0; turns--) await immediate();
    server.busy.push(busy--);
    return answer(url, options, server);
  };
  const server: ListServer = { transport, asked: [], pages: [], busy: [] };
  return server;
}

function answer({ searchParams }: URL, options: ListServerOptions, server: ListServer): Exchange {
  const nth = server.asked.push(searchParams);
  if (nth > (options.refusedAfter ?? Infinity)) return json(401, { detail: 'Invalid token' });
  options.before?.(nth);
  const refusal = refusalOf(searchParams, options);
  if (refusal) return refusal;
  const found = select(searchParams, options);
  if (found.length > (options.tooLarge ?? Infinity)) return json(400, { detail: 'Query timeout. Please try again.' });
  const { rows, next } = pageOf(found, searchParams, options);
  if (rows.some(({ id }) => isBroken(id, searchParams, options))) return json(500, { detail: 'Internal error' });
  server.pages.push(rows.map(({ id }) => id));
  const hasLink = options.hasLink?.(nth) ?? true;
  return json(200, rows, hasLink ? { link: linkTo(next) } : {});
}

function refusalOf(
  parameters: URLSearchParams,
  { ranges, retention, deepest = Infinity }: ListServerOptions,
): Exchange | undefined {
  if (Number(parameters.get('cursor')) > deepest) return json(400, { detail: 'This offset is too large' });
  const end = parameters.get('end');
  if (end === null) return undefined;
  if (ranges === 'refused') return json(400, { detail: 'Unknown parameter: start' });
  if ((parseDate(end) ?? 0) <= (retention ?? -Infinity)) return json(400, { detail: 'Beyond retention' });
  return undefined;
}

function isBroken(id: string, parameters: URLSearchParams, { broken }: ListServerOptions): boolean {
  return broken?.ids.has(id) === true && (broken.onlyFull !== true || parameters.has('full'));
}

/** The rows of a query, in the order in which they are shown. */
function select(parameters: URLSearchParams, options: ListServerOptions): ListRow[] {
  const { rows, ownDate = 'at', filterDate = ownDate, unordered, knowsKinds } = options;
  const kind = knowsKinds ? parameters.get('kind') : null;
  const isInside = rangeOf(parameters, options);
  const found = rows.filter(
    (row) => isInside(floorSecond(dateOf(row, filterDate))) && (kind === null || row['kind'] === kind),
  );
  if (unordered) return found;
  return found.sort((a, b) => dateOf(b, ownDate) - dateOf(a, ownDate) || (b.id < a.id ? -1 : 1));
}

const dateOf = (row: ListRow, name: string): number => parseDate(String(row[name] ?? row.at)) ?? 0;

function rangeOf(
  parameters: URLSearchParams,
  { ranges = 'kept', endIncluded, terms = 'understood', latest, plainLatest }: ListServerOptions,
): (time: number) => boolean {
  const query = parameters.get('query') ?? '';
  if (ranges === 'nothing' && parameters.has('start')) return () => false;
  if (terms === 'nothing' && query.includes('at:')) return () => false;
  const read = (text: string | null | undefined, otherwise: number): number =>
    text ? (parseDate(text) ?? otherwise) : otherwise;
  const end = ranges === 'ignored' ? Infinity : read(parameters.get('end'), Infinity);
  const shown = latest === undefined || end === Infinity ? (plainLatest ?? -Infinity) : end - latest;
  const start = ranges === 'ignored' ? -Infinity : Math.max(read(parameters.get('start'), -Infinity), shown);
  const isTerm = terms === 'understood';
  const low = isTerm ? read(/at:>=(\S+)/.exec(query)?.[1], -Infinity) : -Infinity;
  const high = isTerm ? read(/at:<([^=\s]\S*)/.exec(query)?.[1], Infinity) : Infinity;
  return (time) =>
    time >= Math.max(start, low) && time < high && (time < end || (endIncluded === true && time === end));
}

interface ShownPage {
  rows: ListRow[];
  /** A cursor, and whether it leads to more. */
  next: { cursor: string; hasMore: boolean };
}

function pageOf(found: readonly ListRow[], parameters: URLSearchParams, options: ListServerOptions): ShownPage {
  const { largestPage = Infinity, cursors = 'offset', emptyPages, repeats, repeatsLast } = options;
  const size = Math.min(Number(parameters.get('per_page') ?? 100), largestPage);
  const cursor = parameters.get('cursor') ?? '';
  const from = startOf(cursor, found, cursors);
  if (cursor.endsWith('e')) return { rows: [], next: { cursor: cursor.slice(0, -1), hasMore: true } };
  const rows = found.slice(from, from + size);
  const isLast = from + size >= found.length;
  if (repeats || (isLast && repeatsLast)) return { rows, next: { cursor: cursor || '0', hasMore: true } };
  const next = cursors === 'offset' ? `${from + size}` : cursorAfter(rows.at(-1));
  const isEmpty = emptyPages !== undefined && (from + size) % emptyPages === 0;
  return { rows, next: { cursor: isEmpty ? `${next}e` : next, hasMore: !isLast || repeatsLast === true } };
}

const cursorAfter = (row: ListRow | undefined): string => (row ? `${row.at}|${row.id}|` : '0');

/** Index of the first row behind a cursor. Rows that a cursor names may have gone. */
function startOf(cursor: string, found: readonly ListRow[], cursors: 'offset' | 'row'): number {
  if (cursors === 'offset' || cursor === '') return Number.parseInt(cursor || '0', 10);
  const [at = '', id = ''] = cursor.split('|');
  const index = found.findIndex((row) => row.at < at || (row.at === at && row.id < id));
  return index < 0 ? found.length : index;
}

const linkTo = ({ cursor, hasMore }: ShownPage['next']): string =>
  `<http://list/?cursor=${cursor}>; rel="next"; results="${String(hasMore)}"; cursor="${cursor}"`;

function json(status: number, value: unknown, headers: Record<string, string> = {}): Exchange {
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** Rows at these seconds after `from`. */
export const rowsAt = (from: number, seconds: readonly number[]): ListRow[] =>
  seconds.map((at, index) => ({ id: String(index).padStart(6, '0'), at: isoSeconds(from + at * 1000) }));
