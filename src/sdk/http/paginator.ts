/**
 * What an answer says about the page after it. Status, headers and body are looked at here and nowhere else:
 * the page loop only sees a URL, `end` or `unknown`. `unknown` is a page without a word; it is never taken for the end.
 */
import { StreamError } from '../errors.js';
import type { BodyLinkPaging, CursorPaging, OffsetPaging, PageNumberPaging } from './body-paginators.js';
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
  /** How it pages, as data: the testing kit makes servers of it. */
  readonly form?: PagingForm;
}

export type PagingForm =
  | ({ readonly kind: 'link' } & LinkPaging)
  | ({ readonly kind: 'page' } & PageNumberPaging)
  | ({ readonly kind: 'offset' } & OffsetPaging)
  | ({ readonly kind: 'cursor' } & CursorPaging)
  | ({ readonly kind: 'body link' } & BodyLinkPaging);

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
export function linkPaginator(paging: LinkPaging = {}): Paginator {
  const { hasMore = () => true, cursor } = paging;
  return {
    form: { kind: 'link', ...paging },
    next: ({ headers, url }) => {
      const links = parseLinkHeader(headers['link']);
      const next = links.find(({ rel }) => rel === 'next');
      if (!next) return links.some(({ rel }) => rel === 'previous' || rel === 'prev') ? 'end' : 'unknown';
      if (!hasMore(next)) return 'end';
      return { url: cursor === undefined ? sameOrigin(next.url, url) : withCursor(next, url, cursor) };
    },
  };
}

/** @throws StreamError when a next page lies elsewhere. */
export function sameOrigin(target: string, current: URL): URL {
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
