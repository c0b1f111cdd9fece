/**
 * Events: https://docs.sentry.io/api/events/list-a-projects-error-events/,
 * https://docs.sentry.io/api/events/list-an-issues-events/ and
 * https://docs.sentry.io/api/events/retrieve-an-event-for-a-project/
 *
 * The lists send a short row, or the full body with `full=1`; the document has only the short one. An event alone
 * is the full body and a few fields about its release and neighbours. What the document gets wrong: `crashFile` is text
 * there
 * and is the attachment; `dateCreated` and `culprit` are absent from transactions, which have start and end.
 */
import * as z from 'zod';
import { deploy, freeObject, timestamp, versionInfo } from './common.js';

/** The person whose program failed, as the SDK told it: not an account. */
const eventUser = z.looseObject({
  id: z.string().nullish(),
  username: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  ip_address: z.string().nullish(),
  geo: freeObject.nullish(),
  data: freeObject.nullish(),
});

const tag = z.looseObject({
  key: z.string().nullish(),
  value: z.string().nullish(),
  query: z.string().nullish().describe('how to search for it, where that is not key:value'),
});

/** What the short row, the full body and an event alone have. */
const eventBase = z.looseObject({
  id: z.string().nullish().describe('the same as eventID'),
  eventID: z.string().describe('chosen by the SDK: 32 hexadecimal digits, unique in one project'),
  projectID: z.string(),
  groupID: z.string().nullish().describe('the issue; changes when issues are merged'),
  title: z.string().nullish(),
  message: z.string().nullish(),
  culprit: z.string().nullish(),
  location: z.string().nullish(),
  platform: z.string().nullish(),
  metadata: freeObject.nullish().describe('type, value, filename, function, title, … by kind of event'),
  tags: z.array(tag).nullish(),
  user: eventUser.nullish(),
  crashFile: z.string().nullish().describe('text; JSON when the API sends an object'),
  dateCreated: timestamp.nullish().describe("the SDK's clock"),
});

/** The full body: what `full=1` adds to a list's row. */
const fullEvent = z.looseObject({
  ...eventBase.shape,
  type: z
    .string()
    .nullish()
    .describe('default, error, csp, nel, hpkp, expectct, expectstaple, transaction, generic, feedback'),
  size: z.int().nullish().describe('bytes'),
  dist: z.string().nullish(),
  sdk: z
    .looseObject({
      name: z.string().nullish(),
      version: z.string().nullish(),
    })
    .nullish(),
  entries: z
    .array(z.looseObject({ type: z.string().nullish() }))
    .nullish()
    .describe('exception, threads, breadcrumbs, request, message, …: type and data'),
  contexts: freeObject.nullish().describe('by name: browser, os, device, runtime, trace, …'),
  context: freeObject.nullish().describe('extra data of the SDK'),
  packages: freeObject.nullish().describe('by name: version'),
  errors: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        message: z.string().nullish(),
        data: freeObject.nullish(),
      }),
    )
    .nullish()
    .describe('what Sentry could not process'),
  fingerprints: z.array(z.string()).nullish().describe('hashes by which the event is grouped'),
  groupingConfig: z
    .looseObject({
      id: z.string().nullish(),
      enhancements: z.string().nullish(),
    })
    .nullish(),
  occurrence: z
    .looseObject({
      id: z.string().nullish(),
      projectId: z.int().nullish(),
      eventId: z.string().nullish(),
      fingerprint: z.array(z.string()).nullish(),
      issueTitle: z.string().nullish(),
      subtitle: z.string().nullish(),
      culprit: z.string().nullish(),
      resourceId: z.string().nullish(),
      type: z.int().nullish(),
      level: z.string().nullish(),
      priority: z.int().nullish(),
      evidenceData: freeObject.nullish(),
      evidenceDisplay: z
        .array(
          z.looseObject({
            name: z.string().nullish(),
            value: z.string().nullish(),
            important: z.boolean().nullish(),
          }),
        )
        .nullish(),
      assignee: z.string().nullish(),
      detectionTime: z.number().nullish().describe('unix seconds'),
    })
    .nullish()
    .describe('issues that Sentry detects without an error'),
  measurements: freeObject.nullish().describe('transactions; by name: value and unit'),
  breakdowns: freeObject.nullish().describe('transactions'),
  _meta: freeObject.nullish().describe('what was cut or scrubbed'),
  startTimestamp: z.number().nullish().describe('transactions; unix seconds'),
  endTimestamp: z.number().nullish().describe('transactions; unix seconds'),
  dateReceived: timestamp.nullish().describe("the server's clock"),
});

/** What the tap makes of an event. */
const madeText = z
  .string()
  .nullish()
  .describe('the event as a text, where the setting event_text is on; empty otherwise. Holds personal data');

/** What a list sends. Fields of the full body are empty unless it was asked for. */
export const listedEvent = z.looseObject({
  ...fullEvent.shape,
  'event.type': z.string().nullish().describe('as type, in short rows'),
});

/** The same as a row. */
export const event = z.looseObject({ ...listedEvent.shape, text_content: madeText });

const eventRelease = z.looseObject({
  id: z.int().nullish(),
  version: z.string().nullish(),
  versionInfo: versionInfo.nullish(),
  status: z.string().nullish(),
  ref: z.string().nullish(),
  url: z.string().nullish(),
  data: freeObject.nullish(),
  userAgent: z.string().nullish(),
  commitCount: z.int().nullish(),
  lastCommit: freeObject.nullish(),
  deployCount: z.int().nullish(),
  lastDeploy: deploy.nullish(),
  dateCreated: timestamp.nullish(),
  dateReleased: timestamp.nullish(),
});

const userReport = z.looseObject({
  id: z.string().nullish(),
  eventID: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  comments: z.string().nullish(),
  event: z
    .looseObject({
      id: z.string().nullish(),
      eventID: z.string().nullish(),
    })
    .nullish(),
  user: z
    .looseObject({
      id: z.string().nullish(),
      username: z.string().nullish(),
      name: z.string().nullish(),
      email: z.string().nullish(),
      ipAddress: z.string().nullish(),
      avatarUrl: z.string().nullish(),
    })
    .nullish(),
  dateCreated: z.string().nullish(),
});

export const eventDetail = z.looseObject({
  ...fullEvent.shape,
  release: eventRelease.nullish(),
  userReport: userReport.nullish(),
  sdkUpdates: z.array(freeObject).nullish(),
  resolvedWith: z.array(z.string()).nullish(),
  nextEventID: z.string().nullish().describe('in the issue'),
  previousEventID: z.string().nullish().describe('in the issue'),
  text_content: madeText,
});

/** https://docs.sentry.io/api/events/list-an-events-attachments/ */
export const eventAttachment = z.looseObject({
  project_id: z.string(),
  id: z.string(),
  event_id: z.string(),
  type: z.string().nullish().describe('event.attachment, event.minidump, event.view_hierarchy, …'),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.int().nullish().describe('bytes'),
  sha1: z.string().nullish(),
  headers: freeObject.nullish(),
  dateCreated: timestamp.nullish(),
});
