/**
 * Tags: https://docs.sentry.io/api/environments/retrieve-a-tags-details/,
 * https://docs.sentry.io/api/events/list-a-tags-values-related-to-an-issue/ and
 * https://docs.sentry.io/api/organizations/list-an-organizations-tags/
 *
 * What the document gets wrong: a project's tag values have all the fields of an issue's, and it names one.
 */
import * as z from 'zod';
import { timestamp } from './common.js';

const seen = {
  query: z.string().nullish().describe('how to search for it, where that is not key:value'),
  count: z.int().nullish().describe('events'),
  firstSeen: timestamp.nullish(),
  lastSeen: timestamp.nullish(),
};

const tagValue = z.looseObject({
  key: z.string(),
  name: z.string().nullish().describe('as people read it'),
  value: z.string().describe('empty: events without one'),
  ...seen,
});

export const tagKey = z.looseObject({
  key: z.string(),
  name: z.string().nullish().describe('as people read it'),
  totalValues: z.int().nullish().describe('events with this tag'),
  uniqueValues: z.int().nullish(),
  topValues: z
    .array(z.looseObject({ ...tagValue.shape, key: z.string().nullish(), value: z.string().nullish() }))
    .nullish(),
});

export const issueTag = z.looseObject({ issue_id: z.string(), ...tagKey.shape });

export const issueTagValue = z.looseObject({ issue_id: z.string(), ...tagValue.shape });

export const projectTagValue = z.looseObject({ project_id: z.string(), ...tagValue.shape });
