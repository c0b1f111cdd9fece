/** Session replays. A replay is listed while it is still running, and grows for up to 75 minutes. */
import { replay, replayViewedBy } from '../schemas/replays.js';
import { each, minute } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';

export const replays = defineStream({
  name: 'replays',
  summary: 'The session replays of all projects: what they are about, not the recordings.',
  path: '/organizations/{organization}/replays/',
  scope: organization,
  schema: replay,
  primaryKey: ['id'],
  replicationKey: 'started_at',
  optional: true,
  permission: 'org:read',
  params: () => ({ ...everyProject, sort: '-started_at' }),
  optionalParam: optionalEveryProject,
  records: 'data',
  window: { params: (range) => range, expires: true, maxRows: 9000 },
  lookback: ({ lookback }) => Math.max(lookback, 120 * minute),
  skip: [404],
  personal: true,
  caution: 'Sentry keeps replays for 90 days, 30 on the free plan.',
});

export const replay_viewed_by = defineStream({
  name: 'replay_viewed_by',
  summary: 'Who has looked at each replay.',
  path: '/projects/{organization}/{project_id}/replays/{replay_id}/viewed-by/',
  scope: each(replays, {
    context: ({ id, project_id, is_archived }) =>
      project_id && !is_archived ? { project_id: String(project_id), replay_id: String(id) } : undefined,
  }),
  schema: replayViewedBy,
  primaryKey: ['replay_id'],
  optional: true,
  permission: 'event:read',
  answer: 'whole',
  sizeParam: null,
  records: ({ data }) => [data],
  lookback: ({ lookback }) => Math.max(lookback, 120 * minute),
  personal: true,
  caution: 'A request for each new replay; who looks at it later is not seen.',
});
