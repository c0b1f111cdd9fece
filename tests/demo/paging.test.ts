/** Link headers and the three kinds of cursor. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { all, get, org, project } from './client.js';

const demo = await createDemo({
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 7,
  issues: 260,
  events: 3000,
  releases: 33,
});
afterAll(() => demo.close());
const big = String((await get(demo, org(demo, 'projects/'))).rows.find((row) => row.slug === 'storefront')?.id);
const issues = org(demo, 'issues/?project=-1&query=');

describe('paging', () => {
  it('always names two links with cursors, the last next with results="false"', async () => {
    const first = await get(demo, org(demo, 'projects/?per_page=4'));
    expect(first.links).toMatchObject({
      previous: { results: 'false', cursor: '4:-1:1' },
      next: { results: 'true', cursor: '4:1:0' },
    });
    const second = await get(demo, org(demo, 'projects/?per_page=4&cursor=4:1:0'));
    expect(second.rows).toHaveLength(3);
    expect(second.links).toMatchObject({ previous: { results: 'true' }, next: { results: 'false', cursor: '4:2:0' } });
  });

  it('gives every row once at any page size', async () => {
    for (const size of [1, 3, 7, 100])
      expect(new Set((await all(demo, org(demo, `projects/?per_page=${size}`))).map((row) => row.id)).size).toBe(7);
    for (const size of [17, 99]) {
      const rows = await all(demo, `${issues}&limit=${size}`);
      expect([rows.length, new Set(rows.map((row) => row.id)).size]).toEqual([rows.length, rows.length]);
      expect(rows).toHaveLength(
        [...demo.truth().rows('issues')].filter((row) => row.issueCategory !== 'feedback').length,
      );
    }
    const events = await all(demo, project(demo, big, 'events/?per_page=37'));
    expect(new Set(events.map((row) => row.id)).size).toBe(events.length);
  });

  it('links are addresses that work, with the query and the cursor in them', async () => {
    const { links } = await get(demo, `${issues}&limit=10`);
    const url = links.next?.url.replace(demo.url, '') ?? '';
    expect(url).toContain('project=-1&query=&limit=10&cursor=');
    expect((await get(demo, url)).rows).toHaveLength(10);
  });

  it('walks back by the previous cursor', async () => {
    const first = await get(demo, `${issues}&limit=10`);
    const second = await get(demo, `${issues}&limit=10&cursor=${first.links.next?.cursor}`);
    const back = await get(demo, `${issues}&limit=10&cursor=${second.links.previous?.cursor}`);
    expect(back.rows.map((row) => row.id)).toEqual(first.rows.map((row) => row.id));
  });

  it('refuses per_page above 100, clamps limit, and ignores per_page on issue lists', async () => {
    for (const path of [org(demo, 'projects/'), org(demo, 'releases/'), project(demo, big, 'events/')]) {
      const reply = await get(demo, `${path}?per_page=101`);
      expect([reply.status, reply.json]).toEqual([
        400,
        { detail: 'Invalid per_page value. Must be between 1 and 100.' },
      ]);
    }
    expect((await get(demo, `${issues}&limit=500`)).rows).toHaveLength(100);
    expect((await get(demo, `${issues}&per_page=5`)).rows).toHaveLength(100);
  });

  it('refuses a cursor it cannot read', async () => {
    for (const path of [org(demo, 'teams/?'), `${issues}&`, project(demo, big, 'events/?')]) {
      const reply = await get(demo, `${path}cursor=abc`);
      expect([reply.status, reply.json]).toEqual([400, { detail: 'Invalid cursor parameter.' }]);
    }
  });

  it('pages events by a bare row offset and refuses a large one', async () => {
    expect((await get(demo, project(demo, big, 'events/?per_page=10'))).links.next?.cursor).toBe('0:10:0');
    const reply = await get(demo, project(demo, big, 'events/?cursor=0:10001:0'));
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('Fetching large offsets is temporarily disabled.');
  });

  it('makes issue cursors from the last seen time', async () => {
    const page = await get(demo, `${issues}&limit=10`);
    const [ms, offset] = String(page.links.next?.cursor).split(':');
    const after = await get(demo, `${issues}&limit=1&cursor=${page.links.next?.cursor}`);
    expect(Number(ms)).toBe(Date.parse(String(after.rows[0]?.lastSeen)));
    expect(offset).toMatch(/^\d+$/);
  });

  it('can name another host in its links', async () => {
    await using elsewhere = await createDemo({ linkOrigin: 'https://acme.sentry.example' });
    expect((await get(elsewhere, org(elsewhere, 'teams/'))).links.next?.url).toMatch(
      /^https:\/\/acme\.sentry\.example\/api\/0\/organizations\/acme\/teams\//,
    );
  });

  it('shows short and empty issue pages that have a successor, and loses no row', async () => {
    await using gappy = await createDemo({ issues: 300, behaviour: { shortIssuePages: true } });
    const path = org(gappy, 'issues/?project=-1&query=');
    const sizes: number[] = [];
    for (let cursor = ''; ; ) {
      const reply = await get(gappy, `${path}${cursor && `&cursor=${cursor}`}`);
      sizes.push(reply.rows.length);
      if (reply.links.next?.results !== 'true') break;
      cursor = reply.links.next.cursor ?? '';
    }
    expect(sizes.slice(0, -1)).toContain(0);
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(
      [...gappy.truth().rows('issues')].filter((row) => row.issueCategory !== 'feedback').length,
    );
  });
});
