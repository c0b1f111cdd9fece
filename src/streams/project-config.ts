/** What is asked about each project. */
import { projectEnvironment } from '../schemas/organizations.js';
import {
  customInboundFilter,
  projectFilter,
  projectOwnership,
  replayDeletionJob,
  serviceHook,
  symbolSource,
} from '../schemas/project-config.js';
import { projectDetail } from '../schemas/projects.js';
import type { Row } from '../sdk/index.js';
import { defineStream } from './define.js';
import { project } from './scopes/project.js';

export const project_detail = defineStream({
  name: 'project_detail',
  summary: 'Each project with its settings and options.',
  path: '/projects/{organization}/{project_id}/',
  scope: project,
  schema: projectDetail,
  primaryKey: ['id'],
  permission: 'project:read',
  answer: 'object',
  serial: true,
  row: countsCrashReports,
  secrets: true,
});

const featureIsOff = /do not have that feature enabled/i;

export const project_environments = defineStream({
  name: 'project_environments',
  summary: 'The environments of each project, and whether they are hidden there.',
  path: '/projects/{organization}/{project_id}/environments/',
  scope: project,
  schema: projectEnvironment,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  params: () => ({ visibility: 'all' }),
});

export const project_filters = defineStream({
  name: 'project_filters',
  summary: 'The inbound filters of each project, and which are on.',
  path: '/projects/{organization}/{project_id}/filters/',
  scope: project,
  schema: projectFilter,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
});

export const custom_inbound_filters = defineStream({
  name: 'custom_inbound_filters',
  summary: 'The filters that each project has of its own.',
  path: '/projects/{organization}/{project_id}/custom-inbound-filters/',
  scope: project,
  schema: customInboundFilter,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  skip: [404, { status: 400, message: featureIsOff }],
});

export const project_ownership = defineStream({
  name: 'project_ownership',
  summary: 'The ownership rules of each project.',
  path: '/projects/{organization}/{project_id}/ownership/',
  scope: project,
  schema: projectOwnership,
  primaryKey: ['project_id'],
  optional: true,
  permission: 'project:read',
  answer: 'object',
  personal: true,
});

export const symbol_sources = defineStream({
  name: 'symbol_sources',
  summary: 'Where each project gets debug symbols from.',
  path: '/projects/{organization}/{project_id}/symbol-sources/',
  scope: project,
  schema: symbolSource,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  secrets: true,
});

export const service_hooks = defineStream({
  name: 'service_hooks',
  summary: 'The service hooks of each project.',
  path: '/projects/{organization}/{project_id}/hooks/',
  scope: project,
  schema: serviceHook,
  primaryKey: ['id'],
  optional: true,
  permission: 'project:read',
  skip: [{ status: 403, message: featureIsOff }],
  secrets: true,
});

export const replay_deletion_jobs = defineStream({
  name: 'replay_deletion_jobs',
  summary: 'The requests to delete replays of each project, and how far they are.',
  path: '/projects/{organization}/{project_id}/replays/jobs/delete/',
  scope: project,
  schema: replayDeletionJob,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:write',
  records: 'data',
  skip: [404], // the organization has no replays
});

/** Sentry 9 says whether crash reports are kept; later versions say how many: -1 all, 0 none. */
function countsCrashReports(row: Row): Row {
  const { storeCrashReports } = row;
  if (typeof storeCrashReports !== 'boolean') return row;
  return { ...row, storeCrashReports: storeCrashReports ? -1 : 0 };
}
