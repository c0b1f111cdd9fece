import { describe, expect, test } from 'vitest';
import { byDefault, differences, select } from '../support/compare.js';
import { hours, letRowsAppear, now, still } from '../support/demos.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const since = '2026-11-15T00:00:00Z';

/** A target that begins with a state. */
function begun(state: unknown): Target {
  const target = new Target();
  target.state = state as Target['state'];
  return target;
}

const recordsOf = (stdout: string): { stream: string; record: Record<string, unknown> }[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"RECORD"'))
    .map((line) => JSON.parse(line) as { stream: string; record: Record<string, unknown> });

describe('a state', () => {
  test('of the README is read on from', async () => {
    await using demo = await still();
    const target = begun({
      bookmarks: {
        issues: { start: since, full_pass: '2026-11-22T11:00:00Z' },
        events: { start: since },
        releases: { start: since, full_pass: '2026-11-22T11:00:00Z' },
      },
    });

    const { code } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    const old = {
      without: (_: string, row: Record<string, unknown>) =>
        Date.parse(String(row['lastSeen'] ?? row['dateCreated'])) < Date.parse(since),
    };
    expect(differences(demo, target, ['events', 'issues'], old)).toEqual({});
    expect(
      Math.min(
        ...[...(target.rows.get('events')?.values() ?? [])].map((row) => Date.parse(String(row['dateCreated']))),
      ),
    ).toBeGreaterThanOrEqual(Date.parse(since) - 3_600_000);
  });

  test('of the README without anything of ours is followed by a full pass of issues', async () => {
    await using demo = await still();
    const target = begun({
      bookmarks: { issues: { start: since }, events: { start: since }, releases: { start: since } },
    });

    await syncInto(target, { config: configFor(demo) });

    expect(differences(demo, target, ['issues', 'releases'])).toEqual({});
    expect(target.state?.bookmarks['issues']).toHaveProperty('full_pass');
  });

  test('of the Python SDK is understood', async () => {
    await using demo = await still();
    const [project] = [...demo.truth().rows('projects')];
    const target = begun({
      bookmarks: {
        events: {
          replication_key: 'dateCreated',
          replication_key_value: since,
          partitions: [
            { context: { project_id: String(project?.['id']) }, replication_key_value: '2026-11-22T00:00:00+00:00' },
          ],
        },
      },
    });

    await syncInto(target, { config: configFor(demo) });

    const own = [...(target.rows.get('events')?.values() ?? [])].filter((row) => row['projectID'] === project?.['id']);
    expect(own.every((row) => Date.parse(String(row['dateCreated'])) >= Date.parse('2026-11-21T23:00:00Z'))).toBe(true);
  });

  test('of the older tap is taken over; what it kept of each event is dropped, and said', async () => {
    await using demo = await still();
    const [project] = [...demo.truth().rows('projects')];
    const id = String(project?.['id']);
    const target = begun({
      bookmarks: {
        issues: { start: since, [id]: { start: '2026-11-22T00:00:00Z' } },
        events: {
          start: since,
          [id]: { start: '2026-11-22T00:00:00Z' },
          '9f0c1a2b3c4d5e6f708192a3b4c5d6e7': { start: since },
        },
        teams: { start: since, '12': { memberCount: 4 } },
        release: { [`${id}:app@1.2.3`]: { start: since } },
      },
      metadata: { last_sync: since },
    });

    const { code, stderr } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect(stderr).toMatch(/older tap-sentry: 3 entries .* were dropped/);
    expect(JSON.stringify(target.state)).not.toMatch(/9f0c1a2b|app@1\.2\.3|last_sync|memberCount/);
    expect(target.state?.bookmarks['events']?.['partitions']).toHaveLength(demo.truth().count('project_detail'));
    // The project's own bookmark is later than that of the stream.
    expect(
      [...(target.rows.get('events')?.values() ?? [])]
        .filter((row) => row['projectID'] === id)
        .every((row) => Date.parse(String(row['dateCreated'])) >= Date.parse('2026-11-21T23:00:00Z')),
    ).toBe(true);
  });

  test('keeps what it does not know, and the bookmarks of streams that are not read', async () => {
    await using demo = await still({ events: 100 });
    const target = begun({
      bookmarks: { teams: { start: since }, others: { anything: [1] } },
      somebody: { else: true },
    });

    await syncInto(target, { config: configFor(demo) });

    expect(target.state).toMatchObject({
      bookmarks: { teams: { start: since }, others: { anything: [1] } },
      somebody: { else: true },
    });
  });

  test('that cannot be read is an error, and no fresh start', async () => {
    for (const state of ['{"bookmarks":', '[]', '{"bookmarks":{"events":{"start":"last week"}}}', '{"bookmarks":[]}']) {
      await using demo = await still({ events: 60 });

      const { code, stdout, stderr } = await runTap({ config: configFor(demo), state });

      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/ERROR .*state/i);
      expect(demo.journal.gauges().requests).toBe(0);
    }
  });

  test('does not pass a row whose details failed, though the page that brought it ends in its second', async () => {
    await using demo = await still({ projects: 1, events: 60, issues: 5 });
    const target = new Target();
    const events = [...demo.truth().rows('events')].sort((a, b) =>
      String(b['dateCreated']).localeCompare(String(a['dateCreated'])),
    );
    demo.faults.add({
      kind: 'permanent400',
      match: new RegExp(`/events/${String(events[9]?.['eventID'])}/`),
      times: 1,
    });
    demo.faults.add({ kind: 'permanent400', match: 'events', after: 6, times: 1 }); // a part of both streams is missing
    const input = { config: configFor(demo, { page_size: 10 }), catalog: select('events', 'event_detail') };
    const { code } = await syncInto(target, input);
    expect(code).toBe(1);

    await syncInto(target, input);

    expect(differences(demo, target, ['events', 'event_detail'])).toEqual({});
  });

  test('goes on with the row whose details failed, and sends none of those around it again', async () => {
    await using demo = await still({ projects: 1, events: 60, issues: 5 });
    const target = new Target();
    const events = [...demo.truth().rows('events')].sort((a, b) =>
      String(b['dateCreated']).localeCompare(String(a['dateCreated'])),
    );
    const failing = events.find(({ dateCreated }) => Date.parse(String(dateCreated)) < Date.parse(now) - 86_400_000);
    demo.faults.add({ kind: 'permanent400', match: new RegExp(`/events/${String(failing?.['eventID'])}/`), times: 1 });
    const input = { config: configFor(demo, { page_size: 10 }), catalog: select('events', 'event_detail') };
    const { code } = await syncInto(target, input);
    expect(code).toBe(1);

    const { stdout } = await syncInto(target, input);

    const again = recordsOf(stdout).filter(
      ({ record }) => Date.parse(String(record['dateCreated'])) < Date.parse(now) - 2 * 3_600_000,
    );
    expect(again.map(({ stream, record }) => [stream, record['eventID']])).toEqual([
      ['event_detail', failing?.['eventID']],
    ]);
    expect(differences(demo, target, ['events', 'event_detail'])).toEqual({});
  });

  test('goes on with the issue whose events failed, and asks for those of no other again', async () => {
    await using demo = await still({ projects: 1, issues: 30 });
    const target = new Target();
    const failing = [...demo.truth().rows('issues')].find(
      ({ lastSeen }) => Date.parse(String(lastSeen)) < Date.parse(now) - 2 * 86_400_000,
    );
    demo.faults.add({
      kind: 'permanent400',
      match: new RegExp(`/issues/${String(failing?.['id'])}/events/`),
      times: 1,
    });
    const input = { config: configFor(demo, { lookback: 'PT0S' }), catalog: select('issue_events') };
    const { code } = await syncInto(target, input);
    expect(code).toBe(1);
    demo.journal.entries.length = 0;

    await syncInto(target, input);

    const asked = new Set(demo.journal.entries.flatMap(({ path }) => /issues\/(\d+)\/events/.exec(path)?.[1] ?? []));
    expect([...asked]).toEqual([failing?.['id']]);
    expect(differences(demo, target, ['issue_events'])).toEqual({});
  });

  test('of one project leaves out no row of another, whose query comes later', async () => {
    await using demo = await still({ projects: 3 });
    const [one, other] = [...demo.truth().rows('projects')].map(({ id }) => ({ project_id: String(id) }));
    const partitions = (start: string): object[] => [one, other].map((context) => ({ context, start }));
    const full_pass = '2026-11-22T11:00:00Z';
    const target = begun({
      bookmarks: {
        issues: { full_pass, partitions: partitions(since) },
        issue_detail: { full_pass, partitions: partitions('2020-01-01T00:00:00Z') },
      },
    });

    await syncInto(target, { config: configFor(demo), catalog: select('issues', 'issue_detail') });

    const known = [one, other].map((context) => context?.project_id);
    const old = {
      without: (_: string, row: Record<string, unknown>) =>
        known.includes(String((row['project'] as Record<string, unknown>)['id'])) &&
        Date.parse(String(row['lastSeen'])) < Date.parse(since),
    };
    expect(differences(demo, target, ['issues'], old)).toEqual({});
    expect(differences(demo, target, ['issue_detail'])).toEqual({});
  });

  test('of a child by itself still looks for changes of parents as old as the parent may change', async () => {
    await using demo = await still({ projects: 1 });
    const target = new Target();
    const input = { config: configFor(demo), catalog: select('release') };
    await syncInto(target, input);
    demo.clock.advance(3 * hours);
    demo.world.addEvents({ count: 5 });
    letRowsAppear(demo);

    await syncInto(target, input);

    expect(differences(demo, target, ['release'])).toEqual({});
  });

  test('is of the size of the projects, not of their rows', async () => {
    await using demo = await still({ issues: 200, events: 2000, projects: 4 });
    const target = new Target();
    await syncInto(target, { config: configFor(demo) });
    letRowsAppear(demo);

    await syncInto(target, { config: configFor(demo) });

    expect(JSON.stringify(target.state).length).toBeLessThan(600 + 4 * 2 * 120);
    expect(Object.keys(target.state?.bookmarks ?? {}).sort()).toEqual(
      byDefault.filter((name) => ['events', 'issues', 'releases', 'release'].includes(name)),
    );
  });
});
