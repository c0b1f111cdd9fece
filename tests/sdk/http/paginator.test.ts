import { describe, expect, test } from 'vitest';
import { StreamError } from '../../../src/sdk/errors.js';
import type { Headers } from '../../../src/sdk/http/headers.js';
import {
  bodyLinkPaginator,
  cursorPaginator,
  offsetPaginator,
  overlappingPage,
  pageNumberPaginator,
} from '../../../src/sdk/http/body-paginators.js';
import { type PageView, linkPaginator } from '../../../src/sdk/http/paginator.js';

const current = new URL('https://s.example/api/things/?limit=100&query=a%20b&cursor=0:0:0');
const hasMore = ({ parameters }: { parameters: Readonly<Record<string, string>> }) => parameters['results'] !== 'false';
const view = (url: URL, more: Partial<PageView> = {}): PageView => {
  return { url, headers: {}, body: [], size: 100, requested: 100, ...more };
};
const byUrl = linkPaginator();
const cursors = linkPaginator({ cursor: 'cursor', hasMore });
const follow = (headers: Headers) => byUrl.next(view(current, { headers }));
const byCursor = (headers: Headers) => cursors.next(view(current, { headers }));
const urlOf = (next: ReturnType<typeof follow>): URL => {
  if (typeof next === 'string') throw new Error(`No page follows: ${next}`);
  return next.url;
};

describe('by URL', () => {
  test('follows a next link of the same origin', () => {
    expect(urlOf(follow({ link: '<https://s.example/api/things/?page=2>; rel="next"' })).href).toBe(
      'https://s.example/api/things/?page=2',
    );
  });

  test('follows a relative link', () => {
    expect(urlOf(follow({ link: '</api/things/?page=2>; rel="next"' })).href).toBe(
      'https://s.example/api/things/?page=2',
    );
  });

  test.each([
    'https://elsewhere.example/x',
    'http://s.example/api/',
    'https://s.example:444/',
    '//evil.example/x',
    'https://s.example@evil.example/',
    'http://[',
  ])('refuses %s, since the token would go along', (url) => {
    expect(() => follow({ link: `<${url}>; rel="next"` })).toThrow(StreamError);
  });

  test('ends where the answer only links back', () => {
    expect(follow({ link: '<https://s.example/>; rel="previous"' })).toBe('end');
  });

  test.each([{}, { link: 'rubbish' }])('has no word of an end in %j', (headers) => {
    expect(follow(headers)).toBe('unknown');
  });
});

describe('by cursor', () => {
  test('puts only the cursor into the request that was made', () => {
    const elsewhere = '<https://elsewhere.example/other/?cursor=0:100:0&query=else>';
    const next = urlOf(byCursor({ link: `${elsewhere}; rel="next"; results="true"; cursor="0:100:0"` }));

    expect(next.origin + next.pathname).toBe('https://s.example/api/things/');
    expect(next.searchParams.get('cursor')).toBe('0:100:0');
    expect(next.searchParams.get('query')).toBe('a b');
  });

  test('ends when results="false" although a cursor is given', () => {
    expect(byCursor({ link: '<https://s.example/?cursor=9>; rel="next"; results="false"; cursor="9"' })).toBe('end');
  });

  test('ends when results="false" comes without a cursor', () => {
    expect(byCursor({ link: '<>; rel="next"; results="false"' })).toBe('end');
  });

  test('goes on when results is missing', () => {
    expect(
      urlOf(byCursor({ link: '<https://s.example/?cursor=9>; rel="next"; cursor="9"' })).searchParams.get('cursor'),
    ).toBe('9');
  });

  test('takes the cursor out of the URL when the parameter is missing', () => {
    expect(
      urlOf(byCursor({ link: '</?cursor=1%3A2%3A0>; rel="next"; results="true"' })).searchParams.get('cursor'),
    ).toBe('1:2:0');
  });

  test('does not take a next page without a cursor for the end', () => {
    expect(() => byCursor({ link: '<https://s.example/>; rel="next"; results="true"' })).toThrow(
      /a next page that has no cursor/,
    );
    expect(byCursor({ link: '<https://s.example/>; rel="next"; results="false"' })).toBe('end');
  });

  test('leaves the request that was made as it was', () => {
    const before = current.href;

    byCursor({ link: '<x>; rel="next"; cursor="5"' });

    expect(current.href).toBe(before);
  });
});

describe('by number', () => {
  const paging = () =>
    pageNumberPaginator({
      pages: 'pages',
      rows: 'rows',
      size: { param: 'limit', at: 'limit' },
    });
  const first = new URL('https://s.example/things?limit=100&since=2026');
  const page = (number: number, limit: number): URL =>
    new URL(`https://s.example/things?limit=${limit}&page=${number}`);

  test('counts from one, and ends at the last page that the body names', () => {
    expect(urlOf(paging().next(view(first, { body: { pages: 2 } }))).search).toBe('?limit=100&since=2026&page=2');
    expect(paging().next(view(page(2, 100), { body: { pages: 2 } }))).toBe('end');
    expect(paging().next(view(first, { body: { pages: 0 }, size: 0 }))).toBe('end');
  });

  test('takes a body that names no last page for no word, and guesses the next one', () => {
    expect(paging().next(view(page(3, 100), { body: {} }))).toBe('unknown');
    expect(
      paging()
        .guess?.(view(page(3, 100)), 300)
        .map(({ url, countsRows }) => [url.search, countsRows]),
    ).toEqual([['?limit=100&page=4', false]]);
  });

  test('begins the next page one row earlier, in pages of another size', () => {
    const next = paging().overlap?.(page(2, 100), view(first, { body: { pages: 9, limit: 100 } }));
    expect(next?.search).toBe('?limit=99&page=2'); // rows 100 to 198
  });

  test('does so in the size that a server gives instead of the one that it is asked for', () => {
    const own = paging();
    const clamped = own.overlap?.(page(2, 100), view(first, { body: { limit: 7 }, size: 7 }));
    expect(clamped?.search).toBe('?limit=6&page=2'); // rows 7 to 12
    const after = own.overlap?.(page(3, 6), view(page(2, 6), { body: { limit: 6 }, size: 6 }));
    expect(after?.search).toBe('?limit=5&page=3'); // rows 11 to 15
  });

  test('does not overlap where rows of a page are not shown, or the body gives no size', () => {
    expect(paging().overlap?.(page(2, 100), view(first, { body: { limit: 100 }, size: 99 }))).toBeUndefined();
    expect(paging().overlap?.(page(2, 100), view(first, { body: {} }))).toBeUndefined();
    expect(pageNumberPaginator({ pages: 'pages' }).overlap?.(page(2, 100), view(first))).toBeUndefined();
  });

  test('gives the number of rows that the body gives', () => {
    expect(paging().total?.(view(first, { body: { rows: 250 } }))).toBe(250);
    expect(paging().length?.(view(first, { body: {} }))).toBeUndefined();
  });
});

describe('by row number', () => {
  const paging = offsetPaginator({ param: 'from', first: 1, total: 'rows' });
  const page = (from: number): URL => new URL(`https://s.example/things?count=100&from=${from}`);
  const start = new URL('https://s.example/things?count=100');

  test('goes on behind the rows that came, whatever number was asked for', () => {
    expect(urlOf(paging.next(view(start, { body: { rows: 250 } }))).search).toBe('?count=100&from=101');
    expect(urlOf(paging.next(view(page(101), { body: { rows: 250 }, size: 20 }))).search).toBe('?count=100&from=121');
  });

  test('ends with the last row, and where a page is empty', () => {
    expect(paging.next(view(page(201), { body: { rows: 250 }, size: 50 }))).toBe('end');
    expect(paging.next(view(start, { body: { rows: 100 } }))).toBe('end');
    expect(paging.next(view(page(201), { body: { rows: 250 }, size: 0 }))).toBe('end');
  });

  test('takes a body without a number of rows for no word, and guesses the next page', () => {
    expect(paging.next(view(start))).toBe('unknown');
    expect(paging.guess?.(view(start), 100).map(({ url, countsRows }) => [url.search, countsRows])).toEqual([
      ['?count=100&from=101', true],
    ]);
  });

  test('begins the next page one row earlier, and says how many rows there are', () => {
    expect(paging.overlap?.(page(101), view(start))?.search).toBe('?count=100&from=100');
    expect(paging.total?.(view(start, { body: { rows: 250 } }))).toBe(250);
    expect(paging.length?.(view(start, { body: { rows: 250 } }))).toBe(250);
  });
});

test('a page of another size holds the last row that was read, and rows behind it', () => {
  for (const largest of [5, 7, 20, 100]) {
    for (let read = largest; read < 3000; read++) {
      const found = overlappingPage(largest, read);
      if (!found) continue; // a common multiple of all sizes
      const [from, end] = [found.page * found.size, (found.page + 1) * found.size];
      expect(found.size <= largest && from < read && end > read, `${largest} ${read}`).toBe(true);
    }
  }
  expect(overlappingPage(100, 100)).toMatchObject({ size: 99, page: 1 });
  expect(overlappingPage(2, 2)).toBeUndefined();
});

describe('by a cursor in the body', () => {
  const paging = cursorPaginator({ param: 'after', cursor: 'meta.next' });

  test.each([
    ['abc', '&after=abc'],
    [7, '&after=7'],
  ])('takes %s to the next request', (next, added) => {
    const url = urlOf(paging.next(view(new URL('https://s.example/things?limit=2'), { body: { meta: { next } } })));
    expect(url.search).toBe(`?limit=2${added}`);
  });

  test.each([null, ''])('ends at %j', (next) => {
    expect(paging.next(view(current, { body: { meta: { next } } }))).toBe('end');
  });

  test('takes a body without the field for no word', () => {
    expect(paging.next(view(current, { body: { meta: {} } }))).toBe('unknown');
  });
});

describe('by a link in the body', () => {
  const paging = bodyLinkPaginator({ next: 'links.next' });
  const after = (next: unknown) => paging.next(view(current, { body: { links: { next } } }));

  test('follows it on the same origin only', () => {
    expect(urlOf(after('/api/things?from=3')).href).toBe('https://s.example/api/things?from=3');
    expect(() => after('https://elsewhere.example/things')).toThrow(/another origin/);
  });

  test('ends at null, and takes a body without it for no word', () => {
    expect([after(null), after(''), after(undefined)]).toEqual(['end', 'end', 'unknown']);
  });
});
