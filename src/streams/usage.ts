/**
 * How much was received and dropped, and how releases fare. Numbers of the newest days still grow, so that they are
 * read again; what is older than 90 days is gone.
 */
import { droppedEvents, orgStat, orgStatSummary, projectStat, sessionStat } from '../schemas/usage.js';
import { type Row, day, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { projects } from './projects.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';
import { listOf, perInterval, perRange, timeOf } from './rows/statistics.js';
import { none } from './rows/words.js';

const kept = 90 * day;
const params = (range: { start: string; end: string }) => range;
const settled = () => 2 * day;
const fields = { field: ['sum(quantity)', 'sum(times_seen)'], interval: '1d', ...everyProject };
const numbers = { quantity: 'sum(quantity)', times_seen: 'sum(times_seen)' };
const words = { category: 'category', outcome: 'outcome' };
const sessionWords = {
  project_id: 'project',
  release: 'release',
  environment: 'environment',
  session_status: 'session.status',
};
const sessionNumbers = {
  sessions: 'sum(session)',
  users: 'count_unique(user)',
  crash_free_sessions: 'crash_free_rate(session)',
  crash_free_users: 'crash_free_rate(user)',
};

export const org_stats = defineStream({
  name: 'org_stats',
  summary: 'What the organization sent on each day: accepted and dropped, by category, outcome and reason.',
  path: '/organizations/{organization}/stats_v2/',
  scope: organization,
  schema: orgStat,
  primaryKey: ['interval_start', 'category', 'outcome', 'reason'],
  replicationKey: 'interval_start',
  optional: true,
  permission: 'org:read',
  sizeParam: null,
  params: () => ({ ...fields, groupBy: ['category', 'outcome', 'reason'] }),
  optionalParam: optionalEveryProject,
  records: perInterval({ by: { ...words, reason: 'reason' }, numbers }),
  window: { params, intervals: { length: day, most: 90, kept }, maxRows: 9000 },
  lookback: settled,
  caution: 'The newest two days are read again in every run, since their numbers grow. Sentry keeps 90 days.',
});

/** Grouped by project the server sends totals only: a day is a request. */
export const project_stats_daily = defineStream({
  name: 'project_stats_daily',
  summary: 'What each project sent on each day: accepted and dropped, by category and outcome.',
  path: '/organizations/{organization}/stats_v2/',
  scope: organization,
  schema: projectStat,
  primaryKey: ['interval_start', 'project_id', 'category', 'outcome'],
  replicationKey: 'interval_start',
  optional: true,
  permission: 'org:read',
  sizeParam: null,
  params: () => ({ ...fields, groupBy: ['project', 'category', 'outcome'] }),
  optionalParam: optionalEveryProject,
  records: perRange({ by: { ...words, project_id: 'project' }, numbers }),
  window: { params, intervals: { length: day, most: 1, kept }, maxRows: 9000 },
  lookback: settled,
  caution: 'A request for each day; the newest two days are read again in every run. Sentry keeps 90 days.',
});

export const org_stats_summary = defineStream({
  name: 'org_stats_summary',
  summary: 'The same numbers as project_stats_daily, a row for each day, project and category.',
  path: '/organizations/{organization}/stats-summary/',
  scope: organization,
  schema: orgStatSummary,
  primaryKey: ['interval_start', 'project_id', 'category'],
  replicationKey: 'interval_start',
  optional: true,
  permission: 'org:read',
  sizeParam: null,
  params: () => ({ field: 'sum(quantity)', interval: '1d', ...everyProject }),
  optionalParam: optionalEveryProject,
  records: summaryRows,
  window: { params, intervals: { length: day, most: 1, kept }, maxRows: 9000 },
  lookback: settled,
  caution: 'A request for each day; the newest two days are read again in every run. Sentry keeps 90 days.',
});

export const sessions = defineStream({
  name: 'sessions',
  summary: 'Release health: sessions, users and their crash-free shares, by day, release and environment.',
  path: '/organizations/{organization}/sessions/',
  scope: each(projects, {
    context: ({ id, hasSessions }) => (hasSessions === false ? undefined : { project_id: String(id) }),
    params: ({ project_id }) => ({ project: project_id }),
    refused: ({ hasAccess }) => hasAccess === false,
  }),
  schema: sessionStat,
  primaryKey: ['interval_start', 'project_id', 'release', 'environment', 'session_status'],
  replicationKey: 'interval_start',
  optional: true,
  permission: 'org:read',
  params: () => ({ interval: '1d' }),
  queries: () => [
    { groupBy: ['project', 'release', 'environment'], field: Object.values(sessionNumbers) },
    { groupBy: ['project', 'release', 'environment', 'session.status'], field: ['sum(session)', 'count_unique(user)'] },
  ],
  records: perInterval({ by: sessionWords, numbers: sessionNumbers }),
  row: (row) => (row.session_status === none ? { ...row, session_status: 'all' } : row),
  window: { params, intervals: { length: day, most: 30, kept }, maxRows: 5000 }, // numbers, of servers without pages
  lookback: settled,
  caution: 'Two requests for each project in every run. Devices send sessions late. Sentry keeps 90 days.',
});

export const events_dropped = defineStream({
  name: 'events_dropped',
  summary: 'Spans, logs and metrics that were accepted and dropped in each hour, by outcome and reason.',
  path: '/organizations/{organization}/events-dropped/',
  scope: organization,
  schema: droppedEvents,
  primaryKey: ['interval_start', 'dataset', 'category', 'outcome', 'reason'],
  replicationKey: 'interval_start',
  optional: true,
  permission: 'org:read',
  sizeParam: null,
  params: () => ({ interval: '1h', ...everyProject }),
  optionalParam: optionalEveryProject,
  queries: () => [{ dataset: 'spans' }, { dataset: 'logs' }, { dataset: 'tracemetrics' }],
  records: droppedRows,
  window: { params, intervals: { length: day, most: 30, kept }, maxRows: 9000 },
  lookback: settled,
  skip: [404],
  caution: 'Sentry calls it experimental. The newest two days are read again in every run.',
});

/** A row for each category of each project. */
function summaryRows({ start, projects: list }: Row): Row[] {
  return listOf(list).flatMap(({ id, slug, stats }) =>
    listOf(stats).map((row) => ({ interval_start: start, project_id: String(id), project_slug: slug, ...row })),
  );
}

/** Accepted and dropped alike, with their times as texts. */
function droppedRows({ meta, acceptedEvents, droppedEvents: dropped }: Row): Row[] {
  return [...listOf(acceptedEvents), ...listOf(dropped)].map(({ start, end, ...row }) => ({
    interval_start: timeOf(start),
    interval_end: timeOf(end),
    dataset: (meta as Row | undefined)?.['dataset'],
    ...row,
  }));
}
