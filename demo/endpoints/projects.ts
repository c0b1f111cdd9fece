/** Projects: listed (also those the token may not open), and in full. */
import { json, type Answer, type ApiRequest } from '../answer.js';
import { projectOf, type App } from '../app.js';
import { projectDetail, projectRow } from '../rows/project.js';
import { offsetPage } from './organization.js';

export function projects(app: App, request: ApiRequest): Answer {
  // The token user's bookmarks come first, then the slugs in order.
  const sorted = app.state
    .liveProjects()
    .sort((a, b) => Number(b.isBookmarked) - Number(a.isBookmarked) || (a.slug < b.slug ? -1 : 1));
  const collapse = request.query.getAll('collapse');
  return offsetPage(app, request, sorted, (project) => projectRow(app.state, project, collapse));
}

export function project(app: App, request: ApiRequest): Answer {
  return json(projectDetail(app.state, projectOf(app, request), request.origin));
}
