import { describe, expect, test } from 'vitest';
import { settle } from '../../support/clock.js';
import { LibraryServer, type Row, ago, lastPage, partitionOf, reply, sync } from './library.js';

const hours = 3600;
const book = (id: string, seconds: number): Row => ({ id, at: ago(seconds) });
const serverOf = (...books: Row[]): LibraryServer => {
  const server = new LibraryServer({ '/shelves/': [{ id: 's0' }], '/shelves/s0/books/': books });
  for (const { id, at } of books) server.rows[`/books/${String(id)}/note/`] = { id, at };
  return server;
};
/** `count` books, an hour apart. */
const many = (count: number): Row[] => Array.from({ length: count }, (_, n) => book(`b${n}`, (n + 1) * hours));

describe('each state', () => {
  test('covers only rows that are out, with all that is below them', async () => {
    const server = serverOf(...many(20));
    server.answer = async ({ pathname }) => {
      // Notes of every third book take longer than further pages.
      if (/^\/books\/b\d*[0369]\/note/.test(pathname)) for (let turn = 0; turn < 5; turn++) await settle();
      return undefined;
    };
    let states = 0;

    const synced = await sync(server, {
      select: ['books', 'notes'],
      onCheckpoint: (state, records) => {
        states++;
        for (const stream of ['books', 'notes']) {
          const start = state.start(stream, { shelf: 's0' }) ?? 0;
          const done = state.done(stream, { shelf: 's0' });
          for (const { id, at } of many(20)) {
            const time = Date.parse(String(at));
            const isPast = time < start || done.some((piece) => time >= piece.start && time < piece.end);
            if (isPast) expect(records).toContain(`${stream} ${String(id)}`);
          }
        }
      },
    });

    expect(states).toBeGreaterThan(5);
    expect(synced.ids('notes')).toHaveLength(20);
    expect(partitionOf(synced, 'notes', 's0')).toEqual({ context: { shelf: 's0' }, start: ago(0) });
  });
});

test('the bookmark of a parent moves while its children are still being asked for', async () => {
  const server = serverOf(...many(9));
  let hasMoved = false;
  server.answer = async ({ pathname }) => {
    for (let turn = 0; pathname.endsWith('/note/') && !hasMoved && turn < 50; turn++) await settle();
    return undefined;
  };

  await sync(server, {
    select: ['books', 'notes'],
    onCheckpoint: (state, records) => {
      const isAhead = state.done('books', { shelf: 's0' }).length > 0;
      if (isAhead && !records.some((record) => record.startsWith('notes'))) hasMoved = true;
    },
  });

  expect(hasMoved).toBe(true);
});

describe('a record that cannot be written', () => {
  test('for want of its key holds the bookmark, though all others are out', async () => {
    const server = serverOf(book('a', hours), { id: null, at: ago(2 * hours) }, book('c', 3 * hours));

    const synced = await sync(server, { select: ['books'] });

    expect(synced.ids('books')).toEqual(['a', 'c']);
    expect(Date.parse(partitionOf(synced, 'books', 's0')?.start ?? '')).toBeLessThanOrEqual(Date.parse(ago(3 * hours)));
    expect(synced.outcomes.get('books')?.exitCode).toBe(1);
  });

  test('for its length holds the bookmark of its stream, and not that of a child', async () => {
    const server = serverOf(book('a', hours), { ...book('b', 2 * hours), text: 'x'.repeat(3000) });

    const synced = await sync(server, { select: ['books', 'notes'], maxBytes: 2000 });

    expect(synced.ids('books')).toEqual(['a']);
    expect(synced.ids('notes').sort()).toEqual(['a', 'b']);
    expect(partitionOf(synced, 'books', 's0')?.start).not.toBe(ago(0));
    expect(partitionOf(synced, 'notes', 's0')?.start).toBe(ago(0));
  });
});

describe('a row', () => {
  test('without a time is written, and its children are asked for', async () => {
    const server = serverOf(book('a', hours), { id: 'undated', at: null });
    server.answer = ({ pathname }) =>
      pathname === '/shelves/s0/books/' ? lastPage(server.rows['/shelves/s0/books/'] as Row[]) : undefined;

    const { ids } = await sync(server, { select: ['books', 'notes'] });

    expect([ids('books').sort(), ids('notes').sort()]).toEqual([
      ['a', 'undated'],
      ['a', 'undated'],
    ]);
  });

  test('without a time, below which a child fails, holds the bookmark of that child', async () => {
    const server = serverOf(book('a', hours), { id: 'undated', at: null });
    server.answer = ({ pathname }) => {
      if (pathname === '/books/undated/note/') return reply({ detail: 'broken' }, 422);
      return pathname === '/shelves/s0/books/' ? lastPage(server.rows['/shelves/s0/books/'] as Row[]) : undefined;
    };

    const synced = await sync(server, { select: ['books', 'notes'] });

    expect(partitionOf(synced, 'books', 's0')?.start).toBe(ago(0));
    expect(partitionOf(synced, 'notes', 's0')?.start).not.toBe(ago(0));
  });

  test('newer than the run is written where no setting ends the run, and moves no bookmark past the run', async () => {
    const sold = { id: 'hot', shelf: 's0', at: ago(-30), proof: true };
    const server = new LibraryServer({ '/shelves/': [{ id: 's0' }], '/sales/': [] });
    server.answer = ({ pathname }) => (pathname === '/sales/' ? lastPage([sold]) : undefined);

    const open = await sync(server, { select: ['sales'] });
    const ended = await sync(server, { select: ['sales'], endsNow: false });

    expect([open.ids('sales'), ended.ids('sales')]).toEqual([['hot'], []]);
    expect(partitionOf(open, 'sales', 's0')?.start).toBe(ago(0));
  });
});

describe('rows that move while their list is read', () => {
  test('up to a page that had been read are found there at the end', async () => {
    const sale = (id: string, seconds: number): Row => ({ id, shelf: 's0', at: ago(seconds), proof: true });
    const sales = Array.from({ length: 12 }, (_, n) => sale(`s${n}`, (n + 1) * hours));
    const server = new LibraryServer({ '/shelves/': [{ id: 's0' }], '/sales/': sales });
    let hasMoved = false;
    server.answer = ({ pathname, searchParams }) => {
      if (pathname === '/sales/' && searchParams.has('cursor') && !hasMoved) {
        hasMoved = true;
        Object.assign(sales[11] ?? {}, { at: ago(30) });
        sales.splice(0, 1); // so that the pages still fit together
      }
      return undefined;
    };

    const { ids, outcomes } = await sync(server, { select: ['sales'] });

    expect(ids('sales').sort()).toEqual(Array.from({ length: 12 }, (_, n) => `s${n}`).sort());
    expect(new Set(ids('sales')).size).toBe(ids('sales').length);
    expect(outcomes.get('sales')?.exitCode).toBe(0);
  });
});

test('a record that two queries show is written once', async () => {
  const sales = [{ id: '1', shelf: 's0', at: ago(hours), proof: true }];
  const server = new LibraryServer({ '/shelves/': [{ id: 's0' }], '/sales/': sales });
  server.answer = ({ pathname }) => (pathname === '/sales/' ? lastPage(sales) : undefined);

  expect((await sync(server, { select: ['sales'], settings: { kinds: true } })).ids('sales')).toEqual(['1']);
});
