/** Who may see what, under which name. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { get, org, project } from './client.js';

const demo = await createDemo({ now: '2026-03-01T12:00:00Z', frozen: true, projects: 6, inaccessibleProjects: 1 });
afterAll(() => demo.close());

const listed = (await get(demo, org(demo, 'projects/'))).rows;
const closed = listed.find((row) => row.hasAccess === false);
const open = listed.find((row) => row.hasAccess === true && row.isMember === true);
const detail = (reply: { json: unknown }): unknown => (reply.json as { detail?: unknown }).detail;

describe('access', () => {
  it('refuses a missing or wrong token with 401', async () => {
    for (const authorization of ['', 'Bearer wrong', `Token ${demo.token}`]) {
      const reply = await get(demo, org(demo, 'projects/'), { authorization });
      expect([reply.status, detail(reply)]).toEqual([401, 'Invalid token']);
    }
  });

  it('refuses a token without the scope with 403', async () => {
    await using narrow = await createDemo({ scopes: ['org:read'] });
    const reply = await get(narrow, org(narrow, 'members/'));
    expect([reply.status, detail(reply)]).toEqual([403, 'You do not have permission to perform this action.']);
    expect((await get(narrow, org(narrow, 'projects/'))).status).toBe(200);
  });

  it('knows no other organization, and its own by slug and by id', async () => {
    const reply = await get(demo, 'organizations/nobody/projects/');
    expect([reply.status, detail(reply)]).toEqual([404, 'The requested resource does not exist']);
    const own = (await get(demo, org(demo, '?detailed=0'))).json as {
      id: string;
      slug: string;
      links: { regionUrl: string };
    };
    expect(own).toMatchObject({ slug: 'acme', links: { regionUrl: demo.origin } });
    expect((await get(demo, `organizations/${own.id}/projects/`)).rows).toEqual(listed);
  });

  it('knows a project by slug and by id', async () => {
    const [bySlug, byId] = [
      await get(demo, project(demo, String(open?.slug))),
      await get(demo, project(demo, String(open?.id))),
    ];
    expect(bySlug.status).toBe(200);
    expect(bySlug.json).toEqual(byId.json);
  });

  it('lists a closed project and refuses to open it', async () => {
    expect((await get(demo, project(demo, String(closed?.id)))).status).toBe(403);
    expect((await get(demo, project(demo, String(closed?.id), 'events/'))).status).toBe(403);
    expect((await get(demo, org(demo, `issues/?query=&project=${closed?.id}&project=${open?.id}`))).status).toBe(403);
  });

  it('answers 404 for an unknown path and for a missing slash, 405 for other methods', async () => {
    expect((await get(demo, org(demo, 'nothing/'))).status).toBe(404);
    expect((await get(demo, `organizations/${demo.organization}/projects`)).status).toBe(404);
    const response = await fetch(new URL(org(demo, 'projects/'), demo.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.token}` },
    });
    expect(response.status).toBe(405);
  });

  it('redirects a renamed slug, query and all', async () => {
    await using moved = await createDemo({ seed: 2 });
    moved.world.renameProject('billing', 'invoicing');
    const reply = await get(moved, project(moved, 'billing', 'events/?per_page=3'));
    const url = `${moved.url}projects/acme/invoicing/events/?per_page=3`;
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe(url);
    expect(reply.json).toEqual({
      detail: { code: 'resource-moved', message: 'Resource has been moved', extra: { url, slug: 'invoicing' } },
    });
    expect((await get(moved, project(moved, 'invoicing', 'events/?per_page=3'))).rows).toHaveLength(3);
  });

  it('sends the date of its own clock', async () => {
    expect((await get(demo, org(demo, 'teams/'))).headers.get('date')).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
  });
});
