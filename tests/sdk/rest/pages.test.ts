/** The page loop: where a list ends, and that every page leads on (laws 1, 2 and 5). */
import { describe, expect, test, vi } from 'vitest';
import { StreamError } from '../../../src/sdk/errors.js';
import { type ListPage, pages } from '../../../src/sdk/rest/pages.js';
import { FakeList, type ShortPage, chars, countedRows, listOf, readPages as read } from '../../support/paged-list.js';

describe('a list ends', () => {
  test('where the server says so, however full the page is', async () => {
    const list = listOf({ '': { keys: chars('abc'), next: 'b' }, b: { keys: chars('def') } });

    expect(await read(list)).toEqual({ keys: ['abc', 'def'], then: ['more', 'end'], error: undefined });
    expect(list.asked).toEqual(['', 'b']);
  });

  test('not at a short page that has a successor', async () => {
    const list = listOf({ '': { keys: ['a'], next: 'b' }, b: { keys: ['b'], next: 'c' }, c: { keys: ['c'] } });

    expect((await read(list)).keys).toEqual(['a', 'b', 'c']);
  });

  test('not at an empty page that has a successor', async () => {
    const list = listOf({ '': { next: 'b' }, b: { keys: ['a'] } });

    expect((await read(list)).keys).toEqual(['', 'a']);
  });

  test('with an empty first page that says nothing, which is asked once', async () => {
    const list = listOf({ '': { next: 'unknown' } });

    expect((await read(list)).then).toEqual(['end']);
    expect(list.asked).toEqual(['']);
  });

  test('with an empty first page that says nothing, though others of the route have spoken', async () => {
    const list = listOf({ '': { next: 'unknown' } });
    list.paging.speaks = true;

    expect((await read(list)).then).toEqual(['end']);
    expect(list.asked).toEqual(['', '']);
  });
});

describe('on a route that names next pages, a page without a word', () => {
  const lostOnce = (cursor: string, nth: number): ShortPage => {
    if (cursor === '') return { keys: chars('abc'), next: 'b' };
    if (cursor === 'b') return { keys: chars('def'), next: nth === 1 ? 'unknown' : 'c' };
    return { keys: ['g'] };
  };

  test('is asked for once more, and goes on', async () => {
    const list = new FakeList(lostOnce);

    expect(await read(list)).toEqual({ keys: ['abc', 'def', 'g'], then: ['more', 'more', 'end'], error: undefined });
    expect(list.asked).toEqual(['', 'b', 'b', 'c']);
  });

  test.each([1, 3])('is an error if it stays so, with its %i rows handed out', async (rows) => {
    const last = chars('xyz').slice(0, rows);
    const list = listOf({ '': { keys: chars('abc'), next: 'b' }, b: { keys: last, next: 'unknown' } });

    const { keys, then, error } = await read(list);

    expect(keys).toEqual(['abc', last.join('')]);
    expect(then).toEqual(['more', 'unknown']);
    expect(error).toBeInstanceOf(StreamError);
    expect(error?.code).toBe('ERR_PAGING');
    expect(error?.message).toBe(
      `things: a page of ${rows} rows came without a word about a next page; more rows may follow, and cannot be read.`,
    );
    expect(list.asked).toEqual(['', 'b', 'b']);
  });

  test('is an error if it is empty and not the first', async () => {
    const list = listOf({ '': { keys: chars('abc'), next: 'b' }, b: { next: 'unknown' } });

    expect((await read(list)).error?.code).toBe('ERR_PAGING');
  });

  test('is an error if it is the first, once another list of the route has spoken', async () => {
    const list = listOf({ '': { keys: ['a'], next: 'unknown' } });
    list.paging.speaks = true;

    expect((await read(list)).error?.code).toBe('ERR_PAGING');
    expect(list.asked).toEqual(['', '']);
  });

  test('is left to a caller that can go on by other means', async () => {
    const list = listOf({ '': { keys: chars('abc'), next: 'b' }, b: { keys: ['d'], next: 'unknown' } });

    expect(await read(list, { unknownEnd: 'stop' })).toMatchObject({ then: ['more', 'unknown'], error: undefined });
  });

  test('a route has spoken when it has said that there is no next page', async () => {
    const list = listOf({ '': { keys: chars('abc') } });

    await read(list);

    expect(list.paging.speaks).toBe(true);
  });
});

describe('every page leads on, or the list fails', () => {
  test('a cursor that repeats itself without new rows', async () => {
    const list = new FakeList(() => ({ keys: chars('abc'), next: 'same' }));

    const { keys, error } = await read(list);

    expect(keys.join('')).toBe('abc');
    expect(error?.message).toMatch(/^things: the server repeats a cursor; more rows may follow/);
    expect(error?.code).toBe('ERR_PAGING');
    expect(list.asked.length).toBeLessThanOrEqual(3);
  });

  test('a repeated cursor that brings new rows is followed', async () => {
    const rows = ['abc', 'def', 'ghi'];
    let nth = 0;
    const list = new FakeList(() => ({ keys: chars(rows[nth] ?? ''), next: ++nth < 3 ? 'same' : 'end' }));

    expect(await read(list)).toMatchObject({ keys: rows, error: undefined });
  });

  test('a short last page that repeats its own cursor is the end', async () => {
    const list = listOf({
      '': { keys: chars('abc'), next: 'b' },
      b: { keys: ['d'], next: 'b' },
    });

    expect(await read(list)).toEqual({ keys: ['abc', 'd', ''], then: ['more', 'more', 'end'], error: undefined });
  });

  test('a full last page that repeats its own cursor is no end', async () => {
    const list = listOf({
      '': { keys: chars('abc'), next: 'b' },
      b: { keys: chars('def'), next: 'b' },
    });

    expect((await read(list)).error?.message).toMatch(/repeats a cursor/);
  });

  test('a first page that repeats its own cursor is no end, however short it is', async () => {
    const list = listOf({ '': { keys: ['a'], next: 'b' }, b: { keys: ['a'], next: 'b' } });

    expect((await read(list)).error?.message).toMatch(/repeats a cursor/);
  });

  test.each([
    ['empty', (): string[] => []],
    ['the same', (): string[] => ['a']],
  ])('fifty pages in a row that are %s under ever new cursors', async (_, keys) => {
    let nth = 0;
    const list = new FakeList((cursor) => ({ keys: cursor === '' ? ['a'] : keys(), next: `${++nth}` }));

    const { error } = await read(list);

    expect(error?.message).toMatch(/50 pages in a row brought nothing new/);
    expect(error?.code).toBe('ERR_PAGING');
    expect(list.asked).toHaveLength(1 + 51);
  });

  test('fifty empty pages before a row are read', async () => {
    const list = new FakeList((cursor) => {
      const nth = Number(cursor);
      if (nth === 0 || nth === 51) return { keys: [`row ${nth}`], next: `${nth + 1}` };
      return nth < 102 ? { next: `${nth + 1}` } : { keys: ['last'] };
    });

    expect((await read(list)).keys.filter(Boolean)).toEqual(['row 0', 'row 51', 'last']);
  });

  test('rows that the caller knows already are progress, but not fresh', async () => {
    const list = new FakeList((cursor) => {
      const nth = Number(cursor);
      return nth < 70 ? { keys: [`k${nth}`], next: `${nth + 1}` } : { keys: ['new'] };
    });
    const known = new Set(Array.from({ length: 70 }, (_, nth) => `k${nth}`));

    const { keys, error } = await read(list, { known });

    expect(error).toBeUndefined();
    expect(keys.join('')).toBe('new');
  });
});

describe('the page size is learnt', () => {
  test('from the smallest page that had a successor with new rows', async () => {
    const list = listOf({
      '': { keys: chars('abc'), next: 'b' },
      b: { keys: ['d', 'e'], next: 'c' },
      c: { keys: ['f'] },
    });

    await read(list);

    expect(list.paging.leastFull).toBe(2);
  });

  test('not from a page whose successor brought nothing', async () => {
    const list = listOf({
      '': { keys: chars('abc'), next: 'b' },
      b: { keys: ['d'], next: 'c' },
      c: { keys: ['d'] },
    });

    await read(list);

    expect(list.paging.leastFull).toBe(3);
  });

  test('from elements that are no rows too', async () => {
    const list = listOf({ '': { keys: ['a'], size: 3, next: 'b' }, b: { keys: ['b'] } });

    await read(list);

    expect(list.paging.leastFull).toBe(3);
  });

  test('from the page behind which this list goes on', async () => {
    const list = listOf({ '': { keys: ['a'] } });

    await read(list, { before: 2 });

    expect(list.paging.leastFull).toBe(2);
  });
});

describe('where cursors count rows', () => {
  test('pages overlap by a row, which is handed out once', async () => {
    const list = countedRows(chars('abcdefg'), 3);

    expect((await read(list)).keys).toEqual(['abc', 'de', 'fg']);
    expect(list.asked).toEqual(['', '2', '4']);
  });

  test('without overlap on request', async () => {
    const list = countedRows(chars('abcdefg'), 3);

    expect((await read(list, { overlap: false })).keys).toEqual(['abc', 'def', 'g']);
    expect(list.asked).toEqual(['', '3', '6']);
  });

  test('rows that moved up end the list as moved, before the page behind the gap', async () => {
    const rows = chars('abcdefg');
    const list = countedRows(rows, 3, (nth) => nth === 2 && rows.shift());

    expect(await read(list)).toEqual({ keys: ['abc', ''], then: ['more', 'moved'], error: undefined });
  });

  test('rows that moved up are noticed even when nothing is left behind them', async () => {
    const rows = chars('abcd');
    const list = countedRows(rows, 3, (nth) => nth === 2 && rows.splice(0, 2));

    expect((await read(list)).then).toEqual(['more', 'moved']);
  });

  test('rows that moved down are handed out once', async () => {
    const rows = chars('abcdef');
    const list = countedRows(rows, 3, (nth) => nth === 2 && rows.unshift('X'));

    const { keys, then } = await read(list);

    expect(keys.join('')).toBe('abcdef');
    expect(then.at(-1)).toBe('end');
  });

  test('an overlapping page without a word is asked for again at the same place', async () => {
    const list = new FakeList((cursor, nth) => {
      if (cursor === '') return { keys: chars('abc'), next: '3', overlap: '2' };
      return { keys: ['c', 'd'], next: nth === 1 ? 'unknown' : 'end' };
    });

    expect((await read(list)).keys).toEqual(['abc', 'd']);
    expect(list.asked).toEqual(['', '2', '2']);
  });

  test('pages of a single row do not overlap, since they would be the same page', async () => {
    const list = countedRows(chars('abc'), 1);

    expect((await read(list)).keys).toEqual(['a', 'b', 'c']);
    expect(list.asked).toEqual(['', '1', '2']);
  });

  test('pages of two rows overlap', async () => {
    const list = countedRows(chars('abc'), 2);

    await read(list);

    expect(list.asked).toEqual(['', '1']);
  });

  test('a page without rows has nothing to overlap with', async () => {
    const list = listOf({ '': { size: 3, next: '3', overlap: '2' }, 2: { keys: ['a'] } });

    expect((await read(list)).then).toEqual(['more', 'end']);
  });
});

describe('the next page', () => {
  const abc = (): FakeList => listOf({ '': { keys: chars('abc'), next: 'b' }, b: { keys: ['d'] } });

  test('is not asked for before it is wanted', async () => {
    const list = abc();
    const reading = pages(list);

    await reading.next();

    expect(list.asked).toEqual(['']);
    await reading.return(undefined);
  });

  test('is asked for early on demand, and once however often', async () => {
    const list = abc();
    const reading = pages(list);
    const { value } = (await reading.next()) as { value: ListPage };

    value.prefetch();
    value.prefetch();

    expect(list.asked).toEqual(['', 'b']);
    await reading.next();
    expect(list.asked).toEqual(['', 'b']);
  });

  test('that fails fails when its turn has come, not before', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const list = new FakeList((cursor) => {
      if (cursor === 'b') throw new StreamError('broken');
      return { keys: ['a'], next: 'b' };
    });
    const reading = pages(list);
    const { value } = (await reading.next()) as { value: ListPage };

    value.prefetch();
    await new Promise((resolve) => setImmediate(resolve));

    await expect(reading.next()).rejects.toThrow('broken');
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('of the last page is nothing', async () => {
    const list = listOf({ '': { keys: ['a'] } });
    const { value } = (await pages(list).next()) as { value: ListPage };

    value.prefetch();

    expect(list.asked).toEqual(['']);
  });
});
