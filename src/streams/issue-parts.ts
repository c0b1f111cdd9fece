/** What belongs to single issues: a request for each issue that has new events, and for all of them in a full pass. */
import type { Config } from '../schemas/config.js';
import { issueActivity, issueComment, issueExternalIssue, issueHash, issueLink } from '../schemas/issue-parts.js';
import { type Row, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { issues } from './issues.js';

const issue = each(issues, { context: ({ id }) => ({ issue_id: String(id) }) });

/** When issues are asked for. */
const changes = {
  optional: true,
  permission: 'event:read',
  lookback: ({ lookback }: Config) => lookback,
  fullPass: ({ issues_full_refresh_interval }: Config) => issues_full_refresh_interval,
};

export const issue_hashes = defineStream({
  name: 'issue_hashes',
  summary: 'The hashes by which events were grouped into each issue.',
  path: '/organizations/{organization}/issues/{issue_id}/hashes/',
  scope: issue,
  schema: issueHash,
  primaryKey: ['issue_id', 'id'],
  params: () => ({ full: 'false' }), // a whole event with each of them otherwise
  fallback: { path: '/issues/{issue_id}/hashes/', params: () => ({ full: 'false' }) }, // what old servers have
  ...changes,
  personal: true,
  caution: 'A request for each changed issue. A hash goes to another issue when issues are merged.',
});

export const issue_external_issues = defineStream({
  name: 'issue_external_issues',
  summary: 'The links of each issue to items of custom apps; issue_links has those to Jira, GitHub and the like.',
  path: '/organizations/{organization}/issues/{issue_id}/external-issues/',
  scope: issue,
  schema: issueExternalIssue,
  primaryKey: ['id'],
  ...changes,
  caution: 'A request for each changed issue.',
});

export const issue_links = defineStream({
  name: 'issue_links',
  summary: 'The links of each issue to a tracker, such as Jira or GitHub.',
  path: '/organizations/{organization}/issues/{issue_id}/integrations/',
  scope: issue,
  schema: issueLink,
  primaryKey: ['issue_id', 'id'],
  fallback: { path: '/issues/{issue_id}/integrations/' }, // what old servers have
  explode: ({ externalIssues, ...integration }) =>
    Array.isArray(externalIssues) ? externalIssues.map((link: Row) => ({ ...link, integration })) : [],
  ...changes,
  caution: 'A request for each changed issue.',
});

export const issue_activities = defineStream({
  name: 'issue_activities',
  summary: 'What happened to each issue: the latest 100 assignments, comments, changes of status and the like.',
  path: '/organizations/{organization}/issues/{issue_id}/activities/',
  scope: issue,
  schema: issueActivity,
  primaryKey: ['issue_id', 'id'],
  answer: 'whole',
  sizeParam: null,
  records: 'activity',
  ...changes,
  personal: true,
  caution: 'A request for each changed issue; issue_detail has the same rows in its column activity.',
});

export const issue_comments = defineStream({
  name: 'issue_comments',
  summary: 'The comments on each issue.',
  path: '/organizations/{organization}/issues/{issue_id}/comments/',
  scope: each(issues, {
    context: ({ id, numComments }) => (numComments === 0 ? undefined : { issue_id: String(id) }),
  }),
  schema: issueComment,
  primaryKey: ['issue_id', 'id'],
  fallback: { path: '/issues/{issue_id}/comments/' }, // what old servers have
  ...changes,
  personal: true,
  caution: 'A request for each changed issue that has comments. A comment is no change: the next full pass finds it.',
});
