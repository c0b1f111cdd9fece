/**
 * Everything that can be chosen about a demo, with its defaults. Sizes and the seed make the world; `server`
 * makes it act like another version of Sentry, or like a server that only resembles one.
 */
import type { Behaviour } from './behaviour.js';
import type { FaultSpec } from './faults.js';
import type { LimitChoice } from './limits.js';
import { serverOf, type ServerName } from './servers.js';

export const allScopes = [
  'org:read',
  'project:read',
  'team:read',
  'member:read',
  'event:read',
  'project:releases',
] as const;

/** A token that every server knows, of somebody who is in another organization. */
export const strangerToken = 'sntryu_strange0000000000000000000000000000000000000000000000000';

export interface DemoOptions {
  /** What it acts like; sentry.io of today when absent. */
  server?: ServerName;
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
  /** Rate limits; `server`: those that the server is known to have. */
  limits?: LimitChoice | 'server';
  faults?: readonly FaultSpec[];
  /** Single differences from the server's own behaviour. */
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
  const server = options.server ?? 'sentry.io';
  const profile = serverOf(server);
  const issues = options.issues ?? 40;
  return {
    server,
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
    limits: options.limits === 'server' ? profile.limits : (options.limits ?? 'off'),
    faults: options.faults ?? [],
    behaviour: { ...profile.behaviour, ...options.behaviour },
  };
}

function instant(value: Date | string | number): number {
  const ms = new Date(value).getTime();
  if (Number.isNaN(ms)) throw new RangeError(`now: not a date: ${String(value)}`);
  return ms;
}
