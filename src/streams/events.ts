/**
 * Error events. Their time is the clock of the program that failed: events may arrive long after it.
 * Event ids are chosen by SDKs and unique in one project only.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../schemas/config.js';
import { event, eventAttachment, eventDetail } from '../schemas/events.js';
import { type Context, type Params, type Row, type RowSource, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { issues } from './issues.js';
import { withText } from './rows/event-text.js';
import { project } from './scopes/project.js';

/** Any non-empty value of `full` means true on many servers, so it is left out instead of false. */
const bodies = ({ fetch_event_details }: Config) => (fetch_event_details ? { full: '1' } : {});

/** The body of an event, where a list would not send it. */
const body = {
  wanted: ({ fetch_event_details }: Config) => fetch_event_details,
  present: (row: Row) => row['entries'] !== undefined,
  param: 'full',
  path: '/projects/{organization}/{project_id}/events/{event_id}/',
  context: (row: Row) => ({ project_id: String(row['projectID']), event_id: String(row['eventID']) }),
};

const window = {
  params: (range: { start: string; end: string }) => range,
  dates: ({ dateCreated, dateReceived }: Row) => [dateCreated, dateReceived], // GlitchTip goes by the latter
  expires: true,
  maxRows: 9000, // offsets beyond 10,000 are refused
};

export const events = defineStream({
  name: 'events',
  summary: 'The error events of each project.',
  path: '/projects/{organization}/{project_id}/events/',
  scope: project,
  schema: event,
  primaryKey: ['eventID'],
  permission: 'project:read',
  replicationKey: 'dateCreated',
  params: bodies,
  window,
  lookback: ({ lookback }) => lookback,
  row: eventRow,
  keep: ({ eventID }, { sample_fraction }) => sample_fraction >= 1 || share(eventID) < sample_fraction,
  maxNewest: ({ max_events_per_project }) => max_events_per_project,
  emptyIf: {
    stream: issues as never,
    when: ({ issue_query }) => issue_query === '',
    never: ({ firstEvent }) => firstEvent === null,
    // Issues of other kinds (feedback, slow code) have no error events.
    since: ({ firstSeen, issueCategory }) => (issueCategory && issueCategory !== 'error' ? undefined : firstSeen),
  },
  body,
  personal: true,
});

export const issue_events = defineStream({
  name: 'issue_events',
  summary: 'The events of each issue: the rows of events again, asked by issue.',
  path: '/organizations/{organization}/issues/{issue_id}/events/',
  scope: each(issues, {
    context: ({ id, project }) => ({ issue_id: String(id), project_id: String(project?.id ?? '') }),
    alias: ({ project }) => (project?.slug ? { project_id: project.slug } : undefined),
  }),
  schema: event,
  primaryKey: ['projectID', 'eventID'],
  permission: 'event:read',
  replicationKey: 'dateCreated',
  optional: true,
  params: bodies,
  window,
  lookback: ({ lookback }) => lookback,
  row: eventRow,
  keep: ({ eventID }, { sample_fraction }) => sample_fraction >= 1 || share(eventID) < sample_fraction,
  maxNewest: ({ max_events_per_issue }) => max_events_per_issue,
  body,
  fallback: { path: '/issues/{issue_id}/events/', params: bodies }, // what old servers have
  personal: true,
});

export const event_detail = defineStream({
  name: 'event_detail',
  summary: 'Each event by itself: the body, its release and its neighbours. A request per event.',
  path: '/projects/{organization}/{project_id}/events/{event_id}/',
  scope: each(events, { context: ({ eventID, projectID }) => ({ project_id: String(projectID), event_id: eventID }) }),
  schema: eventDetail,
  primaryKey: ['projectID', 'eventID'],
  permission: 'project:read',
  replicationKey: 'dateCreated',
  optional: true,
  answer: 'object',
  lookback: ({ lookback }) => lookback,
  row: eventRow,
  personal: true,
});

export const event_attachments = defineStream({
  name: 'event_attachments',
  summary: 'The files attached to each event: what they are, not their contents.',
  path: '/projects/{organization}/{project_id}/events/{event_id}/attachments/',
  scope: each(events, { context: ({ eventID, projectID }) => ({ project_id: String(projectID), event_id: eventID }) }),
  schema: eventAttachment,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  lookback: ({ lookback }) => lookback,
  skip: [404], // the organization has no attachments
  caution: 'A request for each event.',
});

/** An event as Sentry writes it, with its text where that is wanted. */
function eventRow(source: Row, context: Context, _params: Params, more: RowSource<Config>): Row {
  return withText(likeSentry(source, context), more);
}

/**
 * The names and ids of Sentry, for rows of servers that write them in another way; a project that the row does not
 * name.
 */
function likeSentry(source: Row, { project_id }: Context): Row {
  const row = 'event_id' in source && !('eventID' in source) ? withSentryNames(source) : source;
  const { eventID, id, projectID } = row;
  const isDashed = typeof eventID === 'string' && eventID.includes('-');
  const lacksProject = (projectID === undefined || projectID === null) && project_id !== undefined;
  if (row === source && !isDashed && !lacksProject) return row;
  const plain = isDashed ? eventID.replaceAll('-', '') : eventID;
  return {
    ...row,
    ...(isDashed ? { eventID: plain } : {}),
    ...(isDashed && id === eventID ? { id: plain } : {}),
    ...(lacksProject ? { projectID: project_id } : {}),
  };
}

/** `event_id` becomes `eventID`, `date_created` becomes `dateCreated`. */
function withSentryNames(row: Row): Row {
  const renamed = (name: string): string =>
    name.replace(/(?<=.)_id$/, 'ID').replace(/(?<=.)_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [renamed(name), value]));
}

/** A number in [0, 1) that is always the same for an event, so that two runs choose alike. */
const share = (eventId: string): number => createHash('sha1').update(eventId).digest().readUInt32BE(0) / 2 ** 32;
