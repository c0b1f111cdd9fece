/** Events of a project, of an issue, and one by one. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { all, get, iso, org, project, type Row } from './client.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const day = 86_400_000;
const demo = await createDemo({ now, frozen: true, events: 3000 });
afterAll(() => demo.close());
const id = String((await get(demo, org(demo, 'projects/'))).rows.find((row) => row.slug === 'storefront')?.id);
const truth = [...demo.truth().rows('events')].filter((row) => row.projectID === id);
const list = (query = ''): Promise<Row[]> => all(demo, project(demo, id, `events/?${query}`));
const second = (row: Row): number => Math.floor(Date.parse(String(row.dateCreated)) / 1000);

describe('events', () => {
  it('come newest first by whole second, then by id', async () => {
    const rows = await list();
    expect(rows).toHaveLength(truth.length);
    const sorted = rows.toSorted((a, b) => second(b) - second(a) || (String(a.id) < String(b.id) ? 1 : -1));
    expect(rows.map((row) => row.id)).toEqual(sorted.map((row) => row.id));
  });

  it('carry microseconds, both ids, a dotted key, and users of several kinds', async () => {
    const rows = await list();
    expect(rows[0]).toMatchObject({ eventID: rows[0]?.id, projectID: id, 'event.type': expect.any(String) as unknown });
    expect(rows.some((row) => /\.\d{6}Z$/.test(String(row.dateCreated)))).toBe(true);
    expect(
      new Set(rows.map((row) => (row.user === null ? 'none' : (row.user as Row).email ? 'full' : 'partial'))).size,
    ).toBe(3);
  });

  it('fall into [start, end)', async () => {
    const [start, end] = [now - 9 * day, now - 3 * day];
    const wanted = truth.filter((row) => second(row) * 1000 >= start && second(row) * 1000 < end);
    expect(new Set((await list(`start=${iso(start)}&end=${iso(end)}`)).map((row) => row.id))).toEqual(
      new Set(wanted.map((row) => row.id)),
    );
    expect(wanted.length).toBeGreaterThan(10);
  });

  it('lie in an index of whole seconds: a fractional start loses the rest of its second', async () => {
    await using small = await createDemo({ now, frozen: true, issues: 3, projects: 1, events: 10 });
    const [key] = small.world.addEvents({ count: 1, at: '2026-02-20T12:00:00.700Z' });
    const within = async (start: string): Promise<unknown[]> =>
      (
        await get(small, project(small, String(key?.projectID), `events/?start=${start}&end=2026-02-20T12:00:02Z`))
      ).rows.map((row) => row.id);
    expect(await within('2026-02-20T12:00:00.500Z')).not.toContain(key?.eventID);
    expect(await within('2026-02-20T12:00:00Z')).toContain(key?.eventID);
  });

  it('refuse a range before retention, and clamp one that reaches into it', async () => {
    const reply = await get(demo, project(demo, id, 'events/?start=2020-01-01T00:00:00Z&end=2020-02-01T00:00:00Z'));
    expect([reply.status, reply.json]).toEqual([
      400,
      { detail: 'Invalid date range. Please try a more recent date range.' },
    ]);
    expect(await list(`start=2020-01-01T00:00:00Z&end=${iso(now)}`)).toHaveLength(truth.length);
  });

  it('are full bodies for any value of full', async () => {
    for (const value of ['1', 'true', 'false', '0']) {
      const [row] = (await get(demo, project(demo, id, `events/?per_page=1&full=${value}`))).rows;
      expect(row).toMatchObject({
        entries: expect.any(Array) as unknown,
        contexts: expect.any(Object) as unknown,
        sdk: expect.any(Object) as unknown,
      });
    }
    expect((await get(demo, project(demo, id, 'events/?per_page=1&full='))).rows[0]).not.toHaveProperty('entries');
  });

  it('of an issue are full for 1 and true only', async () => {
    const row = async (value: string): Promise<Row> =>
      (await get(demo, org(demo, `issues/${truth[0]?.groupID}/events/?per_page=1&full=${value}`))).rows[0] ?? {};
    expect(await row('true')).toHaveProperty('entries');
    expect(await row('false')).not.toHaveProperty('entries');
  });

  it('of an issue are those of the project list with its groupID', async () => {
    const rows = await all(demo, org(demo, `issues/${truth[0]?.groupID}/events/`));
    expect(new Set(rows.map((row) => row.id))).toEqual(
      new Set(truth.filter((row) => row.groupID === truth[0]?.groupID).map((row) => row.id)),
    );
  });

  it('of an issue stop five minutes before its first event', async () => {
    await using late = await createDemo({ now, frozen: true, seed: 4 });
    const issue = late.world.newIssue({ at: now - 2 * day });
    const [near] = late.world.addEvents({ issue: issue.id, at: now - 2 * day - 240_000 });
    const [far] = late.world.addEvents({ issue: issue.id, at: now - 3 * day });
    const ids = (await all(late, org(late, `issues/${issue.id}/events/`))).map((row) => row.id);
    expect(ids).toContain(near?.eventID);
    expect(ids).not.toContain(far?.eventID);
    expect((await all(late, project(late, issue.project.id, 'events/'))).map((row) => row.id)).toContain(far?.eventID);
  });

  it('one by one tell of release and neighbours too', async () => {
    const wanted = truth[40];
    const reply = await get(demo, project(demo, id, `events/${wanted?.eventID}/`));
    const neighbours = (await all(demo, org(demo, `issues/${wanted?.groupID}/events/`))).map((row) => row.id);
    const place = neighbours.indexOf(wanted?.eventID);
    expect(reply.json).toMatchObject({
      id: wanted?.eventID,
      sdkUpdates: [],
      resolvedWith: [],
      nextEventID: neighbours[place - 1] ?? null,
      previousEventID: neighbours[place + 1] ?? null,
    });
    expect(await get(demo, project(demo, id, `events/${'0'.repeat(32)}/`))).toMatchObject({
      status: 404,
      json: { detail: 'Event not found' },
    });
  });

  it('have ids unique in a project, not in the organization', () => {
    const keys = [...demo.truth().rows('events')];
    expect(new Set(keys.map((row) => `${row.projectID}/${row.eventID}`)).size).toBe(keys.length);
    expect(new Set(keys.map((row) => row.eventID)).size).toBeLessThan(keys.length);
  });

  it('ignore dates on an old server', async () => {
    await using old = await createDemo({ now, frozen: true, behaviour: { ignoreEventDates: true } });
    const path = project(old, id, 'events/');
    expect((await get(old, `${path}?start=${iso(now - day)}&end=${iso(now)}`)).rows).toEqual(
      (await get(old, path)).rows,
    );
  });

  it('reach a wanted size, prerendered or not, with the same bytes', async () => {
    const options = { now, frozen: true, events: 300, rowBytes: 2000, bodyBytes: 30_000 };
    await using fresh = await createDemo(options);
    await using kept = await createDemo({ ...options, prerender: 'bodies' });
    for (const full of ['', '&full=1']) {
      const path = project(fresh, id, `events/?per_page=10${full}`);
      const [a, b] = [await get(fresh, path), await get(kept, path)];
      expect(a.text).toBe(b.text);
      const average = a.text.length / 10;
      expect(average).toBeGreaterThan(full ? 29_000 : 1990);
      expect(average).toBeLessThan(full ? 31_000 : 2200);
    }
  });
});
