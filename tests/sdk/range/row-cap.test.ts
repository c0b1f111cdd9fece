/** A limit on the rows of a context: the newest rows, and a word when there were more. */
import { expect, test, vi } from 'vitest';
import { RowCap } from '../../../src/sdk/range/row-cap.js';

function cap(most: number) {
  const onCapped = vi.fn();
  return { rows: new RowCap(most, onCapped), onCapped };
}

test('fewer rows than the limit are all wanted', () => {
  const { rows, onCapped } = cap(3);

  expect(rows.take([1, 2], true)).toEqual({ records: [1, 2], isReached: false });
  expect(onCapped).not.toHaveBeenCalled();
});

test('rows beyond the limit are left out, over all pages, and that is told', () => {
  const { rows, onCapped } = cap(3);
  rows.take([1, 2], true);

  expect(rows.take([3, 4], false)).toEqual({ records: [3], isReached: true });
  expect(onCapped).toHaveBeenCalledTimes(1);
});

test('as many rows as the limit, and no more, is no cut', () => {
  const { rows, onCapped } = cap(3);

  expect(rows.take([1, 2, 3], false)).toEqual({ records: [1, 2, 3], isReached: true });
  expect(onCapped).not.toHaveBeenCalled();
});

test('as many rows as the limit is a cut where more follow', () => {
  const { rows, onCapped } = cap(3);

  expect(rows.take([1, 2, 3], true)).toEqual({ records: [1, 2, 3], isReached: true });
  expect(onCapped).toHaveBeenCalledTimes(1);
});

test('a limit of nothing wants nothing', () => {
  const { rows, onCapped } = cap(0);

  expect(rows.take([], false)).toEqual({ records: [], isReached: true });
  expect(onCapped).not.toHaveBeenCalled();
  expect(rows.take([1], false)).toEqual({ records: [], isReached: true });
  expect(onCapped).toHaveBeenCalledTimes(1);
});
