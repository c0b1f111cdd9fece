import { describe, expect, test } from 'vitest';
import { LibraryServer, type Row, ago, lastPage, partitionOf, reply, sync } from './library.js';

const shelfRows = (...ids: string[]): Row[] => ids.map((id) => ({ id, name: `name-${id}` }));

/** A server with these shelves; each answers for itself too, and has a book. */
function serverOf(...ids: string[]): LibraryServer {
  const server = new LibraryServer({ '/shelves/': shelfRows(...ids) });
  for (const id of ids) add(server, id);
  return server;
}

function add(server: LibraryServer, id: string): void {
  server.rows[`/shelves/${id}/`] = { id, name: `name-${id}` };
  server.rows[`/shelves/${id}/books/`] = [{ id: `book-${id}`, at: ago(500) }];
  server.rows[`/shelves/${id}/staff/`] = [{ id: `staff-${id}` }];
}

const stateOf = (...shelves: string[]) => ({
  bookmarks: { books: { partitions: shelves.map((shelf) => ({ context: { shelf }, start: ago(100) })) } },
});
const shelvesIn = (synced: Awaited<ReturnType<typeof sync>>): (string | undefined)[] =>
  (synced.state['books']?.partitions ?? []).map(({ context }) => context['shelf']).sort();

describe('a full table', () => {
  test('is read page by page, each record once, and what is asked for its rows too', async () => {
    const server = serverOf('a', 'b', 'c', 'd', 'e', 'f');

    const { ids } = await sync(server, { select: ['shelves', 'staff', 'books'] });

    expect(ids('shelves')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(ids('staff').sort()).toEqual(['staff-a', 'staff-b', 'staff-c', 'staff-d', 'staff-e', 'staff-f']);
    expect(ids('books')).toHaveLength(6);
  });

  test('writes nothing of itself where only what is below it is selected', async () => {
    const { ids, messages } = await sync(serverOf('a'), { select: ['books'] });

    expect([ids('shelves'), ids('books')]).toEqual([[], ['book-a']]);
    expect(messages.some(({ stream }) => stream === 'shelves')).toBe(false);
  });

  test('is no longer read when a test has seen a row of each stream', async () => {
    const server = serverOf(...'abcdefghijklmnopqrstuvwxyz');

    const { ids } = await sync(server, { select: ['shelves'], maxRows: 1 });

    expect(ids('shelves')).toEqual(['a']);
    expect(server.asked.filter((path) => path.startsWith('/shelves/?'))).toHaveLength(2); // the second is on its way
  });

  test('of which a test has seen enough is not complete: nothing is activated, looked up or forgotten', async () => {
    const server = serverOf('a', 'b');

    const synced = await sync(server, {
      select: ['shelves'],
      state: stateOf('a', 'gone'),
      maxRows: 1,
      activates: true,
    });

    expect(synced.messages.map(({ type }) => type)).toEqual(['SCHEMA', 'RECORD']);
    expect(server.asked).not.toContain('/shelves/gone/');
  });

  test('that fails in the middle fails what is below it, keeps every bookmark and activates nothing', async () => {
    const server = serverOf('a', 'b', 'c', 'd', 'e', 'f');
    server.answer = ({ pathname, searchParams }) =>
      pathname === '/shelves/' && searchParams.has('cursor') ? reply({ detail: 'broken' }, 422) : undefined;

    const synced = await sync(server, {
      select: ['shelves', 'books'],
      state: stateOf('a', 'gone'),
      activates: true,
    });

    for (const name of ['shelves', 'books']) expect(synced.outcomes.get(name)?.failures).toHaveLength(1);
    expect(shelvesIn(synced)).toEqual(['a', 'gone']);
    expect(synced.messages.some(({ type }) => type === 'ACTIVATE_VERSION')).toBe(false);
  });

  test('whose rows move between two pages is read again from its beginning, each record once', async () => {
    const server = serverOf('a', 'b', 'c', 'd', 'e', 'f');
    server.answer = ({ pathname, searchParams }) => {
      const list = server.rows['/shelves/'] as Row[];
      if (pathname === '/shelves/' && searchParams.has('cursor') && list[0]?.['id'] === 'a') list.shift();
      return undefined;
    };

    const synced = await sync(server, { select: ['shelves'], activates: true });

    expect(synced.ids('shelves')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(synced.outcomes.get('shelves')?.status).toBe('ok');
    expect(synced.messages.some(({ type }) => type === 'ACTIVATE_VERSION')).toBe(true);
  });

  test('whose rows move each time that it is read is doubtful: nothing is forgotten or activated', async () => {
    const server = serverOf(...'abcdefghijkl');
    server.answer = ({ pathname, searchParams }) => {
      if (pathname === '/shelves/' && searchParams.has('cursor')) (server.rows['/shelves/'] as Row[]).shift();
      return undefined;
    };

    const synced = await sync(server, { select: ['shelves', 'books'], state: stateOf('gone'), activates: true });

    expect(synced.outcomes.get('shelves')?.failures.join()).toMatch(/rows moved each time that the list was read/);
    expect(shelvesIn(synced)).toContain('gone');
    expect(synced.messages.some(({ type }) => type === 'ACTIVATE_VERSION')).toBe(false);
  });
});

describe('ACTIVATE_VERSION', () => {
  const activated = async (server: LibraryServer, more: object = {}) => {
    const { messages } = await sync(server, { select: ['shelves'], activates: true, ...more });
    return messages.filter(({ type }) => type === 'ACTIVATE_VERSION').map(({ stream }) => stream);
  };

  test('comes after a complete read', async () => {
    expect(await activated(serverOf('a', 'b'))).toEqual(['shelves']);
  });

  test('does not come where settings leave rows out: they exist all the same', async () => {
    expect(await activated(serverOf('a', 'b'), { settings: { shelves: ['a'] } })).toEqual([]);
  });

  test('does not come for an empty list, nor for one with a row that could not be written', async () => {
    const without = serverOf('a');
    without.rows['/shelves/'] = [{ id: 'a' }, { id: null }];

    expect(await activated(serverOf())).toEqual([]);
    expect(await activated(without)).toEqual([]);
  });
});

describe('a row that an earlier run knew and the list lacks', () => {
  test('is gone when the server does not find it: its bookmarks are forgotten, and it is said', async () => {
    const server = serverOf('a');

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'gone') });

    expect(server.asked).toEqual(expect.arrayContaining(['/shelves/a/', '/shelves/gone/']));
    expect(shelvesIn(synced)).toEqual(['a']);
    expect(synced.outcomes.get('books')?.exitCode).toBe(0);
    expect(synced.kept.said('INFO').join()).toMatch(
      /shelves: shelf gone is gone from the server; its bookmarks are forgotten/,
    );
  });

  test('that the server finds is withdrawn: its bookmark stays, and the run fails', async () => {
    const server = serverOf('a');
    add(server, 'hidden');

    const synced = await sync(server, { select: ['books', 'notes'], state: stateOf('a', 'hidden') });

    expect(shelvesIn(synced)).toEqual(['a', 'hidden']);
    expect(partitionOf(synced, 'books', 'hidden')?.start).toBe(ago(100));
    expect(synced.outcomes.get('books')).toMatchObject({ withdrawn: ['shelf hidden'], exitCode: 1 });
  });

  test.each([403, 422])('that the server answers with %i is withdrawn', async (status) => {
    const server = serverOf('a');
    server.answer = ({ pathname }) => (pathname === '/shelves/lost/' ? reply({ detail: 'no' }, status) : undefined);

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'lost') });

    expect(shelvesIn(synced)).toEqual(['a', 'lost']);
    expect(synced.outcomes.get('books')?.withdrawn).toEqual(['shelf lost']);
  });

  test('is gone where the server finds no listed row in that way either: it takes no ids', async () => {
    const server = serverOf('a');
    delete server.rows['/shelves/a/'];

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'gone') });

    expect(shelvesIn(synced)).toEqual(['a']);
    expect(synced.outcomes.get('books')?.withdrawn).toEqual([]);
  });

  test('is withdrawn on such a server where the list has lost more than it has kept', async () => {
    const server = serverOf('a');
    delete server.rows['/shelves/a/'];

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'lost', 'missing') });

    expect(shelvesIn(synced)).toEqual(['a', 'lost', 'missing']);
    expect(synced.outcomes.get('books')?.withdrawn).toEqual(['shelf lost', 'shelf missing']);
  });

  test('is gone where one of the first listed rows is found: some are known by other names only', async () => {
    const server = serverOf('a', 'b', 'c');
    delete server.rows['/shelves/a/'];
    delete server.rows['/shelves/b/'];

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'gone') });

    expect(shelvesIn(synced)).toEqual(['a', 'b', 'c']);
    expect(synced.outcomes.get('books')?.withdrawn).toEqual([]);
  });

  test('is looked for by five listed rows at most, before ids count as not taken', async () => {
    const server = serverOf(...'abcdefg');
    for (const id of 'abcde') delete server.rows[`/shelves/${id}/`];

    await sync(server, { select: ['books'], state: stateOf('a', 'gone') });

    expect(server.asked).toContain('/shelves/e/');
    expect(server.asked).not.toContain('/shelves/f/');
  });

  test('is withdrawn with all others where the list is empty: nothing tells that it is right', async () => {
    const server = serverOf();

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'b') });

    expect(shelvesIn(synced)).toEqual(['a', 'b']);
    expect(synced.outcomes.get('books')).toMatchObject({ withdrawn: ['shelf a', 'shelf b'], exitCode: 1 });
  });

  test('ends the run where the server refuses the token', async () => {
    const server = serverOf('a');
    server.answer = ({ pathname }) => (pathname === '/shelves/lost/' ? reply({ detail: 'no' }, 401) : undefined);

    const { error } = await sync(server, { select: ['books'], state: stateOf('a', 'lost') });

    expect(String(error)).toMatch(/refuses the credentials/);
  });

  test('is not asked for when the settings leave it out: it is listed', async () => {
    const server = serverOf('a', 'b');

    const synced = await sync(server, { select: ['books'], state: stateOf('a', 'b'), settings: { shelves: ['a'] } });

    expect(server.asked).not.toContain('/shelves/b/');
    expect(shelvesIn(synced)).toEqual(['a', 'b']);
    expect(synced.ids('books')).toEqual([]); // read before, and b is not asked
  });
});

describe('one bookmark for all rows', () => {
  test('is given to each of them before one moves', async () => {
    const server = serverOf('a', 'b');
    server.answer = ({ pathname }) => (pathname === '/shelves/b/books/' ? reply({ detail: 'broken' }, 422) : undefined);

    const synced = await sync(server, { select: ['books'], state: { bookmarks: { books: { start: ago(300) } } } });

    expect(partitionOf(synced, 'books', 'a')?.start).toBe(ago(0));
    expect(partitionOf(synced, 'books', 'b')?.start).toBe(ago(300));
  });
});

describe('a row that the token may not read', () => {
  test('is not asked, and said; withdrawn where it could be read before', async () => {
    const server = serverOf('a', 'b');
    server.rows['/shelves/'] = [...shelfRows('a'), { id: 'b', name: 'name-b', open: false }];

    const fresh = await sync(server, { select: ['books', 'staff'] });
    const known = await sync(server, { select: ['books'], state: stateOf('a', 'b') });

    expect([...(fresh.outcomes.get('books')?.refused ?? [])]).toEqual([['name-b', 0]]);
    expect([...(fresh.outcomes.get('staff')?.refused ?? [])]).toEqual([['name-b', 0]]);
    expect(fresh.kept.said('WARNING').join()).toMatch(/shelves lists name-b, but the token has no access to it/);
    expect(known.outcomes.get('books')).toMatchObject({ withdrawn: ['name-b'], exitCode: 1 });
    expect(server.paths).not.toContain('/shelves/b/books/');
  });
});

describe('rows that a setting names', () => {
  test('are the only ones, by whichever name', async () => {
    const { ids } = await sync(serverOf('a', 'b', 'c'), {
      select: ['shelves', 'books'],
      settings: { shelves: ['a', 'name-c'] },
    });

    expect([ids('shelves'), ids('books').sort()]).toEqual([
      ['a', 'c'],
      ['book-a', 'book-c'],
    ]);
  });

  test('under an old name are found, read, and said to be called otherwise', async () => {
    const server = serverOf('a', 'b');
    server.rows['/shelves/old-name/'] = { id: 'b', name: 'name-b' };

    const { ids, kept, outcomes } = await sync(server, {
      select: ['shelves', 'books'],
      settings: { shelves: ['a', 'old-name'] },
    });

    expect([ids('shelves'), ids('books').sort()]).toEqual([
      ['a', 'b'],
      ['book-a', 'book-b'],
    ]);
    expect(kept.said('WARNING')).toEqual(['shelves: "old-name" is now called "name-b". Set it to that.']);
    expect(outcomes.get('shelves')?.failures).toEqual([]);
  });

  test('are read once, where the setting has the old name and the new', async () => {
    const server = serverOf('a', 'b');
    server.rows['/shelves/old-name/'] = { id: 'b', name: 'name-b' };

    const { ids } = await sync(server, { select: ['shelves'], settings: { shelves: ['b', 'old-name'] } });

    expect(ids('shelves')).toEqual(['b']);
  });

  test('and that are nowhere fail the run, with the names that there are', async () => {
    const { outcomes, ids } = await sync(serverOf('a', 'b'), {
      select: ['shelves'],
      settings: { shelves: ['a', 'nowhere'] },
    });

    expect(ids('shelves')).toEqual(['a']);
    expect(outcomes.get('shelves')?.failures).toEqual([
      'shelves names "nowhere", which is not among the shelves: name-a, name-b',
    ]);
  });

  test('are said by the first selected stream below, where the table itself is not selected', async () => {
    const { outcomes } = await sync(serverOf('a'), { select: ['books'], settings: { shelves: ['nowhere'] } });

    expect(outcomes.get('books')?.failures).toHaveLength(1);
  });

  test('are listed by twenty at most', async () => {
    const ids = Array.from({ length: 22 }, (_, n) => String(n));
    const { outcomes } = await sync(serverOf(...ids), { select: ['shelves'], settings: { shelves: ['nowhere'] } });

    expect(outcomes.get('shelves')?.failures[0]).toMatch(/name-18, name-19, …$/);
  });
});

test('a list that ends where a page is short is at its end', async () => {
  const server = serverOf('a');
  server.answer = ({ pathname }) => (pathname === '/shelves/' ? lastPage(shelfRows('a')) : undefined);

  expect((await sync(server, { select: ['shelves'] })).ids('shelves')).toEqual(['a']);
});

describe('a table of several queries', () => {
  const visitors = (kind: string, count: number): Row[] =>
    Array.from({ length: count }, (_, n) => ({ id: `${kind}${n}`, kind }));

  test('has the rows of all of them, each with the parameters that showed it', async () => {
    const server = new LibraryServer({ '/guests/': [...visitors('near', 5), ...visitors('far', 1)] });

    const { ids, messages } = await sync(server, { select: ['guests'], activates: true });

    expect(ids('guests')).toEqual(['near0', 'near1', 'near2', 'near3', 'near4', 'far0']);
    expect(messages.at(-1)?.type).toBe('ACTIVATE_VERSION');
  });

  test('is not complete where one of them fails', async () => {
    const server = new LibraryServer({ '/guests/': visitors('near', 1) });
    server.answer = ({ searchParams }) => (searchParams.get('kind') === 'far' ? reply({}, 422) : undefined);

    const { ids, messages, outcomes } = await sync(server, { select: ['guests'], activates: true });

    expect(ids('guests')).toEqual(['near0']);
    expect(outcomes.get('guests')?.status).toBe('failed');
    expect(messages.some(({ type }) => type === 'ACTIVATE_VERSION')).toBe(false);
  });
});

test('a row may make several contexts, which the settings name', async () => {
  const server = serverOf('a', 'b');
  for (const path of ['/shelves/a/labels/en/', '/shelves/a/labels/fr/', '/shelves/b/labels/en/'])
    server.rows[path] = [{ id: path }];
  server.rows['/shelves/b/labels/fr/'] = [];

  const { ids, messages } = await sync(server, { select: ['labels'], settings: { languages: ['en', 'fr'] } });

  expect(ids('labels').sort()).toEqual(['/shelves/a/labels/en/', '/shelves/a/labels/fr/', '/shelves/b/labels/en/']);
  const languages = messages.filter(({ type }) => type === 'RECORD').map(({ record }) => record?.['language']);
  expect(languages.sort()).toEqual(['en', 'en', 'fr']);
});
