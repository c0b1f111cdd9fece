import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { byDefault, differences, select } from '../support/compare.js';
import { letRowsAppear, still } from '../support/demos.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const rowsOf = (target: Target, stream: string): Record<string, unknown>[] => [
  ...(target.rows.get(stream)?.values() ?? []),
];

describe('fetch_event_details', () => {
  test('brings whole events in as many requests, where pages are not shorter', async () => {
    await using demo = await still({ events: 400, behaviour: { fullPageSize: 0 } });
    const [plain, whole] = [new Target(), new Target()];
    await syncInto(plain, { config: configFor(demo), catalog: select('events') });
    const requests = demo.journal.gauges().requests;
    demo.journal.clear();

    await syncInto(whole, { config: configFor(demo, { fetch_event_details: true }), catalog: select('events') });

    expect(whole.keys('events')).toEqual(plain.keys('events'));
    expect(demo.journal.gauges().requests).toBe(requests);
    const bodies = new Map(
      [...demo.truth().rows('events_full')].map((row) => [
        `${String(row['projectID'])}/${String(row['eventID'])}`,
        row,
      ]),
    );
    for (const row of rowsOf(whole, 'events'))
      expect(row).toEqual(bodies.get(`${String(row['projectID'])}/${String(row['eventID'])}`));
    expect(sorted(whole.state)).toEqual(sorted(plain.state));
  });
});

describe('caps and samples', () => {
  test('max_events_per_project brings the newest of each project, and says that there are more', async () => {
    await using demo = await still({ events: 2000 });
    const target = new Target();

    const { code, stderr } = await syncInto(target, {
      config: configFor(demo, { max_events_per_project: 150 }),
      catalog: select('events'),
    });

    expect(code).toBe(0);
    expect(stderr).toMatch(/events +ok .*only the newest 150 rows/);
    expect(target.keys('events')).toEqual([...new Set([...newest(demo, 150)].map((key) => key.split('/')[1]))].sort());
    expect(target.received.get('events')).toBe(newest(demo, 150).size);
  });

  test('and the bookmark moves on: what was left out stays out', async () => {
    await using demo = await still({ events: 2000 });
    const target = new Target();
    const config = configFor(demo, { max_events_per_project: 10 });
    await syncInto(target, { config, catalog: select('events') });
    demo.clock.advance(7200);
    letRowsAppear(demo);

    await syncInto(target, { config, catalog: select('events') });

    expect(target.received.get('events')).toBeUndefined();
  });

  test('max_events_per_issue brings the newest of each issue', async () => {
    await using demo = await still({ events: 600 });
    const target = new Target();

    await syncInto(target, { config: configFor(demo, { max_events_per_issue: 3 }), catalog: select('issue_events') });

    const counts = new Map<string, number>();
    for (const row of rowsOf(target, 'issue_events'))
      counts.set(String(row['groupID']), (counts.get(String(row['groupID'])) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBe(3);
    expect(counts.size).toBe(demo.truth().count('issues'));
  });

  test('sample_fraction keeps about its share, the same in every run, and says what it left out', async () => {
    await using demo = await still({ events: 1500 });
    const [one, two] = [new Target(), new Target()];
    const config = configFor(demo, { sample_fraction: 0.3 });

    const { stderr } = await syncInto(one, { config, catalog: select('events') });
    await syncInto(two, { config, catalog: select('events') });

    const share = (one.received.get('events') ?? 0) / demo.truth().count('events');
    expect(share).toBeGreaterThan(0.24);
    expect(share).toBeLessThan(0.36);
    expect(two.keys('events')).toEqual(one.keys('events'));
    expect(stderr).toMatch(/left out by settings/);
  });
});

describe('issue_query', () => {
  test('narrows issues, and no events', async () => {
    await using demo = await still();
    const target = new Target();

    await syncInto(target, {
      config: configFor(demo, { issue_query: 'is:resolved' }),
      catalog: select('issues', 'events'),
    });

    const resolved = [...demo.truth().rows('issues')]
      .filter((row) => row['status'] === 'resolved')
      .map((row) => String(row['id']));
    expect(target.keys('issues')).toEqual(resolved.sort());
    expect(differences(demo, target, ['events'])).toEqual({});
  });
});

describe('batch_config', () => {
  test('puts all rows into files, which the messages name', async () => {
    await using demo = await still({ events: 100 });
    const root = mkdtempSync(join(tmpdir(), 'batches-'));

    const { code, stdout } = await runTap({ config: configFor(demo, { batch_config: { storage: { root } } }) });

    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; stream: string; manifest: string[] });
    const files = messages.filter(({ type }) => type === 'BATCH');
    const rowsOf = (url: string): number =>
      gunzipSync(readFileSync(new URL(url)))
        .toString()
        .split('\n').length - 1;
    const counts = files.map(({ stream, manifest: [url = ''] }) => [stream, rowsOf(url)] as const);
    expect(code).toBe(0);
    expect(messages.some(({ type }) => type === 'RECORD')).toBe(false);
    for (const stream of ['projects', 'events', 'issues', 'teams'] as const)
      expect(counts.filter(([name]) => name === stream).reduce((sum, [, count]) => sum + count, 0)).toBe(
        demo.truth().count(stream),
      );
    rmSync(root, { recursive: true });
  });
});

describe('emit_activate_version_messages', () => {
  test('marks full tables that were read wholly, and no others', async () => {
    await using demo = await still({ events: 100, faults: [{ kind: 'permanent400', match: 'teams' }] });

    const { stdout } = await runTap({ config: configFor(demo, { emit_activate_version_messages: true }) });

    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; stream: string; version?: number });
    const activated = messages.filter(({ type }) => type === 'ACTIVATE_VERSION');
    expect(activated.map(({ stream }) => stream)).toEqual(expect.arrayContaining(['projects', 'users']));
    expect(
      activated
        .map(({ stream }) => stream)
        .filter((stream) => !['projects', 'users', 'project_detail'].includes(stream)),
    ).toEqual([]);
    for (const { stream, version } of activated)
      expect(
        messages
          .filter((one) => one.type === 'RECORD' && one.stream === stream)
          .every((one) => one.version === version),
      ).toBe(true);
    expect(messages.filter((one) => one.stream === 'events').every((one) => one.version === undefined)).toBe(true);
  });
});

describe('page_size', () => {
  test('changes nothing but the number of requests', async () => {
    await using demo = await still({ events: 200 });
    const [small, large] = [new Target(), new Target()];

    await syncInto(small, { config: configFor(demo, { page_size: 7 }) });
    await syncInto(large, { config: configFor(demo) });

    for (const stream of byDefault)
      expect([...(small.rows.get(stream)?.entries() ?? [])].sort()).toEqual(
        [...(large.rows.get(stream)?.entries() ?? [])].sort(),
      );
    expect(differences(demo, small, byDefault)).toEqual({});
  });
});

describe('-v', () => {
  test('shows as many request lines as the server counted, each with URL, status, time, bytes and rows', async () => {
    await using demo = await still({ events: 400, faults: [{ kind: 'status', status: 503, every: 20, times: 2 }] });

    const { stderr } = await runTap({ config: configFor(demo), args: ['-v'] });

    const lines = stderr.split('\n').filter((line) => line.includes('GET http') && line.includes(' -> '));
    expect(lines).toHaveLength(demo.journal.gauges().requests);
    const answered = lines.filter((line) => line.includes(' -> 200'));
    expect(answered.length).toBeGreaterThan(10);
    for (const line of lines)
      expect(line).toMatch(/DEBUG .*GET http:\/\/127\.0\.0\.1:\d+\/api\/0\/\S+ -> \d{3}, \d+ ms, \d+ bytes/);
    // the first one is no list
    for (const line of answered)
      expect(line).toMatch(/\/organizations\/acme\/\?| bytes, \d+ rows?, (a|no) page follows/);
  });

  test('is the same as SINGER_LOG_LEVEL=DEBUG', async () => {
    await using demo = await still({ events: 60 });

    const { stderr } = await runTap({ config: configFor(demo), env: { SINGER_LOG_LEVEL: 'DEBUG' } });

    expect(stderr).toMatch(/DEBUG .*GET http/);
  });
});

const sorted = (state: unknown): unknown =>
  JSON.parse(JSON.stringify(state), (_, value: unknown) =>
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value,
  );

/** Keys of the newest events of each project. */
function newest(demo: Demo, count: number): Set<string> {
  const byProject = new Map<string, { key: string; at: string }[]>();
  for (const row of demo.truth().rows('events')) {
    const project = String(row['projectID']);
    byProject.set(project, [
      ...(byProject.get(project) ?? []),
      { key: `${project}/${String(row['eventID'])}`, at: String(row['dateCreated']) },
    ]);
  }
  return new Set(
    [...byProject.values()].flatMap((events) =>
      events
        .sort((a, b) => (a.at < b.at ? 1 : -1))
        .slice(0, count)
        .map(({ key }) => key),
    ),
  );
}
