/** Releases. Rows change without saying when, and may be created with a date in the past. */
import { release as releaseRow, releaseDetail } from '../schemas/releases.js';
import { day, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { droppable, everyProject, organization } from './scopes/organization.js';

export const releases = defineStream({
  name: 'releases',
  summary: 'The releases of the organization, archived ones included.',
  path: '/organizations/{organization}/releases/',
  scope: organization,
  schema: releaseRow,
  primaryKey: ['version'],
  replicationKey: 'dateCreated',
  params: () => ({ ...everyProject, status: '' }),
  droppable,
  window: { params: (range) => range, most: 9000 },
  lookback: () => 30 * day, // a release is dated by its first event, which may arrive so late
  fullPass: ({ issues_full_refresh_interval }) => issues_full_refresh_interval,
});

export const release = defineStream({
  name: 'release',
  summary: 'Each release by itself, with what its list leaves out.',
  path: '/organizations/{organization}/releases/{version}/',
  scope: each(releases, { context: ({ version }) => ({ version }) }),
  schema: releaseDetail,
  primaryKey: ['id'],
  replicationKey: 'dateCreated',
  answer: 'object',
  serial: true,
  movedAt: ({ dateCreated, dateReleased, lastEvent, lastDeploy }) => [
    dateCreated,
    dateReleased,
    lastEvent,
    finished(lastDeploy),
  ],
  lookback: ({ lookback }) => lookback,
});

const finished = (deploy: unknown): unknown =>
  typeof deploy === 'object' && deploy !== null && 'dateFinished' in deploy ? deploy.dateFinished : undefined;
