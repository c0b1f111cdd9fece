/** The rows of a documented route: where they are asked for, which there are, and each as the server sends it. */
import type { App } from '../app.js';
import type { Row } from '../rows/organization.js';
import { kinds, type Place } from './places.js';
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
  const kind = kinds[of];
  if (kind) return kind.all(app);
  const above = documentedRoute(of);
  return placesOf(app, above, origin)
    .flatMap((place) => seatsAt(app, above, place))
    .map((seat) => below(route, seat, rowOf(app, above, seat, origin)));
}

/** The place that a row of another list is. */
export function below(route: DocumentedRoute, { place, n }: Seat, row: Row): Place {
  const variable = variablesOf(route).at(-1) ?? 'parent';
  return {
    index: place.index * rowsOfParent + n,
    names: { ...place.names, [`${variable}_id`]: String(row.id) },
    ...(place.project ? { project: place.project } : {}),
    parent: row,
  };
}

/** The names of the variables of a route's path. */
export const variablesOf = ({ template }: DocumentedRoute): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The rows of a list before they are written: those with a time newest first. */
export function seatsOf(app: App, route: DocumentedRoute, places: readonly Place[]): Seat[] {
  const seats = places.flatMap((place) => seatsAt(app, route, place));
  return route.time === undefined ? seats : seats.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}

/** A row as the server sends it. */
export function rowOf(
  app: App,
  route: DocumentedRoute,
  seat: Seat,
  origin: string,
  shape: Shape = rowShape(route),
): Row {
  return made({ route, seat, scope: scopeOf(app.state, seat, origin) }, shape);
}

/** The shape of a route's rows, taken out of the answer. */
export function rowShape(route: DocumentedRoute): Shape {
  const { answer = 'list', under } = route;
  const whole = factsOf(route.template).answer as { readonly [key: string]: Shape };
  const inner = under === undefined ? whole : whole[under]!;
  if (answer === 'object') return inner;
  const list = answer === 'map' ? whole['*'] : inner;
  return (list as unknown as readonly [Shape])[0];
}

/** Every row there is, with its key. */
export function* everyRow(app: App, route: DocumentedRoute, origin: string): Generator<[key: string, row: () => Row]> {
  for (const seat of seatsOf(app, route, placesOf(app, route, origin))) {
    const whole = rowOf(app, route, seat, origin);
    const rows = route.explode === undefined ? [whole] : (whole[route.explode] as Row[]);
    for (const row of rows)
      yield [route.key.map((name) => String(row[name] ?? seat.place.names[name])).join('/'), () => row];
  }
}
