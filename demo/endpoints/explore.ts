/**
 * Explore: chosen fields of events as a table, or numbers over groups of them. Only errors have rows here. The server
 * shows the first ten thousand rows of a list, newest first unless it is asked for another order.
 */
import { badRequest, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { projectsOf, type App } from '../app.js';
import { isoSecond } from '../clock.js';
import { linkHeader, perPage, rowSlice } from '../paging.js';
import type { Row } from '../rows/organization.js';
import { readWindow, retained, usualWindow } from '../times.js';

const datasets = ['errors', 'spans', 'logs', 'tracemetrics', 'profile_functions', 'uptime_results'];
const mostFields = 20;

export function explore(app: App, request: ApiRequest): Answer {
  if (!app.behaviour.documentedRoutes) throw notFound();
  const { query } = request;
  const [dataset, fields] = [query.get('dataset') ?? '', query.getAll('field')];
  if (!datasets.includes(dataset)) throw badRequest(`dataset must be one of: ${datasets.join(', ')}`);
  if (fields.length === 0) throw badRequest('No columns selected');
  if (fields.length > mostFields)
    throw badRequest(`You can view up to ${mostFields} fields at a time. Please delete some and try again.`);
  const events = dataset === 'errors' ? eventsOf(app, query) : [];
  const rows = fields.some(isFunction) ? groupsOf(app, events, fields) : undefined;
  const slice = rowSlice(query, (rows ?? events).length, perPage(query, app.behaviour), app.behaviour);
  const shown = rows?.slice(slice.from, slice.to) ?? events.slice(slice.from, slice.to).map(pick(app, fields));
  const meta = { fields: typesOf(fields), units: {}, dataset, datasetReason: 'unchanged', dataScanned: 'full' };
  return json({ data: shown, meta }, { Link: linkHeader(request, slice, app.behaviour) });
}

/** The events that a request is about, in its order. */
function eventsOf(app: App, query: URLSearchParams): number[] {
  const { events, clock } = app.state;
  const window = retained(readWindow(query, app.state) ?? usualWindow(app.state), app.state);
  if (!window) return [];
  const found = projectsIn(app, query).flatMap(({ events: list }) => {
    const [from, to] = list.within(window.start, Math.min(window.end, clock.now() / 1000));
    return Array.from({ length: to - from }, (_, n) => list.get(from + n));
  });
  const matching = searched(app, found, query.get('query') ?? '');
  const isAscending = query.getAll('sort')[0] === 'timestamp';
  return matching.sort((a, b) => (isAscending ? events.compare(a, b) : events.compare(b, a)));
}

/** Projects by number, or by slug. */
function projectsIn(app: App, query: URLSearchParams): ReturnType<typeof projectsOf> {
  const slugs = query.getAll('projectSlug');
  if (slugs.length === 0) return projectsOf(app, query);
  if (query.has('project')) throw badRequest('Cannot query for both ids and slugs');
  const all = projectsOf(app, new URLSearchParams({ project: '-1' }));
  return all.filter(({ slug }) => slugs.includes(slug));
}

/** Events that have each `field:value` of a search. */
function searched(app: App, events: number[], search: string): number[] {
  const terms = [...search.matchAll(/([\w.[\]]+):(?:"([^"]*)"|(\S+))/g)];
  if (terms.length === 0) return events;
  return events.filter((e) => {
    const row = rowOf(app, e);
    return terms.every(([, field = '', quoted, plain]) => String(fieldOf(app, e, row, field)) === (quoted ?? plain));
  });
}

const isFunction = (field: string): boolean => /^\w+\(.*\)$/.test(field);

const rowOf = (app: App, e: number): Row => JSON.parse(app.events.rows.text(e)) as Row;

const pick =
  (app: App, fields: readonly string[]) =>
  (e: number): Row => {
    const row = rowOf(app, e);
    return Object.fromEntries(fields.map((field) => [field, fieldOf(app, e, row, field)]));
  };

/** A field of an event; a name that is none of its own is that of a tag. */
function fieldOf(app: App, e: number, row: Row, field: string): unknown {
  const issue = app.state.survivor(app.state.birthIssue(e));
  switch (field) {
    case 'id':
      return row.eventID;
    case 'timestamp':
      return isoSecond(app.state.events.second[e]!).replace('Z', '+00:00');
    case 'issue':
      return issue.shortId;
    case 'issue.id':
      return Number(issue.id);
    case 'project':
    case 'project.name':
      return issue.project.slug;
    case 'project.id':
      return Number(issue.project.id);
    case 'title':
    case 'message':
    case 'location':
    case 'culprit':
      return row[field] ?? '';
    default:
      return tagOf(row, field);
  }
}

function tagOf({ tags }: Row, field: string): string | null {
  const key = /^tags\[([^,\]]+)/.exec(field)?.[1] ?? field;
  return (tags as { key: string; value: string }[]).find((tag) => tag.key === key)?.value ?? null;
}

/** A row for each group; without groups there is one, also of nothing. */
function groupsOf(app: App, events: readonly number[], fields: readonly string[]): Row[] {
  const by = fields.filter((field) => !isFunction(field));
  const groups = new Map<string, { words: Row; rows: [number, Row][] }>();
  if (by.length === 0) groups.set('', { words: {}, rows: [] });
  for (const e of events) {
    const row = rowOf(app, e);
    const words = Object.fromEntries(by.map((field) => [field, fieldOf(app, e, row, field)]));
    const key = by.length === 0 ? '' : JSON.stringify(words);
    const group = groups.get(key) ?? { words, rows: [] };
    groups.set(key, group);
    group.rows.push([e, row]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { words, rows }]) =>
      Object.fromEntries(fields.map((field) => [field, field in words ? words[field] : numberOf(app, rows, field)])),
    );
}

function numberOf(app: App, rows: readonly [number, Row][], field: string): unknown {
  const [, name, argument = ''] = /^(\w+)\((.*)\)$/.exec(field) ?? [];
  if (name === 'count') return rows.length;
  const values = rows.map(([e, row]) => fieldOf(app, e, row, argument)).filter((value) => value !== null);
  if (name === 'count_unique') return new Set(values).size;
  if (argument === 'timestamp' && (name === 'min' || name === 'max'))
    return values.sort().at(name === 'min' ? 0 : -1) ?? null;
  throw badRequest(`${name ?? field}: not a valid function`);
}

function typesOf(fields: readonly string[]): Row {
  const typeOf = (field: string): string => {
    if (/^(min|max)\(timestamp\)$|^timestamp$/.test(field)) return 'date';
    return isFunction(field) || field.endsWith('.id') ? 'integer' : 'string';
  };
  return Object.fromEntries(fields.map((field) => [field, typeOf(field)]));
}
