/** Routes that the demo answers from facts: their fields, pages, ranges, scopes and refusals. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { DocumentedRoute } from '../../demo/documented/route.js';
import { formOf } from '../../demo/documented/shape.js';
import { documentedRoutes, type DocumentedStream } from '../../demo/documented/tables.js';
import { createDemo, serverNames } from '../../demo/index.js';
import { statisticsRoutes } from '../../demo/statistics/answers.js';
import { get, iso, org, project, type Row } from './client.js';
import { allScopes, fieldsIn, fieldsOf, misfits, pagesOf, pathsOf, rowsIn, streamShape } from './documented.js';

const options = { now: '2026-03-01T12:00:00Z', frozen: true, projects: 7, releases: 12, days: 30, scopes: allScopes };
const demo = await createDemo({ ...options, inaccessibleProjects: 1 });
afterAll(() => demo.close());

const named = documentedRoutes.map((route) => [route.name as DocumentedStream, route] as const);

/** The document has one object where servers send a list. */
const isKnown = ({ lists = [] }: DocumentedRoute, misfit: string): boolean =>
  lists.some((name) => misfit === `.${name} is no object`);
/** Hashes come with the short row of an event. */
const isOfBody = (field: string): boolean => field.startsWith('.latestEvent.');
const growing = named.flatMap(([name, { rows }]) => (typeof rows === 'object' && 'seconds' in rows ? [name] : []));
const lists = named.filter(([, { answer }]) => answer !== 'object');

async function read(route: DocumentedRoute, size: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of pathsOf(demo, route))
    for (const page of await pagesOf(demo, `${path}${path.includes('?') ? '&' : '?'}project=-1`, size))
      rows.push(...rowsIn(route, page));
  return rows;
}

describe('every documented route', () => {
  it.each(named)('%s has the rows of the truth, at any size of a page', async (name, route) => {
    const truth = [...demo.truth().rows(name)];
    expect(truth.length).toBeGreaterThan(0);
    const texts = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

    expect(texts(await read(route, 100))).toEqual(texts(truth));
    if (truth.length < 500) expect(texts(await read(route, 7))).toEqual(texts(truth));
  });

  it.each(named)('%s has every documented field, and no other', (name, route) => {
    const rows = [...demo.truth().rows(name)];
    const found = new Set(rows.flatMap((row) => fieldsIn(row)));
    const shape = streamShape(route);

    const missing = fieldsOf(shape).filter((field) => !found.has(field));
    expect(missing.filter((field) => !(name === 'issue_hashes' && isOfBody(field)))).toEqual([]);
    expect([...new Set(rows.flatMap((row) => misfits(shape, row)))].filter((one) => !isKnown(route, one))).toEqual([]);
  });

  it.each(named)('%s has keys that tell its rows apart', (name) => {
    const keys = [...demo.truth().keys(name)];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => /undefined|null|object/.test(key))).toEqual([]);
  });

  it('is refused without its scope', async () => {
    await using narrow = await createDemo({ ...options, scopes: ['event:read'] });
    const others = documentedRoutes.filter(({ name }) => !name.startsWith('issue') && !name.startsWith('replay_v'));
    for (const route of others)
      expect([route.name, (await get(narrow, pathsOf(narrow, route)[0]!)).status]).toEqual([route.name, 403]);
  });

  it.each(lists)('%s has links to pages, or has one page', async (_, route) => {
    const reply = await get(demo, `${pathsOf(demo, route)[0]!}?project=-1`);
    expect(Object.keys(reply.links)).toEqual(['none', 'scim'].includes(route.paging ?? '') ? [] : ['previous', 'next']);
  });

  it('is unknown to servers that nobody has looked at', async () => {
    for (const server of serverNames.filter((name) => !name.startsWith('sentry.io') && name !== 'sentry-2025')) {
      await using other = await createDemo({ ...options, server });
      expect([server, (await get(other, org(other, 'repos/'))).status, other.truth().count('repositories')]).toEqual([
        server,
        404,
        0,
      ]);
    }
  });
});

describe('the facts', () => {
  const read = (file: string): { document: { sha256: string }; routes: Row } =>
    JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as never;

  it('are of the document of which the facts of the streams are', () => {
    const [ours, theirs] = [read('../../demo/facts/published.json'), read('../facts/api-fields.json')];
    expect(ours.document.sha256).toBe(theirs.document.sha256);
  });

  it('are of routes that are answered, each of them', () => {
    const templates = [...documentedRoutes, ...statisticsRoutes].map(({ template }) => formOf(template));
    const known = ['published', 'unpublished'].flatMap((name) =>
      Object.keys(read(`../../demo/facts/${name}.json`).routes),
    );
    expect([...new Set(known)].sort()).toEqual([...new Set(templates)].sort());
  });
});

describe('a documented list', () => {
  it('has the rows of the projects that are asked for, or of those of the token', async () => {
    const projects = [...demo.truth().rows('projects')];
    const own = projects.filter((row) => row.isMember === true).map((row) => row.id);
    const ids = async (query: string): Promise<unknown[]> => {
      const { rows } = await get(demo, org(demo, `detectors/?per_page=100&${query}`));
      return [...new Set(rows.map((row) => row.projectId))];
    };
    expect(await ids('project=-1')).toEqual([...demo.truth().keys('project_detail')]);
    expect(await ids('')).toEqual(own);
    expect(await ids(`project=${String(own[1])}`)).toEqual([own[1]]);
    const closed = projects.find((row) => row.hasAccess === false);
    expect((await get(demo, org(demo, `detectors/?project=${String(closed?.id)}`))).status).toBe(403);
  });

  it('knows no project, team, release and monitor that there is not', async () => {
    for (const path of [
      project(demo, '17', 'hooks/'),
      project(demo, 'nothing', 'filters/'),
      `teams/${demo.organization}/nothing/members/`,
      org(demo, 'releases/nothing/commits/'),
      org(demo, 'monitors/nothing/checkins/'),
      org(demo, 'dashboards/17/'),
    ])
      expect([path, (await get(demo, path)).status]).toEqual([path, 404]);
  });

  it('finds a parent by its slug too', async () => {
    const [monitor] = [...demo.truth().rows('monitors')];
    const [bySlug, byId] = await Promise.all(
      [monitor?.slug, monitor?.id].map((name) => get(demo, org(demo, `monitors/${String(name)}/checkins/`))),
    );
    expect(bySlug?.rows).toEqual(byId?.rows);
    expect(byId?.rows.length).toBeGreaterThan(0);
  });

  it('has the rows of a range only, newest first', async () => {
    const truth = [...demo.truth().rows('audit_logs')].map((row) => String(row.dateCreated));
    const end = iso(demo.clock.now() - 3 * 86_400_000);
    const start = iso(demo.clock.now() - 9 * 86_400_000);
    const { json } = await get(demo, org(demo, `audit-logs/?start=${start}&end=${end}`));
    const dates = (json as { rows: Row[] }).rows.map((row) => String(row.dateCreated));
    const inside = truth.filter((date) => date >= start && date < end);

    expect(truth).toEqual(truth.toSorted().reverse());
    expect(dates.length).toBeGreaterThan(0);
    expect(dates).toEqual(inside.slice(0, 100));
  });

  it('is paged by the number of its first row, by SCIM', async () => {
    const ask = async (query: string): Promise<Row> =>
      (await get(demo, org(demo, `scim/v2/Users?${query}`))).json as Row;
    const whole = await ask('');
    const part = await ask('startIndex=3&count=2');
    expect(whole.totalResults).toBe(demo.truth().count('scim_users'));
    expect(part).toMatchObject({ startIndex: 3, itemsPerPage: 2, totalResults: whole.totalResults });
    expect(part.Resources).toEqual((whole.Resources as Row[]).slice(2, 4));
    expect((await get(demo, org(demo, 'scim/v2/Users?startIndex=0'))).status).toBe(400);
  });

  it('counts tags as often as events have them', async () => {
    const events = [...demo.truth().rows('events')];
    const [environment] = [...demo.truth().rows('tags')].filter((row) => row.key === 'environment');
    const values = [...demo.truth().rows('project_tag_values')].filter((row) => row.key === 'environment');
    expect(environment?.totalValues).toBe(events.length);
    expect(values.reduce((sum, row) => sum + Number(row.count), 0)).toBe(events.length);
    const [issue] = [...demo.truth().keys('issues')];
    expect((await get(demo, org(demo, `issues/${issue}/tags/nothing/`))).status).toBe(404);
  });

  it('has counts that its parent tells', async () => {
    for (const release of demo.truth().rows('releases')) {
      const path = org(demo, `releases/${encodeURIComponent(String(release.version))}`);
      const [commits, deploys] = await Promise.all(['commits', 'deploys'].map((of) => get(demo, `${path}/${of}/`)));
      expect([commits?.rows.length, deploys?.rows.length]).toEqual([release.commitCount, release.deployCount]);
    }
  });

  it('names what there is: projects, members, environments, repositories', () => {
    const keys = (stream: 'projects' | 'repositories'): Set<string> => new Set(demo.truth().keys(stream));
    const people = new Set<unknown>(demo.world.state.members.map(({ userId }) => userId));
    const environments = new Set([...demo.truth().rows('environments')].map((row) => row.name));
    for (const row of demo.truth().rows('audit_logs')) expect(people.has((row.actor as Row).id)).toBe(true);
    const [projects, repositories] = [keys('projects'), keys('repositories')];
    for (const row of demo.truth().rows('detectors')) expect(projects.has(String(row.projectId))).toBe(true);
    for (const row of demo.truth().rows('monitor_checkins')) expect(environments.has(row.environment)).toBe(true);
    for (const row of demo.truth().rows('code_mappings')) expect(repositories.has(String(row.repoId))).toBe(true);
  });
});

describe('a list that grows', () => {
  it.each(growing)(
    '%s keeps its rows when the clock moves, gets newer ones, and loses those beyond retention',
    async (stream) => {
      await using moving = await createDemo({ ...options, retentionDays: 40 });
      const texts = (): Set<string> => new Set([...moving.truth().rows(stream)].map((row) => JSON.stringify(row)));
      const before = texts();
      const start = new Date(moving.clock.now()).toISOString();
      moving.clock.advance(7 * 86_400);
      const after = texts();
      const fresh = [...after].filter((text) => !before.has(text));
      const { time = '' } = documentedRoutes.find(({ name }) => name === stream) ?? {};

      expect([...before].filter((text) => !after.has(text))).toEqual([]);
      expect(fresh.length).toBeGreaterThan(0);
      expect(fresh.filter((text) => String((JSON.parse(text) as Row)[time]) < start)).toEqual([]);
      moving.clock.advance(90 * 86_400);
      const late = texts();
      expect([...before].filter((text) => late.has(text))).toEqual([]);
    },
  );

  it('is the same for the same seed, and another for another', async () => {
    await using same = await createDemo({ ...options, inaccessibleProjects: 1 });
    await using other = await createDemo({ ...options, inaccessibleProjects: 1, seed: 2 });
    const text = ({ truth }: typeof demo): string => JSON.stringify([...truth().rows('audit_logs')]);
    expect(text(same)).toBe(text(demo));
    expect(text(other)).not.toBe(text(demo));
  });
});
