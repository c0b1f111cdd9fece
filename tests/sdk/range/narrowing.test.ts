/** What is asked for instead of a slice that was too much: law 15, down to the row. */
import { describe, expect, test } from 'vitest';
import { StreamError, TooLargeError } from '../../../src/sdk/errors.js';
import { Narrowing, type Widths } from '../../../src/sdk/range/narrowing.js';
import { Slice, type SliceOptions } from '../../../src/sdk/range/slice.js';
import { SmallerPages } from '../../../src/sdk/rest/smaller-pages.js';
import { second } from '../../../src/sdk/time.js';

const error = new TooLargeError('GET /things/ answered HTTP 500');

/** On a server that smaller pages do not help. */
function narrowingOf(wantsBody: boolean, widths?: Widths): Narrowing {
  const smallerPages = new SmallerPages(100);
  for (const pageSize of [undefined, 25, 6]) smallerPages.after(pageSize);
  return new Narrowing(wantsBody, smallerPages, widths);
}

const wide = (seconds: number, options: SliceOptions = {}): Slice =>
  new Slice({ start: 0, end: seconds * second }, options);
const inSeconds = (parts: readonly Slice[]): number[][] =>
  parts.map(({ start, end }) => [start / second, end / second]);

describe('a slice that was too much', () => {
  test('is asked for in halves of whole seconds, the newer one last', () => {
    expect(inSeconds(narrowingOf(false).after(wide(100), error))).toEqual([
      [0, 50],
      [50, 100],
    ]);
    expect(inSeconds(narrowingOf(false).after(wide(3), error))).toEqual([
      [0, 1],
      [1, 3],
    ]);
    expect(inSeconds(narrowingOf(false).after(wide(2), error))).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  test('hands on to its halves what it knows', () => {
    const options = { known: new Set(['a']), withoutBodies: true };

    for (const half of narrowingOf(true).after(wide(100, options), error)) expect(half).toMatchObject(options);
  });

  test('of one second is asked for without bodies, where bodies are wanted', () => {
    const slice = wide(1, { known: new Set(['a']) });

    const parts = narrowingOf(true).after(slice, error);

    expect(inSeconds(parts)).toEqual([[0, 1]]);
    expect(parts[0]).toMatchObject({ withoutBodies: true, pageSize: undefined, known: new Set(['a']) });
  });

  test('of an eighth of a page is asked for without bodies, not in halves', () => {
    const perPage = 80 * second;

    expect(narrowingOf(true).after(wide(10, { perPage }), error)).toMatchObject([{ withoutBodies: true }]);
    expect(narrowingOf(true).after(wide(11, { perPage }), error)).toHaveLength(2);
  });

  test.each([
    ['where bodies are not wanted', false, {}],
    ['where the list is asked without them', true, { withoutBodies: true }],
  ])('of one second is asked for in smaller pages %s', (_, wantsBody, options) => {
    const narrowing = narrowingOf(wantsBody);
    const sizes: (number | undefined)[] = [];
    let slice = wide(1, { known: new Set(['a']), ...options });
    for (let step = 0; step < 2; step++) {
      const [smaller, ...others] = narrowing.after(slice, error);
      expect(others).toEqual([]);
      slice = smaller as Slice;
      sizes.push(slice.pageSize);
    }

    expect(sizes).toEqual([10, 1]);
    expect(slice).toMatchObject({ start: 0, end: second, known: new Set(['a']), ...options });
    expect(() => narrowing.after(slice, error)).toThrow(
      'GET /things/ answered HTTP 500. The rows of 1970-01-01T00:00:00Z cannot be read; the others can.',
    );
    expect(() => narrowing.after(slice, error)).toThrow(StreamError);
  });

  test.each([
    [100, 10],
    [19, 1],
    [5, 1],
    [2, 1],
  ])('of pages of %i rows is asked for in pages of %i', (pageSize, smaller) => {
    expect(narrowingOf(false).after(wide(1, { pageSize }), error)[0]?.pageSize).toBe(smaller);
  });
});

describe('a server that answers nothing', () => {
  test('is asked for less 32 times in a row, and then given up', () => {
    const narrowing = narrowingOf(false);
    for (let n = 0; n < 32; n++) narrowing.after(wide(100), error);

    expect(() => narrowing.after(wide(100), error)).toThrow(StreamError);
    expect(() => narrowing.after(wide(100), error)).toThrow(error.message);
    expect(narrowing.isExhausted).toBe(true);
  });

  test('is given another 32 tries by an answer', () => {
    const narrowing = narrowingOf(false);
    for (let n = 0; n < 32; n++) narrowing.after(wide(100), error);
    expect(narrowing.isExhausted).toBe(false);
    narrowing.answered(wide(1));
    for (let n = 0; n < 32; n++) narrowing.after(wide(100), error);

    expect(() => narrowing.after(wide(100), error)).toThrow(error.message);
  });
});

describe('before a slice is asked for', () => {
  test('it is taken as it is, as long as nothing has failed', () => {
    expect(narrowingOf(false).before(wide(100))).toEqual([]);
  });

  test('it is halved if one no wider has failed, and a narrower one has been answered', () => {
    const narrowing = narrowingOf(false);
    narrowing.after(wide(100), error);
    expect(narrowing.before(wide(100))).toEqual([]); // perhaps nothing is answered at all

    narrowing.answered(wide(50));
    expect(inSeconds(narrowing.before(wide(100)))).toEqual([
      [0, 50],
      [50, 100],
    ]);
    expect(narrowing.before(wide(200))).toHaveLength(2);
    expect(narrowing.before(wide(99))).toEqual([]);
  });

  test('it is taken as it is if one as wide has been answered', () => {
    const narrowing = narrowingOf(false);
    narrowing.after(wide(100), error);
    narrowing.answered(wide(100));

    expect(narrowing.before(wide(100))).toEqual([]);
    expect(narrowing.before(wide(101))).toHaveLength(2);
  });

  test('the failure of one no wider than what has been answered says nothing of width', () => {
    const narrowing = narrowingOf(false);
    narrowing.answered(wide(100));
    narrowing.after(wide(100), error);
    narrowing.after(wide(5), error);

    expect(narrowing.before(wide(200))).toEqual([]);
  });

  test('the narrowest failure counts', () => {
    const narrowing = narrowingOf(false);
    narrowing.answered(wide(10));
    narrowing.after(wide(50), error);
    narrowing.after(wide(100), error);

    expect(narrowing.before(wide(60))).toHaveLength(2);
    narrowing.answered(wide(55));
    narrowing.answered(wide(5));
    expect(narrowing.before(wide(54))).toEqual([]); // the widest answer counts
  });

  test('a single second is never halved', () => {
    const narrowing = narrowingOf(false);
    narrowing.after(wide(1), error);

    expect(narrowing.before(wide(1))).toEqual([]);
  });
});
