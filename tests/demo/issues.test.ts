/** Issue lists: default search, projects, windows, and values inside and outside of them. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { all, get, iso, org, project, type Row } from './client.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const day = 86_400_000;
const demo = await createDemo({ now, frozen: true, projects: 6, issues: 200, events: 4000 });
afterAll(() => demo.close());
const truth = [...demo.truth().rows('issues')];
const list = (query: string): Promise<Row[]> => all(demo, org(demo, `issues/?${query}`));
const ids = (rows: Row[]): string[] => rows.map((row) => String(row.id)).sort();
const times = (one: Row): number[] => [Date.parse(String(one.firstSeen)), Date.parse(String(one.lastSeen))];

describe('issues', () => {
  it('hides resolved, archived and low-priority ones when query is missing', async () => {
    const wanted = truth.filter(
      (row) =>
        row.status === 'unresolved' &&
        ['high', 'medium'].includes(String(row.priority)) &&
        row.issueCategory !== 'feedback',
    );
    expect(ids(await list('project=-1'))).toEqual(ids(wanted));
    expect(wanted.length).toBeLessThan(truth.length / 2);
  });

  it('shows all but feedback with an empty query, and feedback when its category is named', async () => {
    const [others, feedback] = [
      await list('project=-1&query='),
      await list('project=-1&query=issue.category:feedback'),
    ];
    expect(feedback.length).toBeGreaterThan(0);
    expect(ids([...others, ...feedback])).toEqual(ids(truth));
  });

  it('understands states, priorities, times and words', async () => {
    const found = async (query: string): Promise<string[]> =>
      ids(await list(`project=-1&query=${encodeURIComponent(query)}`));
    const wanted = (test: (row: Row) => boolean): string[] =>
      ids(truth.filter((row) => row.issueCategory !== 'feedback' && test(row)));
    expect(await found('is:resolved')).toEqual(wanted((row) => row.status === 'resolved'));
    expect(await found('is:unresolved issue.priority:[high, low]')).toEqual(
      wanted((row) => row.status === 'unresolved' && ['high', 'low'].includes(String(row.priority))),
    );
    expect(await found('!is:unresolved level:fatal')).toEqual(
      wanted((row) => row.status !== 'unresolved' && row.level === 'fatal'),
    );
    expect(await found('typeerror')).toEqual(wanted((row) => String(row.title).toLowerCase().includes('typeerror')));
    const [from, to] = [iso(now - 9 * day), iso(now - 2 * day)];
    const inside = wanted(
      (row) =>
        Date.parse(String(row.lastSeen)) >= Date.parse(from) &&
        Math.floor(Date.parse(String(row.lastSeen)) / 1000) * 1000 < Date.parse(to),
    );
    expect(await found(`lastSeen:>=${from} lastSeen:<${to}`)).toEqual(inside);
    expect(await found('nosuchtag:yes')).toEqual([]);
  });

  it('shows only the projects the user belongs to when project is missing', async () => {
    const mine = new Set(
      (await get(demo, org(demo, 'projects/'))).rows.filter((row) => row.isMember).map((row) => row.id),
    );
    const shown = await list('query=');
    expect(shown.every((row) => mine.has((row.project as Row).id))).toBe(true);
    expect(shown.length).toBeLessThan((await list('query=&project=-1')).length);
  });

  it('takes several numeric project ids, and refuses slugs', async () => {
    const [a, b] = (await get(demo, org(demo, 'projects/'))).rows;
    const both = await list(`query=&project=${a?.id}&project=${b?.id}`);
    expect(new Set(both.map((row) => (row.project as Row).id))).toEqual(new Set([a?.id, b?.id]));
    const reply = await get(demo, org(demo, 'issues/?project=storefront'));
    expect([reply.status, reply.json]).toEqual([400, { detail: 'Invalid project parameter. Values must be numbers.' }]);
  });

  it('wants both ends of a window, in order', async () => {
    const refused = async (query: string): Promise<unknown> => (await get(demo, org(demo, `issues/?${query}`))).json;
    expect(await refused('start=2026-02-01T00:00:00Z')).toEqual({ detail: 'start and end are both required' });
    expect(await refused('start=2026-02-02T00:00:00Z&end=2026-02-01T00:00:00Z')).toEqual({
      detail: 'start must be before end',
    });
  });

  it('selects issues with events in the window and counts inside it, with all-time values under lifetime', async () => {
    const [start, end] = [now - 12 * day, now - 5 * day];
    const rows = await list(`project=-1&query=&start=${iso(start)}&end=${iso(end)}`);
    const events = [...demo.truth().rows('issue_events')].filter(
      (row) => Date.parse(String(row.dateCreated)) >= start && Date.parse(String(row.dateCreated)) < end,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const inside = events.filter((event) => event.groupID === row.id);
      expect(row.count).toBe(String(inside.length));
      expect(row.userCount).toBe(
        new Set(
          inside
            .map((event) => (event.tags as { key: string; value: string }[]).find(({ key }) => key === 'user')?.value)
            .filter(Boolean),
        ).size,
      );
      expect(Math.min(...times(row))).toBeGreaterThanOrEqual(start);
      expect(Math.max(...times(row))).toBeLessThan(end);
      const whole = truth.find((one) => one.id === row.id);
      expect(row.lifetime).toMatchObject({
        count: whole?.count,
        userCount: whole?.userCount,
        firstSeen: whole?.firstSeen,
        lastSeen: whole?.lastSeen,
      });
    }
  });

  it('orders by last seen inside the window, newest first', async () => {
    const rows = await list(`project=-1&query=&sort=date&start=${iso(now - 20 * day)}&end=${iso(now)}`);
    const seen = rows.map((row) => Date.parse(String(row.lastSeen)));
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  });

  it('lets statsPeriod win over start and end', async () => {
    expect(ids(await list(`project=-1&query=&statsPeriod=3d&start=${iso(now - 80 * day)}&end=${iso(now)}`))).toEqual(
      ids(await list(`project=-1&query=&start=${iso(now - 3 * day)}&end=${iso(now)}`)),
    );
  });

  it('answers an empty list for a window before retention', async () => {
    const reply = await get(
      demo,
      org(demo, 'issues/?project=-1&query=&start=2020-01-01T00:00:00Z&end=2020-02-01T00:00:00Z'),
    );
    expect([reply.status, reply.rows]).toEqual([200, []]);
  });

  it('drops the series, or all of stats, when asked', async () => {
    const row = async (query: string): Promise<Row> =>
      (await get(demo, org(demo, `issues/?project=-1&query=&limit=1${query}`))).rows[0] ?? {};
    expect(Object.keys((await row('')).stats as Row)).toEqual(['24h']);
    expect(await row('&groupStatsPeriod=')).not.toHaveProperty('stats');
    expect(await row('&groupStatsPeriod=')).toHaveProperty('lifetime');
    expect(await row('&collapse=stats')).not.toHaveProperty('lifetime');
  });

  it('says how many it found', async () => {
    const reply = await get(demo, org(demo, 'issues/?project=-1&query=&limit=5'));
    expect([Number(reply.headers.get('x-hits')), reply.headers.get('x-max-hits')]).toEqual([
      truth.filter((row) => row.issueCategory !== 'feedback').length,
      '1000',
    ]);
  });

  it('gives named groups whatever the query says', async () => {
    const wanted = truth
      .filter((row) => row.status !== 'unresolved')
      .slice(0, 3)
      .map((row) => String(row.id));
    expect(ids(await list(`project=-1&${wanted.map((id) => `group=${id}`).join('&')}`))).toEqual(wanted.toSorted());
  });

  it('shows all-time values in the project list, whatever the dates', async () => {
    const { id } = (await get(demo, org(demo, 'projects/'))).rows[0] ?? {};
    const rows = await all(
      demo,
      project(demo, String(id), `issues/?query=&statsPeriod=&start=${iso(now - day)}&end=${iso(now)}`),
    );
    const wanted = truth.filter((row) => (row.project as Row).id === id && row.issueCategory !== 'feedback');
    expect(ids(rows)).toEqual(ids(wanted));
    expect(rows.every((row) => row.count === wanted.find((one) => one.id === row.id)?.count)).toBe(true);
    expect((await get(demo, project(demo, String(id), 'issues/?statsPeriod=7d'))).status).toBe(400);
  });

  it('tells all of one issue, and nothing of an unknown one', async () => {
    const wanted = truth[5];
    expect((await get(demo, org(demo, `issues/${wanted?.id}/`))).json).toMatchObject({
      id: wanted?.id,
      count: wanted?.count,
      firstSeen: wanted?.firstSeen,
      activity: expect.any(Array) as unknown,
      stats: expect.any(Object) as unknown,
    });
    expect(await get(demo, `issues/${wanted?.id}/`)).toMatchObject({ status: 200 });
    expect((await get(demo, `issues/${wanted?.id}/`)).headers.get('x-sentry-deprecation-date')).toBeTruthy();
    expect((await get(demo, org(demo, 'issues/12/'))).status).toBe(404);
  });

  it('may end a list early in silence', async () => {
    await using hasty = await createDemo({ issues: 120, behaviour: { issueCandidates: 50 } });
    const path = org(hasty, 'issues/?project=-1&query=');
    expect(await all(hasty, path)).toHaveLength(50);
    expect(Number((await get(hasty, path)).headers.get('x-hits'))).toBeGreaterThan(100);
  });
});
