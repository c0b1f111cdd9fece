/**
 * Releases: https://docs.sentry.io/api/releases/list-an-organizations-releases/ and
 * https://docs.sentry.io/api/releases/retrieve-an-organizations-release/
 *
 * `id` and `projects[].id` are integers, unlike nearly every other id of Sentry. `version` is unique in one
 * organization. The document has two shapes of author: one without an account has only name and email.
 */
import * as z from 'zod';
import { account, deploy, freeObject, timestamp, versionInfo } from './common.js';

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
