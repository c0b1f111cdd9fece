/** Crons, and the monitors and alerts of today, which the API calls detectors and workflows. */
import { detector, monitor, monitorCheckin, workflow } from '../schemas/monitoring.js';
import { day, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';

export const monitors = defineStream({
  name: 'monitors',
  summary: 'The cron monitors of all projects.',
  path: '/organizations/{organization}/monitors/',
  scope: organization,
  schema: monitor,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ ...everyProject, sort: 'name' }), // the usual order changes while it is read
  optionalParam: optionalEveryProject,
  lookupPath: '/organizations/{organization}/monitors/{monitor_id}/',
  skip: [404],
});

export const monitor_checkins = defineStream({
  name: 'monitor_checkins',
  summary: 'The check-ins of each cron monitor.',
  path: '/organizations/{organization}/monitors/{monitor_id}/checkins/',
  scope: each(monitors, {
    context: ({ id }) => ({ monitor_id: id }),
    alias: ({ slug }) => (slug ? { monitor_id: slug } : undefined),
  }),
  schema: monitorCheckin,
  primaryKey: ['monitor_id', 'id'],
  replicationKey: 'dateAdded',
  optional: true,
  permission: 'project:read',
  window: { params: (range) => range, expires: true, maxRows: 9000 },
  lookback: () => day, // a check-in changes until its job is done
  caution: 'Sentry keeps 90 days, 30 on some plans. A job that runs longer than a day keeps its first status.',
});

export const detectors = defineStream({
  name: 'detectors',
  summary: 'The monitors of all projects: metric, uptime, cron and error detectors.',
  path: '/organizations/{organization}/detectors/',
  scope: organization,
  schema: detector,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ ...everyProject, sortBy: 'id' }),
  optionalParam: optionalEveryProject,
  skip: [404], // servers with alert rules instead
});

export const workflows = defineStream({
  name: 'workflows',
  summary: 'The alerts of all projects: what happens when a monitor finds something.',
  path: '/organizations/{organization}/workflows/',
  scope: organization,
  schema: workflow,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ ...everyProject, sortBy: 'id' }),
  optionalParam: optionalEveryProject,
  skip: [404], // servers with alert rules instead
});
