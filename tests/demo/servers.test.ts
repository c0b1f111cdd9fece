/** The servers that the demo can be: for each the facts that were measured on a real one. */
import { describe, expect, it } from 'vitest';
import {
  createDemo,
  serverNames,
  strangerToken,
  type Demo,
  type DemoOptions,
  type ServerName,
} from '../../demo/index.js';
import { all, get, iso, org, project, type Row } from './client.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const day = 86_400_000;
const range = `start=${iso(now - 3 * day)}&end=${iso(now)}`;

const like = (server: ServerName, options: DemoOptions = {}): Promise<Demo> =>
  createDemo({ server, now, frozen: true, seed: 7, issues: 60, events: 600, days: 60, ...options });

const first = (demo: Demo): { id: string; slug: string; issue: string } => {
  const one = demo.world.state.liveProjects()[0]!;
  const issue = demo.world.state.issues.find((candidate) => candidate.project === one)!;
  return { id: one.id, slug: one.slug, issue: issue.id };
};

const keyOf = (row: Row): string => `${String(row.projectID)}/${String(row.id ?? row.version)}`;
const byId = (a: Row, b: Row): number => (keyOf(a) < keyOf(b) ? -1 : 1);
const status = async (demo: Demo, path: string): Promise<number> => (await get(demo, path)).status;

/** Where each server lists issues, events and people, and how a client asks. */
const lists: Record<ServerName, { issues: (slug: string) => string; all: string }> = {
  'sentry.io': { issues: () => 'organizations/acme/issues/?project=-1&query=&groupStatsPeriod=', all: 'project=-1' },
  'sentry-2025': { issues: () => 'organizations/acme/issues/?project=-1&query=&groupStatsPeriod=', all: 'project=-1' },
  'sentry-10': { issues: () => 'organizations/acme/issues/?project=-1&query=&groupStatsPeriod=', all: 'project=-1' },
  'sentry-9': { issues: (slug) => `projects/acme/${slug}/issues/?query=&statsPeriod=`, all: '' },
  glitchtip: { issues: () => 'organizations/acme/issues/?query=&groupStatsPeriod=', all: '' },
};

describe.each(serverNames)('%s', (server) => {
  it('shows its truth', async () => {
    await using demo = await like(server);
    const truth = (stream: 'events' | 'issues' | 'members' | 'releases'): Row[] => [...demo.truth().rows(stream)];
    const slugs = demo.world.state.liveProjects().map(({ slug }) => slug);
    const events = await Promise.all(slugs.map((slug) => all(demo, project(demo, slug, 'events/'))));
    expect(events.flat().toSorted(byId)).toEqual(truth('events').toSorted(byId));

    const shape = (rows: Row[]): unknown[] => rows.toSorted(byId).map((row) => Object.keys(row).sort());
    const paths = [...new Set(slugs.map((slug) => lists[server].issues(slug)))];
    const issues = (await Promise.all(paths.map((path) => all(demo, path)))).flat();
    const ordinary = truth('issues').filter((row) => row.issueCategory !== 'feedback');
    expect(shape(issues)).toEqual(shape(ordinary));

    expect((await all(demo, org(demo, 'members/'))).toSorted(byId)).toEqual(truth('members').toSorted(byId));
    const releases = await all(demo, org(demo, `releases/?status=&${lists[server].all}`));
    expect(releases.map((row) => row.version).sort()).toEqual(
      truth('releases')
        .map((row) => row.version)
        .sort(),
    );
  });

  it('lists people without a team and those invited under members, not under users', async () => {
    await using demo = await like(server);
    const users = (await get(demo, org(demo, `users/?${lists[server].all}`))).rows.filter((row) => row !== null);
    const members = await all(demo, org(demo, 'members/'));
    expect((await get(demo, org(demo, `users/?${lists[server].all}`))).headers.get('link')).toBeNull();
    const hidden = members.filter((row) => !users.some((user) => user.id === row.id));
    expect(hidden.some((row) => row.user === null)).toBe(true);
    expect(hidden.some((row) => row.user !== null)).toBe(true);
  });
});

describe('sentry.io', () => {
  it('cuts pages with bodies to ten rows, of a project and of an issue', async () => {
    await using demo = await like('sentry.io');
    const { id, issue } = first(demo);
    for (const path of [project(demo, id, 'events/'), org(demo, `issues/${issue}/events/`)]) {
      const page = await get(demo, `${path}?full=1&per_page=100`);
      expect(page.rows).toHaveLength(10);
      expect(page.links.next).toMatchObject({ results: 'true', cursor: '0:10:0' });
      expect(await all(demo, `${path}?full=1`)).toHaveLength((await all(demo, path)).length);
    }
  });
});

describe('sentry-2025', () => {
  it('sends a hundred bodies a page, and ignores the dates of events', async () => {
    await using demo = await like('sentry-2025');
    const path = project(demo, first(demo).id, 'events/');
    expect((await get(demo, `${path}?full=1`)).rows).toHaveLength(100);
    expect(await get(demo, `${path}?${range}`)).toMatchObject({ rows: (await get(demo, path)).rows });
  });
});

describe('sentry-10', () => {
  it('knows projects in paths by slug only', async () => {
    await using demo = await like('sentry-10');
    const { id, slug } = first(demo);
    for (const path of ['', 'events/', 'issues/']) {
      expect(await status(demo, project(demo, id, path))).toBe(404);
      expect(await status(demo, project(demo, slug, path))).toBe(200);
    }
  });

  it("has the issues of the user's projects without project, refuses foreign ids and slugs", async () => {
    await using demo = await like('sentry-10', { projects: 6, inaccessibleProjects: 1 });
    const { slug } = first(demo);
    const foreign = demo.world.state.projects.find(({ hasAccess }) => !hasAccess)?.id;
    const path = org(demo, 'issues/?query=');
    expect((await all(demo, path)).length).toBeLessThan((await all(demo, `${path}&project=-1`)).length);
    expect(await status(demo, `${path}&project=${foreign}`)).toBe(403);
    expect(await status(demo, `${path}&project=${slug}`)).toBe(400);
  });

  it('finds nothing and says no X-Hits for a field that it does not know', async () => {
    await using demo = await like('sentry-10');
    const path = org(demo, 'issues/?project=-1&query=');
    for (const term of ['issue.category:feedback', 'project:web']) {
      const reply = await get(demo, path + encodeURIComponent(term));
      expect([reply.status, reply.rows, reply.headers.get('x-hits')]).toEqual([200, [], null]);
    }
    expect((await get(demo, `${path}${encodeURIComponent('lastSeen:>=2020-01-01')}`)).rows).not.toEqual([]);
    for (const term of ['is:nonsense', 'lastSeen:nonsense'])
      expect(await status(demo, path + encodeURIComponent(term))).toBe(400);
  });

  it('answers limit=0 with no rows and a next page, and per_page over 100 with 400', async () => {
    await using demo = await like('sentry-10');
    const reply = await get(demo, org(demo, 'issues/?project=-1&query=&limit=0'));
    expect(reply).toMatchObject({ status: 200, rows: [], links: { next: { results: 'true' } } });
    expect(await status(demo, org(demo, 'releases/?per_page=101'))).toBe(400);
  });

  it('orders and ranges releases by the later of their two dates, and gives them no id', async () => {
    await using demo = await like('sentry-10');
    demo.world.newRelease({ version: 'late@1.0.0', at: now - 50 * day, released: now - day });
    const rows = await all(demo, org(demo, `releases/?project=-1&status=&${range}`));
    expect(rows.map((row) => row.version)).toContain('late@1.0.0');
    const later = rows.map((row) =>
      [row.dateCreated, row.dateReleased]
        .map(String)
        .sort()
        .at(row.dateReleased ? -1 : 0),
    );
    expect(later).toEqual(later.toSorted().reverse());
    expect(rows.some((row) => 'id' in row)).toBe(false);
    expect((await get(demo, org(demo, 'releases/late%401.0.0/'))).json).not.toHaveProperty('id');
  });

  it('takes any text of full for yes, ignores dates and order of events, even nonsense', async () => {
    await using demo = await like('sentry-10');
    const { slug, issue } = first(demo);
    const path = project(demo, slug, 'events/');
    for (const list of [path, org(demo, `issues/${issue}/events/`)])
      for (const full of ['0', 'false'])
        expect((await get(demo, `${list}?full=${full}`)).rows[0]).toHaveProperty('entries');
    const plain = (await get(demo, path)).rows;
    for (const query of [range, 'start=nonsense', 'statsPeriod=nonsense', 'sort=nonsense'])
      expect((await get(demo, `${path}?${query}`)).rows).toEqual(plain);
  });

  it("wants both ends for an issue's events, and no empty period", async () => {
    await using demo = await like('sentry-10');
    const { issue } = first(demo);
    for (const path of [org(demo, `issues/${issue}/events/`), `issues/${issue}/events/`]) {
      expect(await status(demo, `${path}?${range}`)).toBe(200);
      expect(await status(demo, `${path}?start=${iso(now - day)}`)).toBe(400);
      expect(await status(demo, `${path}?statsPeriod=`)).toBe(400);
    }
  });
});

describe('sentry-9', () => {
  it('knows projects in paths by slug only, and refuses project=-1', async () => {
    await using demo = await like('sentry-9');
    const { id, slug } = first(demo);
    expect(await status(demo, project(demo, id, 'events/'))).toBe(404);
    expect(await status(demo, project(demo, slug, 'events/'))).toBe(200);
    for (const path of ['users/', 'releases/', 'issues/'])
      expect(await status(demo, org(demo, `${path}?project=-1`))).toBe(403);
    for (const path of ['users/', 'releases/']) expect(await status(demo, org(demo, path))).toBe(200);
  });

  it('has issues by project and alone, not by organization', async () => {
    await using demo = await like('sentry-9');
    const { slug, issue } = first(demo);
    for (let n = 0; n < 3; n += 1) expect(await status(demo, org(demo, 'issues/?query='))).toBe(500);
    expect((await get(demo, project(demo, slug, 'issues/?query='))).rows.length).toBeGreaterThan(0);
    for (const path of [`issues/${issue}/`, `issues/${issue}/events/`]) {
      expect(await status(demo, path)).toBe(200);
      expect(await status(demo, org(demo, path))).toBe(404);
    }
  });

  it('pages events by time, whatever the range, and never with bodies', async () => {
    await using demo = await like('sentry-9');
    const { slug, issue } = first(demo);
    for (const path of [project(demo, slug, 'events/'), `issues/${issue}/events/`]) {
      const page = await get(demo, `${path}?per_page=20&full=1&start=2020-01-01&end=2020-01-02`);
      expect(page.links.next?.cursor).toMatch(/^1[67]\d{11}:\d:0$/);
      expect(page.rows[0]).not.toHaveProperty('entries');
      expect(new Set((await all(demo, `${path}?per_page=7`)).map((row) => row.id)).size).toBe(
        (await all(demo, path)).length,
      );
    }
  });

  it('has releases without id and a truth value for crash reports', async () => {
    await using demo = await like('sentry-9');
    expect((await all(demo, org(demo, 'releases/'))).some((row) => 'id' in row)).toBe(false);
    expect((await get(demo, project(demo, first(demo).slug))).json).toMatchObject({ storeCrashReports: false });
  });
});

describe('glitchtip', () => {
  it('prints its links as a set', async () => {
    await using demo = await like('glitchtip');
    const { headers, rows, links } = await get(demo, project(demo, first(demo).slug, 'events/'));
    expect(headers.get('link')).toMatch(/^\{'<http.*>; rel="previous"; results="false", <http.*cursor="[\w+/=]+"'\}$/);
    expect(rows).toHaveLength(50);
    expect(links.next?.results).toBe('true');
    expect((await get(demo, org(demo, 'teams/'))).headers.get('link')).toMatch(/rel="next"; results="false"'\}$/);
  });

  it('answers a numeric id and project=-1 with an empty list', async () => {
    await using demo = await like('glitchtip');
    const { id } = first(demo);
    for (const path of [project(demo, id, 'events/'), project(demo, id, 'issues/'), org(demo, 'issues/?project=-1')])
      expect(await get(demo, path)).toMatchObject({ status: 200, rows: [] });
    expect(await status(demo, project(demo, id))).toBe(404);
  });

  it('knows neither sort=date nor search terms nor ranges of issues', async () => {
    await using demo = await like('glitchtip');
    const path = org(demo, 'issues/?query=');
    expect((await get(demo, `${path}&sort=date`)).status).toBe(422);
    const rows = await all(demo, path);
    const times = rows.map((row) => Date.parse(String(row.lastSeen)));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    for (const more of ['lastSeen:>=2030-01-01', 'issue.category:feedback', `&${range}`])
      expect(await all(demo, path + more)).toEqual(rows);
    expect(rows.every((row) => row.assignedTo === null && !('lifetime' in row))).toBe(true);
  });

  it('lists events with their bodies by arrival, whatever the range', async () => {
    await using demo = await like('glitchtip');
    const path = project(demo, first(demo).slug, 'events/');
    const rows = await all(demo, `${path}?${range}`);
    const dates = (name: string): number[] => rows.map((row) => Date.parse(String(row[name])));
    const falling = (times: number[]): number[] => times.toSorted((a, b) => b - a);
    expect(dates('dateReceived')).toEqual(falling(dates('dateReceived')));
    expect(dates('dateCreated')).not.toEqual(falling(dates('dateCreated')));
    expect(rows.every((row) => Array.isArray(row.entries))).toBe(true);
    expect(rows).toHaveLength((await all(demo, path)).length);
  });

  it('has an issue alone and its events on the older paths, with other names', async () => {
    await using demo = await like('glitchtip');
    const { id, issue } = first(demo);
    expect(await status(demo, org(demo, `issues/${issue}/`))).toBe(405);
    expect(await status(demo, `issues/${issue}/`)).toBe(200);
    const page = await get(demo, org(demo, `issues/${issue}/events/`));
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const [row] = (await get(demo, `issues/${issue}/events/`)).rows;
    expect(row).toMatchObject({ project_id: id, group_id: issue, event_id: row?.id });
    expect(row).not.toHaveProperty('eventID');
  });

  it('has releases without id, and a page for people where a version has a slash', async () => {
    await using demo = await like('glitchtip');
    const rows = await all(demo, org(demo, 'releases/?status='));
    const slashed = rows.map((row) => String(row.version)).filter((version) => version.includes('/'));
    expect(rows.some((row) => 'id' in row)).toBe(false);
    expect(slashed.length).toBeGreaterThan(0);
    const reply = await get(demo, org(demo, `releases/${encodeURIComponent(slashed[0] ?? '')}/`));
    expect([reply.status, reply.json]).toEqual([200, undefined]);
    expect([...demo.truth().keys('release')].filter((version) => version.includes('/'))).toEqual([]);
  });

  it('tells a stranger that there are no projects, where Sentry refuses', async () => {
    await using demo = await like('glitchtip');
    await using sentry = await like('sentry.io');
    const stranger = { authorization: `Bearer ${strangerToken}` };
    expect((await get(demo, org(demo, ''), stranger)).status).toBe(404);
    expect(await get(demo, org(demo, 'projects/'), stranger)).toMatchObject({ status: 200, json: [] });
    expect(await get(demo, 'organizations/acne/projects/')).toMatchObject({ status: 200, json: [] });
    expect(await status(demo, 'organizations/acne/')).toBe(404);
    expect((await get(sentry, org(sentry, 'projects/'), stranger)).status).toBe(403);
    expect(await status(sentry, 'organizations/acne/projects/')).toBe(404);
  });

  it('refuses with 403 what the token has no scope for', async () => {
    await using demo = await like('glitchtip', { scopes: ['org:read', 'project:read'] });
    expect(await status(demo, org(demo, 'issues/'))).toBe(403);
  });
});

it('there is no server of another name', async () => {
  await expect(createDemo({ server: 'sentry-8' as ServerName })).rejects.toThrow('no such server: sentry-8');
});
