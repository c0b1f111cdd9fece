/** Objects of rows that have been merged into others while a run reads them. */
import { expect, test } from 'vitest';
import { LibraryServer, ago, sync } from './library.js';

/** Sales of one shelf, newest first, each with the receipt that the server answers for it. */
function serverOf(receipts: Record<string, string>): LibraryServer {
  const ids = Object.keys(receipts);
  const server = new LibraryServer({
    '/shelves/': [{ id: 's0' }],
    '/sales/': ids.map((id, n) => ({ id, shelf: 's0', at: ago(100 * (n + 1)), proof: true })),
  });
  for (const id of ids) server.rows[`/sales/${id}/receipt/`] = { id: receipts[id], at: ago(100) };
  return server;
}

const receiptsOf = async (receipts: Record<string, string>): Promise<string[]> =>
  (await sync(serverOf(receipts), { select: ['sales', 'receipts'] })).ids('receipts').sort();

test('what was answered for a row that has been merged is not written beside the row that it went into', async () => {
  expect(await receiptsOf({ a: 'a', b: 'a', c: 'c' })).toEqual(['a', 'c']);
  expect(await receiptsOf({ a: 'b', b: 'b', c: 'c' })).toEqual(['b', 'c']);
});

test('it is written once where nothing else brings the row that it went into', async () => {
  expect(await receiptsOf({ a: 'elsewhere', b: 'elsewhere', c: 'c' })).toEqual(['c', 'elsewhere']);
});
