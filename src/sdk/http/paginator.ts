/**
 * What an answer says about the page after it. Status, headers and body are looked at here and nowhere else:
 * the page loop only sees a URL, `end` or `unknown`. `unknown` is a page without a word; it is never taken for the end.
 */
import { StreamError } from '../errors.js';
import type { Headers } from './headers.js';
import { type Link, parseLinkHeader } from './link-header.js';
import { parseUrl } from './parse-url.js';

/** A page as a paginator sees it. */
export interface PageView {
  readonly url: URL;
  readonly headers: Headers;
  /** The JSON value. */
  readonly body: unknown;
  /** Rows in it. */
  readonly size: number;
  /** Rows that the list was asked for in a page. */
  readonly requested: number;
}

export type NextPage = { readonly url: URL } | 'end' | 'unknown';

/** Where a page might be. */
export interface Guess {
  readonly url: URL;
  /** Whether it begins at the very row, and not at the page that the row is on. */
  readonly countsRows: boolean;
}

export interface Paginator {
  next: (page: PageView) => NextPage;
  /** The same next page begun at least one row earlier, for cursors that count rows. */
  overlap?(next: URL, page: PageView): URL | undefined;
  /** Where the page that begins behind `read` rows might be, on a route that has never named one. */
  guess?(page: PageView, read: number): readonly Guess[];
  /** How many rows the server says the list has. */
  total?(page: PageView): number | undefined;
  /** What falls when rows before the next page go, for pages that are cut by row number and cannot overlap. */
  length?(page: PageView): number | undefined;
}

export interface LinkPaging {
  /** Whether a `next` link means that more is coming. */
  hasMore?: (link: Link) => boolean;
  /** Name of the link parameter, and of the query parameter, that holds the cursor. */
  cursor?: string;
}

/**
 * Paging by Link header (RFC 8288). A `next` URL is followed on the same origin only: a server behind a proxy may name
 * hosts that do not resolve, and credentials must not travel. With `cursor`, only that value goes into our own request.
 * @throws StreamError when the next page lies on another origin, or lacks its cursor.
 */
export function linkPaginator({ hasMore = () => true, cursor }: LinkPaging = {}): Paginator {
  return {
    next: ({ headers, url }) => {
      const links = parseLinkHeader(headers['link']);
      const next = links.find(({ rel }) => rel === 'next');
      if (!next) return links.some(({ rel }) => rel === 'previous' || rel === 'prev') ? 'end' : 'unknown';
      if (!hasMore(next)) return 'end';
      return { url: cursor === undefined ? sameOrigin(next.url, url) : withCursor(next, url, cursor) };
    },
  };
}

function sameOrigin(target: string, current: URL): URL {
  const url = parseUrl(target, current);
  if (url?.origin === current.origin) return url;
  const where = url ? `on another origin (${url.origin})` : 'at an address that cannot be read';
  throw new StreamError(
    `The next page of ${current.origin}${current.pathname} lies ${where}. It is not followed, since the token ` +
      'would go along.',
    { code: 'ERR_PAGING' },
  );
}

function withCursor(next: Link, current: URL, name: string): URL {
  const value = next.parameters[name] ?? cursorIn(next.url, name);
  if (!value) {
    throw new StreamError(`GET ${current.pathname} answered with a link to a next page that has no ${name}.`, {
      code: 'ERR_PAGING',
    });
  }
  const url = new URL(current);
  url.searchParams.set(name, value);
  return url;
}

const anyOrigin = new URL('http://localhost');

function cursorIn(target: string, name: string): string | undefined {
  return parseUrl(target, anyOrigin)?.searchParams.get(name) ?? undefined;
}

export interface PageNumberPaging {
  /** Name of the query parameter. Default `page`; pages count from 1. */
  param?: string;
  /** How many pages the body says there are; undefined: it does not say. */
  pages: (body: unknown) => number | undefined;
  /** How many rows the body says there are. When they become fewer, later rows have moved up past the next page. */
  rows?: (body: unknown) => number | undefined;
  /** The parameter for rows in a page, and how many the body says it was: pages then overlap by a row. */
  size?: { readonly param: string; readonly of: (body: unknown) => number | undefined };
}

/** Paging by number: the body says how many pages there are. */
export function pageNumberPaginator({ param = 'page', pages, rows, size }: PageNumberPaging): Paginator {
  const largest = new LargestPages();
  const numberOf = (url: URL): number => Number(url.searchParams.get(param) ?? '1');
  return {
    next: ({ url, body }) => {
      const last = pages(body);
      if (last === undefined) return 'unknown';
      return numberOf(url) >= last ? 'end' : { url: withParams(url, { [param]: numberOf(url) + 1 }) };
    },
    overlap: (next, page) => {
      const rowsInPage = size?.of(page.body);
      if (!size || rowsInPage !== page.size) return undefined; // rows that are not shown: the last one is not known
      const earlier = overlappingPage(largest.with(page), numberOf(page.url) * rowsInPage);
      return earlier && withParams(next, { [size.param]: earlier.size, [param]: earlier.page + 1 });
    },
    guess: ({ url }) => [{ url: withParams(url, { [param]: numberOf(url) + 1 }), countsRows: false }],
    total: ({ body }) => rows?.(body),
    length: ({ body }) => rows?.(body),
  };
}

export interface OffsetPaging {
  /** Name of the query parameter for the first row of a page. */
  readonly param: string;
  /** The number of the list's first row. Default 0. */
  readonly first?: number;
  /** How many rows the body says there are; undefined: it does not say. */
  readonly total: (body: unknown) => number | undefined;
}

/** Paging by row number: the body says how many rows there are. Pages overlap by a row. */
export function offsetPaginator({ param, first = 0, total }: OffsetPaging): Paginator {
  const offsetOf = (url: URL): number => Number(url.searchParams.get(param) ?? first);
  return {
    next: ({ url, body, size }) => {
      const rows = total(body);
      const following = offsetOf(url) + size;
      if (rows === undefined) return 'unknown';
      return size === 0 || following >= first + rows ? 'end' : { url: withParams(url, { [param]: following }) };
    },
    overlap: (next) => withParams(next, { [param]: offsetOf(next) - 1 }),
    guess: ({ url }, read) => [{ url: withParams(url, { [param]: first + read }), countsRows: true }],
    total: ({ body }) => total(body),
    length: ({ body }) => total(body),
  };
}

function withParams(url: URL, params: Readonly<Record<string, number>>): URL {
  const target = new URL(url);
  for (const [name, value] of Object.entries(params)) target.searchParams.set(name, String(value));
  return target;
}

/** The most rows that each list has given in a page: servers give less than they are asked for. */
export class LargestPages {
  readonly #rows = new Map<string, number>();

  /** The most rows, those of this page included. */
  with({ url, size }: PageView): number {
    const most = Math.max(size, this.#rows.get(url.pathname) ?? 0);
    this.#rows.set(url.pathname, most);
    return most;
  }
}

/** The page (from 0) that holds row `read` and reaches furthest behind it, in pages of `largest` rows or fewer. */
export function overlappingPage(largest: number, read: number): { size: number; page: number } | undefined {
  let best = { size: 0, page: 0, end: read };
  for (let size = largest; size > largest / 2; size--) {
    const page = Math.floor((read - 1) / size);
    const end = size * (page + 1);
    if (page > 0 && end > best.end) best = { size, page, end };
  }
  return best.size === 0 ? undefined : best;
}
