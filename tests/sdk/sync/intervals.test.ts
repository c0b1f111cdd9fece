/** Streams of whole intervals from run to run: what is read again, and where their bookmarks stand. */
import { expect, test } from 'vitest';
import { day, isoSeconds } from '../../../src/sdk/time.js';
import { LibraryServer, ago, now, partitionOf, reply, sync } from './library.js';

const midnight = Math.floor(now / day) * day;
const dayBefore = (days: number): string => isoSeconds(midnight - days * day);

/** A server that counts by day, and what it was asked for: shelf, first day, end. */
function counting(fails: (start: string) => boolean = () => false) {
  const server = new LibraryServer({ '/shelves/': [{ id: 'a' }, { id: 'b' }], '/shelves/a/': {}, '/shelves/b/': {} });
  const asked: string[][] = [];
  server.answer = ({ pathname, searchParams }) => {
    if (pathname !== '/counts/') return undefined;
    const [shelf = '', start = '', end = ''] = ['shelf', 'start', 'end'].map((name) => searchParams.get(name) ?? '');
    asked.push([shelf, start, end]);
    if (fails(start)) return reply({ detail: 'broken' }, 422);
    const length = (Date.parse(end) - Date.parse(start)) / day;
    const at = Array.from({ length }, (_, n) => isoSeconds(Date.parse(start) + n * day));
    return reply({ days: at.map((one) => ({ id: one.slice(0, 10), at: one })) });
  };
  return { server, asked };
}

const since = (shelf: string, start: string) => ({
  bookmarks: { counts: { partitions: [{ context: { shelf }, start }] } },
});

test('the first run reads what the server keeps, in whole days up to now', async () => {
  const { server, asked } = counting();

  const synced = await sync(server, { select: ['counts'] });

  expect(asked.filter(([shelf]) => shelf === 'a')).toEqual([
    ['a', dayBefore(60), dayBefore(30)],
    ['a', dayBefore(30), dayBefore(0)],
    ['a', dayBefore(0), dayBefore(-1)],
  ]);
  expect(partitionOf(synced, 'counts', 'a')?.start).toBe(ago(0));
  expect(synced.messages.find(({ type }) => type === 'RECORD')?.record).toMatchObject({ shelf: 'a' });
  expect(synced.ids('counts')).toHaveLength(2 * 61);
});

test('the next run reads the newest days again, whole ones, and writes them', async () => {
  const { server, asked } = counting();

  const synced = await sync(server, { select: ['counts'], state: since('a', ago(60)) });

  expect(asked.find(([shelf]) => shelf === 'a')).toEqual(['a', dayBefore(2), dayBefore(-1)]);
  expect(synced.ids('counts').slice(0, 1)).toEqual([dayBefore(2).slice(0, 10)]);
});

test('a part that fails fails the stream there; its bookmark stays before that part', async () => {
  const { server } = counting((start) => start === dayBefore(30));

  const synced = await sync(server, { select: ['counts'] });

  expect(synced.outcomes.get('counts')?.status).toBe('failed');
  expect(partitionOf(synced, 'counts', 'a')?.start).toBe(dayBefore(30));
});
