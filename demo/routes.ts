/** The paths this Sentry knows, the scopes each asks for (any one is enough), and who answers. */
import type { Answer, ApiRequest } from './answer.js';
import type { App } from './app.js';
import { documentedAnswer } from './documented/answer.js';
import { factsOf } from './documented/shape.js';
import { documentedRoutes } from './documented/tables.js';
import { eventDetail, issueEvents, projectEvents } from './endpoints/events.js';
import { explore } from './endpoints/explore.js';
import { issueDetail, organizationIssues, projectIssues } from './endpoints/issues.js';
import { index, members, organization, organizations, teams, users } from './endpoints/organization.js';
import { project, projects } from './endpoints/projects.js';
import { release, releases } from './endpoints/releases.js';
import { allScopes } from './options.js';
import { statisticsRoutes } from './statistics/answers.js';

export interface Route {
  /** Limits, faults and journal know it by this. */
  readonly name: string;
  readonly template: string;
  readonly scopes: readonly string[];
  readonly answer: (app: App, request: ApiRequest) => Answer;
  /** Sent with every answer: a route on its way out. */
  readonly headers?: Readonly<Record<string, string>>;
}

const orgScopes = ['org:read', 'org:write', 'org:admin'];
const eventScopes = ['event:read', 'event:write', 'event:admin'];
const projectScopes = ['project:read', 'project:write', 'project:admin'];
const releaseScopes = ['project:releases', ...projectScopes, 'org:ci'];
const memberScopes = ['member:read', 'member:write', 'member:admin'];
const deprecated = {
  'X-Sentry-Deprecation-Date': '2026-06-01T00:00:00+00:00',
  'X-Sentry-Replacement-Endpoint': '/api/0/organizations/{organization_id_or_slug}/issues/{issue_id}/',
};

export const routes: readonly Route[] = [
  { name: 'index', template: '/', scopes: allScopes, answer: index },
  { name: 'organizations', template: '/organizations/', scopes: orgScopes, answer: organizations },
  { name: 'organization', template: '/organizations/{organization}/', scopes: orgScopes, answer: organization },
  { name: 'projects', template: '/organizations/{organization}/projects/', scopes: orgScopes, answer: projects },
  { name: 'teams', template: '/organizations/{organization}/teams/', scopes: orgScopes, answer: teams },
  { name: 'users', template: '/organizations/{organization}/users/', scopes: orgScopes, answer: users },
  { name: 'members', template: '/organizations/{organization}/members/', scopes: memberScopes, answer: members },
  { name: 'releases', template: '/organizations/{organization}/releases/', scopes: releaseScopes, answer: releases },
  {
    name: 'release',
    template: '/organizations/{organization}/releases/{version}/',
    scopes: releaseScopes,
    answer: release,
  },
  {
    name: 'issues',
    template: '/organizations/{organization}/issues/',
    scopes: eventScopes,
    answer: organizationIssues,
  },
  {
    name: 'issue',
    template: '/organizations/{organization}/issues/{issue}/',
    scopes: eventScopes,
    answer: issueDetail,
  },
  {
    name: 'issue_events',
    template: '/organizations/{organization}/issues/{issue}/events/',
    scopes: eventScopes,
    answer: issueEvents,
  },
  { name: 'issue', template: '/issues/{issue}/', scopes: eventScopes, answer: issueDetail, headers: deprecated },
  {
    name: 'issue_events',
    template: '/issues/{issue}/events/',
    scopes: eventScopes,
    answer: issueEvents,
    headers: deprecated,
  },
  { name: 'project', template: '/projects/{organization}/{project}/', scopes: projectScopes, answer: project },
  {
    name: 'project_issues',
    template: '/projects/{organization}/{project}/issues/',
    scopes: eventScopes,
    answer: projectIssues,
  },
  {
    name: 'events',
    template: '/projects/{organization}/{project}/events/',
    scopes: projectScopes,
    answer: projectEvents,
  },
  {
    name: 'event',
    template: '/projects/{organization}/{project}/events/{event}/',
    scopes: projectScopes,
    answer: eventDetail,
  },
  { name: 'explore', template: '/organizations/{organization}/events/', scopes: orgScopes, answer: explore },
  ...statisticsRoutes.map((route) => ({ ...route, scopes: factsOf(route.template).scopes })),
  ...documentedRoutes.map((route) => ({
    name: route.name,
    template: route.template,
    scopes: factsOf(route.template).scopes,
    answer: documentedAnswer(route),
  })),
];

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

const split = routes.map((route) => ({ route, parts: route.template.split('/') }));

/** The route of a path below `/api/0`, with its values decoded as one segment each. */
export function matchRoute(path: string): Match | undefined {
  const segments = path.split('/');
  for (const { route, parts } of split) {
    if (parts.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = parts.every((part, n) => {
      const segment = segments[n]!;
      if (!part.startsWith('{')) return part === segment;
      if (segment === '') return false;
      const value = decoded(segment);
      if (value === undefined) return false;
      params[part.slice(1, -1)] = value;
      return true;
    });
    if (fits) return { route, params };
  }
  return undefined;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
