/** Releases. Rows change without saying when, and may be created with a date in the past. */
import { release as releaseRow } from '../schemas/releases.js';
import { day, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';

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
  changedAt: ({ dateCreated, dateReleased, lastEvent, lastDeploy }) => [
    dateCreated,
    dateReleased,
    lastEvent,
    finished(lastDeploy),
  ],
  lookback: ({ lookback }) => lookback,
});

const finished = (deploy: unknown): unknown =>
  typeof deploy === 'object' && deploy !== null && 'dateFinished' in deploy ? deploy.dateFinished : undefined;
