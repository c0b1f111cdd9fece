/** Answers a documented route as Sentry does: rows of the projects asked for, in the range asked for, page by page. */
import { badRequest, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { isListOfNothing, projectsOf, type App } from '../app.js';
import { linkHeader, offsetSlice, onlyPage, perPage, rowSlice, scoreSlice, type Slice } from '../paging.js';
import type { Row } from '../rows/organization.js';
import { readWindow } from '../times.js';
import { askedPlaces } from './asked.js';
import type { Place } from './places.js';
import type { DocumentedRoute } from './route.js';
import { rowOf, seatsOf } from './rows.js';
import type { Seat } from './seats.js';
import { factsOf } from './shape.js';

type Endpoint = (app: App, request: ApiRequest) => Answer;

/** The endpoint of a route. */
export function documentedAnswer(route: DocumentedRoute): Endpoint {
  return (app, request) => {
    if (!app.behaviour.documentedRoutes) throw notFound();
    if (isListOfNothing(app, request)) return json([], { Link: onlyPage(request, app.behaviour) });
    const places = ofAskedProjects(app, route, request, askedPlaces(app, route, request));
    const seats = inRange(app, route, request, seatsOf(app, route, places));
    const show = (seat: Seat): Row => rowOf(app, route, seat, request.origin);
    if (route.answer === 'object') return json(placed(route, show(seats[0]!)));
    return page(app, route, request, seats, show);
  };
}

/** Lists of the organization have rows of projects: those that `project` names, or the token's own. */
function ofAskedProjects(app: App, route: DocumentedRoute, request: ApiRequest, places: Place[]): Place[] {
  const isChosen = route.of === 'project' && request.params.project === undefined;
  const isListed = factsOf(route.template).query.includes('project');
  if (!isChosen || !isListed) return places;
  const projects = projectsOf(app, request.query);
  return places.filter(({ project }) => project && projects.includes(project));
}

function inRange(app: App, route: DocumentedRoute, { query }: ApiRequest, seats: Seat[]): Seat[] {
  const isRanged = route.time !== undefined && factsOf(route.template).query.includes('start');
  const window = isRanged ? readWindow(query, app.state) : undefined;
  if (!window) return seats;
  return seats.filter(({ at }) => at / 1000 >= window.start && at / 1000 < window.end);
}

function page(
  app: App,
  route: DocumentedRoute,
  request: ApiRequest,
  seats: readonly Seat[],
  show: (seat: Seat) => Row,
): Answer {
  if (route.paging === 'scim') return scimPage(request, seats, show);
  if (route.paging === 'none') return wrapped(route, seats.map(show), {});
  const slice = sliceOf(app, route, request, seats);
  const rows = seats.slice(slice.from, slice.to).map(show);
  return wrapped(route, rows, { Link: linkHeader(request, slice, app.behaviour) });
}

function sliceOf({ behaviour }: App, route: DocumentedRoute, { query }: ApiRequest, seats: readonly Seat[]): Slice {
  if (route.paging === 'rows') return rowSlice(query, seats.length, perPage(query, behaviour), behaviour);
  if (route.paging !== 'times') return offsetSlice(query, seats.length, behaviour);
  const times = seats.map(({ at }) => at);
  return scoreSlice(query, times, perPage(query, behaviour), behaviour);
}

/** Rows in the form of the route's answer. */
function wrapped(route: DocumentedRoute, rows: readonly Row[], headers: Record<string, string>): Answer {
  const body = route.answer === 'map' ? grouped(rows, route.key[0]!) : placed(route, rows);
  return { ...json(body, headers), rows: rows.length };
}

const placed = ({ under }: DocumentedRoute, value: unknown): unknown =>
  under === undefined ? value : { [under]: value };

/** Pages by the number of their first row, from 1. */
function scimPage({ query }: ApiRequest, seats: readonly Seat[], show: (seat: Seat) => Row): Answer {
  const [start, count] = [Number(query.get('startIndex') ?? 1), Number(query.get('count') ?? 100)];
  if (!(start >= 1) || !(count >= 0)) throw badRequest('Invalid query parameters.');
  const rows = seats.slice(start - 1, start - 1 + Math.min(count, 100)).map(show);
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: seats.length,
    startIndex: start,
    itemsPerPage: rows.length,
    Resources: rows,
  };
  return { ...json(body), rows: rows.length };
}

function grouped(rows: readonly Row[], column: string): Record<string, Row[]> {
  const groups: Record<string, Row[]> = {};
  for (const row of rows) (groups[String(row[column])] ??= []).push(row);
  return groups;
}
