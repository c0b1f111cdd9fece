/**
 * Everything that can be chosen about a demo, with its defaults. Sizes and the seed make the world;
 * `behaviour` makes it act like another version of Sentry, or like a server that only resembles one.
 */
import type { FaultSpec } from './faults.js';
import type { LimitChoice } from './limits.js';

export interface Behaviour {
  /** The search an issue list uses when `query` is missing. */
  defaultQuery: string;
  /** Issue pages are cut before a last filter, so some are short and some empty although more follow. */
  shortIssuePages: boolean;
  /** Issue lists end in silence after so many candidates (Sentry's time budget); 0 = never. */
  issueCandidates: number;
  /** `/users/` exists; otherwise 404. */
  usersEndpoint: boolean;
  /** `/users/` holds one null element. */
  nullUser: boolean;
  /** Servers before August 2025: the dates of project events have no effect. */
  ignoreEventDates: boolean;
  /** Dates of issue lists have no effect. */
  ignoreIssueDates: boolean;
  /** Dates of release lists have no effect. */
  ignoreReleaseDates: boolean;
  /** Row offsets above this answer 400 in event lists; 0 = no limit. */
  eventOffsetLimit: number;
  /** `/organizations/{org}/issues/` exists; otherwise 404. */
  organizationIssues: boolean;
  /** What a window of issues selects on. */
  issueWindow: 'events' | 'firstSeen';
  /** Issue rows have `lifetime`. */
  lifetime: boolean;
  /** Any `key:value` term other than `is:` finds nothing, with status 200. */
  unknownTermsFindNothing: boolean;
  /** An unknown `sort` answers 422 with a list as `detail`. */
  unknownSort422: boolean;
  /** `false`: more than one project, or -1, answers 400. */
  multiProject: boolean;
  /** What `GET /organizations/{org}/` answers. */
  organizationDetail: 200 | 403 | 404;
  /** ids are JSON numbers. */
  numericIds: boolean;
  /** `count` of issues is a JSON number. */
  numericCounts: boolean;
  /** Event ids are written as 8-4-4-4-12. */
  dashedEventIds: boolean;
  /** X-Sentry-Rate-Limit-* headers are sent. */
  rateLimitHeaders: boolean;
  /** Link parts with results="false" have a cursor. */
  cursorOnLastPage: boolean;
}

export const usualBehaviour: Behaviour = {
  defaultQuery: 'is:unresolved issue.priority:[high, medium]',
  shortIssuePages: false,
  issueCandidates: 0,
  usersEndpoint: true,
  nullUser: true,
  ignoreEventDates: false,
  ignoreIssueDates: false,
  ignoreReleaseDates: false,
  eventOffsetLimit: 10_000,
  organizationIssues: true,
  issueWindow: 'events',
  lifetime: true,
  unknownTermsFindNothing: false,
  unknownSort422: false,
  multiProject: true,
  organizationDetail: 200,
  numericIds: false,
  numericCounts: false,
  dashedEventIds: false,
  rateLimitHeaders: true,
  cursorOnLastPage: true,
};

export const allScopes = [
  'org:read',
  'project:read',
  'team:read',
  'member:read',
  'event:read',
  'project:releases',
] as const;

export interface DemoOptions {
  /** 0 = any free port. */
  port?: number;
  host?: string;
  seed?: number;
  projects?: number;
  issues?: number;
  /** Error events in all; at least one per issue. */
  events?: number;
  releases?: number;
  members?: number;
  teams?: number;
  /** Days of history before `now`. */
  days?: number;
  retentionDays?: number;
  /** Where the clock starts; the real time when absent. */
  now?: Date | string | number;
  /** The clock stands still until it is advanced. */
  frozen?: boolean;
  /** The organization's slug. */
  organization?: string;
  token?: string;
  scopes?: readonly string[];
  /** A user is a member of some projects only; an integration of all. */
  tokenKind?: 'user' | 'integration';
  /** Projects listed with hasAccess=false. */
  inaccessibleProjects?: number;
  /** Added to every answer by a timer. */
  latencyMs?: number;
  gzip?: boolean;
  /** Keeps event row texts as bytes: `true` the list rows, `bodies` the full bodies too. */
  prerender?: boolean | 'bodies';
  /** Smallest size of an event list row; natural (about 1 KB) when absent. */
  rowBytes?: number;
  /** Smallest size of a full event body; natural (about 9 KB) when absent. */
  bodyBytes?: number;
  /** Host that Link URLs name, such as `https://acme.example`. */
  linkOrigin?: string;
  limits?: LimitChoice;
  faults?: readonly FaultSpec[];
  behaviour?: Partial<Behaviour>;
}

export interface Settings
  extends Required<
    Omit<DemoOptions, 'now' | 'rowBytes' | 'bodyBytes' | 'linkOrigin' | 'limits' | 'faults' | 'behaviour'>
  > {
  now: number;
  rowBytes: number;
  bodyBytes: number;
  linkOrigin: string | undefined;
  limits: LimitChoice;
  faults: readonly FaultSpec[];
  behaviour: Behaviour;
}

export function settle(options: DemoOptions): Settings {
  const issues = options.issues ?? 40;
  return {
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    seed: options.seed ?? 1,
    projects: options.projects ?? 5,
    issues,
    events: Math.max(options.events ?? 2000, issues),
    releases: options.releases ?? 20,
    members: options.members ?? 12,
    teams: options.teams ?? 4,
    days: options.days ?? 90,
    retentionDays: options.retentionDays ?? 90,
    now: options.now === undefined ? Date.now() : instant(options.now),
    frozen: options.frozen ?? false,
    organization: options.organization ?? 'acme',
    token: options.token ?? 'sntryu_demo0000000000000000000000000000000000000000000000000000',
    scopes: options.scopes ?? allScopes,
    tokenKind: options.tokenKind ?? 'user',
    inaccessibleProjects: options.inaccessibleProjects ?? 0,
    latencyMs: options.latencyMs ?? 0,
    gzip: options.gzip ?? false,
    prerender: options.prerender ?? false,
    rowBytes: options.rowBytes ?? 0,
    bodyBytes: options.bodyBytes ?? 0,
    linkOrigin: options.linkOrigin,
    limits: options.limits ?? 'off',
    faults: options.faults ?? [],
    behaviour: { ...usualBehaviour, ...options.behaviour },
  };
}

function instant(value: Date | string | number): number {
  const ms = new Date(value).getTime();
  if (Number.isNaN(ms)) throw new RangeError(`now: not a date: ${String(value)}`);
  return ms;
}
