/** Paging by what the body says: how many pages or rows there are, or where the next page is. */
import { valueAt } from './body-path.js';
import { type PageView, type Paginator, sameOrigin } from './paginator.js';

export interface PageNumberPaging {
  /** Name of the query parameter. Default `page`; pages count from 1. */
  param?: string;
  /** Where the body says how many pages there are, e.g. `meta.pages`. */
  pages: string;
  /** Where it says how many rows there are. When they become fewer, later rows have moved up past the next page. */
  rows?: string;
  /** The parameter for rows in a page, and where the body says how many it was: pages then overlap by a row. */
  size?: { readonly param: string; readonly at: string };
}

/** Paging by number: the body says how many pages there are. */
export function pageNumberPaginator(paging: PageNumberPaging): Paginator {
  const { param = 'page', pages, rows, size } = paging;
  const largest = new LargestPages();
  const numberOf = (url: URL): number => Number(url.searchParams.get(param) ?? '1');
  return {
    form: { kind: 'page', ...paging },
    next: ({ url, body }) => {
      const last = numberAt(body, pages);
      if (last === undefined) return 'unknown';
      return numberOf(url) >= last ? 'end' : { url: withParams(url, { [param]: numberOf(url) + 1 }) };
    },
    overlap: (next, page) => {
      const rowsInPage = size && numberAt(page.body, size.at);
      if (!size || rowsInPage !== page.size) return undefined; // rows that are not shown: the last one is not known
      const earlier = overlappingPage(largest.with(page), numberOf(page.url) * rowsInPage);
      return earlier && withParams(next, { [size.param]: earlier.size, [param]: earlier.page + 1 });
    },
    guess: ({ url }) => [{ url: withParams(url, { [param]: numberOf(url) + 1 }), countsRows: false }],
    total: ({ body }) => numberAt(body, rows),
    length: ({ body }) => numberAt(body, rows),
  };
}

export interface OffsetPaging {
  /** Name of the query parameter for the first row of a page. */
  readonly param: string;
  /** The number of the list's first row. Default 0. */
  readonly first?: number;
  /** Where the body says how many rows there are, e.g. `totalResults`. */
  readonly total: string;
}

/** Paging by row number: the body says how many rows there are. Pages overlap by a row. */
export function offsetPaginator(paging: OffsetPaging): Paginator {
  const { param, first = 0, total } = paging;
  const offsetOf = (url: URL): number => Number(url.searchParams.get(param) ?? first);
  return {
    form: { kind: 'offset', ...paging },
    next: ({ url, body, size }) => {
      const rows = numberAt(body, total);
      const following = offsetOf(url) + size;
      if (rows === undefined) return 'unknown';
      return size === 0 || following >= first + rows ? 'end' : { url: withParams(url, { [param]: following }) };
    },
    overlap: (next) => withParams(next, { [param]: offsetOf(next) - 1 }),
    guess: ({ url }, read) => [{ url: withParams(url, { [param]: first + read }), countsRows: true }],
    total: ({ body }) => numberAt(body, total),
    length: ({ body }) => numberAt(body, total),
  };
}

export interface CursorPaging {
  /** Name of the query parameter that takes the cursor. */
  readonly param: string;
  /** Where the body has the cursor of the next page, e.g. `meta.next`. Null or an empty text there is the end. */
  readonly cursor: string;
}

/** Paging by a cursor in the body, a text or a number. */
export function cursorPaginator(paging: CursorPaging): Paginator {
  const { param, cursor } = paging;
  return {
    form: { kind: 'cursor', ...paging },
    next: ({ url, body }) => {
      const next = valueAt(body, cursor);
      if (next === null || next === '') return 'end';
      return typeof next === 'string' || typeof next === 'number'
        ? { url: withParams(url, { [param]: next }) }
        : 'unknown';
    },
  };
}

export interface BodyLinkPaging {
  /** Where the body has the URL of the next page, e.g. `links.next`. Null or an empty text there is the end. */
  readonly next: string;
}

/** Paging by a URL in the body. @throws StreamError when the next page lies on another origin. */
export function bodyLinkPaginator(paging: BodyLinkPaging): Paginator {
  return {
    form: { kind: 'body link', ...paging },
    next: ({ url, body }) => {
      const next = valueAt(body, paging.next);
      if (next === null || next === '') return 'end';
      return typeof next === 'string' ? { url: sameOrigin(next, url) } : 'unknown';
    },
  };
}

function numberAt(body: unknown, path: string | undefined): number | undefined {
  const value = path === undefined ? undefined : valueAt(body, path);
  return typeof value === 'number' ? value : undefined;
}

function withParams(url: URL, params: Readonly<Record<string, number | string>>): URL {
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
