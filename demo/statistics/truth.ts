/** What a perfect client would hold of the statistics: a row for each interval and group that has a number. */
import type { App } from '../app.js';
import { isoSecond } from '../clock.js';
import type { Project } from '../entities.js';
import type { Row } from '../rows/organization.js';
import { countsOf, droppedRows, summaryOf } from './answers.js';
import { type Frame, startsOf, wholeFrame } from './frame.js';
import { droppingDatasets, groupsOf, itemsOf } from './received.js';
import { sessionFields, sessionsIn } from './sessions.js';

const hour = 3600;

/** Streams of statistics, each with the columns of its key. */
export const statisticsKeys = {
  org_stats: ['interval_start', 'category', 'outcome', 'reason'],
  project_stats_daily: ['interval_start', 'project_id', 'category', 'outcome'],
  org_stats_summary: ['interval_start', 'project_id', 'category'],
  sessions: ['interval_start', 'project_id', 'release', 'environment', 'session_status'],
  events_timeseries: ['interval_start', 'dataset', 'y_axis'],
  events_dropped: ['interval_start', 'dataset', 'category', 'outcome', 'reason'],
} as const;
export type StatisticsStream = keyof typeof statisticsKeys;

/** The rows of a stream; of time series those of `errors` by `count()`. */
export function statisticsRows(app: App, stream: StatisticsStream): Row[] {
  const projects = app.state.liveProjects().filter(({ hasAccess }) => hasAccess);
  const days = wholeFrame(app.state);
  switch (stream) {
    case 'org_stats':
      return daily(app, projects, days, ['category', 'outcome', 'reason']);
    case 'project_stats_daily':
      return projects.flatMap((project) =>
        daily(app, [project], days, ['category', 'outcome']).map((row) => ({ ...row, project_id: project.id })),
      );
    case 'org_stats_summary':
      return summaries(app, projects, days);
    case 'sessions':
      return sessions(app, projects, days);
    case 'events_timeseries':
      return series(app, projects, wholeFrame(app.state, hour));
    case 'events_dropped':
      return droppingDatasets.flatMap((dataset) => dropped(app, projects, dataset, wholeFrame(app.state, hour)));
  }
}

function daily(app: App, projects: readonly Project[], frame: Frame, groupBy: readonly string[]): Row[] {
  const starts = startsOf(frame).map(isoSecond);
  return groupsOf(app, projects, frame, groupBy).flatMap(({ by, series: numbers }) =>
    numbers.flatMap((quantity, n) =>
      quantity === 0 ? [] : [{ interval_start: starts[n], ...by, quantity, times_seen: quantity }],
    ),
  );
}

function summaries(app: App, projects: readonly Project[], frame: Frame): Row[] {
  return startsOf(frame).flatMap((start) =>
    projects.flatMap((project) => {
      const groups = groupsOf(app, [project], { ...frame, start, length: 1 }, ['category', 'outcome']);
      const where = { interval_start: isoSecond(start), project_id: project.id, project_slug: project.slug };
      return summaryOf(groups).map((row) => ({ ...where, ...row }));
    }),
  );
}

/** By status, and of all of them together. */
function sessions(app: App, projects: readonly Project[], frame: Frame): Row[] {
  const starts = startsOf(frame).map(isoSecond);
  return sessionsIn(app, projects, frame).flatMap(({ project, release, environment, place, by }) => {
    const where = { interval_start: starts[place], project_id: project.id, release, environment };
    const { crashed = 0 } = by;
    const all = Object.values(by).reduce((total, count) => total + count, 0);
    const numbers = (count: number): Row => ({
      sessions: count,
      users: sessionFields['count_unique(user)']!(count, 0),
    });
    const rate = sessionFields['crash_free_rate(session)']!(all, crashed);
    const rows: Row[] = Object.entries(by).map(([status, count]) => ({ session_status: status, ...numbers(count) }));
    const whole: Row = { session_status: 'all', ...numbers(all), crash_free_sessions: rate, crash_free_users: rate };
    return [...rows, whole].filter((row: Row) => row.sessions !== 0).map((row) => ({ ...where, ...row }));
  });
}

function series(app: App, projects: Project[], frame: Frame): Row[] {
  const starts = startsOf(frame).map(isoSecond);
  return countsOf(app, 'errors', projects, frame).flatMap((value, n) =>
    value === 0 ? [] : [{ interval_start: starts[n], dataset: 'errors', y_axis: 'count()', value }],
  );
}

function dropped(app: App, projects: readonly Project[], dataset: string, frame: Frame): Row[] {
  const groups = groupsOf(app, projects, frame, ['category', 'outcome', 'reason'], itemsOf(dataset));
  return droppedRows(groups, frame).map(({ start, end, ...row }) => ({
    interval_start: isoSecond(Number(start)),
    interval_end: isoSecond(Number(end)),
    dataset,
    ...row,
  }));
}
