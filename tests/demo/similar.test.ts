/** Servers that only resemble Sentry, one difference at a time. */
import { describe, expect, it } from 'vitest';
import { createDemo, type Behaviour, type Demo } from '../../demo/index.js';
import { get, iso, org, project } from './client.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const like = (behaviour: Partial<Behaviour>): Promise<Demo> => createDemo({ now, frozen: true, behaviour });
const window = `start=${iso(now - 3 * 86_400_000)}&end=${iso(now)}`;

describe('similar servers', () => {
  it('lack the organization list of issues, or its users', async () => {
    await using demo = await like({ organizationIssues: false, usersEndpoint: false });
    expect((await get(demo, org(demo, 'issues/?project=-1&query='))).status).toBe(404);
    expect((await get(demo, project(demo, 'storefront', 'issues/?query='))).rows.length).toBeGreaterThan(0);
    expect((await get(demo, org(demo, 'users/?project=-1'))).status).toBe(404);
  });

  it('refuse or lack the organization itself', async () => {
    for (const status of [403, 404] as const) {
      await using demo = await like({ organizationDetail: status });
      expect((await get(demo, org(demo, ''))).status).toBe(status);
      expect((await get(demo, org(demo, 'projects/'))).status).toBe(200);
    }
  });

  it('find nothing for search terms they do not know, with 200', async () => {
    await using demo = await like({ unknownTermsFindNothing: true });
    for (const query of ['lastSeen:>=2020-01-01T00:00:00Z', 'issue.category:feedback']) {
      expect(await get(demo, org(demo, `issues/?project=-1&query=${encodeURIComponent(query)}`))).toMatchObject({
        status: 200,
        rows: [],
      });
    }
    expect((await get(demo, org(demo, 'issues/?project=-1&query=is:resolved'))).rows.length).toBeGreaterThan(0);
  });

  it('answer an unknown sort with 422 and a list', async () => {
    await using demo = await like({ unknownSort422: true });
    expect(await get(demo, org(demo, 'issues/?project=-1&query=&sort=inbox'))).toMatchObject({
      status: 422,
      json: { detail: [{ type: 'literal_error' }] },
    });
  });

  it('ignore dates of issues and releases', async () => {
    await using demo = await like({ ignoreIssueDates: true, ignoreReleaseDates: true });
    for (const path of ['issues/?project=-1&query=', 'releases/?project=-1&status=']) {
      expect((await get(demo, org(demo, `${path}&${window}`))).rows).toEqual((await get(demo, org(demo, path))).rows);
    }
  });

  it('select issues by first seen', async () => {
    await using demo = await like({ issueWindow: 'firstSeen' });
    const wide = `start=${iso(now - 40 * 86_400_000)}&end=${iso(now)}`;
    const { rows } = await get(demo, org(demo, `issues/?project=-1&query=&${wide}`));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.every((row) => Date.parse(String(row.firstSeen)) >= now - 40 * 86_400_000)).toBe(true);
  });

  it('have no lifetime', async () => {
    await using demo = await like({ lifetime: false });
    expect((await get(demo, org(demo, 'issues/?project=-1&query='))).rows.some((row) => 'lifetime' in row)).toBe(false);
  });

  it('write ids and counts as numbers, event ids with dashes', async () => {
    await using demo = await like({ numericIds: true, numericCounts: true, dashedEventIds: true });
    const [issue] = (await get(demo, org(demo, 'issues/?project=-1&query='))).rows;
    expect(issue).toMatchObject({ id: expect.any(Number) as unknown, count: expect.any(Number) as unknown });
    const [event] = (await get(demo, project(demo, 'storefront', 'events/?per_page=1'))).rows;
    expect(event?.eventID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect((await get(demo, project(demo, 'storefront', `events/${event?.eventID as string}/`))).status).toBe(200);
  });

  it('have no cursor on the last page, and no rate-limit headers', async () => {
    await using demo = await createDemo({
      limits: 'sentry.io',
      behaviour: { cursorOnLastPage: false, rateLimitHeaders: false },
    });
    const reply = await get(demo, org(demo, 'teams/'));
    expect(reply.links.next).toMatchObject({ results: 'false', cursor: undefined });
    expect(reply.headers.has('x-sentry-rate-limit-limit')).toBe(false);
  });

  it('refuse more than one project at a time', async () => {
    await using demo = await like({ multiProject: false });
    const [a, b] = demo.world.state.projects.map(({ id }) => id);
    for (const [query, status] of [
      [`project=${a}`, 200],
      ['project=-1', 400],
      [`project=${a}&project=${b}`, 400],
    ] as const) {
      expect((await get(demo, org(demo, `issues/?query=&${query}`))).status).toBe(status);
    }
    expect((await get(demo, org(demo, 'issues/?query=&project=-1'))).json).toEqual({
      detail: 'You do not have the multi project stream feature enabled',
    });
  });
});
