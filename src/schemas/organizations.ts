/**
 * Organizations: https://docs.sentry.io/api/organizations/list-your-organizations/ and
 * https://docs.sentry.io/api/organizations/retrieve-an-organization/; what an organization has as a whole:
 * https://docs.sentry.io/api/environments/list-an-organizations-environments/,
 * https://docs.sentry.io/api/environments/list-a-projects-environments/,
 * https://docs.sentry.io/api/organizations/list-an-organizations-client-keys/,
 * https://docs.sentry.io/api/organizations/list-an-organizations-trusted-relays/
 *
 * The document has an organization's short form only. Its settings are those of Sentry's serializer
 * (api/serializers/models/organization.py), and so are audit logs, which it does not publish (auditlogentry.py).
 */
import * as z from 'zod';
import { account, freeObject, organization, timestamp } from './common.js';

export const organizationRow = z.looseObject({ ...organization.shape, id: z.string() });

const role = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  desc: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
  allowed: z.boolean().nullish().describe('older name of isAllowed'),
  isAllowed: z.boolean().nullish().describe('whether the token may give it'),
  isRetired: z.boolean().nullish(),
  isTeamRolesAllowed: z.boolean().nullish(),
});

export const organizationDetail = z.looseObject({
  ...organizationRow.shape,
  role: z.string().nullish().describe("of the token's user; older name of orgRole"),
  orgRole: z.string().nullish().describe("of the token's user"),
  defaultRole: z.string().nullish(),
  availableRoles: z.array(freeObject).nullish().describe('older servers; use orgRoleList'),
  orgRoleList: z
    .array(
      z.looseObject({
        ...role.shape,
        is_global: z.boolean().nullish().describe('older name of isGlobal'),
        isGlobal: z.boolean().nullish(),
        minimumTeamRole: z.string().nullish(),
      }),
    )
    .nullish(),
  teamRoleList: z.array(z.looseObject({ ...role.shape, isMinimumRoleFor: z.string().nullish() })).nullish(),
  pendingAccessRequests: z.int().nullish(),
  experiments: freeObject.nullish(),
  isDefault: z.boolean().nullish(),
  quota: z
    .looseObject({
      maxRate: z.int().nullish(),
      maxRateInterval: z.int().nullish().describe('seconds'),
      accountLimit: z.int().nullish(),
      projectLimit: z.int().nullish().describe('percent'),
    })
    .nullish(),

  openMembership: z.boolean().nullish(),
  allowJoinRequests: z.boolean().nullish(),
  requireEmailVerification: z.boolean().nullish(),
  requiresSso: z.boolean().nullish(),
  allowSharedIssues: z.boolean().nullish(),
  enhancedPrivacy: z.boolean().nullish(),
  eventsMemberAdmin: z.boolean().nullish(),
  alertsMemberWrite: z.boolean().nullish(),
  attachmentsRole: z.string().nullish(),
  debugFilesRole: z.string().nullish(),

  dataScrubber: z.boolean().nullish(),
  dataScrubberDefaults: z.boolean().nullish(),
  scrubIPAddresses: z.boolean().nullish(),
  sensitiveFields: z.array(z.string()).nullish(),
  safeFields: z.array(z.string()).nullish(),
  relayPiiConfig: z.string().nullish().describe('JSON text'),
  storeCrashReports: z.int().nullish().describe('per issue; -1 all, 0 none'),
  scrapeJavaScript: z.boolean().nullish(),
  trustedRelays: z
    .array(
      z.looseObject({
        name: z.string().nullish(),
        description: z.string().nullish(),
        publicKey: z.string().nullish(),
        created: timestamp.nullish(),
        lastModified: timestamp.nullish(),
      }),
    )
    .nullish(),

  isDynamicallySampled: z.boolean().nullish(),
  samplingMode: z.string().nullish().describe('organization, project'),
  targetSampleRate: z.number().nullish().describe('0 to 1'),
  effectiveSampleRate: z.number().nullish().describe('0 to 1'),
  planSampleRate: z.number().nullish().describe('0 to 1'),
  desiredSampleRate: z.number().nullish().describe('0 to 1'),

  aggregatedDataConsent: z.boolean().nullish(),
  genAIConsent: z.boolean().nullish(),
  hideAiFeatures: z.boolean().nullish(),
  codecovAccess: z.boolean().nullish(),
  githubPRBot: z.boolean().nullish(),
  githubOpenPRBot: z.boolean().nullish(),
  githubNudgeInvite: z.boolean().nullish(),
  issueAlertsThreadFlag: z.boolean().nullish(),
  metricAlertsThreadFlag: z.boolean().nullish(),
  rollbackEnabled: z.boolean().nullish(),
  streamlineOnly: z.boolean().nullish(),
  uptimeAutodetection: z.boolean().nullish(),
});

export const environment = z.looseObject({
  id: z.string(),
  name: z.string().nullish().describe('may be empty: events without an environment'),
});

export const projectEnvironment = z.looseObject({
  project_id: z.string().describe('where it was asked for'),
  ...environment.shape,
  isHidden: z.boolean().nullish(),
});

export const projectKey = z.looseObject({
  id: z.string().describe('the public part of the key'),
  name: z.string().nullish(),
  label: z.string().nullish(),
  projectId: z.int().nullish(),
  isActive: z.boolean().nullish(),
  public: z.string().nullish(),
  secret: z.string().nullish().describe('a secret'),
  dsn: z
    .looseObject({
      public: z.string().nullish(),
      secret: z.string().nullish().describe('a secret'),
      csp: z.string().nullish(),
      security: z.string().nullish(),
      minidump: z.string().nullish(),
      nel: z.string().nullish(),
      unreal: z.string().nullish(),
      crons: z.string().nullish(),
      cdn: z.string().nullish(),
      playstation: z.string().nullish(),
      integration: z.string().nullish(),
      otlp_traces: z.string().nullish(),
      otlp_logs: z.string().nullish(),
    })
    .nullish(),
  rateLimit: z
    .looseObject({
      window: z.int().nullish().describe('seconds'),
      count: z.int().nullish().describe('events in a window'),
    })
    .nullish(),
  useCase: z.string().nullish(),
  browserSdkVersion: z.string().nullish(),
  browserSdk: z
    .looseObject({
      choices: z.array(z.array(z.string())).nullish().describe('pairs of version and label'),
    })
    .nullish(),
  dynamicSdkLoaderOptions: z
    .looseObject({
      hasReplay: z.boolean().nullish(),
      hasPerformance: z.boolean().nullish(),
      hasDebug: z.boolean().nullish(),
      hasFeedback: z.boolean().nullish(),
      hasLogsAndMetrics: z.boolean().nullish(),
    })
    .nullish(),
  dateCreated: timestamp.nullish(),
});

export const auditLog = z.looseObject({
  id: z.string(),
  event: z.string().nullish().describe('member.invite, project.edit, …'),
  note: z.string().nullish().describe('the event in words'),
  actor: account.nullish().describe('only a name where it was no person'),
  ipAddress: z.string().nullish(),
  targetObject: z.int().nullish(),
  targetUser: account.nullish(),
  data: freeObject.nullish().describe('by kind of event'),
  dateCreated: timestamp.nullish(),
});

export const relay = z.looseObject({
  relayId: z.string(),
  version: z.string(),
  publicKey: z.string().nullish(),
  firstSeen: timestamp.nullish(),
  lastSeen: timestamp.nullish(),
});
