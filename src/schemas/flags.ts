/** Changes of feature flags. The document does not have them: the fields are those of flags/endpoints/logs.py. */
import * as z from 'zod';
import { freeObject, timestamp } from './common.js';

export const flagLog = z.looseObject({
  id: z.int(),
  action: z.string().nullish().describe('created, updated, deleted'),
  flag: z.string().nullish(),
  provider: z.string().nullish().describe('launchdarkly, unleash, statsig, generic, …'),
  tags: freeObject.nullish(),
  createdBy: z.string().nullish(),
  createdByType: z.string().nullish().describe('email, id, name'),
  createdAt: timestamp.nullish(),
});
