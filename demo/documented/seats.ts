/**
 * The rows of a list before they are written: where each stands, which one it is, and its time. Rows that grow have a
 * time for each number, so that a clock that moves on only adds to them, and retention only takes away.
 */
import type { App } from '../app.js';
import { daySeconds } from '../clock.js';
import { hex8, mix } from '../random.js';
import type { Row } from '../rows/organization.js';
import type { State } from '../state.js';
import type { Place } from './places.js';
import type { DocumentedRoute, Growth } from './route.js';
import { things } from './things.js';

export interface Seat {
  readonly place: Place;
  /** Its number in its list. */
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What chance knows it by. */
  readonly hash: number;
  readonly id: string;
  /** The thing of the world that it is made from. */
  readonly thing: Row;
}

/** The numbers that lists of one place can have. */
const numbersOfPlace = 100_000;

const hashes = new Map<string, number>();

/** A number that stands for a name. */
export function hashOf(text: string): number {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  let hash = 17;
  for (let n = 0; n < text.length; n += 1) hash = mix(hash, text.charCodeAt(n));
  hashes.set(text, hash);
  return hash;
}

/** The rows of a list at a place, in the order of their numbers. */
export function seatsAt(app: App, route: DocumentedRoute, place: Place): Seat[] {
  const { rows = 1 } = route;
  const { state } = app;
  const salt = mix(state.settings.seed, hashOf(route.name), place.index);
  const seat = (n: number, at: number, thing: Row = {}): Seat => ({
    place,
    n,
    at,
    hash: mix(salt, n),
    id: String(1000 + place.index * numbersOfPlace + n),
    thing,
  });
  if (typeof rows === 'string')
    return things[rows](app, place).map((thing, n) => seat(n, timeOf(state, place, salt, n), thing));
  if (typeof rows === 'object' && 'seconds' in rows) return grown(state, rows, salt).map(([n, at]) => seat(n, at));
  const [least, most] = typeof rows === 'number' ? [rows, rows] : rows;
  const count = least + (mix(salt, 1) % (most - least + 1));
  return Array.from({ length: count }, (_, n) => seat(n, timeOf(state, place, salt, n)));
}

/** What belongs to a release is of its days; anything else is from one day to a year old when the world begins. */
function timeOf({ settings }: State, { release, at }: Place, salt: number, n: number): number {
  const hash = mix(salt, n, 2);
  if (at !== undefined) return at;
  if (release) return release.created - (hash % (daySeconds * 1000));
  return settings.now - daySeconds * 1000 - (hash % (364 * daySeconds)) * 1000;
}

/** Number and time of the rows that the clock has brought and retention still shows. */
function grown(state: State, { seconds, lag = 0 }: Growth, salt: number): [n: number, at: number][] {
  const first = state.settings.now - state.settings.days * daySeconds * 1000;
  const step = seconds * 1000;
  const now = state.clock.now() - lag * 1000;
  const oldest = state.oldest() * 1000;
  const length = Math.max(0, Math.ceil((now - first) / step));
  const rows = Array.from({ length }, (_, n): [number, number] => [
    n,
    first + (n + 1) * step - (mix(salt, n, 3) % step),
  ]);
  return rows.filter(([, at]) => at <= now && at >= oldest);
}

/** So many hexadecimal digits that stand for a number. */
export const hexOf = (hash: number, digits: number): string =>
  Array.from({ length: Math.ceil(digits / 8) }, (_, part) => hex8(mix(hash, part, 5)))
    .join('')
    .slice(0, digits);
