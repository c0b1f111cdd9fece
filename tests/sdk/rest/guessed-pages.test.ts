/** Lists whose answers never name a next page: some gateways drop the Link header (law 1). */
import { describe, expect, test } from 'vitest';
import { FatalError, RetriableError, SkippableError, StreamError } from '../../../src/sdk/errors.js';
import { FakeList, type ShortPage, chars, countedByGuess, readPages as read } from '../../support/paged-list.js';

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

  test('rows are counted: the next page is asked for a row early until it shows the last row alone', async () => {
    const list = countedByGuess(chars('abcdefg'));

    expect(await read(list)).toEqual({ keys: ['abc', 'de', 'fg'], then: ['more', 'more', 'end'], error: undefined });
    expect(list.asked).toEqual(['', '2', '4', '6']);
  });

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

  test('a page as large as one that had a successor is not the end, even if more rows were asked for', async () => {
    const list = firstPage(['a', 'b'], ['x'], { x: { keys: ['b', 'c'] } }, 100);

    const { keys, error } = await read(list);

    expect(keys).toEqual(['ab', 'c']);
    expect(list.paging.leastFull).toBe(2);
    expect(error?.code).toBe('ERR_PAGING');
  });

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

test('an only page that had lost its word is asked for again, once a guess has been answered with one', async () => {
  const withoutWord: ShortPage = { keys: chars('abc'), next: 'unknown', guesses: () => ['x'] };
  const list = new FakeList((cursor, nth) => {
    if (cursor === 'x') return { keys: [] }; // says that nothing follows it
    return nth === 1 ? withoutWord : { keys: chars('abd') }; // one row has gone, and one has moved up
  });

  expect(await read(list)).toEqual({ keys: ['abcd'], then: ['end'], error: undefined });
  expect(list.asked).toEqual(['', 'x', '']);
});
