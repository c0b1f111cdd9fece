/** `--test` as a doctor: the very words of the real command line, for each kind of server. */
import { describe, expect, test } from 'vitest';
import { type DemoOptions, type ServerName, strangerToken } from '../../demo/index.js';
import { still } from '../support/demos.js';
import { configFor, runTap } from '../support/tap-process.js';

interface Examination {
  code: number | null;
  /** Level and message of each line, without lines about single requests and the clocks. */
  lines: string[];
  stdout: string;
  requests: number;
}

async function examine(options: DemoOptions, settings: Record<string, unknown> = {}): Promise<Examination> {
  await using demo = await still(options);
  const { code, stdout, stderr } = await runTap({
    config: configFor(demo, settings),
    args: ['--test'],
    timeout: 60_000,
  });
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' | ').map((part) => part.trim()))
    .map(([, level = '', , ...said]) => `${level} ${said.join(' | ').replaceAll(new URL(demo.url).host, 'HOST')}`);
  return {
    code,
    lines: lines.filter((line) => !/^\w+ (GET|The server's clock)/.test(line)),
    stdout,
    requests: demo.journal.gauges().requests,
  };
}

const about = ({ lines }: Examination, topic: string): string[] => lines.filter((line) => line.split(' ')[1] === topic);

const scopes = 'its scopes: event:read, member:read, org:read, project:read, project:releases, team:read.';
const advice =
  'The token of an internal integration (Settings > Developer Settings > Custom Integrations) sees all projects and ' +
  'has twice the budget of requests: recommended.';
const found = ['INFO organization: "acme" found.'];

describe('a healthy server', () => {
  test.each<[ServerName, string]>([
    ['sentry.io', 'INFO server: self-hosted Sentry, of 2021 or later (it has statistics).'],
    ['sentry-10', 'INFO server: self-hosted Sentry, 10 to 21 or alike (no statistics).'],
    [
      'sentry-9',
      'WARNING server: an old self-hosted Sentry, 9 or alike (it cannot list the issues of an organization). Issues ' +
        'are read project by project; consider an update of the server.',
    ],
    ['glitchtip', 'INFO server: GlitchTip: it has fewer streams, and no statistics.'],
  ])('%s is recognized, and the connection works', { timeout: 60_000 }, async (server, says) => {
    const examined = await examine({ server });

    expect(examined.code, examined.lines.join('\n')).toBe(0);
    expect(about(examined, 'host:')).toEqual(['INFO host: HOST answers.']);
    expect(about(examined, 'server:')).toEqual([says]);
    expect(about(examined, 'organization:')).toEqual(found);
    expect(about(examined, 'projects:')).toEqual([expect.stringMatching(/^INFO projects: 5 \(.+\)\.$/)]);
    expect(about(examined, 'limits:')).toEqual(['INFO limits: the server named none.']);
    expect(examined.lines.at(-1)).toMatch(/^INFO The connection works: 8 rows of 8 streams in \d+ requests\.$/);
    expect(examined.stdout).toContain('"RECORD"');
  });

  test('tells what a first sync and a daily run take, as far as it counts its issues and events', async () => {
    const examined = await examine({ server: 'sentry.io', issues: 60, events: 600 });
    const [first = '', daily = ''] = examined.lines.filter((line) => /first full sync:|daily run:/.test(line));
    const rest = 'the rows of release, releases, teams, users are not known, and not counted.';

    const rows = 5 + 5 + 58 + 600; // projects, their details, issues without feedback, events
    expect(first).toBe(`INFO first full sync: at least 16 requests and ${rows} rows in at least 1 s; ${rest}`);
    expect(daily).toMatch(/^INFO daily run: at least \d+ requests and \d+ rows in at least 1 s; the rows of release,/);
    expect(examined.requests).toBeLessThan(30);
  });

  test('says "not known" where the server does not count', async () => {
    const examined = await examine({ server: 'glitchtip' });

    expect(examined.lines.find((line) => line.includes('first full sync:'))).toContain('the rows of events, release,');
  });

  test('tells its limits, from which the time of a sync follows', async () => {
    const examined = await examine({ frozen: false, limits: 'sentry.io', days: 30, events: 6000 });

    expect(about(examined, 'limits:')).toEqual([
      expect.stringContaining('60 requests in 60 s, 1 at once, for /projects/{organization}/{project_id}/events/'),
    ]);
    expect(examined.lines.find((line) => line.includes('first full sync:'))).toContain('in at least 60 s');
  });
});

describe('the token', () => {
  test('of a person is told that an integration has twice the budget', async () => {
    const examined = await examine({});

    expect(about(examined, 'token:')).toEqual([`WARNING token: valid, a personal one; ${scopes} ${advice}`]);
  });

  test('of an internal integration is as it should be', async () => {
    const token = 'sntryi_demo0000000000000000000000000000000000000000000000000000';
    const examined = await examine({ token, tokenKind: 'integration' });

    expect(about(examined, 'token:')).toEqual([`INFO token: valid, of an internal integration; ${scopes}`]);
  });

  test('that is wrong ends the test with what to do', async () => {
    const { code, lines, stdout } = await examine({}, { api_token: 'sntryu_wrong' });

    expect(lines).toEqual([
      'ERROR Sentry refuses the token: HTTP 401 (Invalid token). Check api_token (TAP_SENTRY_API_TOKEN): it may be ' +
        'mistyped, expired or revoked, or belong to another server than base_url names.',
    ]);
    expect([code, stdout]).toEqual([1, '']);
  });

  test('without a scope that a selected stream needs ends the test with exit code 1, naming both', async () => {
    const examined = await examine({ scopes: ['org:read', 'project:read', 'team:read', 'member:read'] });

    expect(examined.lines.at(-1)).toBe(
      'ERROR tap-sentry cannot read 1 of 8 selected streams: issues (the token lacks the scope event:read: give it ' +
        'that, or deselect issues).',
    );
    expect(examined.code).toBe(1);
    expect(examined.stdout).toContain('"RECORD"');
  });

  test('of a stranger is told that it sees no such organization', async () => {
    const { code, lines } = await examine({ server: 'glitchtip' }, { api_token: strangerToken });

    expect(lines.at(-1)).toMatch(/^ERROR There is no organization "acme" at http:\/\/HOST that this token can see/);
    expect(code).toBe(1);
  });
});

describe('the organization', () => {
  test('that is misspelt is told apart from those that are there', async () => {
    const { code, lines } = await examine({}, { organization: 'acne' });

    expect(lines).toEqual([
      'ERROR There is no organization "acne" at http://HOST that this token can see (GET ' +
        '/api/0/organizations/acne/projects/ answered HTTP 404 (The requested resource does not exist)). This token ' +
        'sees: acme. Did you mean "acme"? Check organization (TAP_SENTRY_ORGANIZATION) and base_url ' +
        '(TAP_SENTRY_BASE_URL); data of the European region is at https://de.sentry.io/.',
    ]);
    expect(code).toBe(1);
  });
});

describe('projects', () => {
  test('that the token may not read are counted', async () => {
    const examined = await examine({ inaccessibleProjects: 2 });

    expect(about(examined, 'projects:')[0]).toMatch(
      /^WARNING projects: \d+ \(.*\)\. The token may not read 2 of them: add its owner to their teams, or use the /,
    );
  });

  test('that project_slugs names and nobody lists are named', async () => {
    const examined = await examine({}, { project_slugs: ['no-such-project'] });

    expect(about(examined, 'projects:')[0]).toMatch(
      /project_slugs names no-such-project: no such project is listed\.$/,
    );
    expect(examined.code).toBe(1);
  });
});
