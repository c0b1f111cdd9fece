import { describe, expect, test } from 'vitest';
import { LibraryServer, type Row, ago, partitionOf, reply, sync } from './library.js';

const hours = 3600;

/** A shelf of books whose texts are not in the list. */
function serverOf(...ids: string[]): LibraryServer {
  const server = new LibraryServer({
    '/shelves/': [{ id: 's0' }],
    '/shelves/s0/books/': ids.map((id, n) => ({ id, at: ago((n + 1) * hours) })),
  });
  for (const id of ids) server.rows[`/books/${id}/`] = { id, text: `text of ${id}` };
  return server;
}

const options = { select: ['books'], settings: { texts: true } };
const texts = ({ messages }: Awaited<ReturnType<typeof sync>>): Row[] =>
  messages.flatMap(({ type, record }) => (type === 'RECORD' && record ? [record] : []));

describe('a body that the list did not bring', () => {
  test('is asked for, and joins its row', async () => {
    expect(texts(await sync(serverOf('a', 'b'), options))).toEqual([
      { id: 'a', at: ago(hours), text: 'text of a' },
      { id: 'b', at: ago(2 * hours), text: 'text of b' },
    ]);
  });

  test('is not asked for where it is there, or not wanted', async () => {
    const server = serverOf('a');
    const whole = serverOf('a');
    Object.assign((whole.rows['/shelves/s0/books/'] as Row[])[0] ?? {}, { text: 'in the list' });

    await sync(server, { select: ['books'] });
    const { messages } = await sync(whole, options);

    expect([...server.paths, ...whole.paths]).not.toContain('/books/a/');
    expect(messages.find(({ type }) => type === 'RECORD')?.record).toMatchObject({ text: 'in the list' });
  });

  test('is not asked for where the stream itself is not selected', async () => {
    const server = serverOf('a');
    server.rows['/books/a/note/'] = { id: 'a', at: ago(hours) };

    await sync(server, { ...options, select: ['notes'] });

    expect(server.paths).not.toContain('/books/a/');
  });

  test.each([403, 404])('that is refused (%i) leaves the row without it, and is said', async (status) => {
    const server = serverOf('a', 'b');
    server.answer = ({ pathname }) => (pathname === '/books/b/' ? reply({ detail: 'no' }, status) : undefined);

    const synced = await sync(server, options);

    expect(texts(synced)).toEqual([
      { id: 'a', at: ago(hours), text: 'text of a' },
      { id: 'b', at: ago(2 * hours) },
    ]);
    expect(synced.outcomes.get('books')).toMatchObject({ status: 'partial', exitCode: 0 });
    expect(synced.outcomes.get('books')?.describe()).toContain(`rows without their body (HTTP ${status})`);
    expect(partitionOf(synced, 'books', 's0')?.start).toBe(ago(0));
  });

  test('that fails leaves the row without it, fails the run and holds the bookmark', async () => {
    const server = serverOf('a', 'b');
    server.answer = ({ pathname }) => (pathname === '/books/b/' ? reply({ detail: 'broken' }, 422) : undefined);

    const synced = await sync(server, options);

    expect(synced.ids('books')).toEqual(['a', 'b']);
    expect(synced.outcomes.get('books')?.failures).toEqual([
      expect.stringMatching(/^books b: the row was written without its body: GET .*HTTP 422/),
    ]);
    expect(partitionOf(synced, 'books', 's0')?.start).not.toBe(ago(0));
  });

  test('whose request ends the run ends it', async () => {
    const server = serverOf('a', 'b');
    server.answer = ({ pathname }) => (pathname === '/books/b/' ? reply({ detail: 'no' }, 401) : undefined);

    expect(String((await sync(server, options)).error)).toMatch(/refuses the credentials/);
  });
});
