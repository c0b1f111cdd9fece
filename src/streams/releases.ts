/** Releases. Rows change without saying when, and may be created with a date in the past. */
import {
  debugFile,
  release as releaseRow,
  releaseCommit,
  releaseDeploy,
  releaseFile,
  thresholdStatus,
} from '../schemas/releases.js';
import { type Row, day, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';
import { project } from './scopes/project.js';

export const releases = defineStream({
  name: 'releases',
  summary: 'The releases of the organization, archived ones included.',
  path: '/organizations/{organization}/releases/',
  scope: organization,
  schema: releaseRow,
  primaryKey: ['version'],
  replicationKey: 'dateCreated',
  permission: 'project:read',
  params: () => ({ ...everyProject, status: '' }),
  optionalParam: optionalEveryProject,
  // Sentry 10 to 21 orders and chooses by the later of the two.
  window: {
    params: (range) => range,
    dates: ({ dateCreated, dateReleased }) => [dateCreated, dateReleased],
    maxRows: 9000,
  },
  lookback: () => 30 * day, // a release is dated by its first event, which may arrive so late
  fullPass: ({ issues_full_refresh_interval }) => issues_full_refresh_interval,
  personal: true,
});

export const release = defineStream({
  name: 'release',
  summary: 'Each release by itself, with what its list leaves out.',
  path: '/organizations/{organization}/releases/{version}/',
  scope: each(releases, { context: ({ version }) => ({ version }) }),
  schema: releaseRow,
  primaryKey: ['id'],
  alternateKey: ['version'], // Sentry 9 to 21 and GlitchTip send no id
  replicationKey: 'dateCreated',
  permission: 'project:read',
  answer: 'object',
  serial: true,
  changedAt,
  lookback: ({ lookback }) => lookback,
  personal: true,
});

export const release_commits = defineStream({
  name: 'release_commits',
  summary: 'The commits of each release.',
  path: '/organizations/{organization}/releases/{release_version}/commits/',
  scope: each(releases, {
    context: ({ version, commitCount }) => (commitCount === 0 ? undefined : { release_version: version }),
  }),
  schema: releaseCommit,
  primaryKey: ['release_version', 'id'],
  optional: true,
  permission: 'project:read',
  changedAt,
  lookback: ({ lookback }) => lookback,
  personal: true,
});

export const release_deploys = defineStream({
  name: 'release_deploys',
  summary: 'The deploys of each release: the latest one for each project and environment.',
  path: '/organizations/{organization}/releases/{release_version}/deploys/',
  scope: each(releases, {
    context: ({ version, deployCount }) => (deployCount === 0 ? undefined : { release_version: version }),
  }),
  schema: releaseDeploy,
  primaryKey: ['release_version', 'id'],
  optional: true,
  permission: 'project:read',
  params: () => everyProject,
  optionalParam: optionalEveryProject,
  changedAt,
  lookback: ({ lookback }) => lookback,
  caution: 'A later deploy to the same environment hides the earlier one: read often, and keep what was read.',
});

export const release_files = defineStream({
  name: 'release_files',
  summary: 'The files of each release, such as source maps; not those of artifact bundles.',
  path: '/organizations/{organization}/releases/{release_version}/files/',
  scope: each(releases, { context: ({ version }) => ({ release_version: version }) }),
  schema: releaseFile,
  primaryKey: ['release_version', 'id'],
  optional: true,
  permission: 'project:read',
  changedAt,
  lookback: ({ lookback }) => lookback,
  caution: 'Often thousands per release. Sentry removes files that are unused for 30 to 90 days.',
});

export const release_threshold_statuses = defineStream({
  name: 'release_threshold_statuses',
  summary: 'How releases stand to the thresholds of their projects.',
  path: '/organizations/{organization}/release-threshold-statuses/',
  scope: organization,
  schema: thresholdStatus,
  primaryKey: ['key', 'id'],
  replicationKey: 'start',
  optional: true,
  permission: 'project:read',
  sizeParam: null,
  params: () => everyProject,
  optionalParam: optionalEveryProject,
  answer: 'whole',
  records: (body) => Object.values(body).flat(),
  window: { params: (range) => range, order: 'any', maxRows: 9000 },
  lookback: () => 7 * day, // a status is worked out when it is read
  skip: [404],
  caution: 'Sentry calls it an alpha feature.',
});

export const debug_files = defineStream({
  name: 'debug_files',
  summary: 'The debug information files of each project: native and mobile code.',
  path: '/projects/{organization}/{project_id}/files/dsyms/',
  scope: project,
  schema: debugFile,
  primaryKey: ['project_id', 'id'],
  replicationKey: 'dateCreated',
  optional: true,
  permission: 'project:read',
  window: { maxRows: 9000 }, // a list without a range, latest first
  lookback: () => day,
  caution: 'Sentry removes files that are unused.',
});

/** The times of a release that show when something of it is new. */
function changedAt({ dateCreated, dateReleased, lastEvent, lastDeploy }: Row): readonly unknown[] {
  return [dateCreated, dateReleased, lastEvent, finished(lastDeploy)];
}

const finished = (deploy: unknown): unknown =>
  typeof deploy === 'object' && deploy !== null && 'dateFinished' in deploy ? deploy.dateFinished : undefined;
