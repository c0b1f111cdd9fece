/**
 * The main job, by the commands that a user types: real Meltano, a real target, a Sentry of our own.
 * One story: each test goes on where the one before has ended.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultStreams } from '../../demo/show/compare.js';
import { everything } from '../packaging/commands.js';
import { findMeltano, Lab, repository } from './lab.js';

const minutes = 60_000;
const { command, reason } = await findMeltano();
if (reason !== undefined) process.stderr.write(`The tests with Meltano are skipped: ${reason}\n`);

interface SingerState {
  bookmarks: Record<
    string,
    { start?: string; full_pass?: string; partitions?: { context: Record<string, string>; start?: string }[] }
  >;
}

describe.skipIf(command === undefined)('Meltano', { timeout: 2 * minutes }, () => {
  let lab: Lab;
  let id: string;

  beforeAll(async () => {
    lab = await Lab.open(command ?? '');
    id = 'dev:tap-sentry-to-target-jsonl';
  }, minutes);

  afterAll(() => lab.close());

  const stateOf = async (stateId: string): Promise<SingerState> => {
    const { stdout } = await lab.meltano('state', 'get', stateId);
    return (JSON.parse(stdout) as { singer_state: SingerState }).singer_state;
  };

  test('install leaves the tap alone and installs the target, without a hub', async () => {
    const { code, stderr } = await lab.meltano('install');

    expect(code, stderr).toBe(0);
    expect(stderr).toContain("Skipped installing extractor 'tap-sentry'");
    expect(stderr).toContain("Installed loader 'target-jsonl'");
  });

  test('invoke --discover prints every stream before there is a token', async () => {
    const { code, stdout, stderr } = await lab.meltano('invoke', 'tap-sentry', '--discover');

    expect(code, stderr).toBe(0);
    const { streams } = JSON.parse(stdout) as { streams: { tap_stream_id: string }[] };
    expect(streams.map(({ tap_stream_id }) => tap_stream_id)).toEqual(
      expect.arrayContaining([...defaultStreams, 'issue_detail', 'issue_events', 'event_detail']),
    );
  });

  test('a run without a token fails in one sentence that names the setting', async () => {
    const { code, stderr } = await lab.meltano('run', 'tap-sentry', 'target-jsonl');

    expect(code).toBe(1);
    expect(stderr).toContain('api_token (TAP_SENTRY_API_TOKEN)');
  });

  test('config set keeps the token in .env and shows it to nobody', async () => {
    const token = await lab.meltano('config', 'set', 'tap-sentry', 'api_token', lab.demo.token);
    const organization = await lab.meltano('config', 'set', 'tap-sentry', 'organization', lab.demo.organization);
    const list = await lab.meltano('config', 'list', 'tap-sentry');
    const print = await lab.meltano('config', 'print', 'tap-sentry');

    expect([token.code, organization.code, list.code, print.code], token.stderr + organization.stderr).toEqual([
      0, 0, 0, 0,
    ]);
    expect(readFileSync(join(lab.project, '.env'), 'utf8')).toMatch(
      new RegExp(`^TAP_SENTRY_API_TOKEN=['"]?${lab.demo.token}`, 'm'),
    );
    expect(readFileSync(join(lab.project, 'meltano.yml'), 'utf8')).not.toContain(lab.demo.token);
    expect(list.stdout).toContain('Required settings: api_token, start_date');
    expect(JSON.parse(print.stdout)).toMatchObject({
      organization: lab.demo.organization,
      base_url: lab.demo.url,
      lookback: 'PT1H',
      project_slugs: [],
    });
    expect(token.stdout + list.stdout + print.stdout).not.toContain(lab.demo.token);
  });

  test('config test finds the configuration valid', async () => {
    const { code, stdout, stderr } = await lab.meltano('config', 'test', 'tap-sentry');

    expect(code, stderr).toBe(0);
    expect(stdout + stderr).toContain('Plugin configuration is valid');
  });

  test('select lists exactly the eight streams as selected', async () => {
    const { code, stdout, stderr } = await lab.meltano('select', 'tap-sentry', '--list', '--all', '--json');

    expect(code, stderr).toBe(0);
    const { streams } = JSON.parse(stdout) as { streams: { stream: string; property: string; selection: string }[] };
    const selected = new Set(streams.filter(({ selection }) => selection === 'selected').map(({ stream }) => stream));
    expect([...selected].sort()).toEqual([...defaultStreams].sort());
    expect(new Set(streams.map(({ stream }) => stream)).size).toBeGreaterThanOrEqual(11);
    expect(streams.find(({ stream, property }) => stream === 'issues' && property === 'id')).toMatchObject({
      selection: 'automatic',
    });
  });

  test('the first run brings every row of the eight streams', async () => {
    const { code, stderr } = await lab.meltano('run', 'tap-sentry', 'target-jsonl');

    expect(code, stderr).toBe(0);
    expect(await lab.faults()).toEqual([]);
    expect(Object.keys(await lab.rows()).sort()).toEqual([...defaultStreams].sort());
    expect(stderr).not.toContain(lab.demo.token);
  });

  test('the state holds a bookmark per incremental stream, by project where rows belong to projects', async () => {
    const { bookmarks } = await stateOf(id);

    expect(Object.keys(bookmarks).sort()).toEqual(['events', 'issues', 'release', 'releases']);
    const projects = [...lab.demo.truth().keys('projects')].sort();
    for (const stream of ['issues', 'events']) {
      const { start, partitions = [] } = bookmarks[stream]!;
      expect(partitions.map(({ context }) => context['project_id']).sort()).toEqual(projects);
      expect(partitions.map((partition) => partition.start).sort()[0]).toBe(start);
    }
    expect(bookmarks['issues']!.full_pass).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test('discovery after a run is the same, with catalog and state beside it', async () => {
    const { code, stdout, stderr } = await lab.meltano('invoke', 'tap-sentry', '--discover');

    expect(code, stderr).toBe(0);
    const { streams } = JSON.parse(stdout) as { streams: { metadata: { metadata: Record<string, unknown> }[] }[] };
    expect(streams.length).toBeGreaterThanOrEqual(11);
    expect(streams.every(({ metadata }) => metadata.every((entry) => entry.metadata['selected'] === undefined))).toBe(
      true,
    );
  });

  test('the second run brings only what is new', async () => {
    const { world, clock } = lab.demo;
    const before = lab.demo.truth().count('events');
    clock.advance(7200);
    const issue = world.newIssue({ count: 3 });
    clock.advance(120);
    lab.emptyTarget();
    lab.demo.journal.clear();

    const { code, stderr } = await lab.meltano('run', 'tap-sentry', 'target-jsonl');

    expect(code, stderr).toBe(0);
    const held = await lab.held;
    expect(lab.demo.truth().count('events')).toBe(before + 3);
    expect([...held.stream('events').values()].filter((row) => row['groupID'] === issue.id)).toHaveLength(3);
    expect(held.stream('issues').has(issue.id)).toBe(true);
    expect(held.stream('events').size).toBeLessThan(before / 4);
    expect(held.stream('issues').size).toBeLessThan(30);
    const asked = lab.demo.journal.entries.filter(({ route }) => route.endsWith('/events/'));
    expect(asked.length).toBeLessThanOrEqual(lab.demo.truth().count('projects'));
  });

  test.skipIf(!everything)('run --full-refresh brings everything again', async () => {
    lab.emptyTarget();

    const { code, stderr } = await lab.meltano('run', '--full-refresh', 'tap-sentry', 'target-jsonl');

    expect(code, stderr).toBe(0);
    expect(await lab.faults()).toEqual([]);
  });

  test.skipIf(!everything)('el and elt share the state of a state id', async () => {
    lab.emptyTarget();
    const first = await lab.meltano('el', '--state-id', 'nightly', 'tap-sentry', 'target-jsonl');
    expect(first.code, first.stderr).toBe(0);
    expect(await lab.faults()).toEqual([]);
    const all = await lab.rows();
    lab.emptyTarget();

    const second = await lab.meltano('elt', '--state-id', 'nightly', 'tap-sentry', 'target-jsonl');

    expect(second.code, second.stderr).toBe(0);
    expect((await lab.rows())['events'] ?? 0).toBeLessThan(all['events']! / 4);
    expect((await lab.rows())['projects']).toBe(all['projects']);
  });

  test.skipIf(!everything)('state set moves the bookmarks that the next run starts from', async () => {
    const { bookmarks } = await stateOf(id);
    const day = new Date(lab.demo.clock.now() - 10 * 86_400_000).toISOString();
    const moved = { singer_state: { bookmarks: { ...bookmarks, events: { start: day } } } };
    const set = await lab.meltano('state', 'set', '--force', id, JSON.stringify(moved));
    expect(set.code, set.stderr).toBe(0);
    lab.emptyTarget();

    const { code, stderr } = await lab.meltano('run', 'tap-sentry', 'target-jsonl');

    expect(code, stderr).toBe(0);
    const events = (await lab.held).stream('events');
    const wanted = [...lab.demo.truth().rows('events')].filter((row) => String(row['dateCreated']) >= day);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((row) => !events.has(`${String(row['projectID'])}/${String(row['eventID'])}`))).toEqual([]);
    expect(events.size).toBeLessThan(lab.demo.truth().count('events'));
  });

  test.skipIf(!everything)('state clear makes the next run a first one', async () => {
    const clear = await lab.meltano('state', 'clear', '--force', id);
    expect(clear.code, clear.stderr).toBe(0);
    lab.emptyTarget();

    const { code, stderr } = await lab.meltano('run', 'tap-sentry', 'target-jsonl');

    expect(code, stderr).toBe(0);
    expect(await lab.faults()).toEqual([]);
  });

  test(
    'add --from-ref takes plugin.json into a project ' + 'that has nothing, and an edit points it to a clone',
    async () => {
      const empty = join(lab.folder, 'empty');
      mkdirSync(empty);
      const file = join(empty, 'meltano.yml');
      writeFileSync(
        file,
        'default_environment: dev\nenvironments:\n  - name: dev\nsend_anonymous_usage_stats: false\n',
      );
      const added = await lab.meltanoIn(
        empty,
        'add',
        '--from-ref',
        join(repository, 'plugin.json'),
        '--no-install',
        'tap-sentry',
      );
      expect(added.code, added.stderr).toBe(0);
      const text = readFileSync(file, 'utf8');
      expect(text).toMatch(/pip_url: tap-sentry$/m);
      writeFileSync(
        file,
        text
          .replace(/^ *pip_url: tap-sentry\n/m, '')
          .replace(/executable: tap-sentry$/m, `executable: ${lab.executable}`),
      );

      const about = await lab.meltanoIn(empty, 'invoke', 'tap-sentry', '--about', '--format=json');

      expect(about.code, about.stderr).toBe(0);
      expect(JSON.parse(about.stdout)).toMatchObject({ name: 'tap-sentry' });
    },
  );
});
