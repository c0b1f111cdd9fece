import { describe, expect, test } from 'vitest';
import { Delivery, PageDelivery } from '../../src/sdk/delivery.js';
import type { Range } from '../../src/sdk/progress.js';

/** What is marked, in order: the piece, and who has failed in it. */
function marks() {
  const marked: [Range, unknown[]][] = [];
  const delivery = new Delivery();
  const page = (piece: Range | undefined, rows: [time: number | undefined, work?: Promise<void> | string][], query = 0): void => {
    const own = new PageDelivery(query, piece);
    for (const [time, work] of rows) {
      const below = delivery.below(own, time);
      if (typeof work === 'string') below.failed.add(work as unknown as object);
      else if (work) below.add([work]);
    }
    delivery.end(own, async (done, failed) => {
      marked.push([done, [...failed]]);
      await Promise.resolve();
    });
  };
  return { delivery, page, marked };
}

function pending(): { work: Promise<void>; end: () => void; fail: (error: Error) => void } {
  let [end, fail] = [(): void => undefined, (_: Error): void => undefined];
  const work = new Promise<void>((resolve, reject) => [end, fail] = [resolve, reject]);
  return { work, end, fail };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a piece is marked', () => {
  test('when the work below all of its rows has ended', async () => {
    const { page, marked } = marks();
    const child = pending();

    page({ start: 10, end: 20 }, [[15, child.work], [12]]);
    await settle();
    expect(marked).toEqual([]);
    child.end();
    await settle();

    expect(marked).toEqual([[{ start: 10, end: 20 }, []]]);
  });

  test('without waiting for rows of the second that the page ends in, which belong to the next piece', async () => {
    const { page, marked } = marks();
    const child = pending();

    page({ start: 10, end: 20 }, [[15], [9, child.work]]);
    page({ start: 5, end: 10 }, [[7]]);
    await settle();
    expect(marked).toEqual([[{ start: 10, end: 20 }, []]]);
    child.end();
    await settle();

    expect(marked).toEqual([[{ start: 10, end: 20 }, []], [{ start: 5, end: 10 }, []]]);
  });

  test('with the failures below its own rows, whichever page brought them', async () => {
    const { page, marked } = marks();

    page({ start: 10, end: 20 }, [[15], [9, 'details']]);
    page({ start: 10, end: 10 }, [[9]]);
    page({ start: 5, end: 10 }, [[7]]);
    page({ start: 0, end: 5 }, [[3]]);
    await settle();

    expect(marked.map(([{ start, end }, failed]) => [start, end, failed])).toEqual([[10, 20, []], [10, 10, []], [5, 10, ['details']], [0, 5, []]]);
  });

  test('that all pages complete together when every page has settled', async () => {
    const { page, marked } = marks();
    const child = pending();

    page(undefined, [[15, child.work], [undefined, 'details']]);
    page({ start: 0, end: 20 }, [[3]]);
    await settle();
    expect(marked).toEqual([]);
    child.end();
    await settle();

    expect(marked).toEqual([[{ start: 0, end: 20 }, ['details']]]);
  });

  test('for each query by itself', async () => {
    const { page, marked } = marks();

    page({ start: 10, end: 20 }, [[9, 'details']], 0);
    page({ start: 5, end: 10 }, [[7]], 1);
    await settle();

    expect(marked.at(-1)).toEqual([{ start: 5, end: 10 }, []]);
  });
});

test('what ends the run is told at the end, also by work whose piece never came', async () => {
  const { delivery, page } = marks();
  const child = pending();
  page({ start: 10, end: 20 }, [[9, child.work]]);

  child.fail(new Error('stopped'));

  await expect(delivery.finished()).rejects.toThrow('stopped');
});
