/** Hostile data: what no target takes is fitted and said; digits survive; nothing that changes shape stops a run. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { configFor, runTap } from '../support/tap-process.js';
import { Target } from '../support/target.js';
import { configOf, eventId, eventText, issueText, project, smallSentry } from './small-sentry.js';

/** The text of each record of a stream, as it stands on stdout. */
const recordTexts = (stdout: string, stream: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith(`{"type":"RECORD","stream":"${stream}"`))
    .map((line) => /"record":(.*),"time_extracted"/s.exec(line)?.[1] ?? '');

interface Parsed {
  type: string;
  stream: string;
  schema: object;
  record: Record<string, unknown>;
}

/** Each record against its stream's schema, as targets that validate do it. */
function expectValid(stdout: string): void {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const checks = new Map<string, ReturnType<Ajv['compile']>>();
  for (const line of stdout.split('\n').filter(Boolean)) {
    const message = JSON.parse(line) as Parsed;
    if (message.type === 'SCHEMA') checks.set(message.stream, ajv.compile(message.schema));
    const check = message.type === 'RECORD' ? checks.get(message.stream) : undefined;
    if (check) expect(check(message.record), `${message.stream}: ${JSON.stringify(check.errors)}`).toBe(true);
    expect(line.isWellFormed() && !line.includes('\\u0000')).toBe(true);
    expect(line).not.toMatch(/\\u[dD][89a-fA-F][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])/);
  }
}

const oneEvent = (more: string) => smallSentry({ events: `[${eventText(eventId(1), more)}]` });

describe('numbers', () => {
  test.each([
    ['an integer beyond 2^53', '9007199254740993', '9007199254740993'],
    ['the largest of 64 bits', '9223372036854775807', '9223372036854775807'],
    ['an integer beyond 64 bits', '9223372036854775808', '"9223372036854775808"'],
    ['a long decimal', '0.1234567890123456789', '0.1234567890123456789'],
    ['minus nought', '-0', '-0'],
    ['an exponent beyond a double', '1e400', '"1e400"'],
    ['an exponent', '1E3', '1000'],
  ])('in a free body: %s', async (_, digits, written) => {
    await using server = await oneEvent(`"user":{"id":"1","data":{"n":${digits}}}`);

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(recordTexts(stdout, 'events')[0]).toContain(`"data":{"n":${written}}`);
    expectValid(stdout);
  });

  test.each([
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775808', 'null'],
    ['1e400', 'null'],
    ['12.0', '12'],
    ['1e3', '1000'],
    ['"17"', '17'],
    ['12.5', 'null'],
    ['"many"', 'null'],
    ['{}', 'null'],
  ])('in a column of integers, %s becomes %s, and what is lost is said', async (sent, written) => {
    await using server = await smallSentry({ issues: `[${issueText('1', `"userCount":${sent}`)}]` });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(recordTexts(stdout, 'issues')[0]).toContain(`"userCount":${written}`);
    expect(/issues: userCount:? .*; set to null/.test(stderr)).toBe(written === 'null');
    expect(/issues +ok .*values fitted: userCount/.test(stderr)).toBe(written === 'null');
    expectValid(stdout);
  });
});

describe('text', () => {
  test('loses NUL and half surrogate pairs, keys included, and keeps the rest', async () => {
    await using server = await oneEvent(
      '"message":"a\\u0000b\\ud800c 😀 \\ud83d\\ude00 ü","user":{"id":"1","data":{"k\\u0000ey":"\\udfff","ok":"𝒳"}}',
    );

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    const [record] = recordTexts(stdout, 'events').map(
      (text) => JSON.parse(text) as { message: string; user: { data: object } },
    );
    expect(record?.message).toBe('ab\uFFFDc 😀 😀 ü');
    expect(record?.user.data).toEqual({ key: '\uFFFD', ok: '𝒳' });
    expect(stderr).toMatch(/events: message:? contains NUL or lone surrogates/);
    expectValid(stdout);
  });

  test('of dates that are none becomes null, of others UTC', async () => {
    await using server = await smallSentry({
      issues:
        `[${issueText('1', '"firstSeen":""')},${issueText('2', '"firstSeen":"soon"')},` +
        `${issueText('3', '"firstSeen":"2026-02-01T10:00:00.123456789+02:00"')},` +
        `${issueText('4', '"firstSeen":"10000-01-01T00:00:00Z"')}]`,
    });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(recordTexts(stdout, 'issues').map((text) => (JSON.parse(text) as { firstSeen: unknown }).firstSeen)).toEqual(
      [null, null, '2026-02-01T08:00:00.123456Z', null],
    );
    expect(stderr).toMatch(/firstSeen:? not a date between the years 1 and 9999; the value became null/);
  });
});

describe('shapes', () => {
  test('of a hundred levels pass', async () => {
    const deep = `${'{"a":['.repeat(100)}1${']}'.repeat(100)}`;
    await using server = await oneEvent(`"user":{"id":"1","data":${deep}}`);

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(recordTexts(stdout, 'events')[0]).toContain(deep);
  });

  test('with names that JavaScript has of its own, or that differ by case, pass as data', async () => {
    const data = '{"__proto__":{"polluted":1},"constructor":2,"Key":3,"key":4,"KEY":5,"n":9007199254740993}';
    await using server = await oneEvent(`"__proto__":{"x":1},"constructor":1,"user":{"id":"1","data":${data}}`);

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(recordTexts(stdout, 'events')[0]).toContain(`"data":${data}`);
    expect(stderr).toMatch(/events: (?:__proto__|constructor):? not in the catalog's schema; dropped/);
  });

  test('of 50 MB pass, digit by digit and character by character', { timeout: 60_000 }, async () => {
    const text = 'é😀'.repeat(7_000_000);
    await using server = await oneEvent(`"message":"${text}","user":{"id":"1","data":{"n":9007199254740993}}`);

    const { code, stdout, stderr } = await runTap({ config: configOf(server, { timeout: 60 }) });

    expect(code, stderr).toBe(0);
    const [record = ''] = recordTexts(stdout, 'events');
    expect(record.includes(text) && record.includes('{"n":9007199254740993}')).toBe(true);
  });

  test('of more than 50 MiB are left out, said, and keep their bookmark, since no pipe takes them; others pass', {
    timeout: 60_000,
  }, async () => {
    const large = `"message":"${'x'.repeat(52 * 1024 * 1024)}"`;
    await using server = await smallSentry({ events: `[${eventText(eventId(1))},${eventText(eventId(2), large)}]` });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code).toBe(1);
    expect(recordTexts(stdout, 'events')).toHaveLength(1);
    expect(stderr).toMatch(
      new RegExp(
        String.raw`events: skipped a record of \d+ bytes, since the pipe takes 52428800\. Raise ` +
          String.raw`MELTANO_ELT_BUFFER_SIZE; the bookmark stays before it\.`,
      ),
    );
    expect(stdout.split('\n').findLast((line) => line.startsWith('{"type":"STATE"'))).not.toMatch(
      /"events":\{"start":"2026-03/,
    );
  });
});

describe('drift', () => {
  test('unknown fields are left out and named once; missing ones are no matter', async () => {
    await using server = await smallSentry({
      events: `[${[1, 2, 3].map((n) => eventText(eventId(n), '"brandNew":1')).join()}]`,
    });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(stderr.match(/events: brandNew:? not in the catalog's schema; dropped/g)).toHaveLength(1);
    expect(stderr).toMatch(/brandNew:? not in the catalog's schema; dropped \(3\)/);
    expectValid(stdout);
  });

  test('fields of another type are fitted', async () => {
    await using server = await smallSentry({
      issues: `[${issueText('1', '"title":{"a":1},"count":5,"isPublic":"true","annotations":"x","metadata":"y"')}]`,
    });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expectValid(stdout);
    expect(JSON.parse(recordTexts(stdout, 'issues')[0] ?? '')).toMatchObject({
      title: '{"a":1}',
      count: '5',
      isPublic: true,
      metadata: null,
    });
  });

  test('ids may be numbers', async () => {
    await using server = await smallSentry({
      projects: JSON.stringify([{ ...project, id: 7 }]),
      issues: `[${issueText('1').replace('"1"', '1').replace('"7"', '7')}]`,
      events: `[${eventText(eventId(1)).replace('"7"', '7')}]`,
    });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code, stderr).toBe(0);
    expect(JSON.parse(recordTexts(stdout, 'issues')[0] ?? '')).toMatchObject({ id: '1' });
    expect(stdout).toContain('"context":{"project_id":"7"}');
    expectValid(stdout);
  });

  test.each(['null', '{}', '{"id":null}'])('a row that is %s', async (row) => {
    await using server = await smallSentry({ '/teams/$': `[${row},{"id":"1","slug":"a"}]` });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(recordTexts(stdout, 'teams')).toHaveLength(1);
    expect(code).toBe(row === 'null' ? 0 : 1);
    expect(/teams: skipped a record without its key id/.test(stderr)).toBe(row !== 'null');
  });

  test('an event without its key keeps the bookmark of its project', async () => {
    await using server = await smallSentry({
      events: `[${eventText(eventId(1)).replace(`"eventID":"${eventId(1)}"`, '"eventID":null')}]`,
    });

    const { code, stdout, stderr } = await runTap({ config: configOf(server) });

    expect(code).toBe(1);
    expect(stderr).toMatch(/events: skipped a record without its key eventID; the bookmark stays before it/);
    expect(stdout.split('\n').findLast((line) => line.startsWith('{"type":"STATE"'))).not.toContain(
      '"events":{"start":"2026-03',
    );
  });

  test('an empty list of projects does not wipe the state', async () => {
    await using server = await smallSentry({ projects: '[]' });
    const partitions = [{ context: { project_id: '7' }, start: '2026-02-20T00:00:00Z' }];
    const state = { bookmarks: { events: { start: '2026-02-20T00:00:00Z', partitions } } };

    const { stdout } = await runTap({ config: configOf(server), state });

    const last = JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{"type":"STATE"')) ?? '{}') as {
      value: typeof state;
    };
    expect(last.value.bookmarks.events.partitions).toEqual(partitions);
  });
});

/** A target that deletes for good what ACTIVATE_VERSION leaves out. */
class DeletingTarget extends Target {
  readonly activated: string[] = [];

  override load(stdout: string): void {
    const versions = new Map<string, unknown>();
    const kept: string[] = [];
    const before = new Map([...this.rows].map(([stream, rows]) => [stream, new Set(rows.keys())] as const));
    const fresh = new Map<string, Set<string>>();
    const keys = new Map<string, string[]>();
    for (const line of stdout.split('\n').filter(Boolean)) {
      const message = JSON.parse(line) as {
        type: string;
        stream: string;
        version?: unknown;
        record: Record<string, unknown>;
        key_properties: string[];
      };
      if (message.type === 'SCHEMA') keys.set(message.stream, message.key_properties);
      if (message.type === 'RECORD')
        fresh.set(
          message.stream,
          (fresh.get(message.stream) ?? new Set()).add(
            (keys.get(message.stream) ?? []).map((key) => message.record[key]).join('/'),
          ),
        );
      if (message.type === 'ACTIVATE_VERSION') versions.set(message.stream, message.version);
      else kept.push(line);
    }
    super.load(`${kept.join('\n')}\n`);
    for (const stream of versions.keys()) {
      this.activated.push(stream);
      for (const key of before.get(stream) ?? []) if (!fresh.get(stream)?.has(key)) this.rows.get(stream)?.delete(key);
    }
  }
}

describe('a target that deletes what ACTIVATE_VERSION leaves out', () => {
  const organization = {
    now: '2026-03-01T12:00:00Z',
    frozen: true,
    projects: 4,
    issues: 12,
    events: 100,
    tokenKind: 'integration',
  } as const;

  async function twice(
    change: (demo: Awaited<ReturnType<typeof createDemo>>) => void,
    more: Record<string, unknown> = {},
  ): Promise<{ gone: string[]; target: DeletingTarget }> {
    await using demo = await createDemo(organization);
    const target = new DeletingTarget();
    const config = configFor(demo, { emit_activate_version_messages: true });
    target.load((await runTap({ config })).stdout);
    const streams = ['projects', 'teams', 'users', 'project_detail', 'releases', 'issues'] as const;
    const before = new Map(streams.map((stream) => [stream, new Set(target.keys(stream))] as const));
    target.activated.length = 0;
    demo.clock.advance(7200);
    change(demo);
    target.load((await runTap({ config: { ...config, ...more }, state: target.state })).stdout);
    const gone = streams.flatMap((stream) =>
      [...demo.truth().keys(stream)]
        .filter((key) => before.get(stream)?.has(key) && !target.keys(stream).includes(key))
        .map((key) => `${stream} ${key}`),
    );
    return { gone, target };
  }

  test('loses none of the rows that exist, and those that do not', async () => {
    const { gone, target } = await twice((demo) => demo.world.deleteProject(demo.world.state.projects[1]?.id ?? ''));

    expect(gone).toEqual([]);
    expect(target.keys('projects')).toHaveLength(3);
    expect(new Set(target.activated)).toEqual(new Set(['projects', 'teams', 'users']));
  });

  test.each([
    [
      'one project is refused',
      (demo: { faults: { add: (fault: never) => unknown } }) =>
        demo.faults.add({ kind: 'status', status: 403, match: /projects\/acme\/\d+\// } as never),
      {},
    ],
    [
      'the list of teams fails',
      (demo: { faults: { add: (fault: never) => unknown } }) =>
        demo.faults.add({ kind: 'permanent400', match: 'teams' } as never),
      {},
    ],
    ['projects are narrowed by a setting', () => undefined, { project_slugs: ['storefront'] }],
    ['events are capped', () => undefined, { max_events_per_project: 2 }],
  ])('loses nothing when %s', async (_, change, more) => {
    const { gone } = await twice(change as never, more);

    expect(gone).toEqual([]);
  });

  test('is never told so of what has bookmarks, or of children of that', async () => {
    const { target } = await twice(() => undefined);

    for (const stream of ['issues', 'events', 'releases', 'release', 'issue_detail', 'issue_events', 'event_detail'])
      expect(target.activated).not.toContain(stream);
  });
});
