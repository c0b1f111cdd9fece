import { describe, expect, test } from 'vitest';
import type { Range } from '../../../src/sdk/interval-set.js';
import { CompletionTracker } from '../../../src/sdk/sync/completion.js';
import { settle } from '../../support/clock.js';

/** What is marked, in order: the part, and who has failed in it. */
function marks() {
  const marked: [Range, unknown[]][] = [];
  const tracker = new CompletionTracker({ start: 0, end: 20 });
  const page = (
    part: Range | undefined,
    rows: [time: number | undefined, work?: Promise<void> | string][],
    query = 0,
  ): void => {
    for (const [time, work] of rows) {
      if (!work) continue;
      const below = tracker.below(query, part, time);
      if (typeof work === 'string') below.failed.add(work as unknown as object);
      else below.add(work);
    }
    if (!part) return;
    tracker.end(query, part, async (done, failed) => {
      marked.push([done, [...failed]]);
      await Promise.resolve();
    });
  };
  return { tracker, page, marked };
}

function pending(): { work: Promise<void>; end: () => void; fail: (error: Error) => void } {
  let [end, fail] = [(): void => undefined, (_: Error): void => undefined];
  const work = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
  return { work, end, fail };
}

describe('a part is marked', () => {
  test('at once where nothing is asked below its rows', async () => {
    const { page, marked } = marks();

    page({ start: 10, end: 20 }, [[15], [12]]);
    await settle();

    expect(marked).toEqual([[{ start: 10, end: 20 }, []]]);
  });

  test('second by second, as the work below the rows ends', async () => {
    const { page, marked } = marks();
    const [newer, older] = [pending(), pending()];

    page({ start: 10, end: 20 }, [
      [15, newer.work],
      [12, older.work],
    ]);
    await settle();
    expect(marked).toEqual([[{ start: 10, end: 12 }, []]]);
    older.end();
    await settle();
    expect(marked.slice(1)).toEqual([[{ start: 12, end: 15 }, []]]);
    newer.end();
    await settle();

    expect(marked.slice(2)).toEqual([[{ start: 15, end: 20 }, []]]);
  });

  test('but a second only when the work below all of its rows has ended', async () => {
    const { page, marked } = marks();
    const [one, other] = [pending(), pending()];

    page({ start: 10, end: 20 }, [
      [10, one.work],
      [10, other.work],
    ]);
    one.end();
    await settle();
    expect(marked).toEqual([]);
    other.end();
    await settle();

    expect(marked).toEqual([[{ start: 10, end: 20 }, []]]);
  });

  test('without waiting for rows of the second that the page ends in, which belong to the next part', async () => {
    const { page, marked } = marks();
    const child = pending();

    page({ start: 10, end: 20 }, [[15], [9, child.work]]);
    page({ start: 5, end: 10 }, [[7]]);
    await settle();
    expect(marked).toEqual([
      [{ start: 10, end: 20 }, []],
      [{ start: 5, end: 9 }, []],
    ]);
    child.end();
    await settle();

    expect(marked.slice(2)).toEqual([[{ start: 9, end: 10 }, []]]);
  });

  test('with the failures below its own rows, whichever page brought them', async () => {
    const { page, marked } = marks();

    page({ start: 10, end: 20 }, [[15], [9, 'details']]);
    page({ start: 10, end: 10 }, [[9]]);
    page({ start: 5, end: 10 }, [[7]]);
    page({ start: 0, end: 5 }, [[3]]);
    await settle();

    expect(
      marked.map(([{ start, end }, failed]) => [start, end, failed]).sort(([a], [b]) => Number(a) - Number(b)),
    ).toEqual([
      [0, 5, []],
      [5, 9, []],
      [9, 10, ['details']],
      [10, 20, []],
    ]);
  });

  test('with a row of its own beginning that has no date, or that has moved past its end', async () => {
    const { page, marked } = marks();

    page({ start: 10, end: 20 }, [
      [undefined, 'no date'],
      [25, 'moved'],
    ]);
    await settle();

    expect(marked).toEqual([[{ start: 10, end: 20 }, ['no date', 'moved']]]);
  });

  test('that all pages complete together when every page has settled', async () => {
    const { page, marked } = marks();
    const child = pending();

    page(undefined, [
      [15, child.work],
      [undefined, 'details'],
    ]);
    await settle();
    expect(marked).toEqual([]);
    page({ start: 0, end: 20 }, [[3]]);
    await settle();
    expect(marked).toEqual([[{ start: 0, end: 15 }, ['details']]]);
    child.end();
    await settle();

    expect(marked.slice(1)).toEqual([[{ start: 15, end: 20 }, []]]);
  });

  test('for each query by itself', async () => {
    const { page, marked } = marks();

    page({ start: 10, end: 20 }, [[9, 'details']], 0);
    page({ start: 5, end: 10 }, [[7]], 1);
    await settle();

    expect(marked.at(-1)).toEqual([{ start: 5, end: 10 }, []]);
  });
});

test('what ends the run is told at the end, also by work whose part never came', async () => {
  const { tracker, page } = marks();
  const child = pending();
  page({ start: 10, end: 20 }, [[9, child.work]]);

  child.fail(new Error('stopped'));
  await settle(); // nobody has waited for it yet: not an unhandled rejection

  await expect(tracker.finished()).rejects.toThrow('stopped');
});

test('the end waits for work whose part never came', async () => {
  const { tracker, page } = marks();
  const child = pending();
  page({ start: 10, end: 20 }, [[9, child.work]]);
  const seen: string[] = [];
  const finished = tracker.finished().then(() => seen.push('finished'));

  await settle();
  expect(seen).toEqual([]);
  child.end();
  await finished;

  expect(seen).toEqual(['finished']);
});

test('an error while a part is marked is told at the end', async () => {
  const tracker = new CompletionTracker({ start: 0, end: 20 });

  tracker.end(0, { start: 0, end: 20 }, () => Promise.reject(new Error('the pipe is gone')));
  await settle();

  await expect(tracker.finished()).rejects.toThrow('the pipe is gone');
});
