/** For tests of the routes that the demo answers from facts: every path of a route, and what a row of a shape has. */
import type { DocumentedRoute } from '../../demo/documented/route.js';
import { rowShape } from '../../demo/documented/rows.js';
import type { Shape } from '../../demo/documented/shape.js';
import type { Demo, TruthStream } from '../../demo/index.js';
import { get, type Reply, type Row } from './client.js';

export const allScopes = ['org', 'project', 'team', 'member', 'event'].flatMap((what) => [
  `${what}:read`,
  `${what}:write`,
]);

/** What a route's variable can be. */
const values: Readonly<Record<string, (demo: Demo) => string[]>> = {
  project: (demo) => [...demo.truth().keys('project_detail')],
  team: (demo) => [...demo.truth().keys('teams')],
  version: (demo) => [...demo.truth().keys('releases')],
  issue: (demo) => [...demo.truth().keys('issues')],
};

/** The address of each list of a route. */
export function pathsOf(demo: Demo, { template, of = 'organization' }: DocumentedRoute): string[] {
  const variables = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const last = variables.at(-1) ?? '';
  if (of === 'attributes') return attributeQueries.map((query) => `${filled(demo, template, {})}?${query}`);
  if (last === 'key' || last === 'event') return pairsOf(demo, of).map((chosen) => filled(demo, template, chosen));
  if (last === 'organization') return [filled(demo, template, {})];
  if (last in values) return (values[last]?.(demo) ?? []).map((value) => filled(demo, template, { [last]: value }));
  const rows = [...demo.truth().rows(of as TruthStream)];
  return rows.map((row) => filled(demo, template, { project: String(row.project_id), [last]: String(row.id) }));
}

const attributeQueries = ['spans', 'logs', 'tracemetrics'].flatMap((itemType) =>
  ['string', 'number', 'boolean'].map((type) => `itemType=${itemType}&attributeType=${type}`),
);

/** The values of the two variables of a path that names an event, or a tag of an issue or a project. */
function pairsOf(demo: Demo, of: string): Readonly<Record<string, string>>[] {
  const truth = demo.truth();
  if (of === 'event') {
    const keys = [...truth.keys('events')].map((key) => key.split('/'));
    return keys.map(([project = '', event = '']) => ({ project, event }));
  }
  const stream = of === 'issue_tag' ? 'issue_tag_values' : 'project_tag_values';
  const pairs = [...truth.keys(stream)].map((key) => key.split('/').slice(0, 2));
  const different = [...new Set(pairs.map((pair) => pair.join('/')))].map((pair) => pair.split('/'));
  return different.map(([parent = '', key = '']) => ({ [of.replace('_tag', '')]: parent, key }));
}

const filled = (demo: Demo, template: string, chosen: Readonly<Record<string, string>>): string =>
  template
    .slice(1)
    .replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(name === 'organization' ? demo.organization : (chosen[name] ?? '')),
    );

/** The rows of an answer. */
export function rowsIn({ answer = 'list', under, explode }: DocumentedRoute, { json }: Reply): Row[] {
  const inner = under === undefined ? json : (json as Row)[under];
  if (answer === 'object') return [inner as Row];
  const rows = (answer === 'map' ? Object.values(inner as Row).flat() : inner) as Row[];
  return explode === undefined ? rows : rows.flatMap((row) => row[explode] as Row[]);
}

/** The shape of a stream's rows. */
export function streamShape(route: DocumentedRoute): Shape {
  const shape = rowShape(route);
  return route.explode === undefined ? shape : (shape as unknown as Record<string, [Shape]>)[route.explode]![0];
}

/** All pages of a list, as answers. */
export async function pagesOf(demo: Demo, path: string, size: number): Promise<Reply[]> {
  const pages: Reply[] = [];
  const start = `${path}${path.includes('?') ? '&' : '?'}per_page=${size}`;
  for (let cursor = ''; ; ) {
    const reply = await get(demo, `${start}${cursor && `&cursor=${cursor}`}`);
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    pages.push(reply);
    const { next } = reply.links;
    if (next?.results !== 'true') return pages;
    cursor = next.cursor ?? '';
  }
}

type Shapes = Readonly<Record<string, Shape>>;

/** Every field that a shape names, with what is under it; of alternatives all, of open maps none. */
export function fieldsOf(shape: Shape, path = ''): string[] {
  if (typeof shape === 'string' || '*' in shape) return [];
  const inner = Array.isArray(shape) ? shape : (shape as { '|'?: readonly Shape[] })['|'];
  if (inner) return inner.flatMap((one: Shape) => fieldsOf(one, path));
  return Object.entries(shape as Shapes).flatMap(([key, field]) => {
    const at = `${path}.${key.replace(/\?$/, '')}`;
    return [at, ...fieldsOf(field, at)];
  });
}

/** Every field that a row has. */
export function fieldsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => fieldsIn(one, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [`${path}.${key}`, ...fieldsIn(one, `${path}.${key}`)]);
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  'date-time': (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value),
  uuid: (value) => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value),
  uri: (value) => typeof value === 'string' && URL.canParse(value),
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  any: () => true,
};

/** Where a value is not of its shape: another type, a field too much or too little. */
export function misfits(shape: Shape, value: unknown, path = ''): string[] {
  if (typeof shape === 'string') return fits(shape, value) ? [] : [`${path} is no ${shape}`];
  if (Array.isArray(shape)) return listMisfits(shape as readonly [Shape], value, path);
  if (!types['object']!(value))
    return '|' in shape ? eitherMisfits(shape['|'] as Shape[], value, path) : [`${path} is no object`];
  if ('|' in shape) return eitherMisfits(shape['|'] as Shape[], value, path);
  if ('*' in shape) return Object.values(value as Row).flatMap((one) => misfits(shape['*'] as Shape, one, `${path}.*`));
  const fields = new Map(
    Object.entries(shape as Shapes).map(([key, field]) => [key.replace(/\?$/, ''), [key, field] as const]),
  );
  const unknown = Object.keys(value as Row).filter((name) => !fields.has(name));
  return [
    ...unknown.map((name) => `${path}.${name} is not documented`),
    ...[...fields].flatMap(([name, [key, field]]) => {
      const own = (value as Row)[name];
      return own === null && key !== name ? [] : misfits(field, own, `${path}.${name}`);
    }),
  ];
}

const listMisfits = ([element]: readonly [Shape], value: unknown, path: string): string[] =>
  Array.isArray(value) ? value.flatMap((one) => misfits(element, one, `${path}[]`)) : [`${path} is no list`];

const eitherMisfits = (shapes: readonly Shape[], value: unknown, path: string): string[] =>
  shapes.map((shape) => misfits(shape, value, path)).sort((a, b) => a.length - b.length)[0] ?? [];

function fits(type: string, value: unknown): boolean {
  if (type.startsWith('=')) return type.slice(1).split('|').includes(String(value));
  if (type.startsWith('#')) return type.slice(1).split('|').includes(String(value));
  return types[type]?.(value) ?? false;
}
