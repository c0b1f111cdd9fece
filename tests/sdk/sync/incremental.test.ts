import { describe, expect, test } from 'vitest';
import { day, hour, isoSeconds, second } from '../../../src/sdk/time.js';
import { LibraryServer, type Row, type SyncOptions, ago, lastPage, partitionOf, reply, sync } from './library.js';

const hours = 3600;
const sale = (id: string, shelf: string, seconds: number, more: Row = {}): Row => ({
  id,
  shelf,
  at: ago(seconds),
  proof: true,
  ...more,
});
const visit = (id: string, seconds: number): Row => ({ id, at: ago(seconds) });

/** Shelves with a name each; what they hold is put in by path. */
function serverOf(ids: readonly string[], rows: Record<string, Row[]> = {}): LibraryServer {
  const server = new LibraryServer({
    '/shelves/': ids.map((id) => ({ id, name: `name-${id}` })),
    '/sales/': [],
    ...rows,
  });
  for (const id of ids) server.rows[`/shelves/${id}/`] = { id };
  for (const path of ids.flatMap((id) => [`/shelves/${id}/books/`, `/shelves/${id}/visits/`])) server.rows[path] ??= [];
  return server;
}

/** Partitions of a stream, each with the seconds since its bookmark. */
const standing = (starts: Record<string, number>, more: Row = {}) => ({
  ...more,
  partitions: Object.entries(starts).map(([shelf, seconds]) => ({ context: { shelf }, start: ago(seconds) })),
});

/** The parameters of the requests for a path, the plain list that proves the range left out. */
const asked = (server: LibraryServer, path: string): URLSearchParams[] =>
  server.asked
    .map((one) => new URL(one, 'http://library'))
    .filter(({ pathname, searchParams }) => pathname === path && searchParams.has('start'))
    .map(({ searchParams }) => searchParams);
const isAsked = (server: LibraryServer, path: string): boolean => asked(server, path).length > 0;

describe('a range for each row of a parent', () => {
  test('begins where its partition stands, and ends with the run', async () => {
    const server = serverOf(['a', 'b'], {
      '/shelves/a/books/': [visit('old', 3 * hours), visit('new', hours)],
      '/shelves/b/books/': [visit('b', 9 * hours)],
    });

    const synced = await sync(server, {
      select: ['books'],
      state: { bookmarks: { books: standing({ a: 2 * hours }) } },
    });

    expect(synced.ids('books').sort()).toEqual(['b', 'new']);
    expect(asked(server, '/shelves/a/books/')[0]?.get('start')).toBe(ago(2 * hours));
    expect(asked(server, '/shelves/a/books/')[0]?.get('end')).toBe(ago(-1));
    expect(partitionOf(synced, 'books', 'a')?.start).toBe(ago(0));
    expect(partitionOf(synced, 'books', 'b')?.start).toBe(ago(0));
  });

  test('is not asked where nothing is left of it', async () => {
    const server = serverOf(['a']);

    await sync(server, {
      select: ['books'],
      state: { bookmarks: { books: standing({ a: 0 }) } },
      end: Date.parse(ago(0)),
    });

    expect(server.paths).not.toContain('/shelves/a/books/');
  });

  test('that fails keeps its bookmark, and the others move', async () => {
    const server = serverOf(['a', 'b'], { '/shelves/b/books/': [visit('b', hours)] });
    server.answer = ({ pathname }) => (pathname === '/shelves/a/books/' ? reply({ detail: 'broken' }, 422) : undefined);

    const synced = await sync(server, {
      select: ['books'],
      state: { bookmarks: { books: standing({ a: 5 * hours, b: 5 * hours }) } },
    });

    expect([partitionOf(synced, 'books', 'a')?.start, partitionOf(synced, 'books', 'b')?.start]).toEqual([
      ago(5 * hours),
      ago(0),
    ]);
    expect(synced.outcomes.get('books')?.failures).toEqual([expect.stringMatching(/^name-a: GET .*HTTP 422/)]);
  });

  test('that the server refuses is left out, or withdrawn where it could be read before', async () => {
    const refusing = () => {
      const server = serverOf(['a', 'b'], { '/shelves/b/books/': [visit('b', hours)] });
      server.answer = ({ pathname }) => (pathname === '/shelves/a/books/' ? reply({ detail: 'no' }, 403) : undefined);
      return server;
    };

    const fresh = await sync(refusing(), { select: ['books'] });
    const known = await sync(refusing(), {
      select: ['books'],
      state: { bookmarks: { books: standing({ a: 5 * hours }) } },
    });

    expect([fresh.outcomes.get('books')?.exitCode, known.outcomes.get('books')?.exitCode]).toEqual([0, 1]);
    expect(partitionOf(fresh, 'books', 'a')).toBeUndefined();
    expect(partitionOf(known, 'books', 'a')?.start).toBe(ago(5 * hours));
  });

  test('ends with the run where the server refuses the token', async () => {
    const server = serverOf(['a', 'b']);
    server.answer = ({ pathname }) => (pathname === '/shelves/a/books/' ? reply({ detail: 'no' }, 401) : undefined);

    const { error } = await sync(server, { select: ['books'] });

    expect(String(error)).toMatch(/refuses the credentials/);
  });

  test('is capped to the newest rows where a setting says so: what is older is left out for good', async () => {
    const server = serverOf(['a'], { '/shelves/a/books/': [1, 2, 3, 4, 5, 6].map((n) => visit(`b${n}`, n * hours)) });

    const first = await sync(server, { select: ['books'], settings: { newestBooks: 3 } });
    const second = await sync(server, {
      select: ['books'],
      settings: { newestBooks: 3 },
      state: { bookmarks: first.state },
    });

    expect([first.ids('books'), second.ids('books')]).toEqual([['b1', 'b2', 'b3'], []]);
    expect(first.outcomes.get('books')?.describe()).toContain('only the newest 3 rows of a partition were read');
  });

  test('goes on in the gaps that an interrupted run has left', async () => {
    const server = serverOf(['a'], { '/shelves/a/books/': [1, 2, 3, 4, 5, 6].map((n) => visit(`b${n}`, n * hours)) });
    const state = {
      bookmarks: {
        books: {
          partitions: [
            { context: { shelf: 'a' }, start: ago(5.5 * hours), done: [[ago(4.5 * hours), ago(2.5 * hours)]] },
          ],
        },
      },
    };

    const { ids } = await sync(server, { select: ['books'], state });

    expect(ids('books').sort()).toEqual(['b1', 'b2', 'b5']);
  });
});

describe('a failure in one query', () => {
  test('weighs more than a refusal in another', async () => {
    const server = serverOf(['a']);
    server.answer = ({ pathname, searchParams }) => {
      if (pathname !== '/sales/') return undefined;
      return searchParams.get('kind') === 'lent' ? reply({ detail: 'broken' }, 422) : reply({ detail: 'no' }, 403);
    };

    const { outcomes } = await sync(server, { select: ['sales'], settings: { kinds: true } });

    expect(outcomes.get('sales')?.status).toBe('failed');
  });
});

describe('one query for all rows of a parent', () => {
  const rows = [sale('1', 'a', hours), sale('2', 'b', 2 * hours), sale('3', 'c', 3 * hours)];

  test('names none of them where none is left out', async () => {
    const server = serverOf(['a', 'b', 'c'], { '/sales/': rows });

    const synced = await sync(server, { select: ['sales'] });

    expect(synced.ids('sales')).toEqual(['1', '2', '3']);
    for (const query of asked(server, '/sales/')) expect(query.getAll('shelf')).toEqual(['all']);
    expect(synced.state['sales']?.partitions?.map(({ start }) => start)).toEqual([ago(0), ago(0), ago(0)]);
  });

  test('names them where the settings leave some out', async () => {
    const server = serverOf(['a', 'b', 'c'], { '/sales/': rows });

    const { ids } = await sync(server, { select: ['sales'], settings: { shelves: ['a', 'c'] } });

    expect(ids('sales')).toEqual(['1', '3']);
    expect(asked(server, '/sales/')[0]?.getAll('shelf')).toEqual(['a', 'c']);
  });

  test('does not read the others again when one is added', async () => {
    const server = serverOf(['a', 'b', 'new'], {
      '/sales/': [...rows.slice(0, 2), sale('4', 'new', 9 * hours), sale('5', 'new', hours / 4)],
    });
    const state = { bookmarks: { sales: standing({ a: hours / 2, b: hours / 2 }) } };

    const synced = await sync(server, { select: ['sales'], state });

    expect(synced.ids('sales').sort()).toEqual(['4', '5']);
    const queries = asked(server, '/sales/').map((query) => [query.getAll('shelf').join(), query.get('start')]);
    expect(queries).toContainEqual(['all', ago(hours / 2)]);
    expect(queries).toContainEqual(['new', isoSeconds(Date.UTC(2026, 0, 1))]);
    expect(partitionOf(synced, 'sales', 'new')?.start).toBe(ago(0));
  });

  test('writes all rows of a new one beside others that an interrupted run has left', async () => {
    const server = serverOf(['a', 'new'], { '/sales/': [sale('1', 'a', hours), sale('4', 'new', 1.5 * hours)] });
    const state = {
      bookmarks: {
        sales: {
          partitions: [{ context: { shelf: 'a' }, start: ago(5 * hours), done: [[ago(2 * hours), ago(0.5 * hours)]] }],
        },
      },
    };

    const { ids } = await sync(server, { select: ['sales'], state });

    expect(ids('sales')).toEqual(['4']);
  });

  test('writes all rows of a new one beside a child that is newly selected', async () => {
    const server = serverOf(['a', 'new'], { '/sales/': [sale('1', 'a', hours), sale('4', 'new', 1.5 * hours)] });
    for (const id of ['1', '4']) server.rows[`/sales/${id}/receipt/`] = { id, at: ago(hours) };
    const state = { bookmarks: { sales: standing({ a: 0 }) } };

    const { ids } = await sync(server, { select: ['sales', 'receipts'], state });

    expect([ids('sales'), ids('receipts').sort()]).toEqual([['4'], ['1', '4']]);
  });

  test('writes rows that belong to none that is listed, and leaves others to their own query', async () => {
    const server = serverOf(['a', 'b', 'new'], {
      '/sales/': [sale('1', 'a', hours), sale('2', 'unlisted', hours), sale('3', 'new', hours)],
    });
    const state = { bookmarks: { sales: standing({ a: 3 * hours, b: 3 * hours }) } };

    const { ids, messages } = await sync(server, { select: ['sales'], state });

    expect(ids('sales').sort()).toEqual(['1', '2', '3']);
    expect(messages.filter(({ record }) => record?.['id'] === '3')).toHaveLength(1);
  });

  test('that is refused is asked for each of them: one that is refused alone leaves the others', async () => {
    const server = serverOf(['a', 'b', 'c'], { '/sales/': rows });
    server.answer = ({ pathname, searchParams }) => {
      if (pathname !== '/sales/') return undefined;
      const shelf = searchParams.getAll('shelf').join();
      return shelf === 'all' || shelf === 'b' ? reply({ detail: 'no' }, 403) : undefined;
    };

    const synced = await sync(server, { select: ['sales'] });

    expect(synced.ids('sales').sort()).toEqual(['1', '3']);
    expect([...(synced.outcomes.get('sales')?.refused ?? [])]).toEqual([['name-b', 403]]);
    expect([partitionOf(synced, 'sales', 'a')?.start, partitionOf(synced, 'sales', 'b')]).toEqual([ago(0), undefined]);
  });

  test('that fails is not asked for each of them', async () => {
    const server = serverOf(['a', 'b'], { '/sales/': rows });
    server.answer = ({ pathname }) => (pathname === '/sales/' ? reply({ detail: 'broken' }, 422) : undefined);

    const { outcomes } = await sync(server, { select: ['sales'] });

    expect(outcomes.get('sales')?.failures).toHaveLength(2);
    expect(asked(server, '/sales/').every((query) => query.get('shelf') === 'all')).toBe(true);
  });

  test('is asked by name where the server shows nothing for all of them', async () => {
    const server = serverOf(['a', 'b', 'c'], { '/sales/': rows });
    server.answer = ({ pathname, searchParams }) =>
      pathname === '/sales/' && searchParams.get('shelf') === 'all' ? lastPage([]) : undefined;

    const early: string[] = [];
    const { ids, state } = await sync(server, {
      select: ['sales'],
      onCheckpoint: (kept, records) => {
        for (const { id, shelf } of rows)
          if (kept.start('sales', { shelf: String(shelf) }) && !records.includes(`sales ${String(id)}`))
            early.push(String(id));
      },
    });

    expect(ids('sales')).toEqual(['1', '2', '3']);
    expect(state['sales']?.start).toBe(ago(0));
    expect(early).toEqual([]); // the bookmarks wait for the answers by name
  });

  test('is not asked by name where there are no rows of the parent', async () => {
    const server = serverOf([]);

    await sync(server, { select: ['sales'] });

    expect(isAsked(server, '/sales/')).toBe(false);
  });
});

describe('a full pass', () => {
  const last = ago((25 * hour) / second);
  const options = (more: Partial<SyncOptions> = {}): SyncOptions => ({
    select: ['sales'],
    settings: { fullPass: day },
    state: { bookmarks: { sales: standing({ a: hours }, { full_pass: last }) } },
    ...more,
  });

  test('reads everything again, and counts from then on', async () => {
    const server = serverOf(['a'], { '/sales/': [sale('1', 'a', 90 * hours)] });

    const { ids, state } = await sync(server, options());

    expect(ids('sales')).toEqual(['1']);
    expect(state['sales']?.full_pass).toBe(ago(0));
  });

  test('that fails does not count', async () => {
    const server = serverOf(['a']);
    server.answer = ({ pathname }) => (pathname === '/sales/' ? reply({ detail: 'broken' }, 422) : undefined);

    expect((await sync(server, options())).state['sales']?.full_pass).toBe(last);
  });

  test('does not count when one partition is refused by itself, though the others are read', async () => {
    const server = serverOf(['a', 'b'], { '/sales/': [sale('1', 'a', 90 * hours)] });
    server.answer = ({ pathname, searchParams }) => {
      const isRead = pathname !== '/sales/' || searchParams.getAll('shelf').join() === 'a';
      return isRead ? undefined : reply({ detail: 'no' }, 403);
    };

    const { ids, state } = await sync(server, options());

    expect(ids('sales')).toEqual(['1']);
    expect(state['sales']?.full_pass).toBe(last);
  });

  test('counts when all were refused together, and each was read by itself', async () => {
    const server = serverOf(['a', 'b'], { '/sales/': [sale('1', 'a', 90 * hours)] });
    server.answer = ({ pathname, searchParams }) =>
      pathname === '/sales/' && searchParams.get('shelf') === 'all' ? reply({ detail: 'no' }, 403) : undefined;

    expect((await sync(server, options())).state['sales']?.full_pass).toBe(ago(0));
  });
});

describe('a partition of which another stream shows nothing', () => {
  const rows = {
    '/sales/': [sale('1', 'a', hours), sale('2', 'b', 50 * hours)],
    '/shelves/a/visits/': [visit('va', hours)],
    '/shelves/b/visits/': [visit('vb', 50 * hours)],
  };
  const later = (more: Row = { full_pass: ago(hours) }) => ({
    bookmarks: {
      sales: standing({ a: 2 * hours, b: 2 * hours }, more),
      visits: standing({ a: 2 * hours, b: 2 * hours }),
    },
  });
  const options = (more: Partial<SyncOptions> = {}): SyncOptions => ({
    select: ['sales', 'visits'],
    settings: { fullPass: day },
    state: later(),
    ...more,
  });
  const remark = 'partitions not asked, since sales shows nothing new there';

  test('is not asked; its bookmark moves all the same, and it is said', async () => {
    const server = serverOf(['a', 'b'], rows);

    const synced = await sync(server, options());

    expect(synced.ids('visits')).toEqual(['va']);
    expect([isAsked(server, '/shelves/a/visits/'), isAsked(server, '/shelves/b/visits/')]).toEqual([true, false]);
    expect(partitionOf(synced, 'visits', 'b')?.start).toBe(ago(0));
    expect(synced.outcomes.get('visits')?.describe()).toContain(remark);
  });

  test('is not asked either where nothing is new at all: the plain list shows that the range is kept', async () => {
    const server = serverOf(['a', 'b'], { ...rows, '/sales/': [sale('2', 'b', 50 * hours)] });

    const { outcomes } = await sync(server, options());

    expect([isAsked(server, '/shelves/a/visits/'), isAsked(server, '/shelves/b/visits/')]).toEqual([false, false]);
    expect(outcomes.get('visits')?.describe()).toContain(`${remark} (2)`);
  });

  test('is asked in the first sync', async () => {
    const server = serverOf(['a', 'b', 'c'], rows);

    await sync(server, options({ state: {} }));

    expect(isAsked(server, '/shelves/c/visits/')).toBe(true);
  });

  test('is asked in each full pass: the other stream may have missed it', async () => {
    const server = serverOf(['a', 'b', 'c'], { ...rows, '/shelves/c/visits/': [visit('vc', hours)] });
    const state = later({ full_pass: ago(25 * hours) });
    state.bookmarks.visits.partitions.push({ context: { shelf: 'c' }, start: ago(2 * hours) });

    const { ids } = await sync(server, options({ state }));

    expect(ids('visits').sort()).toEqual(['va', 'vc']);
  });

  test('is not asked in the first sync, where its own row says that nothing was ever there', async () => {
    const server = serverOf(['a'], rows);
    server.rows['/shelves/'] = [
      { id: 'a' },
      { id: 'never', first: null },
      { id: 'new', first: ago(hours) },
      { id: 'b' },
    ];
    server.rows['/shelves/new/visits/'] = [];

    await sync(server, options({ state: {} }));

    expect([isAsked(server, '/shelves/never/visits/'), isAsked(server, '/shelves/new/visits/')]).toEqual([false, true]);
  });

  test('is asked where a setting narrows the other stream', async () => {
    const server = serverOf(['a', 'b'], rows);

    await sync(server, options({ settings: { fullPass: day, trustsSales: false } }));

    expect(isAsked(server, '/shelves/b/visits/')).toBe(true);
  });

  test('is asked where no row proves that the server keeps ranges', async () => {
    const server = serverOf(['a', 'b'], { ...rows, '/sales/': rows['/sales/'].map(({ proof: _, ...row }) => row) });

    await sync(server, options());

    expect(isAsked(server, '/shelves/b/visits/')).toBe(true);
  });

  test('is asked where the other stream was read from later on, or could not be read', async () => {
    const server = serverOf(['a', 'b'], rows);
    const state = later();
    state.bookmarks.visits = standing({ a: 2 * hours, b: 3 * hours });
    const broken = serverOf(['a', 'b'], rows);
    broken.answer = ({ pathname }) => (pathname === '/sales/' ? reply({ detail: 'broken' }, 422) : undefined);

    await sync(server, options({ state }));
    await sync(broken, options());

    expect(isAsked(server, '/shelves/b/visits/')).toBe(true);
    expect(isAsked(broken, '/shelves/b/visits/')).toBe(true);
  });

  test('is asked where the other stream was read in the gaps of an interrupted run only', async () => {
    const server = serverOf(['a', 'b'], rows);
    const state = later();
    const done = [[ago(1.5 * hours), ago(0.5 * hours)]];
    Object.assign(state.bookmarks.sales, {
      partitions: ['a', 'b'].map((shelf) => ({ context: { shelf }, start: ago(2 * hours), done })),
    });

    await sync(server, options({ state }));

    expect(isAsked(server, '/shelves/b/visits/')).toBe(true);
  });

  test('is asked where a second look at the other stream finds it: its row had moved', async () => {
    const server = serverOf(['a', 'b'], rows);
    server.answer = ({ pathname, searchParams }) => {
      const isSecondLook = searchParams.has('start') && searchParams.getAll('shelf').join() === 'b';
      return pathname === '/sales/' && isSecondLook ? lastPage([sale('2', 'b', hours)]) : undefined;
    };

    await sync(server, options());

    expect(isAsked(server, '/shelves/b/visits/')).toBe(true);
  });

  test.each([
    ['has a further page', reply([], 200, { link: '<http://library/>; rel="next"; results="true"; cursor="9"' })],
    ['fails', reply({ detail: 'broken' }, 422)],
  ])('is asked where that second look %s', async (_, answer) => {
    const server = serverOf(['a', 'b'], rows);
    server.answer = ({ pathname, searchParams }) =>
      pathname === '/sales/' && searchParams.getAll('shelf').join() === 'b' ? answer : undefined;

    await sync(server, options());

    expect(isAsked(server, '/shelves/b/visits/')).toBe(true);
  });
});

describe('a server that shows the newest days only', () => {
  const shown = async (oldest: number, since: number, startHours?: number) => {
    const server = serverOf(['a'], {
      '/sales/': [sale('1', 'a', hours, { since: ago(since) })],
      '/shelves/a/visits/': [visit('v1', hours), visit('v2', oldest)],
    });
    const { outcomes } = await sync(server, {
      select: ['sales', 'visits'],
      ...(startHours === undefined ? {} : { state: { bookmarks: { visits: standing({ a: startHours * hours }) } } }),
    });
    return outcomes.get('visits')?.describe();
  };

  test('is found out where rows end a day after they began', async () => {
    expect(await shown(48 * hours, 72 * hours)).toContain(`nothing older than ${ago(48 * hours).slice(0, 10)}`);
    expect(await shown(48 * hours, 71 * hours)).not.toContain('nothing older');
  });

  test('is not, where the range begins later', async () => {
    expect(await shown(48 * hours, 900 * hours, 71)).not.toContain('nothing older');
  });
});

test('a list that takes no range is read from its newest row to the bookmark, and nobody wonders', async () => {
  const rows = Array.from({ length: 60 }, (_, n) => ({ id: `n${n}`, at: ago(100 * (n + 1)) }));
  const server = new LibraryServer({ '/news/': rows });

  const first = await sync(server, { select: ['news'] });
  server.asked.length = 0;
  const next = await sync(server, { select: ['news'], state: { bookmarks: { news: { start: ago(350) } } } });

  expect(first.ids('news')).toHaveLength(60);
  expect(first.state['news']?.start).toBe(ago(0));
  expect(next.ids('news')).toEqual(['n0', 'n1', 'n2']);
  expect(server.asked.length).toBeLessThan(10);
  expect(server.asked.some((path) => path.includes('start='))).toBe(false);
  expect(next.outcomes.get('news')?.describe()).not.toContain('ignores');
});
