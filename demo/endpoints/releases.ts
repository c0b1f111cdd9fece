/**
 * Releases: newest first, by the date that the server goes by; archived ones only with `status=`; dates inclusive at
 * both ends.
 */
import { badRequest, html, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { projectsOf, type App } from '../app.js';
import type { Release } from '../entities.js';
import { releaseRow } from '../rows/release.js';
import { readWindow, type Window } from '../times.js';
import { offsetPage } from './organization.js';

export function releases(app: App, request: ApiRequest): Answer {
  const wanted = new Set(projectsOf(app, request.query));
  const status = request.query.get('status') ?? 'open';
  if (!['', 'open', 'archived'].includes(status)) throw badRequest('invalid value for status');
  const window = app.behaviour.ignoreReleaseDates ? undefined : readWindow(request.query, app.state);
  const found = app.state.releases
    .filter((release) => release.projects.some((project) => wanted.has(project)))
    .filter((release) => status === '' || release.status === status)
    .filter((release) => !window || isInside(dateOf(app, release) / 1000, window))
    .sort((a, b) => dateOf(app, b) - dateOf(app, a) || b.id - a.id);
  return offsetPage(app, request, found, (release) => releaseRow(app.state, release));
}

const isInside = (second: number, { start, end }: Window): boolean => second >= start && second <= end;

/** The date that orders and ranges a release, which need not be the one that a client expects. */
function dateOf({ behaviour }: App, { created, released }: Release): number {
  return behaviour.releaseDate === 'later' ? Math.max(created, released ?? 0) : created;
}

export function release(app: App, request: ApiRequest): Answer {
  if (isUnreachable(app, request.params.version ?? '')) return html('Page not found');
  const found = visibleReleases(app).find(({ version }) => version === request.params.version);
  if (!found) throw notFound();
  return json(releaseRow(app.state, found));
}

/** A release that its list shows, and that cannot be had alone. */
export function isUnreachable({ behaviour }: App, version: string): boolean {
  return behaviour.slashedVersions && version.includes('/');
}

/** Releases of at least one project the token may open. */
export function visibleReleases({ state }: App): Release[] {
  return state.releases.filter((one) => one.projects.some((project) => project.hasAccess));
}
