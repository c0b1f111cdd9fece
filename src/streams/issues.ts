/**
 * Issues. A window selects issues by *their events*; what changes without an event (status,
 * assignee, merges) shows only in a full pass. Feedback is hidden unless a search names it.
 */
import { issue, issueDetail } from '../schemas/issues.js';
import { type Row, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { projectsBatched } from './scopes/project.js';

export const issues = defineStream({
  name: 'issues',
  summary: 'The issues of all projects, whatever their status, feedback included; counts are all-time.',
  path: '/organizations/{organization}/issues/',
  scope: projectsBatched,
  schema: issue,
  primaryKey: ['id'],
  replicationKey: 'lastSeen',
  permission: 'event:read',
  sizeParam: 'limit',
  params: () => ({ groupStatsPeriod: '' }), // sorted by date: some servers refuse to be told so
  queries: ({ issue_query }) =>
    /issue\.category/.test(issue_query)
      ? [{ query: issue_query }]
      : [{ query: issue_query }, { query: `issue.category:feedback ${issue_query}`.trim() }],
  window: {
    params: (range) => range,
    split: ({ start, end }, { query }) => ({ query: `${String(query)} lastSeen:>=${start} lastSeen:<${end}`.trim() }),
    provesFilter: ({ lifetime }) => lifetime !== undefined && lifetime !== null,
    moves: true,
    began: ({ firstSeen }) => firstSeen,
    unprovenRemark:
      'the server sends no all-time counts: count, userCount, firstSeen, lastSeen may be those of the time range ' +
      'that was read',
    maxRows: 1000, // above some thousand the server looks at part of them only
  },
  lookback: ({ lookback }) => lookback,
  fullPass: ({ issues_full_refresh_interval }) => issues_full_refresh_interval,
  row: (row) => wholeLife(row),
  fallback: {
    path: '/projects/{organization}/{project_id}/issues/',
    params: () => ({ statsPeriod: '' }),
  },
  personal: true,
});

export const issue_detail = defineStream({
  name: 'issue_detail',
  summary: 'Each issue by itself, with its latest activity, people and tags.',
  path: '/organizations/{organization}/issues/{issue_id}/',
  scope: each(issues, { context: ({ id }) => ({ issue_id: String(id) }) }),
  schema: issueDetail,
  primaryKey: ['id'],
  replicationKey: 'lastSeen',
  optional: true,
  permission: 'event:read',
  answer: 'object',
  belongsTo: ({ id }) => ({ id }), // a merged issue is answered with the one that it went into
  lookback: ({ lookback }) => lookback,
  fullPass: ({ issues_full_refresh_interval }) => issues_full_refresh_interval,
  row: (row) => wholeLife(row),
  fallback: { path: '/issues/{issue_id}/' }, // what old servers have
  personal: true,
  caution: 'Sentry records each request as a view of the issue.',
});

const lived = ['count', 'userCount', 'firstSeen', 'lastSeen'] as const;

/**
 * In a windowed list count, userCount, firstSeen and lastSeen are those of the window, and the
 * all-time values stand under `lifetime`. Old servers send annotations as plain text.
 */
function wholeLife(row: Row): Row {
  const { lifetime, annotations } = row;
  const life = typeof lifetime === 'object' && lifetime !== null ? (lifetime as Row) : undefined;
  const old = Array.isArray(annotations) && annotations.some((note) => typeof note === 'string');
  if (!life && !old) return row;
  return {
    ...row,
    ...(life
      ? Object.fromEntries(
          lived.flatMap((name) => (life[name] === undefined || life[name] === null ? [] : [[name, life[name]]])),
        )
      : {}),
    ...(old
      ? {
          annotations: annotations.map((note: unknown) =>
            typeof note === 'string' ? { displayName: note, url: null } : note,
          ),
        }
      : {}),
  };
}
