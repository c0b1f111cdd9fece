/**
 * Everything that is drawn for a case: what the server is like, what the settings ask for, and what happens
 * between and during the runs. All fields are plain data; the ordinary server is `ordinaryPlan`.
 */
import type { FurtherName } from './further.js';
import type { Dice } from './random.js';

export const streams = [
  'projects',
  'project_detail',
  'teams',
  'users',
  'releases',
  'release',
  'issues',
  'issue_detail',
  'issue_events',
  'events',
  'event_detail',
] as const;
export type StreamName = (typeof streams)[number] | FurtherName;

/** Lists that are paged. */
export const listRoutes = [
  'projects',
  'teams',
  'members',
  'users',
  'releases',
  'issues',
  'projectIssues',
  'events',
  'issueEvents',
] as const;
export type ListRoute = (typeof listRoutes)[number];

/** Routes that may be there or not. */
export type Route = ListRoute | 'project' | 'release' | 'issue' | 'oldIssue' | 'oldIssueEvents' | 'event';

type Existence = 'there' | 403 | 404 | 405 | 500 | 'html';
type LinkForm =
  | 'standard'
  | 'relative'
  | 'capitals'
  | 'unquoted'
  | 'python set'
  | 'twice'
  | 'results False'
  | 'inner host'
  | 'absent';
export type CursorForm = 'rows' | 'pages' | 'time' | 'opaque';
/** Rows that the server cuts into pages first and takes out afterwards. */
export type Filtered = 'nothing' | 'the first page' | 'pages in the middle' | 'single rows';
type Endless = 'no' | 'empty pages' | 'the last page again' | 'the same cursor' | 'the first page again';
type Order = 'newest first' | 'unsorted' | 'by arrival';
export type RangeForm =
  | 'kept'
  | 'kept, end included'
  | 'ignored'
  | 'another date'
  | 'nothing in any range'
  | 'refused before retention'
  | 'seven days at most'
  | 'seven days without a range'
  | 'cut'
  | 'wide ones time out'
  | 'kept by lastSeen'
  | 'kept, no lifetime';

export interface ListForm {
  link: LinkForm;
  cursor: CursorForm;
  /** Links that are not sent: on the first try of a page, or on every one. */
  lost: 'none' | 'once' | 'always';
  /** The most rows of a page; `refuse`: a larger page size is a 400. */
  most: number;
  refuse: boolean;
  filtered: Filtered;
  endless: Endless;
  order: Order;
  range: RangeForm;
}

type DateForm = 'right' | 'three hours fast' | 'an hour behind' | 'missing' | 'year 2099' | 'year 1970';
export type Passing = '500' | '502' | '503' | '504' | '429 now' | '429 soon' | 'empty' | 'truncated' | 'reset';
export type Change =
  | 'new events'
  | 'late events'
  | 'read events deleted'
  | 'new release'
  | 'old release'
  | 'row deleted'
  | 'project deleted'
  | 'new project'
  | 'new people'
  | 'project renamed';

interface Limits {
  requests: number;
  /** Milliseconds. */
  window: number;
  headers: 'right' | 'milliseconds' | 'year 2099' | 'past' | 'none';
}

export interface RunPlan {
  streams: StreamName[];
  /** How the run is cut short: at its so many-th request. */
  kill: { signal: 'SIGKILL' | 'SIGTERM'; request: number } | undefined;
  /** Milliseconds since the end of the run before, and what happens in them. */
  pause: number;
  changes: Change[];
}

interface Sizes {
  projects: number;
  events: number;
  releases: number;
  teams: number;
  members: number;
}

export interface Plan {
  seed: number;
  /** What is not ordinary, in words. */
  words: string[];
  /** At least one oddity lets the tap say that it could not read everything. */
  maySay: boolean;
  sizes: Sizes;
  /** Epoch ms at which the first run begins; `startDate` is the setting. */
  now: number;
  startDate: number;
  settings: {
    page_size: number;
    lookback: 'PT0S' | 'PT10M' | 'PT1H' | 'P1D';
    retry_time: number;
    fetch_event_details: boolean;
    issue_query: '' | 'is:unresolved';
    issues_full_refresh_interval: 'PT0S' | 'P1D';
    emit_activate_version_messages: boolean;
    concurrency: number | undefined;
    max_events_per_project: number | undefined;
    /** So many of the projects are named in `project_slugs`. */
    named: number | undefined;
  };
  lists: Record<ListRoute, ListForm>;
  /** The further streams of the case, and how their lists are paged. */
  further: Partial<Record<FurtherName, ListForm>>;
  routes: Record<Route, Existence>;
  /** `project=-1`, and no `project` at all. */
  everyProject: 'understood' | 'literal' | 'refused';
  noProject: 'all' | 'own';
  /** Search terms that the server does not know. */
  terms: 'known' | 'ignored' | 'no rows' | 'refused';
  sortDate: 'known' | 422;
  ids: 'both' | 'slugs, else 404' | 'slugs, else []';
  /** The server gives whole bodies: on `full`, always, never; at most so many in a page. */
  bodies: 'on request' | 'always' | 'never';
  fullMost: number;
  bodiesRefused: 'none' | 403 | 404;
  refusedProject: { status: 403 | 404; listed: boolean } | undefined;
  /** From this run on the list of projects is short, though each is still there by its id. */
  hiding: { run: number; left: 0 | 1 } | undefined;
  date: DateForm;
  /** Milliseconds by which the tap's machine is ahead. */
  machine: number;
  limits: { routes: readonly Route[] | 'all'; limits: Limits } | undefined;
  retryAfterDay: Route | undefined;
  passing: { kinds: Passing[]; share: number } | undefined;
  badRow: 'none' | 'any list' | 'full lists';
  bytes: (
    | 'exact numbers'
    | 'wrong bytes'
    | 'lone surrogates'
    | 'byte order mark'
    | 'deep'
    | 'odd text'
    | 'wide JSON'
  )[];
  /** Lists hold null where a row could not be written. */
  nulls: boolean;
  numericIds: boolean;
  dashedIds: boolean;
  releaseIds: boolean;
  dates: 'seconds' | 'fractions' | 'offset';
  /** Rows in one second, and rows whose shown time is another than the one they are sorted by. */
  crowd: number;
  liars: ('year 1' | 'year 2001' | 'days early' | 'days late')[];
  /** Changes between two pages, and how often. */
  moving: { kinds: Change[]; share: number; lastToo: boolean } | undefined;
  runs: RunPlan[];
}

/** A route that is paged as today's Sentry pages it. */
const ordinaryList = (route: ListRoute, dice: Dice): ListForm => ({
  link: 'standard',
  cursor: route === 'issues' || route === 'projectIssues' ? dice.pick(['time', 'rows'] as const) : cursorOf(route),
  lost: 'none',
  most: 100,
  refuse: false,
  filtered: 'nothing',
  endless: 'no',
  order: 'newest first',
  range: route === 'projectIssues' ? 'ignored' : 'kept',
});

const cursorOf = (route: ListRoute): CursorForm => (route === 'events' || route === 'issueEvents' ? 'rows' : 'pages');

/** The ordinary server: a Sentry of today without limits, with these sizes, settings and runs. */
export function ordinaryPlan(
  seed: number,
  dice: Dice,
  drawn: Pick<Plan, 'sizes' | 'now' | 'startDate' | 'settings' | 'runs'>,
): Plan {
  return {
    seed,
    words: [],
    maySay: false,
    ...drawn,
    lists: Object.fromEntries(listRoutes.map((route) => [route, ordinaryList(route, dice)])) as Plan['lists'],
    further: {},
    routes: {
      ...(Object.fromEntries(listRoutes.map((route) => [route, 'there'])) as Record<ListRoute, Existence>),
      project: 'there',
      release: 'there',
      issue: 'there',
      oldIssue: 'there',
      oldIssueEvents: 'there',
      event: 'there',
    },
    everyProject: 'understood',
    noProject: 'all',
    terms: 'known',
    sortDate: 'known',
    ids: 'both',
    bodies: 'on request',
    fullMost: 100,
    bodiesRefused: 'none',
    refusedProject: undefined,
    hiding: undefined,
    date: 'right',
    machine: 0,
    limits: undefined,
    retryAfterDay: undefined,
    passing: undefined,
    badRow: 'none',
    bytes: [],
    nulls: false,
    numericIds: false,
    dashedIds: false,
    releaseIds: true,
    dates: 'seconds',
    crowd: 0,
    liars: [],
    moving: undefined,
  };
}
