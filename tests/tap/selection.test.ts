import { describe, expect, test } from 'vitest';
import { byDefault, compare, differences, select } from '../support/compare.js';
import { hours, letRowsAppear, still } from '../support/demos.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

interface Entry {
  tap_stream_id: string;
  metadata: { breadcrumb: string[]; metadata: Record<string, unknown> }[];
}

const discovered = JSON.parse((await runTap({ args: ['--discover'] })).stdout) as { streams: Entry[] };

/** The discovered catalog with these breadcrumbs (of a stream) switched on or off. */
function choose(changes: Record<string, Record<string, boolean>>): { streams: Entry[] } {
  return {
    streams: discovered.streams.map((entry) => ({
      ...entry,
      metadata: entry.metadata.map((item) => {
        const path = item.breadcrumb.filter((_, index) => index % 2 === 1).join('.');
        const selected = changes[entry.tap_stream_id]?.[path];
        return selected === undefined ? item : { ...item, metadata: { ...item.metadata, selected } };
      }),
    })),
  };
}

describe('a stream that is deselected', () => {
  test('is neither announced nor asked for', async () => {
    await using demo = await still({ events: 100 });
    const target = new Target();

    await syncInto(target, {
      config: configFor(demo),
      catalog: choose({ events: { '': false }, releases: { '': false }, release: { '': false }, users: { '': false } }),
    });

    expect([...target.rows.keys()].sort()).toEqual(['issues', 'project_detail', 'projects', 'teams']);
    expect(new Set(demo.journal.entries.map(({ name }) => name))).not.toContain('events');
    expect(Object.keys(target.state?.bookmarks ?? {})).toEqual(['issues']);
  });

  test('is read all the same for what is below it, and keeps its bookmark', async () => {
    await using demo = await still({ events: 100 });
    const target = new Target();
    target.state = { bookmarks: { issues: { start: '2026-11-20T00:00:00Z' } } };

    const { code } = await syncInto(target, {
      config: configFor(demo),
      catalog: select('issue_events', 'project_detail'),
    });

    expect(code).toBe(0);
    expect([...target.rows.keys()].sort()).toEqual(['issue_events', 'project_detail']);
    expect(differences(demo, target, ['issue_events', 'project_detail'])).toEqual({});
    expect(target.state.bookmarks['issues']).toMatchObject({ start: '2026-11-20T00:00:00Z' });
  });

  test('leaves a warning when nothing is left', async () => {
    await using demo = await still({ events: 100 });

    const { code, stderr } = await runTap({ config: configFor(demo), catalog: { streams: [] } });

    expect(code).toBe(0);
    expect(stderr).toMatch(/No stream is selected/);
  });

  test('of an unknown name leaves a warning', async () => {
    await using demo = await still({ events: 100 });

    const { stderr } = await runTap({ config: configFor(demo), catalog: select('teams', 'tems') });

    expect(stderr).toMatch(/does not have: tems/);
  });
});

describe('a property that is deselected', () => {
  test('is in neither schema nor rows; nested ones go alone, keys stay', async () => {
    await using demo = await still({ events: 100 });
    const { stdout } = await runTap({
      config: configFor(demo),
      catalog: choose({
        issues: { title: false, id: false, 'project.slug': false, metadata: false, lastSeen: false },
        events: { tags: false, 'user.email': false },
      }),
    });

    const messages = stdout
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            type: string;
            stream: string;
            schema: { properties: Record<string, { properties?: object }> };
            record: Record<string, Record<string, unknown>>;
          },
      );
    const [issueSchema] = messages.filter(({ type, stream }) => type === 'SCHEMA' && stream === 'issues');
    const issues = messages
      .filter(({ type, stream }) => type === 'RECORD' && stream === 'issues')
      .map(({ record }) => record);
    const events = messages
      .filter(({ type, stream }) => type === 'RECORD' && stream === 'events')
      .map(({ record }) => record);
    expect(Object.keys(issueSchema?.schema.properties ?? {})).toEqual(
      expect.arrayContaining(['id', 'lastSeen', 'status']),
    );
    for (const name of ['title', 'metadata']) expect(issueSchema?.schema.properties).not.toHaveProperty(name);
    expect(issueSchema?.schema.properties['project']?.properties).not.toHaveProperty('slug');
    expect(issues.length).toBe(demo.truth().count('issues'));
    for (const row of issues) {
      expect(row).toHaveProperty('id');
      expect(row).not.toHaveProperty('title');
      expect(row['project']).toHaveProperty('id');
      expect(row['project']).not.toHaveProperty('slug');
    }
    expect(events.length).toBe(demo.truth().count('events'));
    for (const row of events) {
      expect(row).not.toHaveProperty('tags');
      expect(row['user'] ?? {}).not.toHaveProperty('email');
    }
  });

  test('changes no other value', async () => {
    await using demo = await still({ events: 100 });
    const target = new Target();

    await syncInto(target, { config: configFor(demo), catalog: choose({ events: { tags: false } }) });

    const { missing, wrong } = compare(demo, target, 'events');
    expect([missing, Object.keys(wrong)]).toEqual([[], ['tags']]);
  });
});

describe('a catalog', () => {
  test('may give events another key: then twins of two projects are two rows', async () => {
    await using demo = await still({ events: 1500 });
    const streams = discovered.streams.map((entry) =>
      entry.tap_stream_id === 'events' ? { ...entry, key_properties: ['projectID', 'eventID'] } : entry,
    );
    const target = new Target();
    const plain = new Target();

    await syncInto(target, { config: configFor(demo), catalog: { streams } });
    await syncInto(plain, { config: configFor(demo) });

    const all = [...demo.truth().keys('events')];
    const ids = new Set(all.map((key) => key.split('/')[1]));
    expect(ids.size).toBeLessThan(all.length); // the demo has twins
    expect(target.keys('events')).toEqual(all.sort());
    expect(plain.keys('events')).toEqual([...ids].sort());
    expect(plain.received.get('events')).toBe(all.length);
  });

  test('may type a column otherwise: values are brought to it', async () => {
    await using demo = await still({ events: 100 });
    const streams = [
      {
        tap_stream_id: 'issues',
        schema: {
          type: 'object',
          properties: {
            id: { type: 'integer' },
            count: { type: ['integer', 'null'] },
            userCount: { type: ['string', 'null'] },
          },
        },
        metadata: [{ breadcrumb: [], metadata: { selected: true } }],
      },
    ];

    const { stdout, stderr } = await runTap({ config: configFor(demo), catalog: { streams } });

    const records = stdout
      .split('\n')
      .filter((line) => line.includes('"RECORD"'))
      .map((line) => (JSON.parse(line) as { record: Record<string, unknown> }).record);
    expect(records.length).toBe(demo.truth().count('issues'));
    for (const row of records)
      expect([Object.keys(row).sort(), typeof row['id'], typeof row['count'], typeof row['userCount']]).toEqual([
        ['count', 'id', 'lastSeen', 'userCount'],
        'number',
        'number',
        'string',
      ]);
    expect(stderr).toMatch(/issues: title:? not in the catalog's schema; dropped/);
  });
});

describe('project_slugs', () => {
  test('narrows every stream of projects, by slug or id', async () => {
    await using demo = await still();
    const [one, two] = [...demo.truth().rows('projects')].filter((row) => row['hasAccess']);
    const target = new Target();

    const { code } = await syncInto(target, {
      config: configFor(demo, { project_slugs: [one?.['slug'], two?.['id']] }),
    });

    const wanted = [String(one?.['id']), String(two?.['id'])].sort();
    expect(code).toBe(0);
    expect(target.keys('projects')).toEqual(wanted);
    expect(target.keys('project_detail')).toEqual(wanted);
    const elsewhere = {
      without: (_: string, row: Record<string, unknown>) =>
        !wanted.includes(String(row['projectID'] ?? (row['project'] as { id: string }).id)),
    };
    expect(differences(demo, target, ['events', 'issues'], elsewhere)).toEqual({});
    expect(
      [...new Set([...(target.rows.get('events')?.values() ?? [])].map((row) => String(row['projectID'])))].every(
        (id) => wanted.includes(id),
      ),
    ).toBe(true);
  });

  test('keeps the bookmarks of the others, and reads them on later without a gap', async () => {
    await using demo = await still();
    const target = new Target();
    const projects = [...demo.truth().rows('projects')];
    await syncInto(target, { config: configFor(demo) });
    const before = target.state?.bookmarks['events']?.['partitions'] as {
      context: { project_id: string };
      start: string;
    }[];

    demo.clock.advance(3 * hours);
    for (const row of projects) demo.world.addEvents({ project: String(row['id']), count: 2 });
    letRowsAppear(demo);
    await syncInto(target, { config: configFor(demo, { project_slugs: [projects[0]?.['slug']] }) });
    const between = target.state?.bookmarks['events']?.['partitions'] as typeof before;
    expect(between.map(({ context }) => context.project_id).sort()).toEqual(
      before.map(({ context }) => context.project_id).sort(),
    );
    expect(between.filter((entry) => entry.context.project_id !== projects[0]?.['id'])).toEqual(
      before.filter((entry) => entry.context.project_id !== projects[0]?.['id']),
    );
    demo.clock.advance(30 * hours);
    await syncInto(target, { config: configFor(demo) });

    expect(differences(demo, target, ['events', 'issues'])).toEqual({});
  });

  test('that name no project of the organization are said', async () => {
    await using demo = await still({ events: 100 });

    const { stderr, code } = await runTap({ config: configFor(demo, { project_slugs: ['no-such-project'] }) });

    expect(stderr).toMatch(/no-such-project/);
    expect(code).toBe(1);
  });
});

describe('--test', () => {
  test('reads one row of each stream, and writes no state', async () => {
    await using demo = await still();

    const { code, stdout, stderr } = await runTap({ config: configFor(demo), args: ['--test'] });

    const types = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; stream: string });
    expect(code, stderr).toBe(0);
    expect(types.some(({ type }) => type === 'STATE')).toBe(false);
    expect(
      types
        .filter(({ type }) => type === 'RECORD')
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual([...byDefault].sort());
    expect(demo.journal.gauges().requests).toBeLessThan(30);
  });

  test('of the schema asks nothing', async () => {
    await using demo = await still({ events: 100 });

    const { code, stdout } = await runTap({ config: configFor(demo), args: ['--test=schema'] });

    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual(byDefault.map(() => 'SCHEMA'));
    expect(demo.journal.gauges().requests).toBe(0);
  });
});
