import { describe, expect, test } from 'vitest';
import { StoppedError } from '../../../src/sdk/errors.js';
import { LibraryServer, type Row, ago, partitionOf, reply, sync } from './library.js';

const hours = 3600;
const dated = (id: string, seconds: number): Row => ({ id, at: ago(seconds) });

/** A shelf of books, each with a note, a stamp on it, and a loan long before. */
function serverOf(...books: [id: string, seconds: number][]): LibraryServer {
  const server = new LibraryServer({
    '/shelves/': [{ id: 's0' }],
    '/shelves/s0/': { id: 's0' },
    '/shelves/s0/books/': books.map(([id, seconds]) => dated(id, seconds)),
  });
  for (const [id, seconds] of books) {
    server.rows[`/books/${id}/note/`] = dated(id, seconds);
    server.rows[`/notes/${id}/stamps/`] = [{ id: `stamp-${id}` }];
    server.rows[`/books/${id}/loans/`] = [dated(`loan-${id}`, seconds + 100 * hours)];
  }
  return server;
}

const standing = (streams: Record<string, number>) => ({
  bookmarks: Object.fromEntries(
    Object.entries(streams).map(([stream, seconds]) => [
      stream,
      { partitions: [{ context: { shelf: 's0' }, start: ago(seconds) }] },
    ]),
  ),
});

describe('children of a row', () => {
  test('are asked for each row: objects, their lists, and ranges', async () => {
    const server = serverOf(['a', hours], ['b', 2 * hours]);

    const { ids } = await sync(server, { select: ['books', 'notes', 'stamps', 'loans'] });

    expect(ids('notes').sort()).toEqual(['a', 'b']);
    expect(ids('stamps').sort()).toEqual(['stamp-a', 'stamp-b']);
    expect(ids('loans').sort()).toEqual(['loan-a', 'loan-b']);
  });

  test('are asked where the streams between are not selected, and those write nothing', async () => {
    const { ids, messages } = await sync(serverOf(['a', hours]), { select: ['stamps'] });

    expect(ids('stamps')).toEqual(['stamp-a']);
    expect([...new Set(messages.map(({ stream }) => stream))]).toEqual(['stamps']);
  });

  test('are not asked for rows that are older than the bookmark of the child', async () => {
    const server = serverOf(['new', hours], ['old', 5 * hours]);

    const { ids } = await sync(server, { select: ['notes'], state: standing({ notes: 2 * hours }) });

    expect(ids('notes')).toEqual(['new']);
    expect(server.paths).not.toContain('/books/old/note/');
  });

  test('are asked for older rows where the child is newly selected, without writing those again', async () => {
    const server = serverOf(['new', hours], ['old', 5 * hours]);

    const { ids } = await sync(server, { select: ['books', 'notes'], state: standing({ books: 2 * hours }) });

    expect([ids('books'), ids('notes').sort()]).toEqual([['new'], ['new', 'old']]);
  });

  test('are not asked for rows that the settings leave out', async () => {
    const server = new LibraryServer({
      '/shelves/': [{ id: 's0' }, { id: 's1' }],
      '/shelves/s0/staff/': [{ id: 'p0' }],
      '/shelves/s1/staff/': [{ id: 'p1' }],
    });

    expect((await sync(server, { select: ['staff'], settings: { shelves: ['s1'] } })).ids('staff')).toEqual(['p1']);
  });

  test('are read page by page', async () => {
    const server = serverOf(['a', hours]);
    server.rows['/notes/a/stamps/'] = Array.from({ length: 9 }, (_, n) => ({ id: `stamp-${n}` }));

    expect((await sync(server, { select: ['stamps'] })).ids('stamps')).toHaveLength(9);
  });

  test('are not asked any more when a test has seen a row of each stream', async () => {
    const server = serverOf(...Array.from({ length: 30 }, (_, n): [string, number] => [`b${n}`, n * hours]));

    const { ids } = await sync(server, { select: ['books', 'notes'], maxRows: 1 });

    expect([ids('books').length, ids('notes').length]).toEqual([1, 1]);
    expect(server.paths.filter((path) => path.endsWith('/note/')).length).toBeLessThan(6);
  });

  test('with a range are asked from where the child stands', async () => {
    const server = serverOf(['a', hours]);
    server.rows['/books/a/loans/'] = [dated('new', hours), dated('old', 10 * hours)];

    const { ids } = await sync(server, { select: ['loans'], state: standing({ loans: 5 * hours }) });

    expect(ids('loans')).toEqual(['new']);
  });
});

describe('a bookmark', () => {
  const failing = (path: string, status = 422, body: unknown = { detail: 'broken' }) => {
    const server = serverOf(['a', hours], ['b', 2 * hours], ['c', 3 * hours]);
    server.answer = ({ pathname }) => (pathname === path ? reply(body, status) : undefined);
    return server;
  };

  test('of a child stays before the row below which it failed; those above and beside move', async () => {
    const synced = await sync(failing('/books/b/note/'), { select: ['books', 'notes', 'loans'] });

    expect(partitionOf(synced, 'books', 's0')?.start).toBe(ago(0));
    expect(partitionOf(synced, 'notes', 's0')).toMatchObject({
      start: ago(2 * hours),
      done: [[ago(hours), ago(0)]],
    });
    expect(partitionOf(synced, 'loans', 's0')?.start).toBe(ago(0));
    expect(synced.outcomes.get('notes')?.failures).toHaveLength(1);
  });

  test('of a child lets the next run ask for the failed row, and for no other', async () => {
    const server = failing('/books/b/note/');
    const first = await sync(server, { select: ['books', 'notes'] });
    server.answer = () => undefined;

    const second = await sync(server, { select: ['books', 'notes'], state: { bookmarks: first.state } });

    expect([second.ids('books'), second.ids('notes')]).toEqual([[], ['b']]);
    expect(partitionOf(second, 'notes', 's0')).toEqual({ context: { shelf: 's0' }, start: ago(0) });
  });

  test('of a grandchild stays where its parent failed', async () => {
    const synced = await sync(failing('/books/b/note/'), { select: ['books', 'stamps'] });

    expect(partitionOf(synced, 'stamps', 's0')?.start).toBe(ago(2 * hours));
    expect(synced.outcomes.get('stamps')?.failures).toHaveLength(1);
  });

  test('of a parent moves where a grandchild failed, and that of the child between too', async () => {
    const synced = await sync(failing('/notes/b/stamps/'), { select: ['books', 'notes', 'stamps'] });

    expect(partitionOf(synced, 'notes', 's0')?.start).toBe(ago(0));
    expect(partitionOf(synced, 'stamps', 's0')?.start).toBe(ago(2 * hours));
  });

  test('of a child stays where one of its records could not be written', async () => {
    const synced = await sync(failing('/books/b/note/', 200, { id: null, at: ago(2 * hours) }), {
      select: ['books', 'notes'],
    });

    expect(partitionOf(synced, 'notes', 's0')?.start).toBe(ago(2 * hours));
    expect(synced.outcomes.get('notes')?.exitCode).toBe(1);
  });

  test('of a child with a range stays at the start until all is read, and knows which rows are done', async () => {
    const synced = await sync(failing('/books/b/loans/'), { select: ['loans'] });

    expect(partitionOf(synced, 'loans', 's0')).toMatchObject({
      start: '2026-01-01T00:00:00Z',
      done: [
        ['2026-01-01T00:00:00Z', ago(2 * hours)],
        [ago(hours), ago(0)],
      ],
    });
  });
});

describe('a row that is not found (404)', () => {
  test('is gone since it was listed: it is named, and holds no bookmark', async () => {
    const server = serverOf(['a', hours], ['b', 2 * hours]);
    delete server.rows['/books/b/note/'];

    const synced = await sync(server, { select: ['books', 'notes'] });

    expect(partitionOf(synced, 'notes', 's0')?.start).toBe(ago(0));
    expect(synced.outcomes.get('notes')).toMatchObject({ exitCode: 0, failures: [] });
    expect(synced.outcomes.get('notes')?.describe()).toContain('1 not found (404), though the list shows them (b)');
  });

  test('like all others means that the route is not there: the stream is refused, and its bookmark stays', async () => {
    const server = serverOf(['a', hours], ['b', 2 * hours]);
    for (const id of ['a', 'b']) delete server.rows[`/books/${id}/note/`];

    const fresh = await sync(server, { select: ['books', 'notes'] });
    const known = await sync(server, {
      select: ['books', 'notes'],
      state: standing({ books: 9 * hours, notes: 9 * hours }),
    });

    expect(fresh.outcomes.get('notes')).toMatchObject({ status: 'partial', exitCode: 0 });
    expect([...(fresh.outcomes.get('notes')?.refused ?? [])]).toEqual([['notes', 404]]);
    expect(fresh.kept.said('WARNING').join()).toMatch(/note\/ answered 404 for every row: the server may not have it/);
    expect(known.outcomes.get('notes')).toMatchObject({ withdrawn: ['notes'], exitCode: 1 });
    expect(partitionOf(known, 'notes', 's0')?.start).toBe(ago(2 * hours)); // before the oldest of them
  });

  test('but refused (403) holds the bookmark', async () => {
    const server = serverOf(['a', hours], ['b', 2 * hours]);
    server.answer = ({ pathname }) => (pathname === '/books/b/note/' ? reply({ detail: 'no' }, 403) : undefined);

    const synced = await sync(server, { select: ['books', 'notes'] });

    expect(partitionOf(synced, 'notes', 's0')?.start).toBe(ago(2 * hours));
    expect([...(synced.outcomes.get('notes')?.refused ?? [])]).toEqual([['book b', 403]]);
  });
});

describe('what ends the run', () => {
  test('is a token that is refused below a row', async () => {
    const server = serverOf(['a', hours], ['b', 2 * hours]);
    server.answer = ({ pathname }) => (pathname === '/books/b/note/' ? reply({ detail: 'no' }, 401) : undefined);

    const { error } = await sync(server, { select: ['books', 'notes'] });

    expect(String(error)).toMatch(/refuses the credentials/);
  });

  test('is a signal, wherever it comes', async () => {
    const server = serverOf(['a', hours], ['b', 2 * hours]);
    server.answer = ({ pathname }) => {
      if (pathname === '/notes/b/stamps/') throw new StoppedError('SIGTERM');
      return undefined;
    };

    const { error } = await sync(server, { select: ['stamps'] });

    expect(error).toBeInstanceOf(StoppedError);
  });
});

describe('an empty list below a row', () => {
  /** A server that knows shelves by their names, and has empty lists for all other texts. */
  const namesOnly = (staff: Record<string, string[]>): LibraryServer => {
    const server = new LibraryServer({
      '/shelves/': Object.keys(staff).map((name, n) => ({ id: `s${n}`, name })),
    });
    for (const [name, ids] of Object.entries(staff)) {
      server.rows[`/shelves/${name}/staff/`] = ids.map((id) => ({ id }));
    }
    server.answer = ({ pathname }) => (/^\/shelves\/s\d+\/staff\/$/.test(pathname) ? reply([]) : undefined);
    return server;
  };

  test('is asked for by the alias where the server does not find the row by its context', async () => {
    const { ids } = await sync(namesOnly({ art: [], law: ['p1', 'p2'], tea: ['p3'] }), { select: ['staff'] });

    expect(ids('staff').sort()).toEqual(['p1', 'p2', 'p3']);
  });

  test('is asked for by the alias also where the first rows have none', async () => {
    const empty = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`e${n}`, []]));

    const { ids } = await sync(namesOnly({ ...empty, law: ['p1'] }), { select: ['staff'] });

    expect(ids('staff')).toEqual(['p1']);
  });

  test('is believed where the server finds the row by its context, which is asked once', async () => {
    const server = new LibraryServer({
      '/shelves/': ['s0', 's1', 's2'].map((id) => ({ id, name: `name-${id}` })),
    });
    for (const id of ['s0', 's1', 's2']) server.rows[`/shelves/${id}/staff/`] = [];
    server.rows['/shelves/s0/'] = { id: 's0' };

    await sync(server, { select: ['staff'] });

    expect(server.asked.filter((path) => /^\/shelves\/s\d\/(\?|$)/.test(path))).toHaveLength(1);
    expect(server.paths.filter((path) => path.includes('name-'))).toEqual([]);
  });
});
