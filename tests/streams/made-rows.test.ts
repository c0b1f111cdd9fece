/** Streams whose rows are made of an answer, or that page or are asked in a way of their own: the whole way out. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '../../src/sdk/time.js';
import { select } from '../support/compare.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { runTap } from '../support/tap-process.js';

type Row = Record<string, unknown>;

const names = [
  'org_stats',
  'project_stats_daily',
  'org_stats_summary',
  'sessions',
  'events_dropped',
  'events_timeseries',
  'issue_links',
  'issue_activities',
  'issue_tags',
  'issue_tag_values',
  'user_feedback',
  'replays',
  'replay_viewed_by',
  'flag_logs',
  'trace_metrics',
  'scim_users',
];
const now = Date.now();
const midnight = Math.floor(now / day) * day;
const dayText = (days: number): string => `${new Date(midnight - days * day).toISOString().slice(0, 19)}Z`;
const earlier = new Date(now - 3_600_000).toISOString();
const organization = '/organizations/acme';

/** The days of a range, as a server rounds them. */
function daysOf({ searchParams }: URL): string[] {
  const [start, end] = ['start', 'end'].map((name) => Date.parse(searchParams.get(name) ?? '')) as [number, number];
  return Array.from(
    { length: (end - start) / day },
    (_, n) => `${new Date(start + n * day).toISOString().slice(0, 19)}Z`,
  );
}

function statistics(url: URL): Row {
  const groupBy = url.searchParams.getAll('groupBy');
  const fields = url.searchParams.getAll('field');
  const words: Row = { project: 1, category: 'error', outcome: 'accepted', reason: 'none', release: 'web@1' };
  const by = Object.fromEntries(
    groupBy.filter((name) => name !== 'environment').map((name) => [name, words[name] ?? 'healthy']),
  );
  const intervals = daysOf(url);
  const all = (make: (field: string) => unknown) => Object.fromEntries(fields.map((field) => [field, make(field)]));
  const hasSeries = url.pathname.includes('sessions') || !groupBy.includes('project');
  const series = hasSeries ? { series: all(() => intervals.map((_, n) => n)) } : {};
  const range = { start: intervals[0], end: url.searchParams.get('end') };
  return { ...range, ...(hasSeries ? { intervals } : {}), groups: [{ by, totals: all(() => 5), ...series }] };
}

const hours = (url: URL): number[] => daysOf(url).map((text) => Date.parse(text) + 3_600_000);

const bucket = (start: number, outcome: string): Row => {
  return { type: 'dropped', category: 'span', outcome, reason: outcome, start, end: start + 3_600_000, count: 2 };
};

const routes: Record<string, (url: URL) => unknown> = {
  [`${organization}/projects/`]: () => [{ id: '1', slug: 'web', hasSessions: true, firstEvent: earlier }],
  [`${organization}/issues/`]: ({ searchParams }) =>
    searchParams.get('query') === '' ? [{ id: '11', lastSeen: earlier, project: { id: '1' } }] : [],
  [`${organization}/issues/11/`]: () => ({ id: '11', lastSeen: earlier, tags: [{ key: 'os' }, { key: 'level' }] }),
  [`${organization}/issues/11/tags/os/`]: () => ({ key: 'os', name: 'OS', totalValues: 2 }),
  [`${organization}/issues/11/tags/os/values/`]: () => [{ key: 'os', name: '(empty)', value: null, count: 2 }],
  [`${organization}/issues/11/activities/`]: () => ({ activity: [{ id: '0', type: 'first_seen' }] }),
  [`${organization}/issues/11/integrations/`]: () => [
    { id: '5', name: 'Jira', externalIssues: [{ id: '9', key: 'ACME-1' }] },
    { id: '6', name: 'GitHub', externalIssues: [] },
  ],
  [`${organization}/stats_v2/`]: statistics,
  [`${organization}/sessions/`]: statistics,
  [`${organization}/stats-summary/`]: (url) => ({
    start: daysOf(url)[0],
    projects: [{ id: '1', slug: 'web', stats: [{ category: 'error', outcomes: { accepted: 3 } }] }],
  }),
  [`${organization}/events-dropped/`]: (url) => ({
    meta: { dataset: url.searchParams.get('dataset') },
    acceptedEvents: hours(url).map((hour) => bucket(hour, 'accepted')),
    droppedEvents: hours(url).map((hour) => bucket(hour, 'filtered')),
  }),
  [`${organization}/events-timeseries/`]: (url) => ({
    meta: { dataset: url.searchParams.get('dataset') },
    timeSeries: [
      {
        yAxis: url.searchParams.get('yAxis'),
        meta: { valueType: 'integer', interval: 3600 },
        values: hours(url).map((timestamp) => ({ timestamp, value: 1, incomplete: false })),
      },
    ],
  }),
  '/projects/acme/1/user-feedback/': () => [{ id: '3', comments: 'Help', dateCreated: earlier }],
  [`${organization}/replays/`]: () => ({ data: [{ id: 'r1', project_id: '1', started_at: earlier }] }),
  '/projects/acme/1/replays/r1/viewed-by/': () => ({ data: { viewed_by: [{ id: '4', name: 'Ann' }] } }),
  [`${organization}/flags/logs/`]: () => ({ data: [{ id: 8, flag: 'new-cart', createdAt: earlier }] }),
  [`${organization}/trace-items/metrics/`]: () => [{ name: 'cart', type: 'counter', unit: null, count: 3 }],
  [`${organization}/scim/v2/Users`]: ({ searchParams }) => {
    const from = Number(searchParams.get('startIndex') ?? 1);
    const rows = [1, 2, 3, 4, 5].map((id) => ({ id: String(id) })).slice(from - 1, from + 1);
    return { totalResults: 5, startIndex: from, itemsPerPage: rows.length, Resources: rows };
  },
};

const lastPage = '<http://sentry/>; rel="next"; results="false"; cursor="0:100:0"';
const silent = /stats|events-|scim|activities|viewed-by/; // routes that send no Link

let server: Loopback;
let code: number | null;
let stderr = '';
const rows: Record<string, Row[]> = {};

beforeAll(async () => {
  server = await loopback(({ url }, response) => {
    const path = url.pathname.replace('/api/0', '');
    if (path === `${organization}/`) return sendJson(response, { slug: 'acme' });
    const answer = routes[path]?.(url);
    if (answer === undefined) return sendJson(response, { detail: 'Not found' }, { status: 404 });
    return sendJson(response, answer, { headers: silent.test(path) ? {} : { link: lastPage } });
  });
  const run = await runTap({
    config: {
      api_token: 'a-token-of-length',
      organization: 'acme',
      base_url: server.url.href,
      start_date: dayText(3),
      tag_keys: ['os'],
      timeseries: ['errors:count()', 'spans:p95(span.duration)'],
    },
    catalog: select(...names),
  });
  ({ code, stderr } = run);
  for (const line of run.stdout.trimEnd().split('\n')) {
    const { type, stream, record } = JSON.parse(line) as { type: string; stream: string; record: Row };
    if (type === 'RECORD') rows[stream] = [...(rows[stream] ?? []), record];
  }
});

afterAll(() => server[Symbol.asyncDispose]());

const paramsOf = (path: string): URLSearchParams[] =>
  server.asked.filter((one) => one.includes(path)).map((one) => new URL(one, 'http://x').searchParams);
const rangesOf = (path: string): string[] =>
  paramsOf(path).map((params) => `${params.get('start') ?? ''} ${params.get('end') ?? ''}`);

test('everything is read', () => {
  expect(code, stderr).toBe(0);
  expect(Object.keys(rows).sort(), stderr).toEqual([...names].sort());
});

test('statistics are asked for in whole days, oldest first', () => {
  expect(new Set(rangesOf('groupBy=reason'))).toEqual(new Set([`${dayText(3)} ${dayText(-1)}`]));
  expect(rangesOf('stats-summary')).toEqual([3, 2, 1, 0].map((days) => `${dayText(days)} ${dayText(days - 1)}`));
});

test('statistics are a row for each day and group', () => {
  expect(rows['org_stats']).toEqual(
    [3, 2, 1, 0].map((days, n) => ({
      interval_start: dayText(days),
      category: 'error',
      outcome: 'accepted',
      reason: 'none',
      quantity: n,
      times_seen: n,
    })),
  );
  expect(rows['project_stats_daily']?.at(-1)).toEqual({
    interval_start: dayText(0),
    project_id: '1',
    category: 'error',
    outcome: 'accepted',
    quantity: 5,
    times_seen: 5,
  });
  expect(rows['org_stats_summary']).toHaveLength(4);
  expect(rows['org_stats_summary']?.[0]).toMatchObject({ project_id: '1', project_slug: 'web', category: 'error' });
});

test('sessions are asked for by project, and have rows of all and of each status', () => {
  expect(new Set(paramsOf('/sessions/').map((params) => params.get('project')))).toEqual(new Set(['1']));
  expect(new Set(rows['sessions']?.map((row) => row['session_status']))).toEqual(new Set(['all', 'healthy']));
  expect(rows['sessions']?.find((row) => row['session_status'] === 'all')).toMatchObject({
    project_id: '1',
    release: 'web@1',
    environment: '(none)',
    sessions: 0,
    crash_free_users: 0,
  });
});

test('Explore has a row for each value, with the dataset and what was counted', () => {
  const keys = new Set(rows['events_timeseries']?.map((row) => `${String(row['dataset'])} ${String(row['y_axis'])}`));
  expect(keys).toEqual(new Set(['errors count()', 'spans p95(span.duration)']));
  expect(rows['events_timeseries']).toHaveLength(8);
  expect(rows['events_dropped']).toHaveLength(3 * 4 * 2);
  expect(rows['events_dropped']?.[0]).toMatchObject({
    dataset: expect.any(String) as string,
    category: 'span',
    count: 2,
  });
  expect(rows['trace_metrics']).toEqual([{ name: 'cart', type: 'counter', unit: '(none)', count: 3 }]);
});

test('parts of an issue carry the issue; a link carries its integration', () => {
  expect(rows['issue_links']).toEqual([
    { issue_id: '11', id: '9', key: 'ACME-1', integration: { id: '5', name: 'Jira' } },
  ]);
  expect(rows['issue_activities']).toEqual([{ issue_id: '11', id: '0', type: 'first_seen' }]);
  expect(rows['issue_tags']).toEqual([{ issue_id: '11', key: 'os', name: 'OS', totalValues: 2 }]);
  expect(rows['issue_tag_values']).toMatchObject([{ issue_id: '11', key: 'os', value: '(none)', count: 2 }]);
});

test('lists that stand below a name are read', () => {
  expect(rows['replays']).toMatchObject([{ id: 'r1', project_id: '1' }]);
  expect(rows['replay_viewed_by']).toEqual([
    { replay_id: 'r1', project_id: '1', viewed_by: [{ id: '4', name: 'Ann' }] },
  ]);
  expect(rows['flag_logs']).toMatchObject([{ id: 8, flag: 'new-cart' }]);
  expect(rows['user_feedback']).toMatchObject([{ id: '3', project_id: '1' }]);
});

test('SCIM pages by row number, each overlapping the one before', () => {
  expect(rows['scim_users']?.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
  expect(paramsOf('scim').map((params) => params.get('startIndex'))).toEqual([null, '2', '3', '4']);
});
