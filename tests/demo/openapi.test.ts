/**
 * Every answer of a published route fits its schema in Sentry's OpenAPI document, except where the
 * document contradicts itself or the server; those places are listed with the reason. The document is
 * not part of this repository: name it in SENTRY_OPENAPI, or these tests are skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { factsOf } from '../../demo/documented/shape.js';
import { documentedRoutes } from '../../demo/documented/tables.js';
import { createDemo } from '../../demo/index.js';
import { all, get, org, project, type Row } from './client.js';
import { allScopes, pathsOf } from './documented.js';

const file =
  process.env.SENTRY_OPENAPI ?? new URL('../../../shared/reference/sentry-openapi.json', import.meta.url).pathname;

interface Schema extends Record<string, unknown> {
  properties?: Record<string, Schema>;
  required?: string[];
  nullable?: boolean;
}

/** Where an answer may differ from the document: `operation instancePath keyword detail`, and why. */
const contradictions: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    new RegExp(
      String.raw`^listOrganizationIssues /\d+ required (derivedData|sessionCount|inbox|owners|` +
        'integrationIssues|sentryAppIssues|latestEventHasAttachments|matchingEventId|' +
        'matchingEventEnvironment)$',
    ),
    'required in the document, sent only with `expand` or a feature',
  ],
  [
    /^listOrganizationIssues \/\d+\/statusDetails\/ignore\w+ type/,
    'the server sends null for conditions that are not set',
  ],
  [/^List a Project's Issues \/\d+\/annotations\/\d+ type string$/, 'the server sends {displayName, url} here too'],
  [/^List a Project's Issues \/\d+\/culprit type string$/, 'null for feedback and some events'],
  [/^list(Project|OrganizationIssue)Events full \/\d+ required event\.type$/, 'full bodies have `type` instead'],
  [/^listOrganizationMonitors \/\d+\/environments type object$/, 'servers send a list'],
];

/** OpenAPI 3.0 to JSON Schema: nullable becomes a union, also beside enum and $ref. */
function convert(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(convert);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, format: _format, example: _example, discriminator: _discriminator, ...rest } = schema as Schema;
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === 'enum' || key === 'required' ? value : convert(value)]),
  );
  return nullable ? { anyOf: [converted, { type: 'null' }] } : converted;
}

function validators(): Map<string, ValidateFunction> {
  const document = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<
      string,
      { get?: { operationId: string; responses: Record<string, { content?: Record<string, { schema?: Schema }> }> } }
    >;
    components: unknown;
  };
  const found = new Map<string, ValidateFunction>();
  for (const { get: operation } of Object.values(document.paths)) {
    const schema = operation?.responses['200']?.content?.['application/json']?.schema;
    if (!operation || !schema || !wanted.has(operation.operationId)) continue;
    found.set(
      operation.operationId,
      new Ajv({ strict: false, allErrors: true }).compile({
        ...(convert(schema) as object),
        components: convert(document.components),
      } as object),
    );
  }
  return found;
}

const demo = await createDemo({
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 9,
  issues: 150,
  events: 600,
  members: 20,
  releases: 30,
  scopes: allScopes,
});
afterAll(() => demo.close());
const issue = String([...demo.truth().keys('issues')][3]);
const slug = 'storefront';
const pages = (name: string, paths: () => string[]): [string, () => Promise<unknown>] => [
  name,
  async () => (await Promise.all(paths().map((path) => all(demo, path)))).flat(),
];
const one = (name: string, path: () => string): [string, () => Promise<unknown>] => [
  name,
  async () => (await get(demo, path())).json,
];
const projects = (): string[] => demo.world.state.projects.map(({ id }) => id);

const answers: readonly [string, () => Promise<unknown>][] = [
  one('getOrganization', () => org(demo, '')),
  pages('listOrganizationProjects', () => [org(demo, 'projects/')]),
  pages('listOrganizationTeams', () => [org(demo, 'teams/')]),
  pages('listOrganizationMembers', () => [org(demo, 'members/')]),
  pages('listOrganizationReleases', () => [org(demo, 'releases/?project=-1&status=')]),
  one('getOrganizationRelease', () =>
    org(demo, `releases/${encodeURIComponent(demo.world.state.releases[3]?.version ?? '')}/`),
  ),
  one('getProject', () => project(demo, slug)),
  pages('listOrganizationIssues', () =>
    ['', 'issue.category:feedback'].map((query) => org(demo, `issues/?project=-1&query=${query}`)),
  ),
  pages("List a Project's Issues", () =>
    projects().flatMap((id) =>
      ['', 'issue.category:feedback'].map((query) => project(demo, id, `issues/?query=${query}`)),
    ),
  ),
  one('getOrganizationIssue', () => org(demo, `issues/${issue}/`)),
  pages('listOrganizationIssueEvents', () => [org(demo, `issues/${issue}/events/`)]),
  pages('listOrganizationIssueEvents full', () => [org(demo, `issues/${issue}/events/?full=1`)]),
  pages('listProjectEvents', () => projects().map((id) => project(demo, id, 'events/'))),
  pages('listProjectEvents full', () => [project(demo, slug, 'events/?full=1')]),
  [
    'getProjectEvent',
    () =>
      Promise.all(
        [...demo.truth().keys('events')].slice(0, 120).map(async (key) => {
          const [id = '', event = ''] = key.split('/');
          return (await get(demo, project(demo, id, `events/${event}/`))).json;
        }),
      ),
  ],
  ...documentedRoutes.flatMap((route): [string, () => Promise<unknown>][] => {
    const { operation, answer } = factsOf(route.template);
    if (operation === undefined) return [];
    const bodies = async (): Promise<unknown[]> =>
      Promise.all(
        pathsOf(demo, route).map(
          async (path) => (await get(demo, `${path}${path.includes('?') ? '&' : '?'}project=-1`)).json,
        ),
      );
    return [[operation, async () => (Array.isArray(answer) ? (await bodies()).flat() : bodies())]];
  }),
  one('listOrganizationStatsV2', () => org(demo, 'stats_v2/?field=sum(quantity)&groupBy=category&interval=1d')),
  one('getOrganizationStatsSummary', () => org(demo, 'stats-summary/?field=sum(quantity)&project=-1')),
  one('getOrganizationSessions', () => org(demo, 'sessions/?field=sum(session)&groupBy=project&interval=1d')),
  one('listOrganizationEventsTimeseries', () => org(demo, 'events-timeseries/?dataset=errors&yAxis=count()')),
];
const wanted = new Set(answers.map(([name]) => name.replace(/ full$/, '')));

describe.skipIf(!existsSync(file))('answers fit the OpenAPI document', () => {
  const byOperation = existsSync(file) ? validators() : new Map<string, ValidateFunction>();
  const used = new Set<RegExp>();

  it.each(answers)('%s', async (name, ask) => {
    const validate = byOperation.get(name.replace(/ full$/, ''));
    const answer = await ask();
    expect(Array.isArray(answer) ? (answer as Row[]).length : 1).toBeGreaterThan(0);
    const isList = (validate?.schema as Schema | undefined)?.type === 'array';
    const problems = (isList ? [answer] : [answer].flat()).flatMap((value) => {
      validate?.(value);
      return (validate?.errors ?? []).map(
        ({ instancePath, keyword, params }) => `${name} ${instancePath} ${keyword} ${String(Object.values(params)[0])}`,
      );
    });
    const unknown = problems.filter((problem) => {
      const known = contradictions.find(([pattern]) => pattern.test(problem));
      if (known) used.add(known[0]);
      return !known;
    });
    expect(validate).toBeDefined();
    expect([...new Set(unknown.map((problem) => problem.replace(/\/\d+/g, '/*')))]).toEqual([]);
  });

  it('no listed contradiction is out of date', () => {
    expect(contradictions.filter(([pattern]) => !used.has(pattern)).map(([, reason]) => reason)).toEqual([]);
  });
});
