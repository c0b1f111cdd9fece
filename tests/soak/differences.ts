/**
 * What a target holds against what Sentry holds. The kinds of difference that cannot be avoided are a
 * closed list, each with a heading in docs/reliability.md; everything else is lost, doubled or wrong.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Demo } from '../../demo/index.js';

/** Headings of docs/reliability.md; a test compares. */
export const kinds = {
  gone: 'What is gone from Sentry stays in the target',
  merged: 'A merge moves events without a sign',
  late: 'Events later than the lookback are missing',
  unseen: 'Changes without an event wait for the full pass',
  later: 'What becomes visible later comes with the next run',
  twins: 'Two projects may share an event id',
} as const;
export type Kind = keyof typeof kinds;

export interface Comparison {
  lost: string[];
  wrong: string[];
  doubled: string[];
  allowed: Map<Kind, number>;
}

type Rows = ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown>>>;

/** Streams whose truth is known, and the key that a target's row has there. */
const trueKey: Readonly<Record<string, (row: Record<string, unknown>) => string>> = {
  projects: ({ id }) => String(id),
  project_detail: ({ id }) => String(id),
  teams: ({ id }) => String(id),
  users: ({ id }) => String(id),
  releases: ({ version }) => String(version),
  release: ({ version }) => String(version),
  issues: ({ id }) => String(id),
  issue_detail: ({ id }) => String(id),
  events: ({ projectID, eventID }) => `${String(projectID)}/${String(eventID)}`,
  issue_events: ({ projectID, eventID }) => `${String(projectID)}/${String(eventID)}`,
  event_detail: ({ projectID, eventID }) => `${String(projectID)}/${String(eventID)}`,
};
export type ComparedStream =
  | 'projects'
  | 'project_detail'
  | 'teams'
  | 'users'
  | 'releases'
  | 'release'
  | 'issues'
  | 'issue_detail'
  | 'events'
  | 'issue_events'
  | 'event_detail';

/** Not compared: what depends on the question (a window's counts, where the token stands) and not on the row. */
const unsteady: Readonly<Record<string, ReadonlySet<string>>> = {
  issues: new Set(['stats', 'lifetime', 'filtered']),
  events: new Set(['groupID']),
  issue_events: new Set(['groupID']),
};
const contentCompared = new Set([
  'issues',
  'events',
  'issue_events',
  'projects',
  'teams',
  'releases',
  'project_detail',
]);

export interface Knowledge {
  /** `<projectID>/<eventID>` of events that arrived later after their time than the lookback. */
  late: ReadonlySet<string>;
  /** Issues that a merge, or a late event, has moved in time. */
  moved: ReadonlySet<string>;
  /** A project was lost: its releases went from lists that were being paged by count. */
  withdrawn: boolean;
  /** Compare rows as well as keys: only where the last run read everything again. */
  contents: boolean;
}

export function compare(
  demo: Demo,
  held: Rows,
  streams: readonly ComparedStream[],
  { late, moved, withdrawn, contents }: Knowledge,
): Comparison {
  const result: Comparison = { lost: [], wrong: [], doubled: [], allowed: new Map() };
  const allow = (kind: Kind): void => void result.allowed.set(kind, (result.allowed.get(kind) ?? 0) + 1);
  for (const stream of streams) {
    const found = new Map<string, Record<string, unknown>>();
    for (const row of held.get(stream)?.values() ?? []) {
      const key = trueKey[stream]?.(row) ?? '';
      if (found.has(key)) result.doubled.push(`${stream} ${key}`);
      found.set(key, row);
    }
    const dated = new Set(['events', 'issue_events', 'event_detail']).has(stream);
    const ids = new Set(stream === 'events' ? held.get(stream)?.keys() : []); // the key is the id alone
    for (const { key, text } of demo.truth().each(stream === 'users' ? 'members' : stream)) {
      const row = found.get(key);
      found.delete(key);
      if (row === undefined) {
        if (ids.has(idOf(key))) allow('twins');
        else if (dated && late.has(key)) allow('late');
        else if (
          stream === 'issue_events' &&
          moved.has(String((JSON.parse(text()) as Record<string, unknown>)['groupID']))
        )
          allow('merged');
        else if (stream === 'release' && withdrawn && held.get('releases')?.has(key)) allow('unseen');
        else
          result.lost.push(
            `${stream} ` +
              `${key}${dated ? ` of ${String((JSON.parse(text()) as Record<string, unknown>)['dateCreated'])}` : ''}`,
          );
      } else if (contents && contentCompared.has(stream)) {
        const different = difference(row, JSON.parse(text()) as Record<string, unknown>, unsteady[stream]);
        if (different === undefined) continue;
        if (dated && late.has(key)) allow('late');
        else result.wrong.push(`${stream} ${key}: ${different}`);
      }
    }
    for (let extra = found.size; extra > 0; extra--) allow('gone');
  }
  return result;
}

const idOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** The first field that is not as it is in truth. */
function difference(
  row: Record<string, unknown>,
  truth: Record<string, unknown>,
  unsteadyFields: ReadonlySet<string> | undefined,
): string | undefined {
  for (const [name, value] of Object.entries(row)) {
    if (unsteadyFields?.has(name)) continue;
    if (!isDeepStrictEqual(plain(value), plain(truth[name])))
      return (
        `${name} is ${JSON.stringify(value)?.slice(0, 80)}, ` + `should be ${JSON.stringify(truth[name])?.slice(0, 80)}`
      );
  }
  return undefined;
}

/** Without what the tap is meant to change: absent is null, dates are written with Z. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string')
    return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)$/.test(value) ? new Date(value).getTime() : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== null && item !== undefined)
        .map(([name, item]) => [name, plain(item)]),
    );
  return value;
}
