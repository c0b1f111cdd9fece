import { describe, expect, test } from 'vitest';
import { StoppedError } from '../../../src/sdk/errors.js';
import { LibraryServer, type Row, ago, reply, sync } from './library.js';

const hours = 3600;
const dated = (id: string, seconds = hours): Row => ({ id, at: ago(seconds) });

const serverOf = (rows: Record<string, Row | Row[]> = {}): LibraryServer =>
  new LibraryServer({
    '/shelves/': [{ id: 's0' }],
    '/shelves/s0/': { id: 's0' },
    '/shelves/s0/staff/': [{ id: 'p' }],
    '/shelves/s0/books/': [dated('b')],
    '/books/b/note/': dated('b'),
    '/sales/': [{ ...dated('1'), shelf: 's0' }],
    ...rows,
  });

describe('every selected stream', () => {
  test('is announced, though it has no rows', async () => {
    const { messages } = await sync(serverOf({ '/shelves/s0/books/': [] }), { select: ['books', 'notes', 'sales'] });

    const schemas = messages.filter(({ type }) => type === 'SCHEMA').map(({ stream }) => stream);
    expect(schemas.sort()).toEqual(['books', 'notes', 'sales']);
  });

  test('is read though another fails', async () => {
    const server = serverOf();
    server.answer = ({ pathname }) => (pathname === '/sales/' ? reply({ detail: 'broken' }, 422) : undefined);

    const { ids, outcomes, error } = await sync(server, { select: ['books', 'sales', 'staff'] });

    expect([ids('books'), ids('staff'), outcomes.get('sales')?.status, error]).toEqual([
      ['b'],
      ['p'],
      'failed',
      undefined,
    ]);
  });

  test('is read though a table beside it has failed in the middle of its children', async () => {
    const server = serverOf({ '/shelves/': ['s0', 's1', 's2', 's3', 's4', 's5'].map((id) => ({ id })) });
    server.answer = ({ pathname, searchParams }) =>
      pathname === '/shelves/' && searchParams.has('cursor') ? reply({ detail: 'broken' }, 422) : undefined;

    const { ids, outcomes } = await sync(server, { select: ['shelves', 'staff', 'books'] });

    expect(ids('staff')).toEqual(['p']);
    for (const name of ['shelves', 'staff', 'books']) expect(outcomes.get(name)?.exitCode).toBe(1);
  });
});

describe('what ends the run', () => {
  test.each([
    ['a refused token', () => reply({ detail: 'no' }, 401), /refuses the credentials/],
    [
      'a signal',
      () => {
        throw new StoppedError('SIGINT');
      },
      /SIGINT/,
    ],
  ])('is %s, in whichever stream it shows', async (_, answer, says) => {
    for (const path of ['/shelves/', '/shelves/s0/staff/', '/shelves/s0/books/', '/books/b/note/', '/sales/']) {
      const server = serverOf();
      server.answer = ({ pathname }) => (pathname === path ? answer() : undefined);

      const { error } = await sync(server, { select: ['staff', 'books', 'notes', 'sales'] });

      expect(String(error), path).toMatch(says);
    }
  });
});

describe('a range that no row has proved', () => {
  const remarkOf = async (rows: Row[]) => {
    const { outcomes } = await sync(serverOf({ '/sales/': rows }), { select: ['sales'] });
    return outcomes.get('sales')?.describe();
  };

  test('is said with the rows, and not where one has proved it or there is none', async () => {
    const remark = 'counts may be those of the range';

    expect(await remarkOf([{ ...dated('1'), shelf: 's0' }])).toContain(remark);
    expect(await remarkOf([{ ...dated('1'), shelf: 's0', proof: true }])).not.toContain(remark);
    expect(await remarkOf([])).not.toContain(remark);
  });
});
