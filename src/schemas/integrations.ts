/**
 * What an organization is connected with: https://docs.sentry.io/api/integrations/ (integrations and their providers,
 * integration platform apps and installations, data forwarders) and
 * https://docs.sentry.io/api/alerts/list-spike-protection-notifications/
 *
 * What the document gets wrong: notification actions are one object there, and a list on every server.
 */
import * as z from 'zod';
import { freeObject, timestamp } from './common.js';

export const integration = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  icon: z.string().nullish(),
  domainName: z.string().nullish(),
  accountType: z.string().nullish(),
  externalId: z.string().nullish(),
  organizationId: z.int().nullish(),
  provider: freeObject.nullish().describe('key, slug, name, canAdd, canDisable, features, aspects'),
  scopes: z.array(z.string()).nullish(),
  status: z.string().nullish().describe('active, disabled, pending_deletion, deletion_in_progress'),
  organizationIntegrationStatus: z.string().nullish(),
  outOfDate: z.boolean().nullish(),
  configOrganization: z.array(freeObject).nullish().describe('the fields of a form; on request only'),
  configData: freeObject.nullish().describe('on request only'),
  gracePeriodEnd: z.string().nullish(),
});

export const integrationProvider = z.looseObject({
  key: z.string(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  metadata: freeObject.nullish().describe('description, features, author, aspects, …'),
  canAdd: z.boolean().nullish(),
  canDisable: z.boolean().nullish(),
  features: z.array(z.string()).nullish(),
});

export const sentryApp = z.looseObject({
  uuid: z.string(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  author: z.string().nullish(),
  overview: z.string().nullish(),
  status: z.string().nullish().describe('published, unpublished, internal, …'),
  isAlertable: z.boolean().nullish(),
  isDisabled: z.boolean().nullish(),
  verifyInstall: z.boolean().nullish(),
  scopes: z.array(z.string()).nullish(),
  events: z.array(z.string()).nullish(),
  webhookEvents: z.array(z.string()).nullish(),
  webhookUrl: z.string().nullish(),
  webhookHeaders: z.array(z.string()).nullish().describe('may hold secrets'),
  redirectUrl: z.string().nullish(),
  allowedOrigins: z.array(z.string()).nullish(),
  schema: z.string().nullish().describe('text; JSON when the API sends an object'),
  metadata: z.string().nullish().describe('text; JSON when the API sends an object'),
  featureData: z.array(z.string()).nullish().describe('texts; JSON where the API sends objects'),
  avatars: z
    .array(
      z.looseObject({
        avatarType: z.string().nullish(),
        avatarUuid: z.string().nullish(),
        avatarUrl: z.string().nullish(),
        color: z.boolean().nullish(),
        photoType: z.string().nullish(),
      }),
    )
    .nullish(),
  popularity: z.int().nullish(),
  owner: z
    .looseObject({
      id: z.int().nullish(),
      slug: z.string().nullish(),
    })
    .nullish()
    .describe('the organization'),
  clientId: z.string().nullish(),
  clientSecret: z.string().nullish().describe('a secret; masked unless the token may see it'),
  datePublished: timestamp.nullish(),
});

export const sentryAppInstallation = z.looseObject({
  uuid: z.string(),
  status: z.string().nullish().describe('pending, installed'),
  app: z
    .looseObject({
      uuid: z.string().nullish(),
      slug: z.string().nullish(),
      sentryAppId: z.int().nullish(),
    })
    .nullish(),
  organization: z
    .looseObject({
      slug: z.string().nullish(),
    })
    .nullish(),
});

const forwardedProject = z.looseObject({
  id: z.string().nullish(),
  slug: z.string().nullish(),
  platform: z.string().nullish(),
});

export const dataForwarder = z.looseObject({
  id: z.string(),
  organizationId: z.string().nullish(),
  provider: z.string().nullish().describe('segment, sqs, splunk'),
  isEnabled: z.boolean().nullish(),
  config: freeObject.nullish().describe('holds credentials of the destination'),
  enrollNewProjects: z.boolean().nullish(),
  enrolledProjects: z.array(forwardedProject).nullish(),
  projectConfigs: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        isEnabled: z.boolean().nullish(),
        dataForwarderId: z.string().nullish(),
        project: forwardedProject.nullish(),
        overrides: freeObject.nullish().describe('may hold credentials'),
        effectiveConfig: freeObject.nullish().describe('holds credentials'),
        dateAdded: timestamp.nullish(),
        dateUpdated: timestamp.nullish(),
      }),
    )
    .nullish(),
  dateAdded: timestamp.nullish(),
  dateUpdated: timestamp.nullish(),
});

export const notificationAction = z.looseObject({
  id: z.int(),
  organizationId: z.int().nullish(),
  projects: z.array(z.int()).nullish().describe('ids'),
  triggerType: z.string().nullish().describe('spike-protection'),
  serviceType: z.string().nullish().describe('email, slack, pagerduty, sentry_notification, …'),
  integrationId: z.int().nullish(),
  sentryAppId: z.int().nullish(),
  targetType: z.string().nullish().describe('specific, user, team, sentry_app'),
  targetIdentifier: z.string().nullish(),
  targetDisplay: z.string().nullish(),
});
