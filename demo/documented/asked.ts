/** The places that a request is about: the one that its path names, or all. */
import { notFound, type ApiRequest } from '../answer.js';
import { projectOf, type App } from '../app.js';
import { kinds, type Place } from './places.js';
import type { DocumentedRoute } from './route.js';
import { below, placesOf, rowOf, rowShape, variablesOf } from './rows.js';
import { type Seat, seatsAt } from './seats.js';
import type { Shape } from './shape.js';
import { documentedRoute } from './tables.js';

/** The places of a request. @throws Refusal when its path names what there is not. */
export function askedPlaces(app: App, route: DocumentedRoute, request: ApiRequest): Place[] {
  const { of = 'organization' } = route;
  const kind = kinds[of];
  if (!kind) return [placeBelow(app, route, request)];
  const isNamed = kind.variable === undefined || request.params[kind.variable] !== undefined;
  return isNamed ? kind.asked(app, request) : kind.all(app);
}

/** The row of another list that a path names, by its id or slug. */
function placeBelow(app: App, route: DocumentedRoute, request: ApiRequest): Place {
  const above = documentedRoute(route.of ?? '');
  const name = request.params[variablesOf(route).at(-1) ?? ''] ?? '';
  const project = request.params.project === undefined ? undefined : projectOf(app, request);
  const seat = seatNamed(app, above, name, request.origin);
  if (!seat || (project && seat.place.project !== project)) throw notFound();
  return below(route, seat, rowOf(app, above, seat, request.origin));
}

interface Named {
  /** Of the world, and the time, when the rows were listed. */
  readonly version: number;
  readonly at: number;
  readonly seats: ReadonlyMap<string, Seat>;
}

/** The rows of lists by their names. */
const kept = new WeakMap<App, Map<DocumentedRoute, Named>>();

/** The row that has a name. The list of a second ago will do, unless the name is not in it. */
function seatNamed(app: App, route: DocumentedRoute, name: string, origin: string): Seat | undefined {
  const lists = kept.get(app) ?? new Map<DocumentedRoute, Named>();
  kept.set(app, lists);
  const { version } = app.state;
  const now = app.state.clock.now();
  const known = lists.get(route);
  const isRecent = known?.version === version && now - known.at < 1000;
  const found = isRecent ? known.seats.get(name) : undefined;
  if (found || (isRecent && known.at === now)) return found;
  const seats = listNamed(app, route, origin);
  lists.set(route, { version, at: now, seats });
  return seats.get(name);
}

function listNamed(app: App, route: DocumentedRoute, origin: string): Map<string, Seat> {
  const shape = namesIn(rowShape(route));
  const seats = new Map<string, Seat>();
  for (const place of placesOf(app, route, origin))
    for (const seat of seatsAt(app, route, place))
      for (const value of Object.values(rowOf(app, route, seat, origin, shape))) seats.set(String(value), seat);
  return seats;
}

/** The part of a shape by which paths name rows. */
const namesIn = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([key]) => key === 'id' || key === 'slug'));
