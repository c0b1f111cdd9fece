/** What the organization is connected with. */
import {
  dataForwarder,
  integration,
  integrationProvider,
  notificationAction,
  sentryApp,
  sentryAppInstallation,
} from '../schemas/integrations.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';

export const integrations = defineStream({
  name: 'integrations',
  summary: 'The integrations that are installed, without their configuration.',
  path: '/organizations/{organization}/integrations/',
  scope: organization,
  schema: integration,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ includeConfig: '0' }), // it costs seconds per row, and may hold secrets
});

export const integration_providers = defineStream({
  name: 'integration_providers',
  summary: 'The integrations that can be installed.',
  path: '/organizations/{organization}/config/integrations/',
  scope: organization,
  schema: integrationProvider,
  primaryKey: ['key'],
  optional: true,
  permission: 'org:read',
  records: 'providers',
});

export const sentry_apps = defineStream({
  name: 'sentry_apps',
  summary: 'The integrations that the organization has built itself.',
  path: '/organizations/{organization}/sentry-apps/',
  scope: organization,
  schema: sentryApp,
  primaryKey: ['uuid'],
  optional: true,
  permission: 'org:read',
  secrets: true,
});

export const sentry_app_installations = defineStream({
  name: 'sentry_app_installations',
  summary: 'Where integrations of the integration platform are installed.',
  path: '/organizations/{organization}/sentry-app-installations/',
  scope: organization,
  schema: sentryAppInstallation,
  primaryKey: ['uuid'],
  optional: true,
  permission: 'org:read',
});

export const data_forwarders = defineStream({
  name: 'data_forwarders',
  summary: 'Where events are forwarded to, and for which projects.',
  path: '/organizations/{organization}/forwarding/',
  scope: organization,
  schema: dataForwarder,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  skip: [404],
  secrets: true,
});

export const notification_actions = defineStream({
  name: 'notification_actions',
  summary: 'Who is notified of spikes.',
  path: '/organizations/{organization}/notifications/actions/',
  scope: organization,
  schema: notificationAction,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => everyProject,
  optionalParam: optionalEveryProject,
  skip: [404],
});
