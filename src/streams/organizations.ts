/** Organizations, and what one has as a whole. */
import {
  auditLog,
  environment,
  organizationDetail,
  organizationRow,
  projectKey,
  relay,
} from '../schemas/organizations.js';
import { minute } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization as once } from './scopes/organization.js';

export const organizations = defineStream({
  name: 'organizations',
  summary: 'The organizations that the token can see: an integration sees its own only.',
  path: '/organizations/',
  scope: once,
  schema: organizationRow,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  caution: 'On sentry.io, those of the region that base_url names.',
});

export const organization = defineStream({
  name: 'organization',
  summary: 'The organization by itself, with its settings.',
  path: '/organizations/{organization}/',
  scope: once,
  schema: organizationDetail,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  answer: 'object',
  params: () => ({ detailed: '0' }), // without its projects and teams, which can be megabytes
});

export const environments = defineStream({
  name: 'environments',
  summary: 'The environments of the organization, hidden ones included.',
  path: '/organizations/{organization}/environments/',
  scope: once,
  schema: environment,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ ...everyProject, visibility: 'all' }),
  optionalParam: optionalEveryProject,
});

export const project_keys = defineStream({
  name: 'project_keys',
  summary: 'The client keys of all projects.',
  path: '/organizations/{organization}/project-keys/',
  scope: once,
  schema: projectKey,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  secrets: true,
});

export const audit_logs = defineStream({
  name: 'audit_logs',
  summary: 'What was changed in the organization, by whom and from where.',
  path: '/organizations/{organization}/audit-logs/',
  scope: once,
  schema: auditLog,
  primaryKey: ['id'],
  replicationKey: 'dateCreated',
  optional: true,
  permission: 'org:write',
  records: 'rows',
  window: { params: (range) => range, maxRows: 9000 },
  lookback: () => 10 * minute,
  skip: [404],
  personal: true,
  caution: 'Business and Enterprise plans only; sentry.io keeps 90 days on most. Its main host has it, not a region.',
});

export const relays = defineStream({
  name: 'relays',
  summary: 'The Relays that the organization trusts and that have been seen, by version.',
  path: '/organizations/{organization}/relay_usage/',
  scope: once,
  schema: relay,
  primaryKey: ['relayId', 'version'],
  optional: true,
  permission: 'org:read',
  skip: [404], // the feature is off
});
