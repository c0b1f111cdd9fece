/**
 * Each way in which a server or the net misbehaves: what arrives, where the bookmark is, the exit code,
 * and the sentence that a user reads. Afterwards a run without faults brings what is missing.
 */
import { describe, expect, test } from 'vitest';
import { type Demo, type FaultSpec, createDemo } from '../../demo/index.js';
import { truthOf } from '../support/compare.js';
import { Target } from '../support/target.js';
import { fastSync } from './fast-tap.js';

const organization = {
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 3,
  issues: 12,
  events: 240,
  releases: 5,
  tokenKind: 'integration',
} as const;
const config = { page_size: 10, timeout: 1, retry_time: 600 };
const streams = ['projects', 'project_detail', 'teams', 'users', 'releases', 'release', 'issues', 'events'] as const;

/** Truth that the target lacks, stream by stream. Twins share an event id. */
function missing(demo: Demo, target: Target): string[] {
  return streams.flatMap((stream) => {
    const held = new Set(
      [...(target.rows.get(stream)?.values() ?? [])].map((row) =>
        String(row[stream === 'events' ? 'eventID' : stream === 'releases' || stream === 'release' ? 'version' : 'id']),
      ),
    );
    return [...demo.truth().keys(truthOf(stream))]
      .map((key) => (stream === 'events' ? key.slice(key.indexOf('/') + 1) : key))
      .filter((key) => !held.has(key))
      .map((key) => `${stream} ${key}`);
  });
}

const lastLine = (stderr: string): string => stderr.trimEnd().split('\n').at(-1) ?? '';
const windowOver = {
  detail: 'You are attempting to use this endpoint too frequently. Limit is 40 requests in 1 seconds',
};
const tooMany = {
  detail: 'You are attempting to go above the allowed concurrency for this endpoint. Concurrency limit is 25',
};

interface Passing {
  name: string;
  faults: readonly FaultSpec[];
  /** What the log says of it. */
  says?: RegExp;
}

const passing: Passing[] = [
  {
    name: '429 without any header',
    faults: [{ kind: 'status', status: 429, body: windowOver, every: 6 }],
    says: /429 \(You are attempting.*too many requests; next try in/,
  },
  {
    name: '429 for concurrency',
    faults: [{ kind: 'status', status: 429, body: tooMany, every: 6 }],
    says: /allowed concurrency/,
  },
  {
    name: '429 with Retry-After in seconds',
    faults: [{ kind: 'status', status: 429, headers: { 'Retry-After': '20' }, every: 15 }],
    says: /next try in 20 s/,
  },
  {
    name: '429 with Retry-After as a date',
    faults: [{ kind: 'status', status: 429, headers: { 'Retry-After': 'Sun, 01 Mar 2026 12:01:00 GMT' }, times: 1 }],
    says: /next try in (?:[1-6]\d|\d\.\d) s/,
  },
  {
    name: '429 with the end of its window',
    faults: [
      {
        kind: 'status',
        status: 429,
        headers: {
          'X-Sentry-Rate-Limit-Remaining': '0',
          'X-Sentry-Rate-Limit-Limit': '40',
          'X-Sentry-Rate-Limit-Reset': String(Date.UTC(2026, 2, 1, 12, 0, 45) / 1000),
        },
        times: 1,
      },
    ],
    says: /next try in \d/,
  },
  { name: 'a storm of 500', faults: [{ kind: 'status', status: 500, every: 3 }], says: /HTTP 500 \(Internal Error\)/ },
  {
    name: 'a storm of 502 with pages for people',
    faults: [{ kind: 'htmlError', status: 502, every: 3 }],
    says: /HTTP 502;/,
  },
  {
    name: 'a storm of 503 with pages for people',
    faults: [{ kind: 'htmlError', status: 503, every: 3 }],
    says: /HTTP 503;/,
  },
  {
    name: 'a storm of 504',
    faults: [{ kind: 'status', status: 504, body: '<html>gateway</html>', every: 3 }],
    says: /HTTP 504/,
  },
  {
    name: 'queries that time out',
    faults: [{ kind: 'retryable400', match: 'events', every: 4 }],
    says: /HTTP 400 \(Query timeout/,
  },
  {
    name: 'queries that time out when they ask for much',
    faults: [{ kind: 'retryable400', match: 'events', times: 3 }],
    says: /HTTP 400 \(Query timeout/,
  },
  {
    name: 'a brown-out',
    faults: [{ kind: 'brownout410', match: 'issues', times: 2 }],
    says: /HTTP 410.*deprecated and switched off at times; Sentry names .*; next try in 60 s/,
  },
  { name: 'connections that are reset', faults: [{ kind: 'reset', every: 4 }], says: /ECONNRESET/ },
  { name: 'bodies that break off', faults: [{ kind: 'truncate', every: 4 }], says: /next try in/ },
  {
    name: 'JSON that breaks off',
    faults: [{ kind: 'badJson', every: 4 }],
    says: /JSON that breaks off \(\d+ bytes\)/,
  },
  { name: 'gzip that is none', faults: [{ kind: 'brokenGzip', every: 5 }], says: /header|gzip|Z_DATA/ },
  {
    name: 'a body slower than the timeout',
    faults: [{ kind: 'slowBody', ms: 3000, match: 'events', times: 1 }],
    says: /timeout|Timeout/i,
  },
  { name: 'empty pages with a successor', faults: [{ kind: 'emptyPageWithNext', match: /\/issues\/\?/, every: 2 }] },
];

describe('what cannot be followed is read on by time', () => {
  test.each(['noLink', 'malformedLink'] as const)('%s', { timeout: 60_000 }, async (kind) => {
    await using demo = await createDemo({ ...organization, faults: [{ kind, match: 'events' }] });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config });

    expect(code, stderr).toBe(0);
    expect(missing(demo, target)).toEqual([]);
  });
});

describe('what passes is waited for, and everything arrives', () => {
  test.each(passing)('$name', { timeout: 60_000 }, async ({ faults, says }) => {
    await using demo = await createDemo({ ...organization, faults });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config });

    expect(code, stderr).toBe(0);
    expect(missing(demo, target)).toEqual([]);
    expect(demo.faults.list.reduce((sum, { played }) => sum + played, 0)).toBeGreaterThan(0);
    if (says) expect(stderr).toMatch(says);
    expect(lastLine(stderr)).toMatch(/Done: [\d,]+ rows of 8 streams in [\d,]+ requests; nothing was left out\.$/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('the limits of sentry.io are kept to: no 429 at all', { timeout: 60_000 }, async () => {
    await using demo = await createDemo({ ...organization, limits: 'sentry.io' });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config });

    expect(code, stderr).toBe(0);
    expect(missing(demo, target)).toEqual([]);
    // the clocks of the two processes are a hundred times as rough
    expect(demo.journal.gauges().tooMany).toBeLessThanOrEqual(1);
  });
});

interface Lasting {
  name: string;
  faults: readonly FaultSpec[];
  /** Streams that are not read wholly. */
  failed: readonly string[];
  says: RegExp;
}

const project = '4505281256090153';
const lasting: Lasting[] = [
  {
    name: '500 without end for one project',
    faults: [{ kind: 'status', status: 500, match: new RegExp(`${project}/events`) }],
    failed: ['events'],
    says: new RegExp(
      `could not read everything: events \\(storefront: GET /api/0/projects/acme/${project}/events/ answered HTTP ` +
        '500 \\(Internal Error\\)',
    ),
  },
  {
    name: '400 for one project',
    faults: [{ kind: 'permanent400', match: new RegExp(`${project}/events`) }],
    failed: ['events'],
    says: /events \(storefront: GET .*answered HTTP 400 \(Error parsing search query\)\)/,
  },
  {
    name: '410 without end',
    faults: [{ kind: 'brownout410', match: 'events' }],
    failed: ['events'],
    says: /HTTP 410.*Sentry names .*given up after/,
  },
  {
    name: 'queries that always time out',
    faults: [{ kind: 'retryable400', match: 'events' }],
    failed: ['events'],
    says: /Query timeout/,
  },
  {
    name: 'connections that are always reset',
    faults: [{ kind: 'reset', match: 'releases' }],
    failed: ['releases', 'release'],
    says: /releases \(.*ECONNRESET/,
  },
  {
    name: 'bodies that always break off',
    faults: [{ kind: 'truncate', match: 'releases' }],
    failed: ['releases', 'release'],
    says: /releases \(/,
  },
  {
    name: 'JSON that always breaks off',
    faults: [{ kind: 'badJson', match: 'releases' }],
    failed: ['releases', 'release'],
    says: /JSON that breaks off \(\d+ bytes\)/,
  },
  {
    name: 'gzip that never is',
    faults: [{ kind: 'brokenGzip', match: 'releases' }],
    failed: ['releases', 'release'],
    says: /releases \(/,
  },
  {
    name: 'a log-in page',
    faults: [{ kind: 'loginPage', match: 'releases' }],
    failed: ['releases', 'release'],
    says: new RegExp(
      String.raw`answered 200, but not with JSON \(text/html; charset=utf-8\): this is probably a log-in ` +
        String.raw`page or a proxy\. Check base_url and the token`,
    ),
  },
  {
    name: 'a cursor that repeats',
    faults: [{ kind: 'repeatCursor', match: 'teams' }],
    failed: ['teams'],
    says: /teams \(teams: the server repeats a cursor; more rows may follow/,
  },
  {
    name: 'a redirect to another host',
    faults: [{ kind: 'redirect', match: 'releases', url: 'https://elsewhere.invalid/' }],
    failed: ['releases', 'release'],
    says: new RegExp(
      String.raw`redirected to another origin \(https://elsewhere\.invalid\); it is not followed, since ` +
        'the token would go along',
    ),
  },
  {
    name: '403 for one project',
    faults: [{ kind: 'status', status: 403, match: new RegExp(`${project}/events`) }],
    failed: ['events'],
    says: /Done:/,
  },
];

describe('what lasts is said, keeps its bookmark, and stops nothing else', () => {
  test.each(lasting)('$name', { timeout: 60_000 }, async ({ faults, failed, says }) => {
    await using demo = await createDemo({ ...organization, faults });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config });

    const lost = [...new Set(missing(demo, target).map((one) => one.split(' ')[0]))];
    expect(failed, stderr).toEqual(expect.arrayContaining(lost));
    expect(lastLine(stderr)).toMatch(says);
    const skipped = faults[0]?.status === 403 || failed.length === 0;
    expect(code).toBe(skipped ? 0 : 1);
    for (const stream of failed) expect(stderr).toMatch(new RegExp(`\\| ${stream} +(?:failed|partial) `));
    expect(stderr).not.toMatch(/^\s+at /m);

    demo.faults.clear();
    demo.clock.advance(3600);
    const next = await fastSync(demo, target, { config });
    expect(next.code, next.stderr).toBe(0);
    expect(missing(demo, target)).toEqual([]);
  });
});

describe('what ends the run', () => {
  test('a token that is withdrawn: the last line says what to do, the state stays', async () => {
    await using demo = await createDemo({ ...organization, faults: [{ kind: 'unauthorized', after: 20 }] });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config });

    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(
      /Sentry refuses the token: HTTP 401 \(Invalid token\)\. Check api_token \(TAP_SENTRY_API_TOKEN\)/,
    );
    demo.faults.clear();
    expect((await fastSync(demo, target, { config })).code).toBe(0);
    expect(missing(demo, target)).toEqual([]);
  });

  test.each([
    [
      'a refused connection',
      'http://127.0.0.1:9/',
      /Cannot reach http:\/\/127\.0\.0\.1:9: connection refused\. Check base_url/,
    ],
    [
      'a name that does not resolve',
      'https://sentry.does-not-exist.invalid/',
      /Cannot reach https:\/\/sentry\.does-not-exist\.invalid: its name .*Check base_url/,
    ],
  ])('%s: nothing is written but the sentence', async (_, base_url, says) => {
    await using demo = await createDemo(organization);
    const target = new Target();

    const { code, stdout, stderr } = await fastSync(demo, target, { config: { base_url, retry_time: 20 } });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lastLine(stderr)).toMatch(says);
  });
});

describe('a clock that is wrong', () => {
  test.each([
    ['one hour fast', 3_600_000],
    ['one hour slow', -3_600_000],
    ['a year slow', -31_536_000_000],
  ])('by %s loses nothing: no bookmark passes the earlier clock', async (_, skew) => {
    await using demo = await createDemo({ ...organization, limits: 'sentry.io' });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config, skew });

    expect(code, stderr).toBe(0);
    expect(missing(demo, target)).toEqual([]);
    const { start } = target.state?.bookmarks['events'] ?? {};
    const earlier = Date.parse(organization.now) + Math.min(0, skew);
    expect(Date.parse(String(start)) - earlier).toBeLessThan(600_000); // both clocks run a hundred times as fast
    expect(Date.parse(String(start)) - earlier).toBeGreaterThanOrEqual(0);
    expect(stderr).toMatch(/WARNING .*The server's clock says 2026-03-01T.* bookmarks stay at the earlier/);
  });

  test('that jumps by an hour and back loses nothing, and does not hang', { timeout: 60_000 }, async () => {
    await using demo = await createDemo({ ...organization, faults: [{ kind: 'status', status: 503, every: 10 }] });
    const target = new Target();

    const { code, stderr } = await fastSync(demo, target, { config, env: { JUMP: '3600000' } });

    expect([0, 1], stderr).toContain(code);
    if (code === 0) expect(missing(demo, target)).toEqual([]);
    demo.faults.clear();
    expect((await fastSync(demo, target, { config })).code).toBe(0);
    expect(missing(demo, target)).toEqual([]);
  });
});
