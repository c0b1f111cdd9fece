/** Explore in the demo: its rows are those of the events, however they are paged, ordered and counted. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { get, org, type Row } from './client.js';

const demo = await createDemo({ now: '2026-03-01T12:00:00Z', frozen: true, events: 300, days: 30 });
afterAll(() => demo.close());

const ask = (query: string) => get(demo, org(demo, `events/?project=-1&${query}`));
const rowsOf = async (query: string): Promise<Row[]> => ((await ask(query)).json as { data: Row[] }).data;
const events = new Set([...demo.truth().rows('events')].map(({ eventID }) => String(eventID)));

describe('explore', () => {
  it('shows every event once, page by page', async () => {
    const pages = await Promise.all(
      [0, 100, 200].map((from) => rowsOf(`dataset=errors&field=id&field=timestamp&cursor=0:${from}:0`)),
    );
    expect(new Set(pages.flat().map(({ id }) => id))).toEqual(events);
  });

  it('is newest first, and oldest first on request', async () => {
    const times = async (sort: string) =>
      (await rowsOf(`dataset=errors&field=timestamp${sort}`)).map(({ timestamp }) => String(timestamp));
    const [newest, oldest] = [await times(''), await times('&sort=timestamp')];
    expect(newest).toEqual([...newest].sort().reverse());
    expect(oldest).toEqual([...oldest].sort());
    expect(oldest[0]).not.toBe(newest[0]);
  });

  it('counts as many as it shows', async () => {
    const groups = await rowsOf('dataset=errors&field=count()&field=release');
    expect(groups.length).toBeGreaterThan(1);
    expect(groups.reduce((sum, row) => sum + Number(row['count()']), 0)).toBe(demo.truth().count('events'));
  });

  it('shows the first ten thousand rows, and no others', async () => {
    expect((await ask('dataset=errors&field=id&cursor=0:10001:0')).status).toBe(400);
  });

  it.each([
    ['a dataset that is being removed', 'dataset=discover&field=id'],
    ['no field', 'dataset=errors'],
    ['too many fields', `dataset=errors&${Array.from({ length: 21 }, (_, n) => `field=a${n}`).join('&')}`],
    ['slugs beside numbers', 'dataset=errors&field=id&projectSlug=web'],
  ])('refuses %s', async (_, query) => {
    expect((await ask(query)).status).toBe(400);
  });

  it('has no rows of other datasets', async () => {
    expect(await rowsOf('dataset=spans&field=id')).toEqual([]);
  });
});
