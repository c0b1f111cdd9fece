/** The settings: what every field takes, gives and refuses. */
import { describe, expect, test } from 'vitest';
import { type Config, settings } from '../../src/schemas/config.js';
import { readConfig } from '../../src/sdk/cli/config.js';
import { ConfigError } from '../../src/sdk/errors.js';

const required = { api_token: 'sntrys_0123456789', start_date: '2024-01-01' };

function read(given: Record<string, unknown>): {
  config?: Config;
  problems: readonly string[];
  warnings: readonly string[];
} {
  try {
    const { config, warnings } = readConfig({
      name: 'tap-sentry',
      settings,
      sources: ['c.json'],
      env: {},
      cwd: '/',
      readFile: () => JSON.stringify({ ...required, ...given }),
    });
    return { config, problems: [], warnings };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

const problemOf = (given: Record<string, unknown>): string => read(given).problems.join('\n');

describe('settings', () => {
  test('have the defaults that the README promises', () => {
    const { config } = read({});
    expect(config).toEqual({
      api_token: 'sntrys_0123456789',
      start_date: Date.UTC(2024, 0, 1),
      base_url: new URL('https://sentry.io/api/0/'),
      organization: 'split-software',
      project_slugs: [],
      event_text: false,
      event_text_length: 8000,
      fetch_event_details: false,
      events_source: 'project',
      issue_query: '',
      lookback: 3_600_000,
      issues_full_refresh_interval: 86_400_000,
      page_size: 100,
      timeout: 60,
      retry_time: 300,
      sample_fraction: 1,
      tag_keys: [],
      timeseries: [{ dataset: 'errors', yAxis: 'count()' }],
      queries: [],
      emit_activate_version_messages: false,
    });
  });

  test('require a token and a start', () => {
    expect(read({ api_token: '', start_date: '' }).problems).toEqual([
      expect.stringMatching(/^api_token \(TAP_SENTRY_API_TOKEN\) is missing/),
      expect.stringMatching(/^start_date \(TAP_SENTRY_START_DATE\) is missing/),
    ]);
  });

  test('take unset and empty alike', () => {
    expect(read({ organization: '', base_url: ' ', lookback: null, headers: '' }).config).toEqual(read({}).config);
  });
});

describe('shard', () => {
  test.each([
    ['3/8', { index: 3, count: 8 }],
    [' 1/1 ', { index: 1, count: 1 }],
    ['', undefined],
  ])('%j is read', (given, shard) => {
    expect(read({ shard: given }).config?.shard).toEqual(shard);
  });

  test.each([
    ['0/8', '"0/8"; it should be one of the 8 shards, from 1/8 to 8/8.'],
    ['9/8', '"9/8"; it should be one of the 8 shards, from 1/8 to 8/8.'],
    ['1/0', '"1/0"; it should name one shard or more after the slash, such as 1/4.'],
    ['x', '"x"; it should be the number of a shard, a slash and how many there are, such as 3/8.'],
    ['-1/8', '"-1/8"; it should be the number of a shard, a slash and how many there are, such as 3/8.'],
    [3, '3; it should be the number of a shard, a slash and how many there are, such as 3/8.'],
  ])('%j is refused', (given, problem) => {
    expect(read({ shard: given }).problems).toEqual([`shard (TAP_SENTRY_SHARD) is ${problem}`]);
  });
});

describe('base_url', () => {
  test.each([
    'https://sentry.io/api/0/',
    'https://sentry.io/api/0',
    'https://sentry.io',
    'sentry.io',
    'https://sentry.io/',
    'https://sentry.io/api',
    'https://sentry.io/api/',
    ' https://sentry.io/api/0/ \n',
    'https://sentry.io/api/0/organizations/acme/',
    'HTTPS://Sentry.io//api//0//',
    'https://sentry.io:443/?query=1#top',
    'https://sentry.io/organizations/acme/issues/',
  ])('%j reaches sentry.io', (given) => {
    expect(read({ base_url: given }).config?.base_url.href).toBe('https://sentry.io/api/0/');
  });

  test.each([
    ['localhost:9000', 'http://localhost:9000/api/0/'],
    ['127.0.0.1:8080/api/0', 'http://127.0.0.1:8080/api/0/'],
    ['https://localhost', 'https://localhost/api/0/'],
    ['http://sentry.example.com', 'http://sentry.example.com/api/0/'],
    ['https://host/prefix', 'https://host/prefix/api/0/'],
    ['https://host/prefix/api/0/projects/', 'https://host/prefix/api/0/'],
    ['https://acme.sentry.io/', 'https://acme.sentry.io/api/0/'],
    ['de.sentry.io', 'https://de.sentry.io/api/0/'],
  ])('%j becomes %j', (given, url) => {
    expect(read({ base_url: given }).config?.base_url.href).toBe(url);
  });

  test.each([
    'ftp://sentry.io',
    'https://',
    'https://a b',
    'sentry.io/a\nb',
    'https://user:geheim@sentry.io',
    '$SENTRY_URL',
    'https://${HOST}/',
  ])('%j is refused and not shown', (given) => {
    expect(problemOf({ base_url: given })).toMatch(/^base_url \(TAP_SENTRY_BASE_URL\) (?:is|should|holds)/);
    expect(problemOf({ base_url: given })).not.toContain('geheim');
  });
});

describe('api_token', () => {
  test.each(['  sntrys_0123456789\n', 'Bearer sntrys_0123456789', 'bearer  sntrys_0123456789 '])(
    '%j is taken without what is not part of it',
    (given) => {
      expect(read({ api_token: given }).config?.api_token).toBe('sntrys_0123456789');
    },
  );

  test.each([
    ['YOUR_SENTRY_API_TOKEN', 'placeholder'],
    ['<token>', 'placeholder'],
    ['two words', 'white space'],
    ['line\nbreak', 'white space'],
    ['$SENTRY_TOKEN', 'nobody replaced'],
    ['${SENTRY_TOKEN}', 'nobody replaced'],
    ['"sntrys_0123456789"', 'quotes'],
    ['Bearer', 'empty'],
    ['tökén', 'characters'],
  ])('%j is refused: %s', (given, reason) => {
    expect(problemOf({ api_token: given })).toContain(reason);
    expect(problemOf({ api_token: given }).replace('TAP_SENTRY_API_TOKEN', '')).not.toContain(given);
  });
});

describe('dates and durations', () => {
  test.each([
    ['2024-01-31', '2024-01-31T00:00:00.000Z'],
    ['2024-01-31T08:00:00', '2024-01-31T08:00:00.000Z'],
    ['2026-11-19T15:51:14.711718', '2026-11-19T15:51:14.711Z'],
    ['2024-01-31T08:00:00+02:00', '2024-01-31T06:00:00.000Z'],
  ])('start_date %j is %j', (given, instant) => {
    expect(new Date(read({ start_date: given }).config?.start_date ?? Number.NaN).toISOString()).toBe(instant);
  });

  test.each(['yesterday', '2024-02-30', '31.01.2024', '3 days ago', 20240131])('start_date %j is refused', (given) => {
    expect(problemOf({ start_date: given })).toContain('it should be a date that exists, such as 2024-01-31');
  });

  test('end_date must be later than start_date', () => {
    expect(problemOf({ end_date: '2023-12-31' })).toBe(
      'end_date (TAP_SENTRY_END_DATE) is "2023-12-31T00:00:00.000Z"; it should be later than start_date, ' +
        '2024-01-01T00:00:00.000Z.',
    );
    expect(read({ end_date: '2024-01-02' }).config?.end_date).toBe(Date.UTC(2024, 0, 2));
  });

  test('durations are ISO 8601, and PT0S is one', () => {
    expect(read({ lookback: 'PT90M', issues_full_refresh_interval: 'PT0S' }).config).toMatchObject({
      lookback: 5_400_000,
      issues_full_refresh_interval: 0,
    });
    expect(problemOf({ lookback: '1h' })).toContain('ISO 8601 duration');
    expect(problemOf({ lookback: 3600 })).toContain('ISO 8601 duration');
  });
});

describe('names', () => {
  test.each([
    'https://sentry.io/organizations/acme/',
    'acme.sentry.io',
    'Acme Inc',
    'acme/web',
    'your-organization-slug',
  ])('organization %j is refused', (given) => {
    expect(problemOf({ organization: given })).toMatch(/^organization \(TAP_SENTRY_ORGANIZATION\) is .*slug/);
  });

  test('a token in the place of the organization is not shown', () => {
    expect(problemOf({ organization: 'sntrys_0123456789' })).toBe(
      'organization (TAP_SENTRY_ORGANIZATION) looks like a token; it should be the slug of the organization.',
    );
  });

  test('project_slugs are trimmed, and each is there once', () => {
    expect(read({ project_slugs: [' web', 'api', 'web', ''] }).config?.project_slugs).toEqual(['web', 'api']);
  });

  test('tag_keys are trimmed, each is there once, and letters cut from a text are refused', () => {
    expect(read({ tag_keys: [' os.name', 'release', 'os.name', ''] }).config?.tag_keys).toEqual(['os.name', 'release']);
    expect(problemOf({ tag_keys: ['o', 's', '.'] })).toContain('JSON list');
  });

  test('timeseries are a dataset and what to count in it', () => {
    expect(read({ timeseries: ['spans: p95(span.duration)', 'errors:count()'] }).config?.timeseries).toEqual([
      { dataset: 'spans', yAxis: 'p95(span.duration)' },
      { dataset: 'errors', yAxis: 'count()' },
    ]);
    expect(problemOf({ timeseries: ['count()'] })).toContain('"count()" is none');
    expect(problemOf({ timeseries: ['errors:'] })).toContain('a dataset, a colon');
  });

  test('project_slugs with commas inside, addresses, or letters cut from a text are refused', () => {
    expect(problemOf({ project_slugs: ['web,api'] })).toContain('one slug in each element');
    expect(problemOf({ project_slugs: ['acme/web'] })).toContain('one slug in each element');
    expect(problemOf({ project_slugs: ['w', 'e', 'b'] })).toContain('JSON list');
    expect(problemOf({ project_slugs: 'web' })).toContain('it should be a list');
  });
});

describe('numbers', () => {
  test.each([
    ['concurrency', [1, 50], [0, 51, 1.5, 'many']],
    ['page_size', [1, 100], [0, 101]],
    ['timeout', [1], [0]],
    ['retry_time', [0], [-1]],
    ['rate_limit', [0.5, '2.5'], [0, 'fast']],
    ['sample_fraction', [0, 1, '0.25', 0.5], [1.1, -0.1]],
    ['max_events_per_project', [1], [0]],
    ['max_events_per_issue', [1], [0]],
  ])('%s takes %j and refuses %j', (name, good, bad) => {
    for (const value of good) expect(read({ [name]: value }).problems).toEqual([]);
    for (const value of bad)
      expect(problemOf({ [name]: value })).toContain(
        `${name} (TAP_SENTRY_${name.toUpperCase()}) is ${JSON.stringify(value)}; it should be a`,
      );
  });
});

describe('headers and user_agent', () => {
  test('headers are taken as they are', () => {
    expect(read({ headers: { 'CF-Access-Client-Id': 'abc def' } }).config?.headers).toEqual({
      'CF-Access-Client-Id': 'abc def',
    });
  });

  test.each([{ 'Bad name': 'geheim' }, { X: 'geheim\r\nY: z' }, { Authorization: 'geheim' }, { X: ['geheim'] }])(
    'headers %j are refused and not shown',
    (headers) => {
      expect(problemOf({ headers })).toMatch(/^headers\.\S.* (?:should|is)/);
      expect(problemOf({ headers })).not.toContain('geheim');
    },
  );

  test('user_agent is plain text', () => {
    expect(read({ user_agent: 'acme/1.0' }).config?.user_agent).toBe('acme/1.0');
    expect(problemOf({ user_agent: 'a\nb' })).toContain('plain letters');
  });
});

test('min_events_per_issue of the older tap is said to be left out, with the reason', () => {
  expect(read({ min_events_per_issue: 5 }).warnings).toEqual([
    expect.stringMatching(/^min_events_per_issue has no effect: .*memory/),
  ]);
});
