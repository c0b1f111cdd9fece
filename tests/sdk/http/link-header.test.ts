import { describe, expect, test } from 'vitest';
import { parseLinkHeader } from '../../../src/sdk/http/link-header.js';

const both =
  '<https://s.example/?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", ' +
  '<https://s.example/?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"';

describe('link header', () => {
  test('names every link with its parameters', () => {
    const [previous, next] = parseLinkHeader(both);

    expect(previous).toMatchObject({
      url: 'https://s.example/?cursor=0:0:1',
      rel: 'previous',
      parameters: { results: 'false' },
    });
    expect(next).toMatchObject({ rel: 'next', parameters: { results: 'true', cursor: '0:100:0' } });
  });

  test.each([
    ['parameters in another order', '<u>; cursor="1"; results="true"; rel="next"'],
    ['no quotes', '<u>; rel=next; results=true; cursor=1'],
    ['capital letters', '<u>; REL="Next"; Results="true"; CURSOR="1"'],
    ['much space', '  < u > ;  rel = "next" ;results= "true"; cursor="1"  '],
    ['a first of two', '<u>; rel="next"; rel="prev"; results="true"; cursor="1"'],
    ['single quotes', "<u>; rel='next'; results='true'; cursor='1'"],
    ['a printed set of one text', `{'<u>; rel="next"; results="true"; cursor="1"'}`],
    ['a printed set of two texts', `{'<t>; rel="previous"', '<u>; rel="next"; results="true"; cursor="1"'}`],
    ['a printed set around all', `{<t>; rel="previous"; cursor="0", <u>; rel="next"; results="true"; cursor="1"}`],
    ['braces around each', `{<t>; rel="previous"}, {<u>; rel="next"; results="true"; cursor="1"}`],
    ['a printed set without quotes', `{'<u>; rel=next; results=true; cursor=1'}`],
    ['a printed list with escapes', String.raw`["<u>; rel=\"next\"; results=\"true\"; cursor=\"1\""]`],
    ['no comma between two', '<t>; rel="previous" <u>; rel="next"; results="true"; cursor="1"'],
    ['a parameter without a value', '<u>; rel="next"; crossorigin; results="true"; cursor="1"'],
    ['the header twice', '<u>; rel="next"; results="true"; cursor="1", <u>; rel="next"; results="true"; cursor="1"'],
    ['a closing bracket before', 'a > b, <u>; rel="next"; results="true"; cursor="1"'],
    ['a broken part before', 'nonsense, <u>; rel="next"; results="true"; cursor="1"'],
  ])('reads %s', (_, header) => {
    const link = parseLinkHeader(header).at(-1);

    expect(link).toMatchObject({ url: 'u', rel: 'next' });
    expect(link?.parameters).toMatchObject({ results: 'true', cursor: '1' });
  });

  test('keeps commas and semicolons of URLs and quoted values', () => {
    const [link, second] = parseLinkHeader('<http://x/?a=1,2;3>; rel="next"; title="a, b; c=d", <y>; rel="prev"');

    expect(link).toMatchObject({ url: 'http://x/?a=1,2;3', parameters: { title: 'a, b; c=d' } });
    expect(second?.rel).toBe('prev');
  });

  test('keeps apostrophes and braces of URLs and quoted values', () => {
    const [link] = parseLinkHeader(`{'<http://x/?q={it's}>; rel="next"; cursor="it's {1}"'}`);

    expect(link).toMatchObject({ url: "http://x/?q={it's}", rel: 'next', parameters: { cursor: "it's {1}" } });
  });

  test('keeps relative URLs as they are', () => {
    expect(parseLinkHeader('</api/0/?cursor=0:100:0>; rel="next"')[0]?.url).toBe('/api/0/?cursor=0:100:0');
  });

  test('keeps what an unquoted value may hold', () => {
    expect(parseLinkHeader('<u>; rel=next; cursor=bz0x:MD==')[0]?.parameters['cursor']).toBe('bz0x:MD==');
  });

  test.each([undefined, '', 'nothing', '<unclosed', '>', ';,;,', '<>'])('finds no usable link in %j', (header) => {
    expect(parseLinkHeader(header).filter(({ url }) => url !== '')).toEqual([]);
  });

  test('is not fooled by the names of Object', () => {
    const [link] = parseLinkHeader('<u>; __proto__="x"; constructor="y"; rel="next"');

    expect(link?.rel).toBe('next');
    expect(Object.getPrototypeOf(link?.parameters)).toBeNull();
  });

  test.each([
    ['open brackets', '<'.repeat(65_000)],
    ['pairs of brackets', '<>'.repeat(30_000)],
    ['links', '<a>,'.repeat(16_000)],
    ['semicolons', `<a>${';'.repeat(60_000)}`],
    ['quotes', `<a>; rel="${'"'.repeat(60_000)}`],
    ['equals signs', `<a>; rel${'='.repeat(60_000)}`],
    ['blanks', `<a>; rel=${' '.repeat(60_000)}x`],
    ['apostrophes', `<a>; rel='${"'".repeat(60_000)}`],
    ['links with open quotes', '<a>; b="'.repeat(8000)],
    ['escaped quotes', `<a>; rel="${'\\"'.repeat(30_000)}`],
    ['quotes that lack an end', `<a>; ${'a="'.repeat(20_000)}`],
    ['ten megabytes', '<a>; rel="next",'.repeat(650_000)],
  ])('is done quickly with nothing but %s', (_, header) => {
    const began = performance.now();

    parseLinkHeader(header);

    expect(performance.now() - began).toBeLessThan(500);
  });
});
