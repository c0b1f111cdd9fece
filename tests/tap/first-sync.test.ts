import { describe, expect, test } from 'vitest';
import { allStreams, byDefault, countOf, differences, select } from '../support/compare.js';
import { still } from '../support/demos.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

describe('the first sync', () => {
  test.each([
    ['a small organization', { seed: 1, projects: 2, issues: 10, events: 60 }],
    ['another', { seed: 2, projects: 6, issues: 60, events: 300, releases: 30 }],
    ['many people and teams', { seed: 3, members: 150, teams: 120, releases: 110, issues: 20, events: 100 }],
    ['the token of an integration', { seed: 4, tokenKind: 'integration' as const, issues: 20, events: 100 }],
    ['answers that are zipped', { seed: 5, gzip: true, issues: 20, events: 100 }],
  ])('brings all eleven streams as they are: %s', async (_, options) => {
    await using demo = await still(options);
    const target = new Target();

    const { code, stderr } = await syncInto(target, { config: configFor(demo), catalog: select(...allStreams) });

    expect(differences(demo, target, allStreams)).toEqual({});
    expect(code, stderr).toBe(0);
    for (const stream of allStreams)
      expect([stream, target.received.get(stream)]).toEqual([stream, countOf(demo, stream)]);
  });

  test('takes cursors only from links to a host that cannot be reached', async () => {
    await using demo = await still({ linkOrigin: 'https://acme.invalid', events: 300, members: 130, releases: 120 });
    const target = new Target();

    const { code } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect(
      differences(
        demo,
        target,
        byDefault.filter((name) => name !== 'project_detail'),
      ),
    ).toEqual({}); // that one tells its links
  });

  test('of many rows is shared by many requests, and each row leaves once', async () => {
    await using demo = await still({ projects: 8, issues: 1300, events: 8000 });
    const target = new Target();

    const { code } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect(differences(demo, target, byDefault)).toEqual({});
    for (const stream of byDefault)
      expect([stream, target.received.get(stream)]).toEqual([stream, countOf(demo, stream)]);
    expect(demo.journal.gauges().requests).toBeLessThan(400);
  });

  test('of an organization without anything ends well', async () => {
    await using demo = await still({ projects: 1, issues: 1, events: 1, releases: 1, members: 1, teams: 1 });
    for (const project of demo.world.state.liveProjects()) demo.world.deleteProject(project.id);
    const target = new Target();

    const { code } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect([...target.rows.keys()].sort()).toEqual([...byDefault].sort());
    expect(target.received.get('projects')).toBeUndefined();
  });

  test('stays within the rate limits of sentry.io', async () => {
    await using demo = await still({
      issues: 40,
      events: 400,
      frozen: false,
      limits: { preset: 'sentry.io', timeScale: 0.05 },
    });
    const target = new Target();

    const { code } = await syncInto(target, { config: configFor(demo, { end_date: '2026-11-22T11:50:00Z' }) });

    expect(code).toBe(0);
    expect(demo.journal.gauges().tooMany).toBe(0);
  });

  test('brings what the server shows when the run begins', async () => {
    await using demo = await still({ events: 60 });
    const [issue] = [...demo.truth().rows('issues')].filter((row) => row['issueCategory'] === 'error');
    demo.world.addEvents({ issue: String(issue?.['id']), count: 1, at: demo.clock.now() });
    const target = new Target();

    await syncInto(target, { config: configFor(demo) });

    expect(differences(demo, target, ['events', 'issues'])).toEqual({});
  });

  test('begins at start_date', async () => {
    await using demo = await still();
    const target = new Target();
    const start = Date.parse('2026-11-10T00:00:00Z');

    await syncInto(target, { config: configFor(demo, { start_date: '2026-11-10' }) });

    const { events } = differences(demo, target, ['events'], {
      without: (_, row) => Date.parse(String(row['dateCreated'])) < start,
    });
    expect(events).toBeUndefined();
    expect(
      [...(target.rows.get('events')?.values() ?? [])].every((row) => Date.parse(String(row['dateCreated'])) >= start),
    ).toBe(true);
  });
});

describe('without a choice', () => {
  test('no catalog, and the catalog as discovered, give exactly the eight', async () => {
    await using demo = await still({ events: 100 });
    const { stdout: catalog } = await runTap({ args: ['--discover'] });

    for (const given of [{}, { catalog }]) {
      const target = new Target();
      const { code } = await syncInto(target, { config: configFor(demo), ...given });

      expect(code).toBe(0);
      expect([...target.rows.keys()].sort()).toEqual([...byDefault].sort());
    }
  });

  test('discovery needs neither settings nor a network', async () => {
    const { code, stdout, stderr } = await runTap({ args: ['--discover'], env: { http_proxy: 'http://127.0.0.1:9' } });

    const { streams } = JSON.parse(stdout) as { streams: { tap_stream_id: string }[] };
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const names = streams.map(({ tap_stream_id }) => tap_stream_id);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toEqual(expect.arrayContaining([...allStreams]));
  });
});

describe('messages', () => {
  test('come schema first, once for each stream, and every state covers only what is out', async () => {
    await using demo = await still({ events: 3000 });

    const { stdout } = await runTap({
      config: configFor(demo),
      catalog: select(...allStreams.filter((name) => name !== 'event_detail')),
    });

    const messages = stdout
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            type: string;
            stream?: string;
            record?: Record<string, string>;
            value?: {
              bookmarks: Record<
                string,
                { start?: string; partitions?: { context: { project_id: string }; start?: string }[] }
              >;
            };
          },
      );
    const schemas = messages.filter(({ type }) => type === 'SCHEMA').map(({ stream }) => stream);
    expect(new Set(schemas).size).toBe(schemas.length);
    expect(messages.at(-1)?.type).toBe('STATE');
    const last = new Map(
      messages.flatMap(({ type, stream, record }, index) =>
        type === 'RECORD' && stream === 'events'
          ? [[`${record?.['projectID'] ?? ''} ${record?.['eventID'] ?? ''}`, { index, row: record }] as const]
          : [],
      ),
    );
    for (const [at, { type, value }] of messages.entries()) {
      if (type !== 'STATE') continue;
      for (const { context, start } of value?.bookmarks['events']?.partitions ?? []) {
        const late = [...last.values()].filter(
          ({ index, row }) =>
            index > at &&
            row?.['projectID'] === context.project_id &&
            Date.parse(row['dateCreated'] ?? '') < Date.parse(start ?? '1970-01-01'),
        );
        expect(late).toEqual([]);
      }
    }
  });
});
