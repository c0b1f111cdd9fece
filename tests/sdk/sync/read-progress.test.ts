import { describe, expect, test } from 'vitest';
import { hour, isoSeconds, second } from '../../../src/sdk/time.js';
import { LibraryServer, type StateEntry, type SyncOptions, nodeOf, now, setUp } from './library.js';

const s0 = { shelf: 's0' };
const s1 = { shelf: 's1' };
/** A time so many hours ago. */
const at = (hours: number): number => now - hours * hour;
const range = { start: at(10), end: now };
const nobody = new Set<object>();

interface Given extends Partial<SyncOptions> {
  root?: string;
  contexts?: { shelf: string }[];
}

function progressOf({ root: name = 'books', contexts = [s0], ...options }: Given = {}) {
  const { bookmarks, roots } = setUp(new LibraryServer({}), { select: ['books', 'notes'], end: now, ...options });
  const root = nodeOf(roots, name);
  const progress = bookmarks.progress(root, contexts, range);
  /** Where a partition stands: hours ago, and so the finished pieces behind. */
  const stands = (stream: string, shelf = 's0') => {
    const { bookmarks: state } = JSON.parse(JSON.stringify(bookmarks.state)) as {
      bookmarks: Partial<Record<string, StateEntry>>;
    };
    const found = state[stream]?.partitions?.find(({ context }) => context['shelf'] === shelf);
    const hours = (text: string): number => (now - Date.parse(text)) / hour;
    if (found?.start === undefined) return undefined;
    return [hours(found.start), ...(found.done ?? []).map((piece) => piece.map(hours))];
  };
  return { progress, stands, root, node: (stream: string) => nodeOf(roots, stream) };
}

const part = (from: number, to: number) => ({ start: at(from), end: at(to) });
const stateOf = (stream: string, start: number, ...done: [number, number][]) => ({
  bookmarks: {
    [stream]: {
      partitions: [
        {
          context: s0,
          start: isoSeconds(at(start)),
          done: done.map(([from, to]) => [isoSeconds(at(from)), isoSeconds(at(to))]),
        },
      ],
    },
  },
});

describe('a bookmark', () => {
  test('follows what is read without a gap; what is read behind one is kept', () => {
    const { progress, stands } = progressOf();

    progress.mark(0, part(3, 1), nobody);
    expect(stands('books')).toEqual([10, [3, 1]]);
    progress.mark(0, part(10, 8), nobody);
    expect(stands('books')).toEqual([8, [3, 1]]);
    progress.mark(0, part(8, 3), nobody);

    expect(stands('books')).toEqual([1]);
  });

  test('stays where the part has failed for its stream, while the others move', () => {
    const { progress, stands, node } = progressOf();

    progress.mark(0, range, new Set([node('notes')]));

    expect([stands('books'), stands('notes')]).toEqual([[0], undefined]);
  });

  test('counts nothing behind it that earlier runs had finished, once that is forgotten', () => {
    const { progress, stands } = progressOf({ select: ['books'], state: stateOf('books', 10, [6, 4]) });
    progress.mark(0, part(3, 2), nobody);

    expect(progress.forget()).toEqual([part(6, 4)]);
    expect([progress.isOut(at(5)), progress.isOut(at(20))]).toEqual([false, true]);
    expect(progress.gaps).toEqual([part(10, 3), part(2, 0)]);
    progress.mark(0, part(10, 8), nobody);
    expect(stands('books')).toEqual([8, [3, 2]]);
  });

  test('moves for every context of the query, and for no other', () => {
    const { progress, stands } = progressOf({ root: 'sales', select: ['sales'], contexts: [s0, s1] });

    progress.mark(0, range, nobody);

    expect([stands('sales', 's0'), stands('sales', 's1'), stands('sales', 's2')]).toEqual([[0], [0], undefined]);
  });

  test('moves only where all queries of the stream have been', () => {
    const { progress, stands } = progressOf({ root: 'sales', select: ['sales'], settings: { kinds: true } });

    progress.mark(0, range, nobody);
    expect(stands('sales')).toEqual([10]);
    progress.mark(1, part(4, 2), nobody);
    expect(stands('sales')).toEqual([10, [4, 2]]);
    progress.mark(1, part(10, 4), nobody);

    expect(stands('sales')).toEqual([2]);
  });

  test('never moves back: a lookback is read again without losing the bookmark', () => {
    const { progress, stands } = progressOf({
      select: ['books'],
      state: stateOf('books', 2),
      settings: { lookback: 8 * hour },
    });

    progress.mark(0, part(10, 9), nobody);

    expect(stands('books')).toEqual([2]);
  });

  test('does not pass the latest that there may be, nor does what is read behind a gap', () => {
    const { progress, stands } = progressOf({ select: ['books'], latest: at(1) });

    progress.mark(0, part(4, 0), nobody);
    expect(stands('books')).toEqual([10, [4, 1]]);
    progress.markAll();

    expect(stands('books')).toEqual([1]);
  });

  test('behind a gap nothing is kept that is so new that late rows may still come', () => {
    const { progress, stands } = progressOf({ select: ['books'], settings: { lookback: 3 * hour } });

    progress.mark(0, part(5, 0), nobody);
    expect(stands('books')).toEqual([10, [5, 3]]);
    progress.mark(0, part(7, 0), nobody);

    expect(stands('books')).toEqual([10, [7, 3]]);
  });

  test('late rows are counted from the clock that is behind', () => {
    const { progress, stands } = progressOf({ select: ['books'], latest: at(1), settings: { lookback: 3 * hour } });

    progress.mark(0, part(5, 0), nobody);

    expect(stands('books')).toEqual([10, [5, 4]]);
  });
});

describe('a child with a range of its own', () => {
  const given = { select: ['books', 'loans'] };

  test('has rows of all times below each part: its bookmark waits for the last one', () => {
    const { progress, stands } = progressOf(given);

    progress.mark(0, part(10, 5), nobody);
    expect([stands('books'), stands('loans')]).toEqual([[5], [10, [10, 5]]]);
    progress.mark(0, part(5, 0), nobody);

    expect(stands('loans')).toEqual([0]);
  });
});

describe('what an earlier run has finished', () => {
  test('is no gap', () => {
    const { progress } = progressOf({ select: ['books'], state: stateOf('books', 8, [6, 4]) });

    expect(progress.gaps).toEqual([part(8, 6), part(4, 0)]);
  });

  test('is a gap where one of the selected streams lacks it', () => {
    const { progress } = progressOf({ select: ['books', 'notes'], state: stateOf('books', 8, [6, 4]) });

    expect(progress.gaps).toEqual([range]);
  });

  test('makes the bookmark jump when the gap before it is closed', () => {
    const { progress, stands } = progressOf({ select: ['books'], state: stateOf('books', 8, [6, 4]) });

    progress.mark(0, part(8, 6), nobody);

    expect(stands('books')).toEqual([4]);
  });

  test('was written: before the bookmark less the lookback, and in the finished pieces', () => {
    const { progress } = progressOf({
      select: ['books', 'notes'],
      state: stateOf('books', 8, [6, 4]),
      settings: { lookback: hour },
    });

    expect([9.5, 9, 8, 6, 5, 4, 1].map((hours) => progress.isOut(at(hours)))).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test('need not be asked for below its rows, if no stream there lacks it', () => {
    const one = progressOf({ select: ['notes'], state: stateOf('notes', 8, [6, 4]) });
    const two = progressOf({ select: ['notes', 'stamps'], state: stateOf('notes', 8, [6, 4]) });
    const done = ({ progress, node }: typeof one) =>
      [9, 7, 5, 3].map((hours) => progress.isDoneBelow(node('notes'), at(hours)));

    expect(done(one)).toEqual([true, false, true, false]);
    expect(done(two)).toEqual([false, false, false, false]);
  });
});

describe('rows that are written before what is below them', () => {
  test('move the bookmark of their own stream', () => {
    const { progress, stands } = progressOf();

    progress.markRows(0, part(10, 7));

    expect([stands('books'), stands('notes')]).toEqual([[7], undefined]);
  });
});

test('what need not be asked is finished for all streams and queries', () => {
  const { progress, stands } = progressOf({
    root: 'sales',
    select: ['sales', 'receipts'],
    settings: { kinds: true },
  });

  progress.markAll();

  expect([stands('sales'), stands('receipts')]).toEqual([[0], [0]]);
  expect(progress.gaps).toEqual([]);
});

test('the second in which a part ends belongs to the next one', () => {
  const { progress, stands } = progressOf({ select: ['books'] });

  progress.mark(0, { start: at(10), end: at(5) }, nobody);
  progress.mark(0, { start: at(5) + second, end: now }, nobody);

  expect(stands('books')?.[0]).toBe(5);
});
