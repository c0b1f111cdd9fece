import { describe, expect, test } from 'vitest';
import { IntervalSet, type Range } from '../../src/sdk/interval-set.js';
import { Chance } from '../support/random.js';

const range = { start: 0, end: 20 };

/** The same by counting: which instants have been read. */
class Naive {
  readonly read = new Set<number>();

  mark({ start, end }: Range): void {
    for (let at = Math.max(start, range.start); at < Math.min(end, range.end); at++) this.read.add(at);
  }

  get watermark(): number {
    let at = range.start;
    while (this.read.has(at)) at++;
    return at;
  }
}

const instants = (pieces: readonly Range[]): number[] =>
  pieces.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, n) => start + n));

describe('progress', () => {
  test('moves over neighbours only', () => {
    const progress = new IntervalSet(range);

    progress.mark({ start: 5, end: 10 });
    expect(progress.watermark).toBe(0);
    progress.mark({ start: 0, end: 5 });

    expect(progress.watermark).toBe(10);
    expect(progress.gaps).toEqual([{ start: 10, end: 20 }]);
    expect(progress.complete).toBe(false);
  });

  test('remembers what is read behind a gap', () => {
    const progress = new IntervalSet(range, [
      { start: 15, end: 99 },
      { start: -3, end: 2 },
    ]);

    expect(progress.watermark).toBe(2);
    expect(progress.ahead).toEqual([{ start: 15, end: 20 }]);
    expect(progress.gaps).toEqual([{ start: 2, end: 15 }]);
  });

  test('takes no notice of pieces that are empty, turned around or elsewhere', () => {
    const progress = new IntervalSet(range);

    for (const piece of [
      { start: 3, end: 3 },
      { start: 7, end: 4 },
      { start: 20, end: 30 },
      { start: -5, end: 0 },
    ])
      progress.mark(piece);

    expect(progress.gaps).toEqual([range]);
  });

  test('of an empty range is complete from the beginning', () => {
    expect(new IntervalSet({ start: 4, end: 4 }).complete).toBe(true);
  });

  test('tells the same as counting, whatever is marked', () => {
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed);
      const progress = new IntervalSet(range);
      const naive = new Naive();
      for (let mark = chance.int(1, 12); mark > 0; mark--) {
        const start = chance.int(-3, 21);
        const piece = { start, end: start + chance.int(0, 8) };
        progress.mark(piece);
        naive.mark(piece);

        const place = `seed ${seed}`;
        expect(progress.watermark, place).toBe(naive.watermark);
        expect(progress.complete, place).toBe(naive.read.size === 20);
        expect(instants(progress.gaps), place).toEqual(instants([range]).filter((at) => !naive.read.has(at)));
        expect(instants(progress.ahead), place).toEqual(
          [...naive.read].filter((at) => at >= naive.watermark).sort((a, b) => a - b),
        );
      }
    }
  });
});
