/** Parts of a range: what is known of them, and how their older part is split off. */
import { describe, expect, test } from 'vitest';
import { Slice } from '../../../src/sdk/range/slice.js';

const s = 1000;
const slice = (): Slice => new Slice({ start: 0, end: 1000 * s });

describe('a slice', () => {
  test('is read from its end, as usual', () => {
    const { start, end, position, known, before, repeats, withoutBodies, pageSize, perPage } = slice();

    expect({ start, end, position, before, repeats, withoutBodies, pageSize }).toEqual({
      start: 0,
      end: 1000 * s,
      position: 1000 * s,
      before: 0,
      repeats: 0,
      withoutBodies: false,
      pageSize: undefined,
    });
    expect(known.size).toBe(0);
    expect(perPage).toBeNaN();
  });

  test('has no pages that are known of before its first page', () => {
    expect(slice().pagesAbove(-Infinity)).toBe(0);
  });

  test('tells from a page how much time a page covers, and how many are left', () => {
    const part = slice();

    part.show(10, { newest: 1000 * s, oldest: 900 * s }, 900 * s, 10);

    expect(part.perPage).toBe(100 * s);
    expect(part.position).toBe(900 * s);
    expect(part.pagesAbove(-Infinity)).toBe(8);
    expect(part.pagesAbove(500 * s)).toBe(3);
  });

  test('takes a page to cover what it does here, or on average, whichever is less', () => {
    const thick = slice();
    thick.show(10, { newest: 1000 * s, oldest: 900 * s }, 900 * s, 10);
    thick.show(10, { newest: 900 * s, oldest: 880 * s }, 880 * s, 10);
    expect(thick.perPage).toBe(20 * s);

    const thin = slice();
    thin.show(10, { newest: 1000 * s, oldest: 980 * s }, 980 * s, 10);
    thin.show(10, { newest: 980 * s, oldest: 800 * s }, 800 * s, 10);
    expect(thin.perPage).toBe(100 * s);
  });

  test('counts a page that is not full as a part of one', () => {
    const part = slice();
    part.show(10, { newest: 1000 * s, oldest: 900 * s }, 900 * s, 10);

    part.show(5, { newest: 900 * s, oldest: 700 * s }, 700 * s, 10);

    expect(part.perPage).toBe(200 * s);
  });

  test('takes a page to cover a second at least', () => {
    const part = slice();
    part.show(10, { newest: 990 * s, oldest: 990 * s }, 990 * s, 10);

    expect(part.perPage).toBe(s);
  });

  test('learns nothing from a page without rows, or without times', () => {
    const part = slice();
    part.show(0, { newest: 900 * s, oldest: 800 * s }, 800 * s, 10);
    part.show(10, { newest: -Infinity, oldest: Infinity }, Infinity, 10);

    expect(part.position).toBe(1000 * s);
    expect(part.perPage).toBeNaN();
  });

  test('has a position that only goes down', () => {
    const part = slice();
    part.show(10, { newest: 900 * s, oldest: 800 * s }, 800 * s, 10);
    part.show(10, { newest: 950 * s, oldest: 850 * s }, 850 * s, 10);

    expect(part.position).toBe(800 * s);
  });
});

describe('the older part that is split off', () => {
  test('begins where the slice began, and takes over how it is asked for', () => {
    const part = new Slice({ start: 0, end: 100 * s }, { perPage: 5 * s, withoutBodies: true, pageSize: 7 });

    const older = part.split(40 * s);

    expect([older.start, older.end, older.position]).toEqual([0, 40 * s, 40 * s]);
    expect([part.start, part.end]).toEqual([40 * s, 100 * s]);
    expect(older).toMatchObject({ perPage: 5 * s, withoutBodies: true, pageSize: 7 });
  });

  test('knows the rows that the slice knows, which may be further down, or those that it is told', () => {
    const part = new Slice({ start: 0, end: 100 * s }, { known: new Set(['a']) });

    expect(part.split(50 * s).known).toEqual(new Set(['a']));
    expect(part.split(60 * s, { known: new Set(['b']) }).known).toEqual(new Set(['b']));
  });

  test('has not been repeated, and goes on behind no page, unless it is told so', () => {
    const part = new Slice({ start: 0, end: 100 * s }, { before: 3, repeats: 2 });

    expect(part.split(40 * s)).toMatchObject({ before: 0, repeats: 0 });
    expect(part.split(50 * s, { before: 4, repeats: 1 })).toMatchObject({ before: 4, repeats: 1 });
  });
});
