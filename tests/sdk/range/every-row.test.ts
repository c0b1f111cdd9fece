/** Reading a range from servers of every kind: each row once, and no part finished before its rows. */
import { describe, expect, test } from 'vitest';
import { IntervalSet } from '../../../src/sdk/interval-set.js';
import { Chance } from '../../support/random.js';
import { begin, bySearch, isIn, range, read, someRows, wholeRange } from '../../support/range-reading.js';

const settings = (chance: Chance) => ({
  pageSize: chance.int(1, 7),
  maxRows: chance.pick([7, 20, 1000]),
  capacity: chance.int(1, 8),
  cursors: chance.pick(['offset', 'row'] as const),
});

/** Runs a test with many seeds. */
const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);

describe('every row of the range is delivered once', () => {
  test('whatever the density, page size, longest query and capacity', async () => {
    for (const seed of seeds(200)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      wholeRange(await read({ rows, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test('whatever the order of the answers', async () => {
    for (const seed of seeds(200)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);
      const last = chance.pick([1, 3, 10]);

      const found = await read({ rows, ...settings(chance), turns: () => chance.int(0, last) });

      wholeRange(found, rows, `seed ${seed}`);
    }
  });

  test('where the second in which a range ends counts as inside', async () => {
    for (const seed of seeds(200)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      const found = await read({ rows, endIncluded: true, ...settings(chance) });

      wholeRange(found, rows, `seed ${seed}`);
      if (rows.some((row) => isIn(row, range))) expect(found.support.scans, `seed ${seed}`).toBe(false);
    }
  });

  test('where parts are asked for by a search', async () => {
    for (const seed of seeds(100)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      wholeRange(await read({ rows, window: bySearch, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test.each(['ignored', 'nothing'] as const)('where the search that divides is %s', async (terms) => {
    for (const seed of seeds(100)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      const found = await read({ rows, window: bySearch, terms, ...settings(chance) });

      wholeRange(found, rows, `seed ${seed}`);
      expect(found.support.splittable, `seed ${seed}`).not.toBe(true);
    }
  });

  test('where pages in between are empty', async () => {
    for (const seed of seeds(100)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      wholeRange(await read({ rows, emptyPages: 2, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test.each(['ignored', 'nothing', 'refused'] as const)('where ranges are %s', async (ranges) => {
    for (const seed of seeds(150)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      wholeRange(await read({ rows, ranges, ...settings(chance) }), rows, `seed ${seed}`);
    }
  });

  test('where the server sends fewer rows than were asked for', async () => {
    for (const seed of seeds(100)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      wholeRange(
        await read({ rows, ...settings(chance), pageSize: 7, largestPage: chance.int(1, 6) }),
        rows,
        `seed ${seed}`,
      );
    }
  });

  test('where large queries are refused', async () => {
    for (const seed of seeds(60)) {
      const chance = new Chance(seed);
      const rows = someRows(chance).filter((_, index) => index % 7 === 0);

      const found = await read({ rows, tooLarge: chance.int(12, 40), ...settings(chance) });

      wholeRange(found, rows, `seed ${seed}`);
    }
  });

  test('in the gaps that an earlier run has left, and nowhere else', async () => {
    for (const seed of seeds(100)) {
      const chance = new Chance(seed);
      const rows = someRows(chance);
      const done = new IntervalSet(range);
      for (let n = chance.int(0, 3); n > 0; n--) {
        const start = begin + chance.int(0, 900) * 1000;
        done.mark({ start, end: start + chance.int(1, 200) * 1000 });
      }

      const found = await read({ rows, query: { gaps: done.gaps }, ...settings(chance) });

      expect(found.failures).toEqual([]);
      expect(found.unread, `seed ${seed}`).toEqual([]);
      const missing = rows.filter((row) => done.gaps.some((gap) => isIn(row, gap)) && !found.times[row.id]);
      expect(missing, `seed ${seed}`).toEqual([]);
      expect(Math.max(0, ...Object.values(found.times))).toBeLessThanOrEqual(1);
    }
  });
});
