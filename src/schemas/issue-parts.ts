/**
 * What belongs to single issues: https://docs.sentry.io/api/events/list-an-issues-hashes/ and
 * https://docs.sentry.io/api/integration/retrieve-custom-integration-issue-links-for-the-given-sentry-issue/
 *
 * The document does not have the rest: the fields are those of activity.py and group_integrations.py.
 */
import * as z from 'zod';
import { account, freeObject, timestamp } from './common.js';
import { listedEvent } from './events.js';

export const issueHash = z.looseObject({
  issue_id: z.string(),
  id: z.string().describe('the hash: 32 hexadecimal digits; goes to another issue when issues are merged'),
  latestEvent: z
    .looseObject({ ...listedEvent.shape, eventID: z.string().nullish(), projectID: z.string().nullish() })
    .nullish()
    .describe('the short row of the latest event'),
  mergedBySeer: z.boolean().nullish(),
  seerMatchDistance: z.number().nullish(),
});

export const issueExternalIssue = z.looseObject({
  id: z.string(),
  issueId: z.string().nullish(),
  serviceType: z.string().nullish().describe('the slug of the app'),
  displayName: z.string().nullish(),
  webUrl: z.string().nullish(),
});

/** What happened to an issue, comments included. */
const activity = z.looseObject({
  issue_id: z.string(),
  id: z.string().describe('0: when the issue was first seen'),
  type: z.string().nullish().describe('note, assigned, set_resolved, set_regression, set_ignored, first_seen, …'),
  data: freeObject.nullish().describe('by type; of a comment its text'),
  user: account.nullish().describe('null: Sentry itself'),
  sentry_app: freeObject.nullish().describe('the app that did it'),
  dateCreated: timestamp.nullish(),
});

export const issueActivity = activity;

export const issueComment = z.looseObject({
  ...activity.shape,
  id: z.string(),
  source: z.string().nullish(),
});

export const issueLink = z.looseObject({
  issue_id: z.string(),
  id: z.string(),
  key: z.string().nullish().describe('what the tracker calls it'),
  url: z.string().nullish(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  displayName: z.string().nullish(),
  integration: z
    .looseObject({
      id: z.string().nullish(),
      name: z.string().nullish(),
      icon: z.string().nullish(),
      domainName: z.string().nullish(),
      accountType: z.string().nullish(),
      scopes: z.array(z.string()).nullish(),
      status: z.string().nullish(),
      provider: z
        .looseObject({
          key: z.string().nullish(),
          slug: z.string().nullish(),
          name: z.string().nullish(),
          canAdd: z.boolean().nullish(),
          canDisable: z.boolean().nullish(),
          features: z.array(z.string()).nullish(),
          aspects: freeObject.nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
