import { describe, expect, test } from 'vitest';
import { StreamError } from '../../../src/sdk/errors.js';
import { linkPaginator } from '../../../src/sdk/http/paginator.js';

const current = new URL('https://s.example/api/things/?limit=100&query=a%20b&cursor=0:0:0');
const hasMore = ({ parameters }: { parameters: Readonly<Record<string, string>> }) => parameters['results'] !== 'false';
const follow = linkPaginator();
const byCursor = linkPaginator({ cursor: 'cursor', hasMore });

describe('by URL', () => {
  test('follows a next link of the same origin', () => {
    expect(follow({ link: '<https://s.example/api/things/?page=2>; rel="next"' }, current)?.href).toBe(
      'https://s.example/api/things/?page=2',
    );
  });

  test('follows a relative link', () => {
    expect(follow({ link: '</api/things/?page=2>; rel="next"' }, current)?.href).toBe(
      'https://s.example/api/things/?page=2',
    );
  });

  test.each([
    'https://elsewhere.example/x',
    'http://s.example/api/',
    'https://s.example:444/',
    '//evil.example/x',
    'https://s.example@evil.example/',
  ])('refuses %s, since the token would go along', (url) => {
    expect(() => follow({ link: `<${url}>; rel="next"` }, current)).toThrow(StreamError);
  });

  test.each([
    {},
    { link: '<https://s.example/>; rel="previous"' },
    { link: 'rubbish' },
    { link: '<http://[>; rel="next"' },
  ])('ends without a next link: %j', (headers) => {
    expect(follow(headers, current)).toBeUndefined();
  });
});

describe('by cursor', () => {
  test('puts only the cursor into the request that was made', () => {
    const next = byCursor(
      {
        link: '<https://elsewhere.example/other/?cursor=0:100:0&query=else>; rel="next"; results="true"; cursor="0:100:0"',
      },
      current,
    );

    expect(next?.origin + (next?.pathname ?? '')).toBe('https://s.example/api/things/');
    expect(next?.searchParams.get('cursor')).toBe('0:100:0');
    expect(next?.searchParams.get('query')).toBe('a b');
  });

  test('ends when results="false" although a cursor is given', () => {
    expect(
      byCursor({ link: '<https://s.example/?cursor=9>; rel="next"; results="false"; cursor="9"' }, current),
    ).toBeUndefined();
  });

  test('ends when results="false" comes without a cursor', () => {
    expect(byCursor({ link: '<>; rel="next"; results="false"' }, current)).toBeUndefined();
  });

  test('goes on when results is missing', () => {
    expect(
      byCursor({ link: '<https://s.example/?cursor=9>; rel="next"; cursor="9"' }, current)?.searchParams.get('cursor'),
    ).toBe('9');
  });

  test('takes the cursor out of the URL when the parameter is missing', () => {
    expect(
      byCursor({ link: '</?cursor=1%3A2%3A0>; rel="next"; results="true"' }, current)?.searchParams.get('cursor'),
    ).toBe('1:2:0');
  });

  test('does not take a next page without a cursor for the end', () => {
    expect(() => byCursor({ link: '<https://s.example/>; rel="next"; results="true"' }, current)).toThrow(
      /a next page that has no cursor/,
    );
    expect(byCursor({ link: '<https://s.example/>; rel="next"; results="false"' }, current)).toBeUndefined();
  });

  test('leaves the request that was made as it was', () => {
    const before = current.href;

    byCursor({ link: '<x>; rel="next"; cursor="5"' }, current);

    expect(current.href).toBe(before);
  });
});
