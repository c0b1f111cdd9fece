/** Sentry's cursors: which of them count rows, and how their pages are begun a row earlier. */
import { describe, expect, test } from 'vitest';
import type { PageView } from '../../src/sdk/index.js';
import { sentryPaginator } from '../../src/tap/paginator.js';

const url = new URL('https://sentry.io/api/0/organizations/o/issues/?limit=100&query=is%3Aunresolved');
const view = (more: Partial<PageView> = {}): PageView => {
  return { url, headers: {}, body: [], size: 100, requested: 100, ...more };
};
const at = (cursor: string, params: Record<string, string> = {}): URL => {
  const target = new URL(url);
  for (const [name, value] of Object.entries({ cursor, ...params })) target.searchParams.set(name, value);
  return target;
};
const link = (results: string): string =>
  `<https://inner/api/0/?cursor=0:100:0>; rel="next"; results="${results}"; cursor="0:100:0"`;

describe('the next page', () => {
  const next = (results: string) => sentryPaginator().next(view({ headers: { link: link(results) } }));

  test('follows where results are true, in our own request', () => {
    expect(next('true')).toEqual({ url: at('0:100:0') });
  });

  test.each(['false', 'False', 'FALSE'])('does not follow where results are %s', (results) => {
    expect(next(results)).toBe('end');
  });

  test('is not known where no Link header came', () => {
    expect(sentryPaginator().next(view())).toBe('unknown');
  });
});

describe('a page that overlaps by a row', () => {
  const overlap = (cursor: string, more: Partial<PageView> = {}): string | undefined => {
    const found = sentryPaginator().overlap?.(at(cursor), view(more));
    const size = found?.searchParams.get('limit') === '100' ? '' : ` of ${found?.searchParams.get('limit')}`;
    return found && `${found.searchParams.get('cursor')}${size}`;
  };

  test.each([
    ['0:100:0', '0:99:0'],
    ['0:1:0', '0:0:0'],
    ['1606000000000:3:0', '1606000000000:2:0'], // a time, with an offset among its rows
    ['1000000:3:0', '1000000:2:0'],
  ])('of rows: %s is begun at %s', (cursor, earlier) => {
    expect(overlap(cursor)).toBe(earlier);
  });

  test.each([
    '0:0:0', // nothing comes before it
    '1606000000000:0:0', // begins at a time, not at a row
    '0:100:1', // leads back
    '999999:3:0', // pages of another size than came
    'abc',
    'x0:100:0',
    '0:100:0x',
  ])('of %s there is none', (cursor) => {
    expect(overlap(cursor)).toBeUndefined();
  });

  test('keeps what else was asked for', () => {
    expect(sentryPaginator().overlap?.(at('0:100:0'), view())?.searchParams.get('query')).toBe('is:unresolved');
  });

  test('of pages is a page of another size that holds the last row', () => {
    expect(overlap('100:1:0')).toBe('99:1:0 of 99'); // rows 100 to 198
    expect(overlap('100:2:0')).toBe('99:2:0 of 99');
  });

  test('of pages is none where rows of the page are not shown', () => {
    expect(overlap('100:1:0', { size: 25 })).toBeUndefined();
  });

  test('of pages is no larger than the server sends them', () => {
    expect(overlap('25:1:0', { size: 25 })).toBe('24:1:0 of 24'); // rows 24 to 47
  });

  test('of pages grows again to as many rows as the list has given', () => {
    const paginator = sentryPaginator();
    paginator.overlap?.(at('25:1:0'), view({ size: 25 }));
    const smaller = view({ url: at('24:1:0', { limit: '24' }), size: 24 });

    expect(paginator.overlap?.(at('24:17:0'), smaller)?.searchParams.get('cursor')).toBe('25:16:0');
  });

  test.each(['per_page', 'limit'])('of pages finds the page size in %s', (name) => {
    const other = new URL(`https://sentry.io/api/0/things/?${name}=50`);

    const found = sentryPaginator().overlap?.(at('50:1:0'), view({ url: other, size: 50, requested: 100 }));

    expect(found?.searchParams.get(name)).toBe(found?.searchParams.get('cursor')?.split(':')[0]);
  });
});

describe('where no next page is named', () => {
  test('it is looked for by row, and by page', () => {
    const guesses = sentryPaginator().guess?.(view(), 200) ?? [];

    expect(guesses.map((guess) => [guess.url.searchParams.get('cursor'), guess.countsRows])).toEqual([
      ['0:200:0', true],
      ['100:2:0', false],
    ]);
    expect(guesses[0]?.url.searchParams.get('query')).toBe('is:unresolved');
  });

  test.each([
    [199, '100:2:0'],
    [1, '100:1:0'],
    [0, '100:1:0'],
  ])('%i rows are behind page %s', (read, cursor) => {
    expect(sentryPaginator().guess?.(view(), read)[1]?.url.searchParams.get('cursor')).toBe(cursor);
  });
});

describe('the number of rows', () => {
  const total = (hits?: string) =>
    sentryPaginator().total?.(view({ headers: hits === undefined ? {} : { 'x-hits': hits } }));

  test('is what X-Hits says', () => {
    expect(total('250')).toBe(250);
    expect(total('0')).toBe(0);
  });

  test.each([undefined, '', 'many', '-1', '1.5', '1'.repeat(16)])('is not known from X-Hits %j', (hits) => {
    expect(total(hits)).toBeUndefined();
  });
});
