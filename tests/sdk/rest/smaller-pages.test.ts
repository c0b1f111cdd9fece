/** A server that cannot answer whole pages, told from one that cannot give out a row or a long range (law 15). */
import { expect, test } from 'vitest';
import { SmallerPages } from '../../../src/sdk/rest/smaller-pages.js';

test('a quarter of a page is tried first, then a sixteenth', () => {
  const pages = new SmallerPages(100);

  expect(pages.after(undefined)).toBe(25);
  expect(pages.after(25)).toBe(6);
  expect(pages.pageSize).toBeUndefined();
});

test('what the server answers is used from then on', () => {
  const pages = new SmallerPages(100);
  pages.after(undefined);
  pages.answered(25);

  expect(pages.pageSize).toBe(25);
  expect(pages.after(undefined)).toBe(25);
});

test('where no smaller page is answered either, none is tried again', () => {
  const pages = new SmallerPages(100);
  for (const size of [undefined, 25]) pages.after(size);

  expect(pages.after(6)).toBeUndefined();
  pages.answered(10); // within one second
  expect([pages.pageSize, pages.after(undefined)]).toEqual([undefined, undefined]);
});

test('smaller pages that fail again and again hold a row that the server cannot give out', () => {
  const pages = new SmallerPages(100);
  for (let time = 0; time < 3; time++) {
    expect(pages.after(undefined)).toBe(25);
    pages.answered(25);
    expect(pages.after(25)).toBeUndefined();
    expect(pages.pageSize).toBeUndefined();
  }

  expect(pages.after(undefined)).toBeUndefined();
});

test('pages of few rows are not made smaller', () => {
  expect(new SmallerPages(10).after(undefined)).toBeUndefined();
});
