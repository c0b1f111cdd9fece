/** The page loop: where a list ends, that every page leads on, and what rows that move do to it (laws 1, 2 and 5). */
import { describe, expect, test, vi } from 'vitest';
import { FatalError, RetriableError, SkippableError, StreamError } from '../../../src/sdk/errors.js';
import { type ListPage, type PagesOptions, pages, steadyPages } from '../../../src/sdk/rest/pages.js';
import { FakeList, type ShortPage, listOf } from '../../support/paged-list.js';

/** What a list gives: the fresh keys of each page, and how it went on. */
async function read(list: FakeList, options: PagesOptions = {}) {
  const steps: ListPage[] = [];
  let error: unknown;
  try {
    for await (const step of pages(list, options)) steps.push(step);
  } catch (caught) {
    error = caught;
  }
  return {
    keys: steps.map(({ fresh }) => fresh.map(({ key }) => key).join('')),
    then: steps.map(({ then }) => then),
    error: error as StreamError | undefined,
  };
}

const chars = (text: string): string[] => text.split('');

/** Rows named by letters behind cursors that count rows; `change` may change them before each answer. */
function countedRows(rows: string[], size: number, change: (nth: number) => void = () => undefined): FakeList {
  let nth = 0;
  return new FakeList((cursor): ShortPage => {
    change(++nth);
    const from = Number(cursor);
    const next = from + size;
    const more = { next: `${next}`, overlap: `${next - 1}` };
    return { keys: rows.slice(from, next), ...(next < rows.length ? more : {}) };
  }, size);
}

/** Rows named by letters, on a route without a word: cursors that count rows can be guessed. */
const countedByGuess = (rows: readonly string[], size = 3): FakeList =>
  new FakeList((cursor) => {
    const from = Number(cursor);
    return { keys: rows.slice(from, from + size), next: 'unknown', guesses: (read) => [`${read}`] };
  }, size);

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

describe('on a route that never names a next page', () => {
  /** Answers a list's first page, and other cursors with what `others` says. */
  const firstPage = (
    keys: readonly string[],
    guesses: readonly string[],
    others: Record<string, ShortPage>,
    size = 3,
  ) =>
    new FakeList((cursor) => {
      if (cursor === '') return { keys, next: 'unknown', guesses: () => guesses };
      return { next: 'unknown', ...others[cursor] };
    }, size);

  test(
    'rows are counted: the next page is asked for a ' + 'row early, once, until it shows the last row alone',
    async () => {
      const list = countedByGuess(chars('abcdefg'));

      expect(await read(list)).toEqual({ keys: ['abc', 'de', 'fg'], then: ['more', 'more', 'end'], error: undefined });
      expect(list.asked).toEqual(['', '2', '4', '6']);
    },
  );

  test('a full page is the end where the guess shows its last row alone', async () => {
    const list = countedByGuess(chars('abc'));

    expect((await read(list)).then).toEqual(['end']);
    expect(list.asked).toEqual(['', '2']);
  });

  test('a short page is the end, if no guess leads anywhere', async () => {
    const list = firstPage(['a', 'b'], ['1'], { 1: { keys: ['a', 'b'] } });

    expect(await read(list)).toEqual({ keys: ['ab'], then: ['end'], error: undefined });
    expect(list.asked).toEqual(['', '1']);
  });

  test('a full page whose guesses repeat it is an error', async () => {
    const list = firstPage(chars('abc'), ['2', '3:1'], { 2: { keys: chars('abc') }, '3:1': { keys: chars('abc') } });

    expect((await read(list)).error?.code).toBe('ERR_PAGING');
    expect(list.asked).toEqual(['', '2', '3:1']);
  });

  test('a full page without a guess is an error', async () => {
    expect((await read(firstPage(chars('abc'), [], {}))).error?.code).toBe('ERR_PAGING');
  });

  test('an empty answer to a guess proves nothing: a full page is an error, a short one the end', async () => {
    expect((await read(firstPage(chars('abc'), ['2'], {}))).error?.code).toBe('ERR_PAGING');
    expect((await read(firstPage(chars('ab'), ['2'], {}))).then).toEqual(['end']);
  });

  test('a page that the server cut is not the end, while the next one can be guessed', async () => {
    const rows = chars('abcd');
    const list = new FakeList((cursor) => {
      const from = Number(cursor);
      return { keys: rows.slice(from, from + 2), next: 'unknown', guesses: (read) => [`${read}`] };
    }, 100);

    expect((await read(list)).keys).toEqual(['ab', 'c', 'd']);
  });

  test(
    'a page as large as one that had a successor is not ' + 'the end, even if it is smaller than what was asked',
    async () => {
      const list = firstPage(['a', 'b'], ['x'], { x: { keys: ['b', 'c'] } }, 100);

      const { keys, error } = await read(list);

      expect(keys).toEqual(['ab', 'c']);
      expect(list.paging.leastFull).toBe(2);
      expect(error?.code).toBe('ERR_PAGING');
    },
  );

  test('a page smaller than any that had a successor is the end', async () => {
    const list = firstPage(chars('abc'), ['x'], { x: { keys: ['c', 'd'] } }, 100);

    expect(await read(list)).toEqual({ keys: ['abc', 'd'], then: ['more', 'end'], error: undefined });
  });

  test('more rows than were asked for are the whole list', async () => {
    const list = firstPage(chars('abcd'), ['3'], {});

    expect((await read(list)).then).toEqual(['end']);
    expect(list.asked).toEqual(['']);
  });

  test('the guess that counts rows must show a row of before: else rows have moved', async () => {
    const list = firstPage(chars('abc'), ['2'], { 2: { keys: chars('def') } });

    expect(await read(list)).toMatchObject({ keys: ['abc'], then: ['moved'], error: undefined });
    expect((await read(list, { overlap: false })).keys).toEqual(['abc', 'def']);
  });

  test('a further guess need not, since it may count pages', async () => {
    const list = firstPage(chars('abc'), ['2', '3:1'], { 2: { keys: chars('abc') }, '3:1': { keys: chars('de') } });

    expect((await read(list)).keys).toEqual(['abc', 'de']);
  });

  test('a page of a single row is followed without a row of before', async () => {
    const guessed: number[] = [];
    const list = new FakeList((cursor) => {
      const from = Number(cursor);
      return { keys: chars('abc').slice(from, from + 1), next: 'unknown', guesses: (n) => (guessed.push(n), [`${n}`]) };
    }, 1);

    const { keys, error } = await read(list);

    expect(keys).toEqual(['a', 'b', 'c']);
    expect(guessed).toEqual([1, 2, 3]);
    expect(error?.code).toBe('ERR_PAGING'); // a page of one row is full
  });

  test('a first page with a single row is no proof that a guess is understood', async () => {
    const guessed: number[] = [];
    const list = new FakeList(
      () => ({ keys: ['a'], size: 3, next: 'unknown', guesses: (n) => (guessed.push(n), [`${n}`]) }),
      3,
    );

    expect((await read(list)).error?.code).toBe('ERR_PAGING');
    expect(guessed).toEqual([1]);
  });

  test('rows that came twice count once for a guess', async () => {
    const guessed: number[] = [];
    const list = new FakeList((cursor) => ({
      keys: cursor === '' ? ['a', 'b', 'a'] : [],
      next: 'unknown',
      guesses: (read) => (guessed.push(read), ['x']),
    }));

    await read(list);

    expect(guessed).toEqual([1]);
  });

  test.each([new SkippableError('404', { status: 404 }), new StreamError('400', { status: 400 })])(
    'a guess that is refused (%s) leads nowhere; the next one is tried',
    async (refusal) => {
      const list = new FakeList((cursor) => {
        if (cursor === '') return { keys: chars('abc'), next: 'unknown', guesses: () => ['bad', 'good'] };
        if (cursor === 'bad') throw refusal;
        return { keys: ['c', 'd'], next: 'unknown' };
      });

      expect((await read(list)).keys).toEqual(['abc', 'd']);
    },
  );

  test.each([new StreamError('given up'), new FatalError('401'), new RetriableError('503')])(
    'a guess that gets no answer (%s) fails the list',
    async (failure) => {
      const list = new FakeList((cursor) => {
        if (cursor === '') return { keys: ['a'], next: 'unknown', guesses: () => ['1'] };
        throw failure;
      });

      expect((await read(list)).error).toBe(failure);
    },
  );

  test('a guess whose answer says what follows shows that the route does name next pages', async () => {
    const list = firstPage(['a', 'b'], ['1'], { 1: { keys: ['a', 'b'], next: 'b' } });

    expect((await read(list)).error?.code).toBe('ERR_PAGING');
    expect(list.paging.speaks).toBe(true);
  });

  test('nothing is guessed for a caller that can go on by other means', async () => {
    const list = firstPage(chars('abc'), ['2'], {});

    expect(await read(list, { unknownEnd: 'stop' })).toMatchObject({ then: ['unknown'], error: undefined });
    expect(list.asked).toEqual(['']);
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
    expect(list.asked.filter((cursor) => cursor === '')).toHaveLength(2);
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

  test(
    'where rows go in each of three passes, is read a ' + 'fourth time without overlaps, and that is told once',
    async () => {
      const rows = chars('123abcdefg');
      const list = countedRows(rows, 3, (nth) => nth % 2 === 0 && nth <= 6 && rows.shift());

      const { keys, onUnsteady } = await whole(list);

      expect(chars(keys).sort().join('')).toBe('123abcdefg');
      expect(list.asked.filter((cursor) => cursor === '')).toHaveLength(4);
      expect(list.asked.slice(-3)).toEqual(['', '3', '6']);
      expect(onUnsteady).toHaveBeenCalledTimes(1);
    },
  );

  test('tells that it is unsteady before the pages of the last pass, for callers that stop early', async () => {
    const rows = chars('123abcdefg');
    const list = countedRows(rows, 3, (nth) => nth % 2 === 0 && rows.shift());
    const onUnsteady = vi.fn();

    for await (const { then } of steadyPages(list, onUnsteady)) if (then === 'end') break;

    expect(onUnsteady).toHaveBeenCalledTimes(1);
  });
});
