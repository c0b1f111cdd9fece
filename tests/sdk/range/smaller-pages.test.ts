/** A server that cannot answer whole pages, told from one that cannot give out a row or a long range (law 15). */
import { expect, test } from 'vitest';
import { Slice } from '../../../src/sdk/range/slice.js';
import { SmallerPages } from '../../../src/sdk/range/smaller-pages.js';

const slice = (pageSize?: number): Slice => new Slice({ start: 0, end: 1000 }, { pageSize });

test('a quarter of a page is tried first, then a sixteenth', () => {
  const pages = new SmallerPages(100);

  expect(pages.after(slice())).toBe(25);
  expect(pages.after(slice(25))).toBe(6);
  expect(pages.pageSize).toBeUndefined();
});

test('what the server answers is used from then on', () => {
  const pages = new SmallerPages(100);
  pages.after(slice());
  pages.answered(slice(25));

  expect(pages.pageSize).toBe(25);
  expect(pages.after(slice())).toBe(25);
});

test('where no smaller page is answered either, none is tried again', () => {
  const pages = new SmallerPages(100);
  for (const size of [undefined, 25]) pages.after(slice(size));

  expect(pages.after(slice(6))).toBeUndefined();
  pages.answered(slice(10)); // within one second
  expect([pages.pageSize, pages.after(slice())]).toEqual([undefined, undefined]);
});

test('smaller pages that fail again and again hold a row that the server cannot give out', () => {
  const pages = new SmallerPages(100);
  for (let time = 0; time < 3; time++) {
    expect(pages.after(slice())).toBe(25);
    pages.answered(slice(25));
    expect(pages.after(slice(25))).toBeUndefined();
    expect(pages.pageSize).toBeUndefined();
  }

  expect(pages.after(slice())).toBeUndefined();
});

test('pages of few rows are not made smaller', () => {
  expect(new SmallerPages(10).after(slice())).toBeUndefined();
});
