/**
 * How many issues and events there are, from three requests: the number of hits of two searches, and the statistics of
 * what was accepted. A server that does not tell leaves the size unknown.
 */
import type { Config } from '../schemas/config.js';
import { type HttpClient, type Size, type Sizes, day, isoSeconds } from '../sdk/index.js';
import { type Probe, probe } from './probe.js';
import { type Projects, readProjects } from './projects-seen.js';

export interface Measured {
  readonly sizes: Sizes;
  /** The status of the organization's list of issues; undefined: it answers. */
  readonly issuesFailed: number | undefined;
  /** Whether the server has statistics. */
  readonly hasStatistics: boolean;
}

export interface MeasureOptions {
  /** Of the organization, below the base address. */
  readonly path: string;
  readonly config: Config;
  readonly projects: Projects;
  /** Epoch milliseconds. */
  readonly now: number;
}

const kept = 90 * day; // events and their statistics
const perPageOfWhole = 10; // rows that a page of whole events has

type Client = Pick<HttpClient, 'get'>;
type Range = { readonly start: string; readonly end: string };

export async function measure(client: Client, options: MeasureOptions): Promise<Measured> {
  const { config, projects, now } = options;
  const range = (length: number): Range => ({
    start: isoSeconds(Math.max(config.start_date, now - length)),
    end: isoSeconds(now),
  });
  const all = await countIssues(client, options, range(kept));
  const today = all.failed === undefined ? await countIssues(client, options, range(day)) : all;
  const events = await countEvents(client, options, range(kept));
  const interval = config.issues_full_refresh_interval;
  const daily = interval > 0 && interval <= day ? all.hits : today.hits;
  const common = { projects: projects.hasMore ? undefined : readProjects(projects, config.project_slugs).length };
  const perPage = config.fetch_event_details ? perPageOfWhole : undefined;
  return {
    sizes: {
      first: known({ ...common, issues: all.hits, events: events?.all }, perPage),
      daily: known({ ...common, issues: daily, events: events?.today }, perPage),
    },
    issuesFailed: all.failed,
    hasStatistics: events !== undefined,
  };
}

function known(rows: Readonly<Record<string, number | undefined>>, perPage: number | undefined): Map<string, Size> {
  return new Map(
    Object.entries(rows).flatMap(([name, count]): [string, Size][] =>
      count === undefined ? [] : [[name, { rows: count, perPage: name === 'events' ? perPage : undefined }]],
    ),
  );
}

/** The parameters that choose the projects: GlitchTip would look for one of the number -1. */
function chosen({ config, projects }: MeasureOptions): Readonly<Record<string, readonly string[]>> {
  if (projects.hasLinkSet) return {};
  if (config.project_slugs.length === 0) return { project: ['-1'] };
  return { project: readProjects(projects, config.project_slugs).map(({ id }) => String(id)) };
}

/** The search that the settings ask for, counted by the server. */
async function countIssues(
  client: Client,
  options: MeasureOptions,
  range: Range,
): Promise<{ hits: number | undefined; failed: number | undefined }> {
  const { path, config } = options;
  const ask = (projects: Readonly<Record<string, readonly string[]>>): Promise<Probe> =>
    probe(client, config.base_url, `${path}issues/`, {
      route: '/organizations/{organization}/issues/',
      params: { ...projects, query: config.issue_query, limit: '1', ...range },
    });
  let found = await ask(chosen(options));
  if (found.failure?.status === 403) found = await ask({}); // some servers refuse project=-1 alone
  if (found.failure) return { hits: undefined, failed: found.failure.status ?? 500 };
  const hits = found.headers['x-hits'];
  return { hits: hits !== undefined && /^\d{1,15}$/.test(hits) ? Number(hits) : undefined, failed: undefined };
}

/** Errors that were accepted: all that are kept, and those of the last whole day. */
async function countEvents(
  client: Client,
  options: MeasureOptions,
  range: Range,
): Promise<{ all: number; today: number } | undefined> {
  const found = await probe(client, options.config.base_url, `${options.path}stats_v2/`, {
    route: '/organizations/{organization}/stats_v2/',
    params: { ...chosen(options), field, groupBy: ['category', 'outcome'], interval: '1d', ...range },
  });
  if (found.failure) return undefined;
  const { groups = [] } = found.value as { groups?: readonly Group[] };
  const accepted = groups.find(({ by }) => by?.['category'] === 'error' && by['outcome'] === 'accepted');
  const days = accepted?.series?.[field] ?? [];
  return { all: days.reduce((total, one) => total + one, 0), today: days.at(-2) ?? days.at(-1) ?? 0 };
}

const field = 'sum(quantity)';

/** Numbers of statistics, a number for each day. */
interface Group {
  readonly by?: Readonly<Record<string, unknown>>;
  readonly series?: Readonly<Record<string, readonly number[]>>;
}
