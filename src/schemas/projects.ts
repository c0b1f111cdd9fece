/**
 * Projects: https://docs.sentry.io/api/organizations/list-an-organizations-projects/ and
 * https://docs.sentry.io/api/projects/retrieve-a-project/
 *
 * What the document gets wrong: `platform` and `firstEvent` may be null or "", `team` is gone from new
 * servers (use `teams`), `options` has mixed types by version (`filters:…` is a boolean or a list of text).
 */
import * as z from 'zod';
import { avatar, freeObject, organization, releaseRef, series, teamRef, timestamp } from './common.js';

/** What every project row has, in lists, in teams and alone. */
const projectBase = z.looseObject({
  id: z.string(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  platform: z.string().nullish(),
  features: z.array(z.string()).nullish(),
  stats: series.nullish(),
  transactionStats: series.nullish(),
  sessionStats: freeObject.nullish(),
  hasFeedbacks: z.boolean().nullish(),
  hasFlags: z.boolean().nullish(),
  hasInsightsAgentMonitoring: z.boolean().nullish(),
  hasInsightsAppStart: z.boolean().nullish(),
  hasInsightsAssets: z.boolean().nullish(),
  hasInsightsCaches: z.boolean().nullish(),
  hasInsightsDb: z.boolean().nullish(),
  hasInsightsHttp: z.boolean().nullish(),
  hasInsightsMCP: z.boolean().nullish(),
  hasInsightsQueues: z.boolean().nullish(),
  hasInsightsScreenLoad: z.boolean().nullish(),
  hasInsightsVitals: z.boolean().nullish(),
  hasLogs: z.boolean().nullish(),
  hasMinifiedStackTrace: z.boolean().nullish(),
  hasMonitors: z.boolean().nullish(),
  hasNewFeedbacks: z.boolean().nullish(),
  hasProfiles: z.boolean().nullish(),
  hasReplays: z.boolean().nullish(),
  hasSessions: z.boolean().nullish(),
  hasTraceMetrics: z.boolean().nullish(),
  firstTransactionEvent: z.boolean().nullish().describe('whether there was one; not a date'),
  isBookmarked: z.boolean().nullish().describe("by the token's user"),
  isMember: z.boolean().nullish().describe("the token's user"),
  hasAccess: z.boolean().nullish().describe('the token; without it the project cannot be read further'),
  access: z.array(z.string()).nullish().describe('scopes of the token, not of the project'),
  dateCreated: timestamp.nullish(),
  firstEvent: timestamp.nullish(),
});

/** A project inside a team's row. */
export const teamProject = z.looseObject({
  ...projectBase.shape,
  id: z.string().nullish(),
  status: z.string().nullish().describe('active, disabled, pending_deletion, deletion_in_progress'),
  isInternal: z.boolean().nullish(),
  isPublic: z.boolean().nullish(),
  avatar: avatar.nullish(),
  color: z.string().nullish(),
});

export const project = z.looseObject({
  ...projectBase.shape,
  platforms: z.array(z.string()).nullish().describe('platforms that sent events'),
  environments: z.array(z.string()).nullish(),
  team: teamRef.nullish().describe('older servers; use teams'),
  teams: z.array(teamRef).nullish(),
  hasUserReports: z.boolean().nullish(),
  options: freeObject.nullish().describe('sent on request only'),
  latestRelease: releaseRef.nullish(),
  latestDeploys: freeObject.nullish().describe('by environment: version and dateFinished'),
});

export const projectDetail = z.looseObject({
  ...teamProject.shape,
  id: z.string(),
  platforms: z.array(z.string()).nullish().describe('platforms that sent events'),
  organization: organization.nullish(),
  team: teamRef.nullish().describe('older servers; use teams'),
  teams: z.array(teamRef).nullish(),
  latestRelease: releaseRef.nullish(),
  options: freeObject.nullish().describe('by option name; types differ by server version; holds the security token'),
  defaultEnvironment: z.string().nullish(),
  subjectPrefix: z.string().nullish(),
  subjectTemplate: z.string().nullish(),
  digestsMinDelay: z.int().nullish().describe('seconds'),
  digestsMaxDelay: z.int().nullish().describe('seconds'),
  resolveAge: z.int().nullish().describe('hours without an event until an issue resolves itself; 0 is never'),
  processingIssues: z.int().nullish(),

  allowedDomains: z.array(z.string()).nullish(),
  securityToken: z.string().nullish().describe('a secret'),
  securityTokenHeader: z.string().nullish(),
  verifySSL: z.boolean().nullish(),
  scrapeJavaScript: z.boolean().nullish(),
  enableAutoReleaseCreation: z.boolean().nullish(),

  dataScrubber: z.boolean().nullish(),
  dataScrubberDefaults: z.boolean().nullish(),
  scrubIPAddresses: z.boolean().nullish(),
  safeFields: z.array(z.string()).nullish(),
  sensitiveFields: z.array(z.string()).nullish(),
  relayPiiConfig: z.string().nullish().describe('JSON text'),
  storeCrashReports: z.int().nullish().describe("per issue; -1 all, 0 none, null the organization's setting"),

  groupingConfig: z.string().nullish(),
  groupingEnhancements: z.string().nullish(),
  derivedGroupingEnhancements: z.string().nullish(),
  secondaryGroupingConfig: z.string().nullish(),
  secondaryGroupingExpiry: z.int().nullish().describe('unix seconds'),
  fingerprintingRules: z.string().nullish(),

  highlightTags: z.array(z.string()).nullish(),
  highlightContext: freeObject.nullish().describe('by context name: list of its keys'),
  highlightPreset: z
    .looseObject({
      tags: z.array(z.string()).nullish(),
      context: freeObject.nullish(),
    })
    .nullish(),

  builtinSymbolSources: z.array(z.string()).nullish(),
  symbolSources: z.string().nullish().describe('JSON text; may hold credentials'),
  debugFilesRole: z.string().nullish(),
  scmSourceContextEnabled: z.boolean().nullish(),
  tempestFetchScreenshots: z.boolean().nullish(),

  isDynamicallySampled: z.boolean().nullish(),
  dynamicSamplingBiases: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        active: z.boolean().nullish(),
      }),
    )
    .nullish(),

  autofixAutomationTuning: z.string().nullish(),
  seerScannerAutomation: z.boolean().nullish(),
  seerNightshiftTweaks: freeObject.nullish(),
});
