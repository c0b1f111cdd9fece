/**
 * The servers that the demo can be: each a set of behaviours and the rate limits that it has. Only what differs is
 * said: sentry.io is written out, the others stand beside it.
 */
import type { Behaviour } from './behaviour.js';
import type { LimitPreset } from './limits.js';

/** The names of the servers that a demo can be. */
export const serverNames = ['sentry.io', 'sentry-2025', 'sentry-10', 'sentry-9', 'glitchtip'] as const;
export type ServerName = (typeof serverNames)[number];

/** A server's behaviour, and its limits for whoever asks for `limits: 'server'`. */
export interface ServerProfile {
  readonly behaviour: Behaviour;
  readonly limits: LimitPreset;
}

/** sentry.io in November 2026. */
const sentryIo: Behaviour = {
  usersEndpoint: true,
  nullUser: true,
  storeCrashReports: null,

  organizationDetail: 200,
  numericProjectPaths: 'found',
  allProjects: 'all',
  withoutProject: 'member',
  multiProject: true,
  strangers: 'refused',
  deprecations: true,
  documentedRoutes: true,
  rateLimitHeaders: true,

  linkHeader: 'text',
  cursorOnLastPage: true,
  opaqueCursors: false,
  pageSizeParam: 'per_page',
  numericIds: false,
  numericCounts: false,

  organizationIssues: true,
  organizationIssueDetail: 200,
  organizationIssueEvents: 200,
  defaultQuery: 'is:unresolved issue.priority:[high, medium]',
  issueCategories: true,
  unknownTermsFindNothing: false,
  unknownTermsIgnored: false,
  hitsOfUnknownTerms: true,
  issueSorts: ['date', 'new', 'freq', 'user'],
  unknownSort422: false,
  ignoreIssueDates: false,
  issueWindow: 'events',
  lifetime: true,
  assignees: true,
  emptyPages: false,
  shortIssuePages: false,
  issueCandidates: 0,

  fullEvents: 'asked',
  fullPageSize: 10,
  anyTextIsFull: false,
  ignoreEventDates: false,
  ignoreIssueEventDates: false,
  refuseEmptyPeriod: false,
  eventOrder: 'dateCreated',
  eventCursors: 'rows',
  eventOffsetLimit: 10_000,
  snakeCaseIssueEvents: false,
  dashedEventIds: false,

  releaseIds: true,
  releaseDate: 'created',
  ignoreReleaseDates: false,
  slashedVersions: false,
};

/** sentry.io and self-hosted Sentry until August 2025. */
const sentry2025: Behaviour = { ...sentryIo, fullPageSize: 0, ignoreEventDates: true };

/** Self-hosted Sentry from 10 to 21, as a 21.1 with one personal token of its owner was measured. */
const sentry10: Behaviour = {
  ...sentry2025,
  nullUser: false,
  numericProjectPaths: 'notFound',
  deprecations: false,
  documentedRoutes: false,
  defaultQuery: 'is:unresolved',
  issueCategories: false,
  hitsOfUnknownTerms: false,
  emptyPages: true,
  anyTextIsFull: true,
  refuseEmptyPeriod: true,
  releaseIds: false,
  releaseDate: 'later',
};

/** Sentry 9.1.2, which has no Snuba. */
const sentry9: Behaviour = {
  ...sentry2025,
  nullUser: false,
  storeCrashReports: false,
  numericProjectPaths: 'notFound',
  allProjects: 'forbidden',
  withoutProject: 'all',
  deprecations: false,
  documentedRoutes: false,
  organizationIssues: 'error',
  organizationIssueDetail: 404,
  organizationIssueEvents: 404,
  defaultQuery: 'is:unresolved',
  issueCategories: false,
  fullEvents: 'never',
  ignoreIssueEventDates: true,
  eventCursors: 'times',
  releaseIds: false,
};

/** GlitchTip in December 2025. */
const glitchtip: Behaviour = {
  ...sentry2025,
  nullUser: false,
  numericProjectPaths: 'emptyList',
  allProjects: 'nothing',
  withoutProject: 'all',
  strangers: 'emptyList',
  deprecations: false,
  documentedRoutes: false,
  linkHeader: 'set',
  cursorOnLastPage: false,
  opaqueCursors: true,
  pageSizeParam: 'limit',
  organizationIssueDetail: 405,
  organizationIssueEvents: 'html',
  defaultQuery: 'is:unresolved',
  issueCategories: false,
  unknownTermsIgnored: true,
  issueSorts: ['-last_seen', '-created', '-count'],
  unknownSort422: true,
  issueWindow: 'none',
  lifetime: false,
  assignees: false,
  fullEvents: 'always',
  ignoreIssueEventDates: true,
  eventOrder: 'dateReceived',
  eventOffsetLimit: 0,
  snakeCaseIssueEvents: true,
  releaseIds: false,
  slashedVersions: true,
};

/** What each name stands for. */
export const servers: Readonly<Record<ServerName, ServerProfile>> = {
  'sentry.io': { behaviour: sentryIo, limits: 'sentry.io' },
  'sentry-2025': { behaviour: sentry2025, limits: 'sentry-2025' },
  'sentry-10': { behaviour: sentry10, limits: 'off' },
  'sentry-9': { behaviour: sentry9, limits: 'off' },
  glitchtip: { behaviour: glitchtip, limits: 'off' },
};

/** The profile of a name. @throws RangeError when there is none. */
export function serverOf(name: string): ServerProfile {
  const known = serverNames.find((one) => one === name);
  if (known === undefined) throw new RangeError(`server: no such server: ${name}; known: ${serverNames.join(', ')}`);
  return servers[known];
}
