/**
 * Statistics: https://docs.sentry.io/api/organizations/retrieve-event-counts-for-an-organization-v2/,
 * https://docs.sentry.io/api/organizations/retrieve-an-organizations-events-count-by-project/ and
 * https://docs.sentry.io/api/releases/retrieve-release-health-session-statistics/
 *
 * The document has the answers, in which numbers stand in parallel lists: the columns here are what those become, one
 * row for each interval and group. `events-dropped` has no schema there: its fields are those of
 * organization_events_dropped.py.
 */
import * as z from 'zod';
import { timestamp } from './common.js';

/** The beginning of the interval. */
const start = timestamp.describe('a day begins at midnight UTC');

const quantity = z.number().nullish().describe('bytes for attachments, else events');
const timesSeen = z.number().nullish().describe('events');
const outcome = z
  .string()
  .describe('accepted, filtered, rate_limited, invalid, abuse, client_discard, cardinality_limited');
const category = z.string().describe('error, transaction, span, attachment, replay, log_item, monitor, …');

export const orgStat = z.looseObject({
  interval_start: start,
  category,
  outcome,
  reason: z.string().describe('such as the name of a filter; none for what was accepted'),
  quantity,
  times_seen: timesSeen,
});

export const projectStat = z.looseObject({
  interval_start: start,
  project_id: z.string(),
  category,
  outcome,
  quantity,
  times_seen: timesSeen,
});

export const orgStatSummary = z.looseObject({
  interval_start: start,
  project_id: z.string(),
  project_slug: z.string().nullish(),
  category,
  reason: z.string().nullish(),
  outcomes: z
    .looseObject({
      accepted: z.number().nullish(),
      filtered: z.number().nullish(),
      rate_limited: z.number().nullish(),
      invalid: z.number().nullish(),
      abuse: z.number().nullish(),
      client_discard: z.number().nullish(),
      cardinality_limited: z.number().nullish(),
    })
    .nullish(),
  totals: z
    .looseObject({
      dropped: z.number().nullish(),
      'sum(quantity)': z.number().nullish(),
    })
    .nullish(),
});

export const sessionStat = z.looseObject({
  interval_start: start,
  project_id: z.string(),
  release: z.string().describe('a version; (none): sessions without one'),
  environment: z.string().describe('(none): without one'),
  session_status: z.string().describe('healthy, errored, crashed, abnormal; all: the row of all of them'),
  sessions: z.number().nullish(),
  users: z.number().nullish().describe('distinct ones of the day: days do not add up'),
  crash_free_sessions: z.number().nullish().describe('share, 0 to 1; in rows of all'),
  crash_free_users: z.number().nullish().describe('share, 0 to 1; in rows of all'),
});

export const droppedEvents = z.looseObject({
  interval_start: timestamp,
  interval_end: timestamp.nullish(),
  dataset: z.string().describe('spans, logs, tracemetrics'),
  type: z.string().nullish(),
  category: z.string(),
  outcome,
  reason: z.string(),
  count: z.number().nullish(),
});
