import { describe, expect, test } from 'vitest';
import { byDefault, differences, select } from '../support/compare.js';
import { letRowsAppear, still } from '../support/demos.js';
import { loopback } from '../support/loopback.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const lastLine = (stderr: string): string => stderr.trimEnd().split('\n').at(-1) ?? '';

describe('a project that the token may not read', () => {
  test('is listed, said to be refused, and does not fail the run', async () => {
    await using demo = await still({ inaccessibleProjects: 2 });
    const target = new Target();

    const { code, stderr } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect(stderr).toMatch(/events +partial .*2 refused/);
    expect(stderr).toMatch(/no access/);
    expect(differences(demo, target, byDefault)).toEqual({});
  });

  test('and could be read before fails the run; its bookmark stays, the others move on', async () => {
    await using demo = await still();
    const target = new Target();
    await syncInto(target, { config: configFor(demo) });
    const [lost] = [...demo.truth().rows('projects')];
    const place = (): string | undefined =>
      (target.state!.bookmarks['events']!['partitions'] as { context: { project_id: string }; start: string }[]).find(
        ({ context }) => context.project_id === lost?.['id'],
      )?.start;
    const before = place();
    demo.world.revokeAccess(String(lost?.['id']));
    demo.clock.advance(3600);

    const { code, stderr } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(/ERROR .*could not read everything: .*events/);
    expect(stderr).toMatch(/events +partial .*withdrawn since an earlier run/);
    expect(place()).toBe(before);
    expect(differences(demo, target, ['teams', 'users'])).toEqual({});
  });

  test('that is deleted leaves the state, and nobody complains', async () => {
    await using demo = await still();
    const target = new Target();
    await syncInto(target, { config: configFor(demo) });
    const [gone] = [...demo.truth().rows('projects')];
    demo.world.deleteProject(String(gone?.['id']));
    letRowsAppear(demo);

    const { code } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect(JSON.stringify(target.state)).not.toContain(String(gone?.['id']));
  });
});

describe('a stream that cannot be read', () => {
  test('does not stop the others, keeps its bookmark, and fails the run', async () => {
    await using demo = await still({ faults: [{ kind: 'permanent400', match: 'releases' }] });
    const target = new Target();

    const { code, stderr } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(1);
    expect(stderr).toMatch(/releases +failed/);
    expect(lastLine(stderr)).toMatch(/could not read everything: .*releases/);
    expect(differences(demo, target, ['projects', 'issues', 'events', 'teams', 'users'])).toEqual({});
    expect(target.state?.bookmarks['releases']?.['start']).toBeUndefined();
  });

  test.each(['release', 'event'])(
    'because the token is refused in the middle ends the run, though rows still wait for %s',
    async (match) => {
      await using demo = await still({
        projects: 2,
        releases: 40,
        events: 300,
        faults: [{ kind: 'status', status: 401, match, after: 3, times: 1 }],
      });

      const { code, stderr } = await syncInto(new Target(), {
        config: configFor(demo, { page_size: 10 }),
        catalog: select('events', 'event_detail', 'releases', 'release'),
      });

      expect(code).toBe(1);
      expect(lastLine(stderr)).toMatch(/refuses the token/);
    },
  );

  test('because a part fails, while another is refused, fails the run: a failure weighs more', async () => {
    await using demo = await still({
      projects: 1,
      events: 4000,
      faults: [
        { kind: 'status', status: 403, match: 'events', after: 6, times: 1 },
        { kind: 'permanent400', match: 'events', after: 12, times: 30 }, // whatever else is tried
      ],
    });

    const { code, stderr } = await syncInto(new Target(), { config: configFor(demo) });

    expect(code).toBe(1);
    expect(stderr).toMatch(/events +failed/);
  });

  test('in the middle is read on by the next run', async () => {
    await using demo = await still({
      projects: 3,
      events: 2000,
      faults: [{ kind: 'permanent400', match: 'events', after: 6, times: 30 }],
    });
    const target = new Target();

    const first = await syncInto(target, { config: configFor(demo) });
    demo.faults.clear();
    const second = await syncInto(target, { config: configFor(demo) });

    expect([first.code, second.code]).toEqual([1, 0]);
    expect(differences(demo, target, byDefault)).toEqual({});
  });

  test.each(['status', 'reset', 'truncate', 'badJson', 'brokenGzip', 'retryable400', 'htmlError'] as const)(
    'for a moment (%s) is tried again',
    async (kind) => {
      await using demo = await still({
        events: 300,
        faults: [{ kind, every: 9, times: 3, ...(kind === 'status' ? { status: 503 } : {}) }],
      });
      const target = new Target();

      const { code, stderr } = await syncInto(target, {
        config: configFor(demo, { start_date: '2026-09-01' }),
        catalog: select('projects', 'events', 'teams'),
      });

      expect(code, stderr).toBe(0);
      expect(differences(demo, target, ['projects', 'events', 'teams'])).toEqual({});
    },
  );

  test.each(['emptyPageWithNext', 'repeatCursor', 'noLink', 'malformedLink'] as const)(
    'page by page as it should (%s) loses nothing in silence',
    async (kind) => {
      await using demo = await still({
        events: 1500,
        projects: 2,
        faults: [{ kind, match: 'events', after: 1, times: 2 }],
      });
      const target = new Target();

      const { code, stderr } = await syncInto(target, { config: configFor(demo), catalog: select('events') });

      const missing = differences(demo, target, ['events']).events?.missing.length ?? 0;
      if (missing > 0) expect([code, stderr]).toEqual([1, expect.stringMatching(/events +failed/)]);
      const again = await syncInto(target, { config: configFor(demo), catalog: select('events') });
      expect(again.code, again.stderr).toBe(0);
      expect(differences(demo, target, ['events'])).toEqual({});
    },
  );
});

describe('what stands in the way is said in the last line', () => {
  const sentences: [string, Record<string, unknown>, RegExp][] = [
    [
      'a wrong token',
      { api_token: 'sntryu_00000000000000000000000000000000000000000000000000000000000wrong' },
      /refuses the token: .*Check api_token \(TAP_SENTRY_API_TOKEN\)/,
    ],
    ['an unknown organization', { organization: 'nobody' }, /no organization "nobody" .*Check organization/],
    [
      'a host that nobody answers at',
      { base_url: 'http://127.0.0.1:9/api/0/', retry_time: 0 },
      /Cannot reach http:\/\/127\.0\.0\.1:9: connection refused\. Check base_url/,
    ],
    [
      'a name that is unknown',
      { base_url: 'http://sentry.invalid/api/0/', retry_time: 0 },
      /Cannot reach http:\/\/sentry\.invalid: its name .*\. Check base_url \(is the host spelt right\?\)/,
    ],
  ];

  test.each(sentences)('%s', async (_, settings, sentence) => {
    await using demo = await still({ events: 60 });

    const { code, stdout, stderr } = await runTap({ config: configFor(demo, settings) });

    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(/ERROR/);
    expect(lastLine(stderr)).toMatch(sentence);
    expect(stdout).not.toMatch(/"RECORD"/);
  });

  test('a page for people where the API should be', async () => {
    await using server = await loopback((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<form>'),
    );

    const { code, stderr } = await runTap({
      config: {
        api_token: 'a-token-of-length',
        organization: 'acme',
        base_url: server.url.href,
        start_date: '2026-01-01',
      },
    });

    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(/not JSON/);
  });

  test('a token without scopes', async () => {
    await using demo = await still({ events: 60, scopes: [] });

    const { code, stderr } = await runTap({ config: configFor(demo) });

    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(/may not read the organization .*org:read/);
  });

  test('a token that is withdrawn while the tap reads', async () => {
    await using demo = await still({ events: 1000, faults: [{ kind: 'unauthorized', match: 'events', after: 3 }] });

    const { code, stderr, stdout } = await runTap({ config: configFor(demo) });

    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(/refuses the token/);
    const states = stdout.split('\n').filter((line) => line.includes('"STATE"'));
    expect(states.length).toBeGreaterThan(0); // the last of them stands: an equal one is not written twice
  });
});

describe('no secret', () => {
  const headers = { 'x-gateway-key': 'hunter2-hunter2-hunter2' };

  test.each([
    ['a good run', {}, []],
    ['a run that tells everything', {}, ['-v']],
    ['a refused token', { api_token: 'sntryu_secret-that-is-wrong-0123456789abcdef0123456789abcdef01' }, ['-v']],
    ['a host that is not there', { base_url: 'http://127.0.0.1:9/', retry_time: 0 }, ['-v']],
  ])('is in the output of %s', async (_, settings, args) => {
    await using demo = await still({ events: 60, faults: [{ kind: 'status', status: 503, every: 7, times: 2 }] });
    const config = configFor(demo, { ...settings, headers });

    const { stdout, stderr } = await runTap({ config, args });

    for (const secret of [String(config['api_token']), headers['x-gateway-key'], 'Bearer ']) {
      expect(stdout).not.toContain(secret);
      expect(stderr).not.toContain(secret);
    }
  });
});
