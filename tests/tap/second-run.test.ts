import { describe, expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { allStreams, byDefault, compare, differences, select } from '../support/compare.js';
import { days, hours, letRowsAppear, minutes, still } from '../support/demos.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

type Row = Record<string, unknown>;

const incremental = ['events', 'issues', 'issue_events', 'issue_detail'] as const;

/** A demo that has been read once. */
async function readOnce(options: Parameters<typeof still>[0] = {}, more: Record<string, unknown> = {}) {
  const demo = await still(options);
  const target = new Target();
  const sync = async (streams: readonly string[] = byDefault) => {
    letRowsAppear(demo);
    demo.journal.clear();
    return syncInto(target, { config: configFor(demo, more), catalog: select(...streams) });
  };
  return { demo, target, sync, [Symbol.asyncDispose]: () => demo.close() };
}

const issues = (demo: Demo): Row[] => [...demo.truth().rows('issues')];
const errors = (demo: Demo): Row[] => issues(demo).filter((row) => row['issueCategory'] === 'error');
const id = (row: Row | undefined): string => String(row?.['id']);

describe('a second run', () => {
  test('brings new events, and those that are late by less than the lookback', async () => {
    await using run = await readOnce();
    await run.sync();
    const [first, second] = errors(run.demo);
    run.demo.world.addEvents({ issue: id(first), count: 5 });
    run.demo.world.addEvents({ issue: id(second), count: 3, at: run.demo.clock.now() - 50 * minutes * 1000 });

    const { code } = await run.sync();

    expect(code).toBe(0);
    expect(differences(run.demo, run.target, ['events', 'issues'])).toEqual({});
    expect(run.target.received.get('events')).toBeLessThan(40);
    // Of a release that is older than its lookback the last event is known after the full pass.
    expect(compare(run.demo, run.target, 'release').missing).toEqual([]);
    run.demo.clock.advance(1 * days);
    await run.sync();
    expect(differences(run.demo, run.target, ['issues', 'releases', 'release'])).toEqual({});
  });

  test('with a longer lookback brings what is later than that', async () => {
    await using run = await readOnce({}, { lookback: 'P10D' });
    await run.sync();
    const [first] = errors(run.demo);
    run.demo.world.addEvents({ issue: id(first), count: 3, at: run.demo.clock.now() - 9 * days * 1000 });

    await run.sync();

    expect(compare(run.demo, run.target, 'events')).toEqual({ missing: [], extra: [], wrong: {} });
  });

  test('sees new projects, issues, releases, members and names', async () => {
    await using run = await readOnce({ issues: 40, events: 150 });
    await run.sync(allStreams);
    const { world } = run.demo;
    const project = world.newProject('Brand new');
    world.newIssue({ project: project.id, count: 4 });
    world.newIssue({ feedback: true });
    world.newRelease({ project: project.id });
    world.newMember();
    const [renamed] = [...run.demo.truth().rows('projects')];
    world.renameProject(id(renamed), 'another-name');

    const { code } = await run.sync(allStreams);

    expect(code).toBe(0);
    expect(differences(run.demo, run.target, ['projects', 'project_detail', 'teams', 'users', 'events'])).toEqual({});
    for (const stream of incremental)
      expect(compare(run.demo, run.target, stream)).toMatchObject({ missing: [], extra: [] });
    // Issues and releases name the slug of their project: old rows keep the old one until the full pass.
    expect(Object.keys(compare(run.demo, run.target, 'issues').wrong).filter((name) => name !== 'project')).toEqual([]);
    expect(compare(run.demo, run.target, 'releases').missing).toEqual([]);
    run.demo.clock.advance(1 * days);
    await run.sync(allStreams);
    expect(differences(run.demo, run.target, ['issues', 'issue_detail', 'releases'])).toEqual({});
  });

  test('sees who resolved or assigned an issue only in the full pass', async () => {
    await using run = await readOnce();
    await run.sync(['issues', 'issue_detail']);
    const old = errors(run.demo).filter(
      (row) => Date.parse(String(row['lastSeen'])) < run.demo.clock.now() - 2 * hours * 1000,
    );
    const [a, b, c] = old;
    run.demo.world.resolve(id(a));
    run.demo.world.assign(id(b), { team: id([...run.demo.truth().rows('teams')][0]) });
    run.demo.world.comment(id(c), 'hm');

    await run.sync(['issues', 'issue_detail']);
    expect(compare(run.demo, run.target, 'issues')).toMatchObject({ missing: [], extra: [] });
    expect(Object.keys(compare(run.demo, run.target, 'issues').wrong)).toEqual(expect.arrayContaining(['status']));
    run.demo.clock.advance(1 * days);
    await run.sync(['issues', 'issue_detail']);

    expect(differences(run.demo, run.target, ['issues', 'issue_detail'])).toEqual({});
  });

  test('never does a full pass when its interval is none', async () => {
    await using run = await readOnce({}, { issues_full_refresh_interval: 'PT0S' });
    await run.sync(['issues']);
    run.demo.clock.advance(30 * days);

    await run.sync(['issues']);

    expect(run.target.received.get('issues') ?? 0).toBeLessThan(10);
    expect(JSON.stringify(run.target.state)).not.toContain('full_pass');
  });

  test('keeps the row of an issue that was merged away; events keep the issue that they had', async () => {
    await using run = await readOnce();
    await run.sync([...byDefault, 'issue_events']);
    const [parent] = errors(run.demo);
    const child = errors(run.demo).find(
      (row) => id(row) !== id(parent) && id(row['project'] as Row) === id(parent?.['project'] as Row),
    );
    run.demo.world.merge(id(child), id(parent));
    run.demo.world.addEvents({ issue: id(parent), count: 1 });
    run.demo.clock.advance(1 * days);

    await run.sync([...byDefault, 'issue_events']);

    expect(compare(run.demo, run.target, 'issues')).toEqual({ missing: [], extra: [id(child)], wrong: {} });
    const { missing, wrong } = compare(run.demo, run.target, 'events');
    expect([missing, Object.keys(wrong)]).toEqual([[], ['groupID']]);
  });

  test('with nothing new asks few requests, and moves the bookmarks', async () => {
    await using run = await readOnce({ issues: 300, events: 3000, projects: 6 });
    await run.sync();
    run.demo.clock.advance(3 * hours);
    await run.sync();
    run.demo.clock.advance(3 * hours);
    const before = run.target.state?.bookmarks['events']?.['start'];

    const { code } = await run.sync();

    expect(code).toBe(0);
    expect(run.target.received.get('issues')).toBeUndefined();
    expect(run.target.received.get('events')).toBeUndefined();
    expect(run.demo.journal.gauges().requests).toBeLessThan(10 + 6 * 2);
    expect(String(run.target.state?.bookmarks['events']?.['start']) > String(before)).toBe(true);
  });

  test('of a server that has been forgotten for months reads on from its bookmark', async () => {
    await using run = await readOnce({ retentionDays: 30, days: 30 });
    await run.sync();
    run.demo.clock.advance(100 * days);
    run.demo.world.newIssue({ count: 3 });

    const { code } = await run.sync();

    expect(code).toBe(0);
    expect(compare(run.demo, run.target, 'events').missing).toEqual([]);
    expect(compare(run.demo, run.target, 'issues').missing).toEqual([]);
  });

  test('follows a world that lives on', async () => {
    await using run = await readOnce({ events: 300 });
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 12; n++) {
        run.demo.world.randomChange();
        run.demo.clock.advance(10 * minutes);
      }
      if (round < 4) await run.sync();
    }
    run.demo.clock.advance(1 * days);

    const { code, stderr } = await run.sync();

    expect(code, stderr).toBe(0);
    expect(compare(run.demo, run.target, 'issues')).toMatchObject({ missing: [], wrong: {} });
    for (const stream of ['projects', 'teams', 'users', 'project_detail', 'releases'] as const)
      expect(compare(run.demo, run.target, stream)).toMatchObject({ missing: [], wrong: {} });
  });
});

describe('a run that is cut off', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'by %s is taken up by the next: nothing is lost',
    async (signal) => {
      await using demo = await still({ issues: 100, events: 4000 });
      const target = new Target();

      const cut = await syncInto(target, {
        config: configFor(demo),
        onOutput: (tap, bytes) => void (bytes > 1_500_000 && tap.kill(signal)),
      });
      const { code } = await syncInto(target, { config: configFor(demo) });

      expect(cut.signal ?? cut.code).toBe({ SIGKILL: 'SIGKILL', SIGTERM: 143, SIGINT: 130 }[signal]);
      expect(code).toBe(0);
      expect(differences(demo, target, byDefault)).toEqual({});
      expect(target.received.get('events')).toBeLessThan(4000);
    },
  );
});
