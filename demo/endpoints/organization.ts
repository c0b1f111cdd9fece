/** The organization, its teams and its people. */
import { forbidden, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { projectsOf, type App } from '../app.js';
import type { Member, Project } from '../entities.js';
import { linkHeader, offsetSlice } from '../paging.js';
import { memberRow, organizationRow, orgUserRow, teamRow, type Row } from '../rows/organization.js';

/** The root of the API: what the token may do. Unpublished; every Sentry since 9 has it. */
export function index({ state }: App): Answer {
  return json({ version: '0', auth: { scopes: [...state.settings.scopes] }, user: null });
}

export function organizations(app: App, request: ApiRequest): Answer {
  return json([organizationRow(app.state, request.origin)]);
}

export function organization(app: App, request: ApiRequest): Answer {
  if (app.behaviour.organizationDetail === 404) throw notFound();
  if (app.behaviour.organizationDetail === 403) throw forbidden();
  return json(organizationRow(app.state, request.origin));
}

export function teams(app: App, request: ApiRequest): Answer {
  const live = app.state.teams.filter((team) => !team.deleted).sort((a, b) => (a.slug < b.slug ? -1 : 1));
  return offsetPage(app, request, live, (team) => teamRow(app.state, team, request.query.get('detailed') !== '0'));
}

export function members(app: App, request: ApiRequest): Answer {
  return offsetPage(
    app,
    request,
    app.state.members.filter((member) => member.active || member.pending),
    (member) => memberRow(app.state, member),
  );
}

/** Unpublished, un-paged: active members of a team that has one of the asked projects. */
export function users(app: App, request: ApiRequest): Answer {
  if (!app.behaviour.usersEndpoint) throw notFound();
  const rows: (Row | null)[] = usersOf(app, projectsOf(app, request.query));
  if (app.behaviour.nullUser) rows.splice(Math.floor(rows.length / 2), 0, null);
  return json(rows);
}

export function usersOf({ state }: App, projects: readonly Project[]): Row[] {
  const projectsOfMember = (member: Member): Project[] =>
    projects.filter((project) => project.teams.some((team) => member.teams.includes(team)));
  return state.members
    .filter((member) => member.active && !member.pending && projectsOfMember(member).length > 0)
    .sort((a, b) => (a.email < b.email ? -1 : 1))
    .map((member) => orgUserRow(state, member, projectsOfMember(member)));
}

export function offsetPage<T>(app: App, request: ApiRequest, items: readonly T[], show: (item: T) => Row): Answer {
  const slice = offsetSlice(request.query, items.length, app.behaviour);
  return json(items.slice(slice.from, slice.to).map(show), { Link: linkHeader(request, slice, app.behaviour) });
}
