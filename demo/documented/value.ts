/** Makes a row of a shape: what tables say, what the world knows, and for the rest what a name and a type suggest. */
import { isoMilli } from '../clock.js';
import { at, mix } from '../random.js';
import type { Row } from '../rows/organization.js';
import type { DocumentedRoute, Value } from './route.js';
import { type Scope, uuidOf } from './scope.js';
import { hashOf, hexOf, type Seat } from './seats.js';
import type { Shape } from './shape.js';
import { wordFor } from './words.js';

export interface Making {
  readonly route: DocumentedRoute;
  readonly seat: Seat;
  readonly scope: Scope;
}

/** Names of objects that stand for something of the world, wherever they are found. */
const known: Readonly<Record<string, string>> = {
  project: 'project',
  organization: 'organization',
  release: 'release',
  team: 'team',
  user: 'person',
  createdBy: 'person',
  author: 'person',
  actor: 'person',
  targetUser: 'other',
};

/** The row of a shape. */
export function made(making: Making, shape: Shape): Row {
  return valueOf(making, shape, '', making.seat.thing) as Row;
}

/** A value of a shape at a path; `about` is what the object is about that it stands in. */
function valueOf(making: Making, shape: Shape, path: string, about: Row | undefined): unknown {
  const { route, seat } = making;
  const said = route.values?.[path];
  if (said !== undefined) return laid(making, shape, path, spoken(making, said, seat.n));
  const hash = mix(seat.hash, hashOf(path));
  if (typeof shape === 'string') return scalar(making, shape, path, hash);
  if (isList(shape)) return listOf(making, shape[0], path, hash);
  return objectOf(making, shape, path, about, hash);
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
const nameOf = (path: string): string => path.split('.').at(-1) ?? '';

/** What was said. Of objects the fields of the shape count: those that were not said are made up. */
function laid(making: Making, shape: Shape, path: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || typeof shape === 'string') return value;
  if (Array.isArray(value)) return isList(shape) ? value.map((one) => laid(making, shape[0], path, one)) : value;
  if (isList(shape) || '*' in shape) return value;
  const chosen = fitting(shape, value as Row);
  return '*' in chosen ? value : fieldsOf(making, chosen, path, value as Row);
}

/** One of alternatives: the one that shares most fields. */
function fitting(shape: Shape, value: Row): { readonly [key: string]: Shape } {
  const alternatives = (shape as { '|'?: readonly Shape[] })['|'] ?? [shape];
  const shared = (one: Shape): number => Object.keys(one).filter((key) => key.replace(/\?$/, '') in value).length;
  return [...alternatives].sort((a, b) => shared(b) - shared(a))[0] as { readonly [key: string]: Shape };
}

function objectOf(
  making: Making,
  shape: Exclude<Shape, string>,
  path: string,
  about: Row | undefined,
  hash: number,
): unknown {
  if ('|' in shape) return valueOf(making, at(shape['|'] as readonly Shape[], making.seat.n + hash), path, about);
  if ('*' in shape) return { [String(making.scope('noun'))]: valueOf(making, shape['*'] as Shape, `${path}.*`, about) };
  const subject = path === '' ? about : (making.scope(known[nameOf(path)] ?? '') as Row | undefined);
  return fieldsOf(making, shape as { readonly [key: string]: Shape }, path, subject);
}

/** Every field of an object. */
function fieldsOf(
  making: Making,
  shape: { readonly [key: string]: Shape },
  path: string,
  subject: Row | undefined,
): Row {
  const fields = Object.entries(shape).map(([key, one]) => {
    const name = key.replace(/\?$/, '');
    const at = path === '' ? name : `${path}.${name}`;
    const field: Shape = making.route.lists?.includes(at) ? [one] : one;
    const isSaid = making.route.values?.[at] !== undefined;
    if (!isSaid && subject && name in subject) return [name, laid(making, field, at, subject[name])];
    const isNull = !isSaid && key !== name && mix(making.seat.hash, hashOf(at), 7) % 5 === 0;
    return [name, isNull ? null : valueOf(making, field, at, undefined)];
  });
  return Object.fromEntries(fields) as Row;
}

/** One or two elements; each is made as if by itself. */
function listOf(making: Making, element: Shape, path: string, hash: number): unknown[] {
  if (element === 'any') return [];
  const { seat } = making;
  const one = (n: number): unknown => {
    const inner = { ...making, seat: { ...seat, hash: mix(seat.hash, hash, n), n: seat.n + n } };
    return valueOf(inner, element, path, undefined);
  };
  return typeof element === 'string' ? [one(0)] : [one(0), one(1)].slice(0, 1 + (hash % 2));
}

function scalar(making: Making, type: string, path: string, hash: number): unknown {
  if (type.startsWith('=')) return at(type.slice(1).split('|'), hash);
  if (type.startsWith('#')) return Number(at(type.slice(1).split('|'), hash));
  switch (type) {
    case 'date-time':
      return isoMilli(making.seat.at);
    case 'uuid':
      return uuidOf(hexOf(hash, 32));
    case 'uri':
      return `https://${String(making.scope('noun'))}.example.com/${hash % 1000}`;
    case 'boolean':
      return hash % 2 === 0;
    case 'integer':
      return integer(making, path, hash);
    case 'number':
      return (hash % 10_000) / 100;
    case 'string':
      if (path === 'id') return making.seat.id;
      return wordFor(making.scope, nameOf(path), making.seat, hash);
    case 'object':
      return {};
    default:
      return null;
  }
}

function integer({ scope, seat }: Making, path: string, hash: number): number {
  if (path === 'id') return Number(seat.id);
  if (/^projects?$|project_?id$/i.test(nameOf(path))) return Number(scope('project.id'));
  if (/^organization_?id$/i.test(nameOf(path))) return Number(scope('organization.id'));
  return hash % 100;
}

/** What a table says: names looked up, and of a list the element of the row. */
function spoken(making: Making, value: Value, n: number): unknown {
  if (Array.isArray(value)) {
    const element = value[n % value.length] as Value;
    return Array.isArray(element) ? element.map((one: Value) => spoken(making, one, n)) : spoken(making, element, n);
  }
  if (typeof value === 'string') return filled(making.scope, value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoken(making, one as Value, n)]));
}

function filled(scope: Scope, text: string): unknown {
  const alone = /^\{([\w.]+)\}$/.exec(text);
  if (alone) return scope(alone[1]!) ?? null;
  return text.replaceAll(/\{([\w.]+)\}/g, (_, name: string) => String(scope(name) ?? ''));
}
