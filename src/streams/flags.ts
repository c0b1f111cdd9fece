/** Feature flags, as their providers report changes to Sentry. */
import { flagLog } from '../schemas/flags.js';
import { defineStream } from './define.js';
import { organization } from './scopes/organization.js';

export const flag_logs = defineStream({
  name: 'flag_logs',
  summary: 'Changes of feature flags.',
  path: '/organizations/{organization}/flags/logs/',
  scope: organization,
  schema: flagLog,
  primaryKey: ['id'],
  replicationKey: 'createdAt',
  optional: true,
  permission: 'org:read',
  params: () => ({ sort: '-created_at' }), // the oldest come first without it
  records: 'data',
  window: { params: (range) => range, maxRows: 9000 },
  lookback: ({ lookback }) => lookback,
  skip: [404],
  personal: true,
});
