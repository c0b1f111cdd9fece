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
  let tags: Answer, releases: Answer, issues: Answer, times: Answer, crashes: Answer, adoption: Answer;

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
    const answers = lines.map((line) => JSON.parse(line) as Answer);
    [, tags = [], releases = [], issues = [], times = [], crashes = [], adoption = []] = answers;
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

  /** Sessions of each project, release and day, by how they ended. */
  function sessionsByDay(): Map<string, { all: number; crashed: number }> {
    const slugs = new Map([...demo.truth().rows('projects')].map(({ id, slug }) => [id, slug]));
    const days = new Map<string, { all: number; crashed: number }>();
    for (const row of demo.truth().rows('sessions')) {
      const status = row['session_status'] as 'all' | 'crashed';
      const key = [slugs.get(row['project_id']), row['release'], String(row['interval_start']).slice(0, 10)].join(' ');
      const day = days.get(key) ?? { all: 0, crashed: 0 };
      days.set(key, { ...day, [status]: (day[status] ?? 0) + Number(row['sessions']) });
    }
    return new Map([...days].filter(([, { all }]) => all > 0));
  }

  const keyed = (answer: Answer): Map<string, Answer[number]> =>
    new Map(answer.map((row) => [[row['project'], row['release'], row['day']].join(' '), row]));

  test('tells the share of sessions of each release and day that did not crash', () => {
    const truth = sessionsByDay();
    expect([...keyed(crashes).keys()].sort()).toEqual([...truth.keys()].sort());
    for (const [key, { sessions, crash_free_sessions, crash_free_users }] of keyed(crashes)) {
      const { all = 0, crashed = 0 } = truth.get(key) ?? {};
      expect([key, Number(sessions)]).toEqual([key, all]);
      expect(crash_free_sessions).toBeCloseTo(1 - crashed / all, 5);
      expect(crash_free_users).toBeGreaterThan(0.9);
    }
  });

  test('tells which part of a day each release had', () => {
    const truth = sessionsByDay();
    const wholeDay = (key: string): number => {
      const [project, day] = [key.slice(0, key.indexOf(' ') + 1), key.slice(-10)]; // versions may hold spaces
      const own = [...truth].filter(([other]) => other.startsWith(project) && other.endsWith(day));
      return own.reduce((sum, [, { all }]) => sum + all, 0);
    };
    expect([...keyed(adoption).keys()].sort()).toEqual([...truth.keys()].sort());
    for (const [key, { of_sessions }] of keyed(adoption))
      expect(of_sessions).toBeCloseTo((truth.get(key)?.all ?? 0) / wholeDay(key), 5);
    expect(adoption.some(({ of_sessions }) => Number(of_sessions) < 0.5)).toBe(true);
  });
});
