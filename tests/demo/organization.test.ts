/** Projects, teams, people and releases. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { all, get, iso, org, project, type Row } from './client.js';

const demo = await createDemo({
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 6,
  members: 24,
  releases: 60,
  inaccessibleProjects: 1,
});
afterAll(() => demo.close());
const names = (rows: Row[], key: string): unknown[] => rows.map((row) => row[key]).sort();
const truth = (stream: 'projects' | 'teams' | 'users' | 'members' | 'releases'): Row[] => [
  ...demo.truth().rows(stream),
];

describe('organization', () => {
  it('lists all projects, the bookmarked one first', async () => {
    const rows = await all(demo, org(demo, 'projects/?per_page=2'));
    expect(rows[0]?.isBookmarked).toBe(true);
    expect(rows.slice(1).map((row) => row.slug)).toEqual(names(rows.slice(1), 'slug'));
    expect(names(rows, 'id')).toEqual(names(truth('projects'), 'id'));
  });

  it('has teams with their projects, or slim', async () => {
    const rows = await all(demo, org(demo, 'teams/'));
    expect(rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))).toEqual(truth('teams'));
    expect(rows.every((row) => Array.isArray(row.projects))).toBe(true);
    expect((await get(demo, org(demo, 'teams/?detailed=0'))).rows[0]).not.toHaveProperty('projects');
  });

  it('gives users in one unpaged answer with a null among them', async () => {
    const reply = await get(demo, org(demo, 'users/?project=-1'));
    expect(reply.headers.get('link')).toBeNull();
    expect(reply.rows.filter((row) => row === null)).toHaveLength(1);
    const users = reply.rows.filter((row) => row !== null);
    expect(names(users, 'id')).toEqual(names(truth('users'), 'id'));
    expect(
      users.every(
        (row) => (row.projects as string[]).length > 0 && row.user !== null && row.id !== (row.user as Row).id,
      ),
    ).toBe(true);
  });

  it('has members that users lacks: invited ones, without a person', async () => {
    const rows = await all(demo, org(demo, 'members/?per_page=5'));
    expect(names(rows, 'id')).toEqual(names(truth('members'), 'id'));
    expect(rows.some((row) => row.pending === true && row.user === null)).toBe(true);
    expect(rows.length).toBeGreaterThan(truth('users').length);
  });

  it('hides archived releases unless status is empty', async () => {
    const [open, every] = [
      await all(demo, org(demo, 'releases/?project=-1')),
      await all(demo, org(demo, 'releases/?project=-1&status=')),
    ];
    expect(open.every((row) => row.status === 'open')).toBe(true);
    expect(every.length).toBeGreaterThan(open.length);
    expect(names(every, 'version')).toEqual(names(truth('releases'), 'version'));
    expect(every.map((row) => row.dateCreated)).toEqual(
      every
        .map((row) => row.dateCreated)
        .sort()
        .reverse(),
    );
  });

  it('takes release dates inclusive at both ends', async () => {
    const every = await all(demo, org(demo, 'releases/?project=-1&status='));
    const [newer, older] = [every[3], every[8]].map((row) => String(row?.dateCreated));
    expect(await all(demo, org(demo, `releases/?project=-1&status=&start=${older}&end=${newer}`))).toHaveLength(6);
  });

  it("shows only the releases of the user's projects when project is missing", async () => {
    expect((await all(demo, org(demo, 'releases/?status='))).length).toBeLessThan(truth('releases').length);
  });

  it('finds a release by its encoded version, be it a hash or with + and spaces', async () => {
    const versions = truth('releases').map((row) => String(row.version));
    for (const pattern of [/ /, /\+/, /^[0-9a-f]{40}$/]) {
      const version = versions.find((one) => pattern.test(one)) ?? '';
      expect((await get(demo, org(demo, `releases/${encodeURIComponent(version)}/`))).json).toMatchObject({
        version,
        id: expect.any(Number) as unknown,
      });
    }
  });

  it('shows a project in full', async () => {
    const row = truth('projects')[0];
    expect((await get(demo, project(demo, String(row?.id)))).json).toMatchObject({
      id: row?.id,
      options: expect.any(Object) as unknown,
      organization: { slug: 'acme' },
    });
  });

  it('has no events outside of its days', () => {
    const days = [...demo.truth().rows('events')].map((row) => String(row.dateCreated)).sort();
    expect(Date.parse(days[0] ?? '')).toBeGreaterThan(demo.clock.now() - 90 * 86_400_000);
    expect(days.at(-1)?.slice(0, 19)).toSatisfy((last: string) => last < iso(demo.clock.now()));
  });
});
