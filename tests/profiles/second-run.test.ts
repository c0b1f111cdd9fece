/** A second run against each server brings what is new and what the lookback covers, and nothing twice. */
import { describe, expect, test } from 'vitest';
import { type Demo, type EventKey, serverNames, type ServerName } from '../../demo/index.js';
import { allStreams } from '../support/compare.js';
import { days, hours, letRowsAppear, minutes } from '../support/demos.js';
import { brief, differences, Pipeline, type Run } from './records.js';

type Row = Record<string, unknown>;

const long = 240_000;
const lookback = 1 * hours;
const ofEvents = ['events', 'issue_events', 'event_detail'] as const;
const ofIssues = ['issues', 'issue_detail'] as const;
const fullTables = ['projects', 'project_detail', 'teams', 'users'] as const;

interface News {
  readonly events: readonly EventKey[];
  readonly issues: readonly string[];
  readonly release: string;
  readonly member: string;
}

/** Three hours pass: events arrive, some of them late, and an issue, a release, a member and a project are new. */
function liveOn(demo: Demo, read: number): News {
  const { world, clock } = demo;
  clock.advance(3 * hours);
  const ordinary = world.openIssues().filter(({ category }) => category === 'error');
  const [busy, late] = [ordinary[0]!.id, ordinary.at(-1)!.id];
  const made = world.newIssue({ count: 2 });
  const events = [
    ...world.addEvents({ issue: busy, count: 5, spacing: 1 }),
    ...world.addEvents({ issue: late, count: 3, at: read - 50 * minutes * 1000, spacing: 60 }),
  ];
  const news = {
    events,
    issues: [busy, late, made.id],
    release: world.newRelease().version,
    member: world.newMember().id,
  };
  world.newProject('Latecomer');
  letRowsAppear(demo);
  return news;
}

/** Keys of rows none of whose times is that late; `dateReceived` counts where rows carry it. */
function older(rows: ReadonlyMap<string, Row>, since: number, ...names: readonly string[]): string[] {
  const isOld = (row: Row): boolean => !names.some((name) => Date.parse(String(row[name])) >= since);
  return [...rows].filter(([, row]) => isOld(row)).map(([key]) => key);
}

const none = brief([]);
const lacking = (rows: ReadonlyMap<string, Row>, keys: readonly string[]): string[] =>
  keys.filter((key) => !rows.has(key));
const eventKey = ({ projectID, eventID }: Pick<EventKey, 'projectID' | 'eventID'>): string => `${projectID}/${eventID}`;
const again = (run: Run): string[] =>
  [...run.counts].flatMap(([stream, keys]) => [...keys].flatMap(([key, n]) => (n > 1 ? [`${stream} ${key}`] : [])));

/**
 * Of a run without news, for five projects: a list of projects, one of issues for each kind, their first pages without
 * a range, and a look at quiet projects. Servers that only know projects by slug are asked project by project.
 */
const mostRequests: Record<ServerName, number> = {
  'sentry.io': 8,
  'sentry-2025': 8,
  'sentry-10': 8,
  'sentry-9': 36,
  glitchtip: 24,
};

describe.each(serverNames)('%s', (server) => {
  test('a second run brings new and late events, and what belongs to them', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of(server, { behaviour: { slashedVersions: false } });
    const { demo } = pipeline;
    const read = demo.clock.now();
    await pipeline.run();
    const news = liveOn(demo, read);

    const run = await pipeline.run();

    expect(brief(again(run))).toBe(none);
    const wanted = news.events.map(eventKey);
    for (const stream of ofEvents) {
      const rows = run.rows.get(stream) ?? new Map<string, Row>();
      const old = older(rows, read - lookback * 1000, 'dateCreated', 'dateReceived');
      expect([stream, lacking(rows, wanted), brief(old)]).toEqual([stream, [], none]);
    }
    for (const stream of ofIssues) {
      const rows = run.rows.get(stream) ?? new Map<string, Row>();
      const old = older(rows, read - lookback * 1000, 'lastSeen');
      expect([stream, lacking(rows, news.issues), brief(old)]).toEqual([stream, [], none]);
    }
    expect(differences(run, demo, fullTables)).toEqual({});
    for (const stream of ['releases', 'release'] as const) expect(run.rows.get(stream)?.has(news.release)).toBe(true);
    expect(run.rows.get('users')?.has(news.member)).toBe(true);
    expect(pipeline.missing(allStreams)).toEqual({});
    expect(run.code, run.stderr).toBe(0);
  });

  test('a second run with nothing new brings no event and no issue again', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of(server);
    const { demo } = pipeline;
    await pipeline.run(['events', 'issues']);
    demo.clock.advance(3 * hours);
    await pipeline.run(['events', 'issues']);
    demo.clock.advance(3 * hours);
    demo.journal.clear();

    const run = await pipeline.run(['events', 'issues']);

    expect([run.rows.get('events')?.size ?? 0, run.rows.get('issues')?.size ?? 0]).toEqual([0, 0]);
    expect(demo.journal.gauges().requests).toBeLessThanOrEqual(mostRequests[server]);
    expect(run.code, run.stderr).toBe(0);
  });
});

describe('sentry-10', () => {
  test('a release that was made long ago and is released now is in the next run', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of('sentry-10');
    const { demo } = pipeline;
    await pipeline.run(['releases', 'release']);
    demo.clock.advance(3 * hours);
    const now = demo.clock.now();
    demo.world.newRelease({ version: 'patient@1.0.0', at: now - 50 * days * 1000, released: now - 1 * hours * 1000 });
    letRowsAppear(demo);

    const run = await pipeline.run(['releases', 'release']);

    for (const stream of ['releases', 'release'] as const)
      expect([stream, run.rows.get(stream)?.has('patient@1.0.0')]).toEqual([stream, true]);
  });
});

describe('glitchtip', () => {
  test('an event that arrives ten days late is in the next run: the list has it on top', {
    timeout: long,
  }, async () => {
    await using pipeline = await Pipeline.of('glitchtip');
    const { demo } = pipeline;
    const read = demo.clock.now();
    await pipeline.run(['events']);
    demo.clock.advance(3 * hours);
    const [issue] = demo.world.openIssues();
    const late = demo.world.addEvents({ issue: issue!.id, count: 2, at: read - 10 * days * 1000, spacing: 60 });
    letRowsAppear(demo);

    const run = await pipeline.run(['events']);

    expect(late.map(eventKey).filter((key) => !run.rows.get('events')?.has(key))).toEqual([]);
    expect(again(run)).toEqual([]);
  });
});
