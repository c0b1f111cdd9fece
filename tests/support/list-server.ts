/**
 * A list that comes newest first, without a network: as the window reader's server it honours
 * `start`, `end`, a page size and a cursor, and misbehaves where a test wants it to.
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
  rows: readonly ListRow[];
  /** Dates have no effect. */
  ignoreRange?: boolean;
  /** The second in which a range ends counts as inside. */
  endIncluded?: boolean;
  /** The range filters on another date of the rows. */
  otherDate?: string;
  /** What a search term on `at` does: it is understood, ignored, or finds nothing. */
  terms?: 'understood' | 'ignored' | 'nothing';
  /** Queries with more rows than this are too much for it. */
  tooLarge?: number;
  /** No Link header at all. */
  silent?: boolean;
  /** The next link of the last page leads to the last page again. */
  repeatsLast?: boolean;
  /** The next link of every page leads to the same page. */
  repeats?: boolean;
  /** Rows carry `proof`. */
  proves?: boolean;
  /** From then on the token is refused. */
  refusedAfter?: number;
  /** Every so many-th page is empty although more follow. */
  emptyPages?: number;
  /** How many turns of the event loop an answer takes. */
  turns?: () => number;
}

export interface ListServer {
  transport: Transport;
  asked: URLSearchParams[];
  /** Rows that were sent, repetitions included. */
  sent: number;
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
  const server: ListServer = { transport, asked: [], sent: 0, busy: [] };
  return server;
}

function answer({ searchParams }: URL, options: ListServerOptions, server: ListServer): Exchange {
  server.asked.push(searchParams);
  if (server.asked.length > (options.refusedAfter ?? Infinity)) return json(401, { detail: 'Invalid token' });
  const inside = within(searchParams, options);
  const found = options.rows
    .filter((row) => inside(floorSecond(parseDate(String(row[options.otherDate ?? 'at'])) ?? 0)))
    .sort((a, b) => (b.at < a.at ? -1 : b.at > a.at ? 1 : b.id < a.id ? -1 : 1));
  if (options.tooLarge !== undefined && found.length > options.tooLarge)
    return json(400, { detail: 'Query timeout. Please try again.' });
  const size = Number(searchParams.get('per_page') ?? 100);
  const { offset, empty } = place(searchParams.get('cursor') ?? '0');
  const page = empty ? [] : found.slice(offset, offset + size);
  const last = offset + size >= found.length && !empty;
  server.sent += page.length;
  const next =
    options.repeats || (last && options.repeatsLast)
      ? `${offset}`
      : empty
        ? `${offset}`
        : nextOf(offset + size, options);
  const more = options.repeats || options.repeatsLast || !last;
  const link: Record<string, string> = options.silent
    ? {}
    : { link: `<http://list/?cursor=${next}>; rel="next"; results="${String(more)}"; cursor="${next}"` };
  return json(200, options.proves ? page.map((row) => ({ ...row, proof: true })) : page, link);
}

/** Cursors of pages that are to be empty first end in `e`. */
function nextOf(offset: number, { emptyPages }: ListServerOptions): string {
  return emptyPages !== undefined && offset % emptyPages === 0 ? `${offset}e` : `${offset}`;
}

const place = (cursor: string): { offset: number; empty: boolean } => ({
  offset: Number.parseInt(cursor, 10),
  empty: cursor.endsWith('e'),
});

function within(
  parameters: URLSearchParams,
  { ignoreRange, endIncluded, terms = 'understood' }: ListServerOptions,
): (time: number) => boolean {
  const read = (text: string | null | undefined, otherwise: number): number =>
    text ? (parseDate(text) ?? otherwise) : otherwise;
  const start = ignoreRange ? -Infinity : read(parameters.get('start'), -Infinity);
  const end = ignoreRange ? Infinity : read(parameters.get('end'), Infinity);
  const query = parameters.get('query') ?? '';
  const low = read(/at:>=(\S+)/.exec(query)?.[1], -Infinity);
  const high = read(/at:<([^=\s]\S*)/.exec(query)?.[1], Infinity);
  if (query.includes('at:') && terms === 'nothing') return () => false;
  const searched = terms === 'understood';
  return (time) =>
    time >= start &&
    (time < end || (endIncluded === true && time === end)) &&
    (!searched || (time >= low && time < high));
}

function json(status: number, value: unknown, headers: Record<string, string> = {}): Exchange {
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** Rows at these seconds after `from`. */
export const rowsAt = (from: number, seconds: readonly number[]): ListRow[] =>
  seconds.map((at, index) => ({ id: String(index).padStart(6, '0'), at: isoSeconds(from + at * 1000) }));
