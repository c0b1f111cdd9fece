/** Refusals that a definition takes for "nothing here". */
import { describe, expect, test } from 'vitest';
import { SkippableError, StreamError, TooLargeError } from '../../../src/sdk/errors.js';
import { each, single } from '../../../src/sdk/define/scope.js';
import { isAbsence } from '../../../src/sdk/sync/absence.js';
import { thing } from '../../support/rest.js';
import { LibraryServer, ago, partitionOf, reply, sync } from './library.js';

const nothingKnown = { knows: () => false, hasRead: () => false };
const context = { shelf: 'a' };
const off = { status: 403, message: /feature is off/ } as const;
const refusal = (status: number, message = 'GET /things/ answered') => new SkippableError(message, { status });

describe('a refusal means that there is nothing', () => {
  const definition = thing({ skip: [404, off, { status: 400, message: /feature is off/ }] });

  test('if its status is declared, and its message where that is declared', () => {
    const means = (error: unknown): boolean => isAbsence(nothingKnown, definition, context, error);

    expect(means(refusal(404))).toBe(true);
    expect(means(refusal(405))).toBe(false);
    expect(means(refusal(403))).toBe(false);
    expect(means(refusal(403, 'HTTP 403 (feature is off)'))).toBe(true);
    expect(means(refusal(405, 'HTTP 405 (feature is off)'))).toBe(false);
    expect(means(new StreamError('HTTP 400 (feature is off)', { status: 400 }))).toBe(true);
    expect(means(new StreamError('HTTP 400 (no such date)', { status: 400 }))).toBe(false);
    expect(means(new StreamError('broke off'))).toBe(false);
    expect(means(new TooLargeError('HTTP 404'))).toBe(false);
  });

  test('for no stream that declares nothing', () => {
    expect(isAbsence(nothingKnown, thing(), context, refusal(404))).toBe(false);
  });

  test('not where an earlier run has read the stream, or the partition', () => {
    const partition = { knows: () => true, hasRead: () => false };

    expect(isAbsence(partition, definition, context, refusal(404))).toBe(true);
    expect(isAbsence({ ...partition, hasRead: () => true }, definition, context, refusal(404))).toBe(false);
    expect(isAbsence(partition, definition, undefined, refusal(404))).toBe(false);
  });

  test('not below a range of which anything was read: its bookmarks do not say of which rows', () => {
    const range = thing({ window: { params: (part) => part, maxRows: 9 }, scope: single() });
    const below = thing({ ...definition, scope: each(range, { context: () => context }) });

    expect(isAbsence({ knows: () => true, hasRead: () => false }, below, context, refusal(404))).toBe(false);
    expect(isAbsence(nothingKnown, below, context, refusal(404))).toBe(true);
  });
});

/** Two shelves; the server refuses the paths that hold `at` and end in `part`. */
function refusing(part: string, at = '/a/', status = 403, detail = 'This feature is off'): LibraryServer {
  const server = new LibraryServer({ '/shelves/': [{ id: 'a' }, { id: 'b' }] });
  for (const id of ['a', 'b']) {
    server.rows[`/shelves/${id}/staff/`] = [{ id: `staff-${id}` }];
    server.rows[`/shelves/${id}/books/`] = [{ id: `book-${id}`, at: ago(500) }];
    server.rows[`/books/book-${id}/note/`] = { id: `note-${id}`, at: ago(500) };
  }
  server.answer = ({ pathname }) =>
    pathname.includes(at) && pathname.endsWith(part) ? reply({ detail }, status) : undefined;
  return server;
}

describe('a stream that has nothing somewhere', () => {
  test('is as good as whole, says so once, and ends with exit code 0', async () => {
    const { outcomes, ids, kept } = await sync(refusing('/staff/', ''), { select: ['staff'] });
    const staff = outcomes.get('staff');

    expect([ids('staff'), staff?.status, staff?.exitCode]).toEqual([[], 'empty', 0]);
    expect(staff?.describe()).toContain('2 with nothing to read (shelf a, shelf b)');
    expect(kept.said('INFO').filter((line) => line.includes('nothing to read'))).toHaveLength(1);
    expect(kept.said('WARNING')).toEqual([]);
  });

  test('is read elsewhere', async () => {
    const { outcomes, ids } = await sync(refusing('/staff/'), { select: ['staff'] });

    expect([ids('staff'), outcomes.get('staff')?.status]).toEqual([['staff-b'], 'ok']);
  });

  test('is refused where the message is another one', async () => {
    const { outcomes } = await sync(refusing('/staff/', '/a/', 403, 'You may not'), { select: ['staff'] });

    expect([...(outcomes.get('staff')?.refused ?? [])]).toEqual([['shelf a', 403]]);
  });

  test('may be the whole list', async () => {
    const { outcomes } = await sync(refusing('/shelves/', ''), { select: ['shelves', 'staff', 'books'] });

    expect([...outcomes.values()].map(({ status, exitCode }) => [status, exitCode])).toEqual([
      ['empty', 0],
      ['empty', 0],
      ['empty', 0],
    ]);
  });

  test('gets no bookmark, so that what comes later is read from the start', async () => {
    const synced = await sync(refusing('/books/'), { select: ['books'] });

    expect([partitionOf(synced, 'books', 'a'), partitionOf(synced, 'books', 'b')?.start]).toEqual([undefined, ago(0)]);
    expect(synced.outcomes.get('books')?.status).toBe('ok');
  });

  test('is withdrawn where an earlier run has read it', async () => {
    const state = { bookmarks: { books: { partitions: [{ context: { shelf: 'a' }, start: ago(900) }] } } };

    const synced = await sync(refusing('/books/'), { select: ['books'], state });

    expect(synced.outcomes.get('books')).toMatchObject({ withdrawn: ['shelf a'], exitCode: 1 });
    expect(partitionOf(synced, 'books', 'a')?.start).toBe(ago(900));
  });

  test('is refused where an earlier run has read what is below it', async () => {
    const state = { bookmarks: { notes: { partitions: [{ context: { shelf: 'a' }, start: ago(900) }] } } };

    const { outcomes } = await sync(refusing('/books/'), { select: ['books', 'notes'], state });

    expect(outcomes.get('notes')).toMatchObject({ withdrawn: ['shelf a'], exitCode: 1 });
  });

  test('below a row: nothing is said of rows that are gone', async () => {
    const { outcomes } = await sync(refusing('/note/', '', 405), { select: ['books', 'notes'] });

    expect(outcomes.get('notes')).toMatchObject({ status: 'empty', hasGone: false });
  });
});
