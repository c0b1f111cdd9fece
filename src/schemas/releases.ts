/**
 * Releases: https://docs.sentry.io/api/releases/list-an-organizations-releases/ and
 * https://docs.sentry.io/api/releases/retrieve-an-organizations-release/; what belongs to one: its commits, deploys,
 * files and threshold statuses, and a project's debug files, on the same pages.
 *
 * `id` and `projects[].id` are integers, unlike nearly every other id of Sentry. `version` is unique in one
 * organization. The document has two shapes of author: one without an account has only name and email.
 */
import * as z from 'zod';
import { account, deploy, freeObject, timestamp, versionInfo } from './common.js';
import { commit } from './repositories.js';

/** A project's sessions with the release. Sent when `health=1` is asked for. */
const health = z.looseObject({
  hasHealthData: z.boolean().nullish(),
  adoption: z.number().nullish().describe('percent of users'),
  sessionsAdoption: z.number().nullish().describe('percent of sessions'),
  crashFreeUsers: z.number().nullish().describe('percent'),
  crashFreeSessions: z.number().nullish().describe('percent'),
  durationP50: z.number().nullish().describe('seconds'),
  durationP90: z.number().nullish().describe('seconds'),
  sessionsCrashed: z.int().nullish(),
  sessionsErrored: z.int().nullish(),
  totalSessions: z.int().nullish(),
  totalSessions24h: z.int().nullish(),
  totalProjectSessions24h: z.int().nullish().describe('of all releases'),
  totalUsers: z.int().nullish(),
  totalUsers24h: z.int().nullish(),
  totalProjectUsers24h: z.int().nullish().describe('of all releases'),
  stats: freeObject.nullish().describe('by period: pairs of [unix seconds, count]'),
});

const releaseProject = z.looseObject({
  id: z.int().nullish(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  platform: z.string().nullish(),
  platforms: z.array(z.string()).nullish(),
  newGroups: z.int().nullish().describe('issues first seen in this release'),
  hasHealthData: z.boolean().nullish(),
  healthData: health.nullish().describe('on request only'),
  dateCreated: timestamp.nullish(),
  dateStarted: timestamp.nullish(),
  dateReleased: timestamp.nullish(),
});

export const release = z.looseObject({
  id: z.int(),
  version: z.string(),
  shortVersion: z.string().nullish(),
  versionInfo: versionInfo.nullish(),
  status: z.string().nullish().describe('open, archived'),
  ref: z.string().nullish().describe('commit or tag'),
  url: z.string().nullish(),
  data: freeObject.nullish(),
  userAgent: z.string().nullish().describe('what created the release'),
  newGroups: z.int().nullish().describe('issues first seen in this release'),
  commitCount: z.int().nullish(),
  lastCommit: freeObject.nullish(),
  deployCount: z.int().nullish(),
  lastDeploy: deploy.nullish(),
  adoptionStages: freeObject.nullish().describe('by project slug; on request only'),
  currentProjectMeta: freeObject.nullish().describe('neighbours of the release in one project; on request only'),
  projects: z.array(releaseProject).nullish(),
  owner: freeObject.nullish(),
  authors: z.array(account).nullish(),
  dateCreated: timestamp.nullish(),
  dateStarted: timestamp.nullish(),
  dateReleased: timestamp.nullish(),
  firstEvent: timestamp.nullish(),
  lastEvent: timestamp.nullish(),
});

const release_version = z.string().describe('where it was asked for');

export const releaseCommit = z.looseObject({
  release_version,
  ...commit.shape,
  releases: z
    .array(
      z.looseObject({
        version: z.string().nullish(),
        shortVersion: z.string().nullish(),
        ref: z.string().nullish(),
        url: z.string().nullish(),
        dateReleased: timestamp.nullish(),
        dateCreated: timestamp.nullish(),
      }),
    )
    .nullish(),
});

export const releaseDeploy = z.looseObject({
  release_version,
  id: z.string(),
  environment: z.string().nullish(),
  name: z.string().nullish(),
  url: z.string().nullish(),
  dateStarted: timestamp.nullish(),
  dateFinished: timestamp.nullish(),
});

export const releaseFile = z.looseObject({
  release_version,
  id: z.string(),
  name: z.string().nullish(),
  dist: z.string().nullish(),
  headers: freeObject.nullish(),
  size: z.int().nullish().describe('bytes'),
  sha1: z.string().nullish(),
  dateCreated: timestamp.nullish(),
});

export const debugFile = z.looseObject({
  project_id: z.string().describe('where it was asked for'),
  id: z.string(),
  uuid: z.string().nullish(),
  debugId: z.string().nullish(),
  codeId: z.string().nullish(),
  cpuName: z.string().nullish(),
  objectName: z.string().nullish(),
  symbolType: z.string().nullish(),
  headers: freeObject.nullish(),
  data: freeObject.nullish(),
  size: z.int().nullish().describe('bytes'),
  sha1: z.string().nullish(),
  dateCreated: timestamp.nullish(),
});

/** A threshold and how a release stands to it. */
export const thresholdStatus = z.looseObject({
  key: z.string().describe('release and project'),
  id: z.string().describe('of the threshold'),
  release: z.string().nullish(),
  project_id: z.int().nullish(),
  project_slug: z.string().nullish(),
  project: freeObject.nullish(),
  environment: freeObject.nullish(),
  threshold_type: z
    .string()
    .nullish()
    .describe(
      'total_error_count, new_issue_count, unhandled_issue_count, regressed_issue_count, failure_rate, ' +
        'crash_free_session_rate, crash_free_user_rate',
    ),
  trigger_type: z.string().nullish().describe('over, under'),
  value: z.int().nullish(),
  metric_value: z.number().nullish(),
  is_healthy: z.boolean().nullish(),
  window_in_seconds: z.int().nullish(),
  date_added: timestamp.nullish(),
  start: timestamp.nullish().describe('of the release'),
  end: timestamp.nullish(),
});
