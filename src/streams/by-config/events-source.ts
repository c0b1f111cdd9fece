/**
 * The outline of events through Explore, which allows thirty times as many requests as the list of a project. Same
 * stream, same key, same bookmark; what Explore does not tell stays empty.
 */
import type { Config } from '../../schemas/config.js';
import { type Row, type StreamDefinition, each } from '../../sdk/index.js';
import { events } from '../events.js';
import { projects } from '../projects.js';

type Definition = StreamDefinition<never, Config>;

/** Fields that become columns of their own. */
const columns = {
  id: 'id',
  groupID: 'issue.id',
  title: 'title',
  message: 'message',
  location: 'location',
  culprit: 'culprit',
  platform: 'platform',
  'event.type': 'event.type',
  dateCreated: 'timestamp',
};
const person = { id: 'user.id', email: 'user.email', username: 'user.username', ip_address: 'user.ip' };
const tags = ['level', 'environment', 'release', 'dist', 'transaction', 'server_name'];

/** The stream `events`, asked of Explore. */
export const eventsByExplore = {
  ...(events as unknown as Definition),
  path: '/organizations/{organization}/events/',
  scope: each(projects, {
    context: ({ id }) => ({ project_id: String(id) }),
    params: ({ project_id }) => ({ project: project_id }),
    refused: ({ hasAccess }) => hasAccess === false,
  }),
  permission: 'org:read',
  params: () => ({
    dataset: 'errors',
    field: [...Object.values(columns), ...Object.values(person), ...tags],
    sort: ['-timestamp', '-id'],
  }),
  records: 'data',
  row: ((row: Row, { project_id }: { project_id?: string }) => outlineOf(row, project_id)) as Definition['row'],
  window: {
    params: (range) => range,
    dates: ({ timestamp }) => [timestamp],
    expires: true,
    maxRows: 9000, // the server shows 10,000 rows of a list
  },
} as Definition;

/** All streams with the events, and what is below them, as the settings want them. */
export function withEventsSource(streams: readonly Definition[], { events_source }: Config): readonly Definition[] {
  if (events_source !== 'explore') return streams;
  const parent = eventsByExplore as unknown as StreamDefinition;
  return streams.map((stream) => {
    if (stream.name === events.name) return eventsByExplore;
    return stream.scope.parent?.name === events.name ? { ...stream, scope: { ...stream.scope, parent } } : stream;
  });
}

/** A row of Explore as a project's list has it. */
function outlineOf(row: Row, projectID: string | undefined): Row {
  const own = Object.entries(columns).map(([column, field]) => [column, row[field]]);
  const user = Object.entries(person).map(([column, field]) => [column, row[field] ?? null]);
  return {
    ...Object.fromEntries(own),
    eventID: row['id'],
    projectID,
    groupID: textOf(row['issue.id']),
    user: user.some(([, value]) => value !== null) ? Object.fromEntries(user) : null,
    tags: tags.flatMap((key) => (isSaid(row[key]) ? [{ key, value: row[key] }] : [])),
    dateCreated: row['timestamp'],
  };
}

const isSaid = (value: unknown): boolean => value !== null && value !== undefined && value !== '';

/** An id, which other streams have as a text. */
const textOf = (id: unknown): unknown => (typeof id === 'number' ? String(id) : id);
