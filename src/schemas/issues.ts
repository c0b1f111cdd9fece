/**
 * Issues: https://docs.sentry.io/api/events/list-an-organizations-issues/ and
 * https://docs.sentry.io/api/events/retrieve-an-issue/
 *
 * What the document gets wrong: `owners` is one object in its list and is a list on every server;
 * `statusDetails.inCommit` is text there and is the whole commit; `permalink` may be null.
 * `count` is text, `userCount` an integer.
 */
import * as z from 'zod';
import { account, actor, freeObject, projectRef, timestamp } from './common.js';

const statusDetails = z.looseObject({
  inRelease: z.string().nullish(),
  inNextRelease: z.boolean().nullish(),
  inCommit: z.string().nullish().describe('text; JSON when the API sends an object'),
  ignoreCount: z.int().nullish().describe('events'),
  ignoreUserCount: z.int().nullish(),
  ignoreWindow: z.int().nullish().describe('minutes'),
  ignoreUserWindow: z.int().nullish().describe('minutes'),
  pendingEvents: z.int().nullish(),
  info: z
    .looseObject({
      syncCount: z.int().nullish(),
      totalEvents: z.int().nullish(),
      dateCreated: z.string().nullish(),
    })
    .nullish()
    .describe('while the issue is reprocessed'),
  actor: account.nullish().describe('who resolved or ignored'),
  ignoreUntil: timestamp.nullish(),
});

const inbox = z.looseObject({
  reason: z.int().nullish().describe('0 new, 2 regression, 3 manual, 4 reprocessed, 5 escalating, 6 ongoing'),
  reason_details: z
    .looseObject({
      until: z.string().nullish(),
      count: z.int().nullish(),
      window: z.int().nullish(),
      user_count: z.int().nullish(),
      user_window: z.int().nullish(),
    })
    .nullish(),
  date_added: timestamp.nullish(),
});

const suggestedOwner = z.looseObject({
  type: z.string().nullish().describe('suspectCommit, ownershipRule, codeowners'),
  owner: z.string().nullish().describe('user:ID, team:ID'),
  date_added: timestamp.nullish(),
});

const sentryAppIssue = z.looseObject({
  id: z.string().nullish(),
  issueId: z.string().nullish(),
  serviceType: z.string().nullish(),
  displayName: z.string().nullish(),
  webUrl: z.string().nullish(),
});

/** The numbers of an issue over another span than the row's. */
const counts = z.looseObject({
  count: z.string().nullish(),
  userCount: z.int().nullish(),
  stats: freeObject.nullish(),
  firstSeen: timestamp.nullish(),
  lastSeen: timestamp.nullish(),
});

/** What an issue has in the list and alone. */
const issueBase = z.looseObject({
  id: z.string(),
  shortId: z.string().nullish(),
  shareId: z.string().nullish(),
  title: z.string().nullish(),
  culprit: z.string().nullish(),
  permalink: z.string().nullish(),
  logger: z.string().nullish(),
  level: z.string().nullish().describe('sample, debug, info, warning, error, fatal, unknown'),
  platform: z.string().nullish(),
  project: projectRef.nullish(),
  type: z
    .string()
    .nullish()
    .describe('default, error, csp, nel, hpkp, expectct, expectstaple, transaction, generic, feedback'),
  issueType: z.string().nullish(),
  issueCategory: z.string().nullish(),
  metadata: freeObject.nullish().describe('type, value, filename, function, title, … by kind of issue'),
  status: z.string().nullish().describe('resolved, unresolved, ignored, reprocessing, pending_deletion, pending_merge'),
  substatus: z
    .string()
    .nullish()
    .describe(
      'archived_until_escalating, archived_until_condition_met, archived_forever, escalating, ongoing, regressed, new',
    ),
  statusDetails: statusDetails.nullish(),
  priority: z.string().nullish().describe('low, medium, high'),
  isUnhandled: z.boolean().nullish().describe('the latest error was not caught'),
  isPublic: z.boolean().nullish(),
  count: z.string().nullish().describe('events; digits as text'),
  userCount: z.int().nullish().describe('users that were affected'),
  numComments: z.int().nullish(),
  stats: freeObject.nullish().describe('by period: pairs of [unix seconds, events]'),
  annotations: z
    .array(
      z.looseObject({
        displayName: z.string().nullish(),
        url: z.string().nullish(),
      }),
    )
    .nullish()
    .describe('links to other trackers'),
  integrationIssues: z.array(freeObject).nullish().describe('on request only'),
  sentryAppIssues: z.array(sentryAppIssue).nullish().describe('on request only'),
  latestEventHasAttachments: z.boolean().nullish().describe('on request only'),
  inbox: inbox.nullish().describe('why the issue is up for review; on request only'),
  derivedData: z
    .looseObject({
      status: z.string().nullish(),
      progress: z.string().nullish(),
      blocker: z.string().nullish(),
      viewCount: z.int().nullish(),
      isAssigned: z.boolean().nullish(),
      hasRootCause: z.boolean().nullish(),
      hasOpenFixPr: z.boolean().nullish(),
      lastCompletedAutofixStep: z.string().nullish(),
      lastProgressedAt: timestamp.nullish(),
    })
    .nullish(),
  seerFixabilityScore: z.number().nullish().describe('0 to 1'),
  assignedTo: actor.nullish(),
  owners: z.array(suggestedOwner).nullish().describe('on request only'),
  isBookmarked: z.boolean().nullish().describe("by the token's user"),
  isSubscribed: z.boolean().nullish().describe("the token's user"),
  subscriptionDetails: z
    .looseObject({
      disabled: z.boolean().nullish(),
      reason: z.string().nullish(),
    })
    .nullish()
    .describe("of the token's user"),
  hasSeen: z.boolean().nullish().describe("the token's user"),
  firstSeen: timestamp.nullish(),
  lastSeen: timestamp.nullish(),
  priorityLockedAt: timestamp.nullish().describe('since when a person set the priority'),
  seerAutofixLastTriggered: timestamp.nullish(),
  seerExplorerAutofixLastTriggered: timestamp.nullish(),
});

export const issue = z.looseObject({
  ...issueBase.shape,
  lifetime: counts.nullish().describe('over all time, whatever the span of the query'),
  filtered: counts.nullish().describe('of the events that match the query'),
  sessionCount: z.int().nullish().describe('on request only'),
  matchingEventId: z.string().nullish().describe('when the query is an event id'),
  matchingEventEnvironment: z.string().nullish(),
});

export const issueDetail = z.looseObject({
  ...issueBase.shape,
  tags: z
    .array(
      z.looseObject({
        key: z.string().nullish(),
        name: z.string().nullish(),
        totalValues: z.int().nullish().describe('events with this tag'),
        uniqueValues: z.int().nullish(),
      }),
    )
    .nullish()
    .describe('without their values'),
  firstRelease: freeObject.nullish().describe('only version when the release is gone'),
  lastRelease: freeObject.nullish().describe('only version when the release is gone'),
  forecast: freeObject.nullish().describe('expected events; on request only'),
  userReportCount: z.int().nullish(),
  pluginActions: z.array(z.array(z.string())).nullish().describe('older servers: pairs of [label, path]'),
  pluginContexts: z.array(freeObject).nullish().describe('older servers'),
  pluginIssues: z.array(freeObject).nullish().describe('older servers'),
  activity: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        type: z.string().nullish(),
        data: freeObject.nullish(),
        user: freeObject.nullish(),
        dateCreated: timestamp.nullish(),
      }),
    )
    .nullish()
    .describe('the latest 100'),
  seenBy: z.array(freeObject).nullish(),
  participants: z.array(freeObject).nullish().describe('users and teams that are subscribed'),
});
