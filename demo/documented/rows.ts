/** The rows of a documented route: where they are asked for, which there are, and each as the server sends it. */
import { notFound, type ApiRequest } from '../answer.js';
import type { App } from '../app.js';
import type { Row } from '../rows/organization.js';
import { isWorldly, type Place, worldlyPlace, worldlyPlaces } from './places.js';
import type { DocumentedRoute } from './route.js';
import { scopeOf } from './scope.js';
import { type Seat, seatsAt } from './seats.js';
import { factsOf, type Shape } from './shape.js';
import { documentedRoute } from './tables.js';
import { made } from './value.js';

/** Rows of one parent, of which each may be a parent itself. */
const rowsOfParent = 10_000;

/** All places of a route that the token can see. */
export function placesOf(app: App, route: DocumentedRoute, origin: string): Place[] {
  const { of = 'organization' } = route;
  if (isWorldly(of)) return worldlyPlaces(app, of);
  const above = documentedRoute(of);
  return placesOf(app, above, origin)
    .flatMap((place) => seatsAt(app.state, above, place))
    .map((seat) => below(route, seat, rowOf(app, above, seat, origin)));
}

/** The place that a row of another list is. */
function below(route: DocumentedRoute, { place, n }: Seat, row: Row): Place {
  const variable = variablesOf(route).at(-1) ?? 'parent';
  return {
    index: place.index * rowsOfParent + n,
    names: { ...place.names, [`${variable}_id`]: String(row.id) },
    ...(place.project ? { project: place.project } : {}),
    parent: row,
  };
}

const variablesOf = ({ template }: DocumentedRoute): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** What stands in a path for places of a kind. */
const variableOf: Readonly<Record<string, string>> = { release: 'version' };

/** The places of a request: the one that its path names, or all. */
export function askedPlaces(app: App, route: DocumentedRoute, request: ApiRequest): Place[] {
  const { of = 'organization' } = route;
  const variable = variableOf[of] ?? of;
  if (isWorldly(of)) {
    if (request.params[variable] === undefined || of === 'organization') return worldlyPlaces(app, of);
    return [worldlyPlace(app, of, request)];
  }
  const name = request.params[variablesOf(route).at(-1) ?? ''] ?? '';
  const found = placesOf(app, route, request.origin).find(
    ({ parent }) => String(parent?.id) === name || parent?.slug === name,
  );
  if (!found) throw notFound();
  return [found];
}

/** The rows of a list before they are written: those with a time newest first. */
export function seatsOf(app: App, route: DocumentedRoute, places: readonly Place[]): Seat[] {
  const seats = places.flatMap((place) => seatsAt(app.state, route, place));
  return route.time === undefined ? seats : seats.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}

/** A row as the server sends it. */
export function rowOf(app: App, route: DocumentedRoute, seat: Seat, origin: string): Row {
  return made({ route, seat, scope: scopeOf(app.state, seat, origin) }, rowShape(route));
}

/** The shape of a route's rows, taken out of the answer. */
export function rowShape(route: DocumentedRoute): Shape {
  const { answer = 'list' } = route;
  const whole = factsOf(route.template).answer as { readonly [key: string]: Shape };
  if (answer === 'object') return whole;
  const list = answer === 'list' ? whole : whole[answer === 'map' ? '*' : answer];
  return (list as unknown as readonly [Shape])[0];
}

/** Every row there is, with its key. */
export function* everyRow(app: App, route: DocumentedRoute, origin: string): Generator<[key: string, row: () => Row]> {
  for (const seat of seatsOf(app, route, placesOf(app, route, origin))) {
    const row = rowOf(app, route, seat, origin);
    yield [route.key.map((name) => String(row[name] ?? seat.place.names[name])).join('/'), () => row];
  }
}
