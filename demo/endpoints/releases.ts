/** Releases: newest first; archived ones only with `status=`; dates inclusive at both ends. */
import { badRequest, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { projectsOf, type App } from '../app.js';
import type { Release } from '../entities.js';
import { releaseRow } from '../rows/release.js';
import { readWindow } from '../times.js';
import { offsetPage } from './organization.js';

export function releases(app: App, request: ApiRequest): Answer {
  const wanted = new Set(projectsOf(app, request.query));
  const status = request.query.get('status') ?? 'open';
  if (!['', 'open', 'archived'].includes(status)) throw badRequest('invalid value for status');
  const window = app.behaviour.ignoreReleaseDates ? undefined : readWindow(request.query, app.state);
  const found = app.state.releases
    .filter((release) => release.projects.some((project) => wanted.has(project)))
    .filter((release) => status === '' || release.status === status)
    .filter(({ created }) => !window || (created / 1000 >= window.start && created / 1000 <= window.end))
    .sort((a, b) => b.created - a.created || b.id - a.id);
  return offsetPage(app, request, found, (release) => releaseRow(app.state, release));
}

export function release(app: App, request: ApiRequest): Answer {
  const found = visibleReleases(app).find(({ version }) => version === request.params.version);
  if (!found) throw notFound();
  return json(releaseRow(app.state, found));
}

/** Releases of at least one project the token may open. */
export function visibleReleases({ state }: App): Release[] {
  return state.releases.filter((one) => one.projects.some((project) => project.hasAccess));
}
