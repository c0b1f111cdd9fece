/** The routes of statistics: groups with a number for each interval, counted when they are asked for. */
import { badRequest, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { projectsOf, type App } from '../app.js';
import { isoSecond } from '../clock.js';
import { endOf, readFrame, startsOf, type Frame } from './frame.js';
import { droppingDatasets, groupsOf, itemsOf, received, sum, type Group } from './received.js';
import { sessionFields, sessionsIn, type Sessions } from './sessions.js';
import type { Row } from '../rows/organization.js';

type Endpoint = (app: App, request: ApiRequest) => Answer;

/** Routes of statistics by their name; their scopes are among the facts. */
export const statisticsRoutes: readonly { name: string; template: string; answer: Endpoint }[] = [
  { name: 'stats_v2', template: '/organizations/{organization}/stats_v2/', answer: ifKnown(stats) },
  { name: 'stats_summary', template: '/organizations/{organization}/stats-summary/', answer: ifKnown(summary) },
  { name: 'sessions', template: '/organizations/{organization}/sessions/', answer: ifKnown(sessions) },
  {
    name: 'events_timeseries',
    template: '/organizations/{organization}/events-timeseries/',
    answer: ifKnown(timeseries),
  },
  { name: 'events_dropped', template: '/organizations/{organization}/events-dropped/', answer: ifKnown(dropped) },
];

function ifKnown(endpoint: Endpoint): Endpoint {
  return (app, request) => {
    if (!app.behaviour.documentedRoutes) throw notFound();
    return endpoint(app, request);
  };
}

const every = <T>(names: readonly string[], value: T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, value]));

/** Grouped by project there are totals only. */
function stats(app: App, { query }: ApiRequest): Answer {
  const [fields, groupBy] = [query.getAll('field'), query.getAll('groupBy')];
  if (fields.length === 0) throw badRequest('At least one "field" is required.');
  const frame = readFrame(query, app.state, '1h');
  const show = ({ by, series }: Group): Row => ({
    by: 'project' in by ? { ...by, project: Number(by['project']) } : by,
    totals: every(fields, sum(series)),
    ...('project' in by ? {} : { series: every(fields, series) }),
  });
  return json({
    start: isoSecond(frame.start),
    end: isoSecond(endOf(frame)),
    ...(groupBy.includes('project') ? {} : { intervals: startsOf(frame).map(isoSecond) }),
    groups: groupsOf(app, projectsOf(app, query), frame, groupBy).map(show),
  });
}

function summary(app: App, { query }: ApiRequest): Answer {
  const frame = readFrame(query, app.state, '1d');
  const projects = projectsOf(app, query).map((project) => ({
    id: project.id,
    slug: project.slug,
    stats: summaryOf(groupsOf(app, [project], frame, ['category', 'outcome'])),
  }));
  return json({
    start: isoSecond(frame.start),
    end: isoSecond(endOf(frame)),
    projects: projects.filter((one) => one.stats.length > 0),
  });
}

const outcomes = ['accepted', 'filtered', 'rate_limited', 'invalid', 'abuse', 'client_discard', 'cardinality_limited'];

/** A row for each category. */
export function summaryOf(groups: readonly Group[]): Row[] {
  return [...new Set(groups.map(({ by }) => by['category']))].map((category) => {
    const own = groups.filter(({ by }) => by['category'] === category);
    const total = (outcome: string): number =>
      sum(own.filter(({ by }) => by['outcome'] === outcome).flatMap(({ series }) => series));
    const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, total(outcome)]));
    const all = sum(Object.values(counts));
    const totals = { dropped: all - total('accepted') - total('filtered'), 'sum(quantity)': all };
    return { category, outcomes: counts, totals };
  });
}

function sessions(app: App, { query }: ApiRequest): Answer {
  const [fields, groupBy] = [query.getAll('field'), query.getAll('groupBy')];
  if (fields.some((field) => !(field in sessionFields))) throw badRequest('Invalid field.');
  const frame = readFrame(query, app.state, '1h');
  return json({
    start: isoSecond(frame.start),
    end: isoSecond(endOf(frame)),
    query: '',
    intervals: startsOf(frame).map(isoSecond),
    groups: sessionGroups(sessionsIn(app, projectsOf(app, query), frame), frame, groupBy, fields),
  });
}

interface Counted {
  readonly by: Row;
  readonly all: number[];
  readonly crashed: number[];
}

function sessionGroups(
  found: readonly Sessions[],
  frame: Frame,
  groupBy: readonly string[],
  fields: readonly string[],
): Row[] {
  const groups = new Map<string, Counted>();
  for (const one of found)
    for (const [status, count] of Object.entries(one.by)) {
      const words: Row = { ...one, project: Number(one.project.id), 'session.status': status };
      const by = Object.fromEntries(groupBy.map((name) => [name, words[name] ?? '']));
      const zeros = (): number[] => Array.from({ length: frame.length }, () => 0);
      const group = groups.get(JSON.stringify(by)) ?? { by, all: zeros(), crashed: zeros() };
      group.all[one.place]! += count;
      if (status === 'crashed') group.crashed[one.place]! += count;
      groups.set(JSON.stringify(by), group);
    }
  const named = <T>(value: (field: string) => T): Record<string, T> =>
    Object.fromEntries(fields.map((field) => [field, value(field)]));
  return [...groups.values()].map(({ by, all, crashed }) => ({
    by,
    totals: named((field) => sessionFields[field]!(sum(all), sum(crashed))),
    series: named((field) => all.map((count, place) => sessionFields[field]!(count, crashed[place]!))),
  }));
}

function timeseries(app: App, { query }: ApiRequest): Answer {
  const dataset = query.get('dataset');
  if (!dataset) throw badRequest('dataset is required');
  const frame = readFrame(query, app.state, '1h');
  const projects = projectsOf(app, query);
  const numbers = countsOf(app, dataset, projects, frame);
  const now = app.state.clock.now() / 1000;
  const values = startsOf(frame).map((start, n) => ({
    timestamp: start * 1000,
    value: numbers[n] ?? 0,
    incomplete: start + frame.step > now,
  }));
  const meta = { order: 0, isOther: false, valueUnit: null, valueType: 'integer', dataScanned: 'full' };
  const axes = query.getAll('yAxis');
  return json({
    meta: { dataset, start: frame.start * 1000, end: endOf(frame) * 1000 },
    timeSeries: (axes.length === 0 ? ['count()'] : axes).map((yAxis) => ({
      values,
      yAxis,
      groupBy: [],
      meta: { ...meta, interval: frame.step * 1000 },
    })),
  });
}

/** How many items of a dataset were accepted in each interval. */
export function countsOf(app: App, dataset: string, projects: ReturnType<typeof projectsOf>, frame: Frame): number[] {
  const amounts = dataset === 'errors' ? received : itemsOf(dataset);
  const groups = groupsOf(app, projects, frame, ['category', 'outcome'], amounts);
  const own = groups.find(({ by }) => by['outcome'] === 'accepted' && by['category'] !== 'transaction');
  return own?.series ?? [];
}

/** Rows of one interval each, where there was anything. */
function dropped(app: App, { query }: ApiRequest): Answer {
  const dataset = query.get('dataset') ?? 'spans';
  if (!droppingDatasets.includes(dataset)) throw badRequest(`Invalid dataset: ${dataset}`);
  const frame = readFrame(query, app.state, '1h');
  const rows = droppedRows(
    groupsOf(app, projectsOf(app, query), frame, ['category', 'outcome', 'reason'], itemsOf(dataset)),
    frame,
  );
  return json({
    meta: { dataset, start: frame.start, end: endOf(frame), interval: frame.step },
    acceptedEvents: rows.filter(({ outcome }) => outcome === 'accepted'),
    droppedEvents: rows.filter(({ outcome }) => outcome !== 'accepted'),
  });
}

/** A row for each interval and group. */
export function droppedRows(groups: readonly Group[], frame: Frame): Row[] {
  return groups.flatMap(({ by, series }) =>
    series.flatMap((count, n) => {
      const start = frame.start + n * frame.step;
      return count === 0 ? [] : [{ start, end: start + frame.step, type: 'outcome', ...by, count }];
    }),
  );
}
