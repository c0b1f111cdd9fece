/** What other APIs need: each kind of paging, of credentials, of bookmark, that the second tap does not have. */
import { describe, expect, test } from 'vitest';
import { tap } from '../../packaging/third-tap/src/tap.js';
import { lawChecks, tapChecks } from '../../src/sdk/testing/index.js';
import { Output, messagesIn } from '../../src/sdk/testing/output.js';
import { runTap } from '../../src/sdk/testing/run-tap.js';
import { everything } from './commands.js';
import { type LibraryServer, serveLibrary } from '../support/third-server.js';

const now = Math.floor(Date.now() / 1000);
const loansAt = (...ago: number[]) => ago.map((seconds, id) => ({ id, book: 1, updated: now - seconds }));
const day = 86_400;

const credentials = {
  'a key in the query': ({ secret }: LibraryServer) => ({ secret }),
  'a user': ({ secret }: LibraryServer) => ({ user: 'ann', secret }),
  'a client of OAuth': ({ secret }: LibraryServer) => ({ client: 'desk', secret }),
};
type Kind = keyof typeof credentials;

async function read(server: LibraryServer, kind: Kind = 'a key in the query', state?: unknown, args: string[] = []) {
  const config = { url: server.url.href, ...credentials[kind](server) };
  const ended = await runTap(tap, { config, state, args });
  return { ...ended, output: new Output(messagesIn(ended.stdout)) };
}

const idsOf = (output: Output, stream: string): unknown[] => output.recordsOf(stream).map(({ id }) => id);

describe.each(Object.keys(credentials) as Kind[])('with %s', (kind) => {
  test('every list is read to its end, and no log shows the secret', async () => {
    await using server = await serveLibrary({ loans: loansAt(4 * day, 3 * day, 2 * day) });

    const { code, output, stderr } = await read(server, kind, undefined, ['-v']);

    expect(code, stderr).toBe(0);
    expect(idsOf(output, 'books')).toEqual([1, 2, 3, 4, 5]);
    expect(idsOf(output, 'readers')).toEqual(['a', 'b', 'c']);
    expect(idsOf(output, 'loans')).toEqual([0, 1, 2]);
    expect(stderr).not.toContain(server.secret);
    expect(stderr).not.toContain(Buffer.from(`ann:${server.secret}`).toString('base64'));
  });
});

test('a POST has the parameters in its body, and its cursor too', async () => {
  await using server = await serveLibrary({ loans: loansAt(4 * day, 3 * day, 2 * day) });
  await read(server);

  expect(server.posted.map((body) => JSON.parse(body) as unknown)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ size: 100 }),
      expect.objectContaining({ size: 100, after: '2', updated_since: '1577836800' }),
    ]),
  );
  expect(server.asked.filter((url) => url.startsWith('/loans')).every((url) => !url.includes('updated_since'))).toBe(
    true,
  );
});

test('a feed is asked for what has changed since the integer of its bookmark', async () => {
  const loans = loansAt(4 * day, 3 * day, 2 * day);
  await using server = await serveLibrary({ loans });
  const { output } = await read(server);
  if (loans[0]) loans[0].updated = now - 1;
  server.posted.length = 0;

  // The state of a tap of the Python SDK has the integer itself.
  const { output: other } = await read(server, 'a user', {
    bookmarks: { loans: { replication_key: 'updated', replication_key_value: now - 2 * day - 1 } },
  });

  expect(output.states.at(-1)).toMatchObject({ bookmarks: { loans: { start: expect.any(String) as unknown } } });
  expect(idsOf(other, 'loans')).toEqual([2, 0]);
  expect(JSON.parse(server.posted[0] ?? '{}')).toMatchObject({ updated_since: String(now - 2 * day - 1) });
});

describe('a client of OAuth', () => {
  test('asks once for a token that several requests need', async () => {
    await using server = await serveLibrary({ loans: [] });
    await read(server, 'a client of OAuth');
    expect(server.asked.filter((url) => url === '/token')).toHaveLength(1);
  });

  test('asks for another one when it is refused', async () => {
    await using server = await serveLibrary({ loans: loansAt(4 * day, 3 * day, 2 * day), forgetsToken: true });
    const { code, output, stderr } = await read(server, 'a client of OAuth');
    expect([code, idsOf(output, 'loans')], stderr).toEqual([0, [0, 1, 2]]);
    expect(server.asked.filter((url) => url === '/token')).toHaveLength(2);
  });

  test('that is not known ends the run at once, in a sentence', async () => {
    await using server = await serveLibrary({ loans: [] });
    const { code, stderr } = await runTap(tap, { config: { url: server.url.href, client: 'chair', secret: 'x' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\/token gives no token: HTTP 400\. Check the client's id and secret\./);
  });
});

describe('the standard checks are content with', async () => {
  const server = await serveLibrary({ loans: loansAt(4 * day, 3 * day, 2 * day) });
  const config = { url: server.url.href, secret: server.secret };
  const checks = tapChecks(tap, { config, mayBeAbsent: ['readers.born'], stops: 2 });
  for (const { name, run } of checks) test(name, run);
});

describe('the laws of reading: it keeps that of', () => {
  const checks = lawChecks(tap, { config: (url) => ({ url: url.href, secret: 'x' }) });
  for (const { name, run } of checks) test.skipIf(!everything && !/^(end|progress|late|bytes)/.test(name))(name, run);
});
