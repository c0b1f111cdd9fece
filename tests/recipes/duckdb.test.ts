/** docs/recipes/duckdb.md, from its meltano.yml to the answers of its questions: real Meltano, real target. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo, type Demo } from '../../demo/index.js';
import { succeed } from '../packaging/commands.js';
import { blocks, page } from './pages.js';
import { RecipeProject } from './project.js';

type Answer = Record<string, unknown>[];

const text = page('recipes/duckdb.md');
const patience = 120_000;
const ask = `
import duckdb, json, sys
c = duckdb.connect('output/warehouse.duckdb')
c.execute("set timezone='UTC'")
for sql in json.loads(sys.argv[1]):
    r = c.execute(sql)
    names = [d[0] for d in r.description]
    print(json.dumps([dict(zip(names, row)) for row in r.fetchall()], default=str))
`;

describe('the recipe for DuckDB', () => {
  let demo: Demo;
  let project: RecipeProject;
  let tags: Answer, releases: Answer, issues: Answer, times: Answer;

  beforeAll(async () => {
    demo = await createDemo({ seed: 11, projects: 3, issues: 24, events: 300, releases: 8, members: 4, days: 40 });
    demo.clock.advance(120);
    project = await RecipeProject.open(demo, { meltano: true });
    const [definition = ''] = blocks(text, 'yaml');
    project.write('meltano.yml', definition);
    for (const commands of blocks(text, 'shell')) await project.shell(commands);
    const python = project.folder.in('.meltano/loaders/target-duckdb/venv/bin/python');
    const sql = JSON.stringify(blocks(text, 'sql'));
    const lines = (await succeed(python, ['-c', ask, sql], { cwd: project.folder.path })).trim().split('\n');
    [, tags = [], releases = [], issues = [], times = []] = lines.map((line) => JSON.parse(line) as Answer);
  }, patience);

  afterAll(async () => {
    project.close();
    await demo.close();
  });

  const events = (): Record<string, unknown>[] => [...demo.truth().rows('events')];
  const tagged = (key: string): string[] =>
    events().flatMap(({ tags }) =>
      (tags as { key: string; value: string }[]).flatMap((tag) => (tag.key === key ? [tag.value] : [])),
    );

  test('counts the events of each tag', () => {
    expect(tags.length).toBeGreaterThan(5);
    for (const { key, events: count, different } of tags) {
      const values = tagged(String(key));
      expect([key, count, different]).toEqual([key, values.length, new Set(values).size]);
    }
  });

  test('counts the errors of each release', () => {
    const held = tagged('release');
    expect(releases.reduce((sum, { errors }) => sum + Number(errors), 0)).toBe(held.length);
    expect(new Set(releases.map(({ release }) => release))).toEqual(new Set(held));
  });

  test('names the issues with the most events first', () => {
    const counts = new Map<unknown, number>();
    for (const { groupID } of events()) counts.set(groupID, (counts.get(groupID) ?? 0) + 1);
    const most = [...counts.values()].sort((a, b) => b - a);
    expect(issues.map(({ events: count }) => count)).toEqual(most.slice(0, 20));
    expect(issues[0]?.['permalink']).toMatch(/^https:\/\/.*\/issues\/\d+\/$/);
  });

  test('tells how long the issues that were resolved took', () => {
    const resolved = [...demo.truth().rows('issues')].filter(({ status }) => status === 'resolved');
    expect(resolved.length).toBeGreaterThan(0);
    expect(times.reduce((sum, { issues: count }) => sum + Number(count), 0)).toBeGreaterThanOrEqual(resolved.length);
    for (const row of times) expect(Number(row['median_hours'])).toBeGreaterThanOrEqual(0);
  });
});
