/** Tags of events, and their values. Values cost a request for each key: the setting tag_keys says which are wanted. */
import type { Config } from '../schemas/config.js';
import { issueTag, issueTagValue, projectTagValue, tagKey } from '../schemas/tags.js';
import { type Row, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { issue_detail, issues } from './issues.js';
import { projects } from './projects.js';
import { none, wordOf } from './rows/words.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';

/** Events without a value have null or an empty text, which is no key. */
const withValue = (row: Row): Row => (row['value'] === wordOf(row['value']) ? row : { ...row, value: none });

export const tags = defineStream({
  name: 'tags',
  summary: 'The tags that events of the last 90 days have.',
  path: '/organizations/{organization}/tags/',
  scope: organization,
  schema: tagKey,
  primaryKey: ['key'],
  optional: true,
  permission: 'org:read',
  answer: 'whole',
  sizeParam: null,
  params: () => ({ ...everyProject, statsPeriod: '90d', dataset: 'events' }),
  optionalParam: optionalEveryProject,
  caution: 'At most about 1,000 keys. One slow request for a large organization.',
});

export const project_tag_values = defineStream({
  name: 'project_tag_values',
  summary: 'The values of the tags that tag_keys names, in each project.',
  path: '/projects/{organization}/{project_id}/tags/{key}/values/',
  scope: each(projects, {
    context: ({ id }, { tag_keys }: Config) => tag_keys.map((key) => ({ project_id: String(id), key })),
    alias: ({ slug }) => (slug ? { project_id: slug } : undefined),
    refused: ({ hasAccess }) => hasAccess === false,
  }),
  schema: projectTagValue,
  primaryKey: ['project_id', 'key', 'value'],
  optional: true,
  permission: 'project:read',
  row: withValue,
  skip: [404], // a project without the tag
  personal: true,
  caution: 'At most 1,000 values of each key. Some tags tell of persons.',
});

export const issue_tags = defineStream({
  name: 'issue_tags',
  summary: 'The tags of each issue with their most frequent values: those that tag_keys names, or all.',
  path: '/organizations/{organization}/issues/{issue_id}/tags/{key}/',
  scope: each(issue_detail, {
    context: ({ id, tags: list }, { tag_keys }: Config) =>
      (list ?? []).flatMap(({ key }) =>
        key && (tag_keys.length === 0 || tag_keys.includes(key)) ? [{ issue_id: String(id), key }] : [],
      ),
  }),
  schema: issueTag,
  primaryKey: ['issue_id', 'key'],
  fallback: { path: '/issues/{issue_id}/tags/{key}/' }, // what old servers have
  optional: true,
  permission: 'event:read',
  answer: 'object',
  lookback: ({ lookback }) => lookback,
  fullPass: ({ issues_full_refresh_interval }) => issues_full_refresh_interval,
  personal: true,
  caution: 'A request for each changed issue, and one more for each of its tags.',
});

export const issue_tag_values = defineStream({
  name: 'issue_tag_values',
  summary: 'The values of the tags that tag_keys names, for each issue: the 1,000 most frequent ones.',
  path: '/organizations/{organization}/issues/{issue_id}/tags/{key}/values/',
  scope: each(issues, {
    context: ({ id }, { tag_keys }: Config) => tag_keys.map((key) => ({ issue_id: String(id), key })),
  }),
  schema: issueTagValue,
  primaryKey: ['issue_id', 'key', 'value'],
  optional: true,
  permission: 'event:read',
  params: () => ({ sort: '-count' }),
  // What old servers have:
  fallback: { path: '/issues/{issue_id}/tags/{key}/values/', params: () => ({ sort: '-count' }) },
  row: withValue,
  skip: [404], // an issue without the tag
  lookback: ({ lookback }) => lookback,
  fullPass: ({ issues_full_refresh_interval }) => issues_full_refresh_interval,
  personal: true,
  caution: 'A request for each changed issue and each tag. Some tags tell of persons.',
});
