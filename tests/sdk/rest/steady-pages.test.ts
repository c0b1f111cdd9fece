/** Lists that are read wholly, though rows move while they are read (law 5). */
import { describe, expect, test, vi } from 'vitest';
import { steadyPages } from '../../../src/sdk/rest/pages.js';
import { FakeList, chars, countedRows } from '../../support/paged-list.js';

describe('a list that is read wholly', () => {
  async function whole(list: FakeList) {
    const onUnsteady = vi.fn();
    const keys: string[] = [];
    for await (const { fresh, then } of steadyPages(list, onUnsteady)) {
      keys.push(...fresh.map(({ key }) => key));
      expect(then).not.toBe('moved'); // the caller need not know
    }
    return { keys: keys.join(''), onUnsteady };
  }

  test('is read once where nothing moves', async () => {
    const list = countedRows(chars('abcdefg'), 3);

    const { keys, onUnsteady } = await whole(list);

    expect(keys).toBe('abcdefg');
    expect(list.asked).toHaveLength(3);
    expect(onUnsteady).not.toHaveBeenCalled();
  });

  test('is read again from its beginning where a row has gone, each row once', async () => {
    const rows = chars('abcdefg');
    const list = countedRows(rows, 3, (nth) => nth === 2 && rows.shift());

    const { keys, onUnsteady } = await whole(list);

    expect(keys).toBe('abcdefg');
    expect(list.asked).toEqual(['', '2', '', '', '2', '4']); // a second look at the page before, then all again
    expect(onUnsteady).not.toHaveBeenCalled();
  });

  test('whose cursors count rows that are not shown is read once', async () => {
    const rows = chars('ab.c..d...efg.');
    const list = new FakeList((cursor) => {
      const from = Number(cursor);
      const keys = rows.slice(from, from + 3).filter((key) => key !== '.');
      return { keys, ...(from + 3 < rows.length ? { next: `${from + 3}`, overlap: `${from + 2}` } : {}) };
    });

    const { keys, onUnsteady } = await whole(list);

    expect(keys).toBe('abcdefg');
    expect(onUnsteady).not.toHaveBeenCalled();
  });

  test('is steady if the third pass is', async () => {
    const rows = chars('12abcdefg');
    const list = countedRows(rows, 3, (nth) => (nth === 2 || nth === 4) && rows.shift());

    const { keys, onUnsteady } = await whole(list);

    expect(keys).toBe('12abcdefg');
    expect(onUnsteady).not.toHaveBeenCalled();
  });

  test('that names no next pages is read again where a row has gone', async () => {
    const rows = chars('abcdefg');
    let nth = 0;
    const list = new FakeList((cursor) => {
      if (++nth === 2) rows.shift();
      const from = Number(cursor);
      return { keys: rows.slice(from, from + 3), next: 'unknown', guesses: (read) => [`${read}`] };
    });

    const { keys, onUnsteady } = await whole(list);

    expect(chars(keys).sort().join('')).toBe('bcdefg');
    expect(onUnsteady).not.toHaveBeenCalled();
  });

  test('where rows go in each of three passes, is read a fourth time without overlaps, told once', async () => {
    const rows = chars('123abcdefg');
    const list = countedRows(rows, 3, (nth) => nth % 3 === 2 && nth <= 8 && rows.shift());

    const { keys, onUnsteady } = await whole(list);

    expect(chars(keys).sort().join('')).toBe('123abcdefg');
    expect(list.asked.filter((cursor) => cursor === '')).toHaveLength(7); // one more for each second look
    expect(list.asked.slice(-3)).toEqual(['', '3', '6']);
    expect(onUnsteady).toHaveBeenCalledTimes(1);
  });

  test('tells that it is unsteady before the pages of the last pass, for callers that stop early', async () => {
    const rows = chars('123abcdefg');
    const list = countedRows(rows, 3, (nth) => nth % 2 === 0 && rows.shift());
    const onUnsteady = vi.fn();

    for await (const { then } of steadyPages(list, onUnsteady)) if (then === 'end') break;

    expect(onUnsteady).toHaveBeenCalledTimes(1);
  });
});
