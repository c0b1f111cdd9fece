/**
 * Sentry's paging: a `next` link is always there, and only results="true" means more. Its cursor has three numbers,
 * `value:offset:previous`, and several kinds of list use them differently (src/sentry/api/paginator.py):
 * `0:200:0` leaves out two hundred rows; `100:2:0` leaves out two pages of a hundred; a large value is a time or a
 * score, with an offset among the rows that share it.
 */
import { LargestPages, type PageView, type Paginator, linkPaginator, overlappingPage } from '../sdk/index.js';

const cursorForm = /^(\d+):(\d+):0$/;
const leastScore = 1_000_000; // no page is as large as this

const links = linkPaginator({
  cursor: 'cursor',
  hasMore: ({ parameters }) => parameters['results']?.toLowerCase() !== 'false',
});

export function sentryPaginator(): Paginator {
  const largest = new LargestPages();
  return {
    next: (page) => links.next(page),
    overlap(next, page) {
      const [, value, offset] = cursorForm.exec(next.searchParams.get('cursor') ?? '')?.map(Number) ?? [];
      if (value === undefined || !offset) return undefined;
      if (value === 0 || value >= leastScore) return at(next, `${value}:${offset - 1}:0`);
      const name = value === page.size ? sizeParamOf(page) : undefined;
      return name === undefined ? undefined : byPages(next, name, largest.with(page), value * offset);
    },
    total({ headers }) {
      const hits = headers['x-hits'];
      return hits !== undefined && /^\d{1,15}$/.test(hits) ? Number(hits) : undefined;
    },
    guess: ({ url, size }, read) => [
      { url: at(url, `0:${read}:0`), countsRows: true },
      { url: at(url, `${size}:${Math.max(1, Math.round(read / size))}:0`), countsRows: false },
    ],
  };
}

function at(url: URL, cursor: string): URL {
  const target = new URL(url);
  target.searchParams.set('cursor', cursor);
  return target;
}

/** The parameter that asked for as many rows as came, or for more than the server gives. */
function sizeParamOf({ url, size }: PageView): string | undefined {
  return ['per_page', 'limit'].find((name) => Number(url.searchParams.get(name)) >= size);
}

/** The next page, begun a row earlier in pages of another size. */
function byPages(next: URL, name: string, largest: number, read: number): URL | undefined {
  const earlier = overlappingPage(largest, read);
  if (!earlier) return undefined;
  const url = at(next, `${earlier.size}:${earlier.page}:0`);
  url.searchParams.set(name, String(earlier.size));
  return url;
}
