/**
 * Crons: https://docs.sentry.io/api/crons/retrieve-monitors-for-an-organization/ and
 * https://docs.sentry.io/api/crons/retrieve-check-ins-for-a-monitor-by-organization/. What Sentry calls monitors and
 * alerts today are detectors and workflows: https://docs.sentry.io/api/monitors/fetch-an-organizations-monitors/ and
 * https://docs.sentry.io/api/monitors/fetch-alerts/
 *
 * What the document gets wrong: a monitor's `environments` is one object there, and a list on every server.
 */
import * as z from 'zod';
import { actor, freeObject, timestamp } from './common.js';
import { teamProject } from './projects.js';

const monitorConfig = z.looseObject({
  schedule_type: z.string().nullish().describe('crontab, interval'),
  schedule: z.string().nullish().describe('a crontab, or JSON such as [1, "hour"]'),
  timezone: z.string().nullish(),
  checkin_margin: z.int().nullish().describe('minutes'),
  max_runtime: z.int().nullish().describe('minutes'),
  failure_issue_threshold: z.int().nullish(),
  recovery_threshold: z.int().nullish(),
  alert_rule_id: z.int().nullish(),
});

const monitorEnvironment = z.looseObject({
  name: z.string().nullish(),
  status: z.string().nullish().describe('ok, active, error, disabled, …'),
  isMuted: z.boolean().nullish(),
  activeIncident: z
    .looseObject({
      startingTimestamp: timestamp.nullish(),
      resolvingTimestamp: timestamp.nullish(),
      brokenNotice: z
        .looseObject({
          userNotifiedTimestamp: timestamp.nullish(),
          environmentMutedTimestamp: timestamp.nullish(),
        })
        .nullish(),
    })
    .nullish(),
  dateCreated: timestamp.nullish(),
  lastCheckIn: timestamp.nullish(),
  nextCheckIn: timestamp.nullish(),
  nextCheckInLatest: timestamp.nullish(),
});

export const monitor = z.looseObject({
  id: z.string(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  status: z.string().nullish().describe('active, disabled, …'),
  isMuted: z.boolean().nullish(),
  isUpserting: z.boolean().nullish(),
  config: monitorConfig.nullish(),
  project: teamProject.nullish(),
  environments: z.array(monitorEnvironment).nullish(),
  owner: actor.nullish(),
  alertRule: z
    .looseObject({
      targets: z
        .array(
          z.looseObject({
            targetIdentifier: z.int().nullish(),
            targetType: z.string().nullish(),
          }),
        )
        .nullish(),
      environment: z.string().nullish(),
    })
    .nullish(),
  dateCreated: timestamp.nullish(),
});

export const monitorCheckin = z.looseObject({
  monitor_id: z.string().describe('where it was asked for'),
  id: z.string(),
  environment: z.string().nullish(),
  status: z.string().nullish().describe('in_progress, ok, error, missed, timeout'),
  duration: z.int().nullish().describe('milliseconds'),
  groups: z.array(z.string()).nullish().describe('on request only; JSON where the API sends objects'),
  monitorConfig: monitorConfig.nullish().describe('as it was then'),
  dateCreated: timestamp.nullish(),
  dateAdded: timestamp.nullish(),
  dateUpdated: timestamp.nullish(),
  dateInProgress: timestamp.nullish(),
  dateClock: timestamp.nullish(),
  expectedTime: timestamp.nullish(),
});

export const detector = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  type: z.string().nullish().describe('error, metric_issue, uptime_domain_failure, monitor_check_in_failure, …'),
  projectId: z.string().nullish(),
  enabled: z.boolean().nullish(),
  owner: actor.nullish(),
  createdBy: z.string().nullish().describe('id of a user'),
  config: freeObject.nullish(),
  conditionGroup: freeObject.nullish(),
  dataSources: z.array(freeObject).nullish(),
  workflowIds: z.array(z.string()).nullish(),
  latestGroup: freeObject.nullish().describe('the latest issue'),
  dateCreated: timestamp.nullish(),
  dateUpdated: timestamp.nullish(),
});

const conditionGroup = z.looseObject({
  id: z.string().nullish(),
  organizationId: z.string().nullish(),
  logicType: z.string().nullish().describe('any, any-short, all, none'),
  conditions: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        type: z.string().nullish(),
        comparison: z.string().nullish().describe('text; JSON when the API sends another type'),
        conditionResult: z.boolean().nullish(),
      }),
    )
    .nullish(),
  actions: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        type: z.string().nullish(),
        integrationId: z.string().nullish(),
        data: freeObject.nullish(),
        config: freeObject.nullish(),
        status: z.string().nullish(),
      }),
    )
    .nullish(),
});

export const workflow = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  organizationId: z.string().nullish(),
  enabled: z.boolean().nullish(),
  environment: z.string().nullish(),
  owner: z.string().nullish().describe('user:ID, team:ID'),
  createdBy: z.string().nullish().describe('id of a user'),
  config: freeObject.nullish(),
  triggers: conditionGroup.nullish(),
  actionFilters: z.array(conditionGroup).nullish(),
  detectorIds: z.array(z.string()).nullish(),
  dateCreated: timestamp.nullish(),
  dateUpdated: timestamp.nullish(),
  lastTriggered: timestamp.nullish(),
});
