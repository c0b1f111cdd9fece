/** Dashboards and saved queries. */
import { dashboard, dashboardDetail, savedQuery } from '../schemas/dashboards.js';
import { each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { organization } from './scopes/organization.js';

export const dashboards = defineStream({
  name: 'dashboards',
  summary: 'The dashboards of the organization, those that Sentry brings included.',
  path: '/organizations/{organization}/dashboards/',
  scope: organization,
  schema: dashboard,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  personal: true,
});

export const dashboard_details = defineStream({
  name: 'dashboard_details',
  summary: 'Each dashboard by itself, with its widgets and their queries.',
  path: '/organizations/{organization}/dashboards/{dashboard_id}/',
  scope: each(dashboards, { context: ({ id }) => ({ dashboard_id: String(id) }) }),
  schema: dashboardDetail,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  answer: 'object',
  personal: true,
  caution: "With a person's token, each request counts as a visit.",
});

export const discover_saved_queries = defineStream({
  name: 'discover_saved_queries',
  summary: 'The saved queries of Discover.',
  path: '/organizations/{organization}/discover/saved/',
  scope: organization,
  schema: savedQuery,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ sortBy: 'dateUpdated' }),
  skip: [404], // the feature is off
  personal: true,
  caution: 'Sentry is taking Discover away.',
});
