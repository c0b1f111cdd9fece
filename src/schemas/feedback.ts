/**
 * People who use the programs that Sentry watches: https://docs.sentry.io/api/projects/list-a-projects-user-feedback/
 * and https://docs.sentry.io/api/projects/list-a-projects-users/
 */
import * as z from 'zod';
import { freeObject, timestamp } from './common.js';

/** A person whose program failed, as Sentry remembers them: not an account. */
export const projectUser = z.looseObject({
  project_id: z.string(),
  hash: z.string(),
  id: z.string().nullish().describe('null on newer servers'),
  tagValue: z.string().nullish().describe('as id:7 or email:a@example.com'),
  identifier: z.string().nullish().describe('the id that the program gave'),
  username: z.string().nullish(),
  email: z.string().nullish(),
  name: z.string().nullish(),
  ipAddress: z.string().nullish(),
  avatarUrl: z.string().nullish(),
  dateCreated: timestamp.nullish(),
});

export const userFeedback = z.looseObject({
  id: z.string(),
  project_id: z.string(),
  comments: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  user: freeObject.nullish(),
  eventID: z.string().nullish(),
  event: z
    .looseObject({
      id: z.string().nullish(),
      eventID: z.string().nullish(),
    })
    .nullish(),
  issue: freeObject.nullish().describe('a row as issues has it'),
  dateCreated: timestamp.nullish(),
});
