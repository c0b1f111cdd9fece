/**
 * The streams beside the eleven, as data: where each list is, what it is about, and how its answer is built. Rows have
 * little more than a key and a time.
 */

export type Home =
  | 'organization'
  | 'project'
  | 'team'
  | 'release'
  | 'issue'
  | 'monitors'
  | 'repositories'
  | 'dashboards';

export interface FurtherStream {
  /** Below `/api/0/…/{organization}/`; `{}` stands for the row that the list is about. */
  readonly path: string;
  readonly area?: 'organizations' | 'projects' | 'teams';
  readonly home: Home;
  /** The column of records that says what the list is about. */
  readonly column?: string;
  /** The field of the key; `id` unless it is named. */
  readonly key?: string;
  /**
   * `list`: pages by Link. `whole`: one answer, without a Link. `object`: one row by itself. `scim`: pages by row
   * number. `series` and `totals`: numbers for each day and group.
   */
  readonly form?: 'list' | 'whole' | 'object' | 'scim' | 'series' | 'totals';
  /** Where the rows are in the answer. */
  readonly under?: string;
  /** The field with a row's time, by which the list is sorted, newest first. */
  readonly time?: string;
  /** The server knows `start` and `end`. */
  readonly ranged?: boolean;
  /** So many rows at most for each of what the list is about; of statistics: the columns that tell groups apart. */
  readonly most?: number;
  readonly groups?: readonly string[];
  readonly idsAreNumbers?: boolean;
}

const organization = (path: string, more: Partial<FurtherStream> = {}): FurtherStream => ({
  path: `${path}/`,
  home: 'organization',
  most: 70,
  ...more,
});
const project = (path: string, more: Partial<FurtherStream> = {}): FurtherStream => ({
  path: `{}/${path}/`,
  area: 'projects',
  home: 'project',
  column: 'project_id',
  most: 12,
  ...more,
});
const team = (path: string): FurtherStream => ({
  path: `{}/${path}/`,
  area: 'teams',
  home: 'team',
  column: 'team_id',
  most: 9,
});
const release = (path: string): FurtherStream => ({
  path: `releases/{}/${path}/`,
  home: 'release',
  column: 'release_version',
  most: 6,
});
const issue = (path: string, more: Partial<FurtherStream> = {}): FurtherStream => ({
  path: `issues/{}/${path}/`,
  home: 'issue',
  column: 'issue_id',
  most: 4,
  ...more,
});
const ranged = (time: string, under: string): Partial<FurtherStream> => ({ time, under, ranged: true, most: 200 });

export const furtherStreams = {
  // Lists of the organization
  environments: organization('environments'),
  project_keys: organization('project-keys'),
  repositories: organization('repos', { most: 8 }),
  code_mappings: organization('code-mappings'),
  monitors: organization('monitors', { most: 8 }),
  detectors: organization('detectors'),
  workflows: organization('workflows'),
  dashboards: organization('dashboards', { most: 15 }),
  discover_saved_queries: organization('discover/saved'),
  integrations: organization('integrations'),
  integration_providers: organization('config/integrations', { key: 'key', form: 'whole', under: 'providers' }),
  sentry_apps: organization('sentry-apps', { key: 'uuid', form: 'whole' }),
  sentry_app_installations: organization('sentry-app-installations', { key: 'uuid' }),
  data_forwarders: organization('forwarding', { form: 'whole' }),
  notification_actions: organization('notifications/actions', { form: 'whole', idsAreNumbers: true }),
  tags: organization('tags', { key: 'key', form: 'whole' }),
  scim_users: organization('scim/v2/Users', { path: 'scim/v2/Users', form: 'scim', under: 'Resources' }),
  scim_groups: organization('scim/v2/Groups', { path: 'scim/v2/Groups', form: 'scim', under: 'Resources' }),

  // Lists that are newest first
  audit_logs: organization('audit-logs', ranged('dateCreated', 'rows')),
  flag_logs: organization('flags/logs', { ...ranged('createdAt', 'data'), idsAreNumbers: true }),
  replays: organization('replays', ranged('started_at', 'data')),
  debug_files: project('files/dsyms', { time: 'dateCreated', most: 60 }),
  user_feedback: project('user-feedback', { time: 'dateCreated', column: '', most: 60 }),
  monitor_checkins: organization('monitors/{}/checkins', {
    home: 'monitors',
    column: 'monitor_id',
    time: 'dateAdded',
    ranged: true,
    most: 60,
  }),
  repository_commits: organization('repos/{}/commits', {
    home: 'repositories',
    column: 'repo_id',
    time: 'dateCreated',
    most: 60,
  }),

  // Lists of projects and teams
  project_environments: project('environments'),
  project_teams: project('teams'),
  project_members: project('members', { form: 'whole' }),
  project_filters: project('filters', { form: 'whole' }),
  custom_inbound_filters: project('custom-inbound-filters'),
  service_hooks: project('hooks', { column: '' }),
  symbol_sources: project('symbol-sources', { form: 'whole' }),
  project_repositories: project('repo'),
  codeowners: project('codeowners', { column: '', form: 'whole' }),
  replay_deletion_jobs: project('replays/jobs/delete', { under: 'data', idsAreNumbers: true }),
  project_ownership: project('ownership', { form: 'object', key: '' }),
  team_members: team('members'),
  team_projects: team('projects'),

  // Children of rows that change
  release_commits: release('commits'),
  release_deploys: release('deploys'),
  release_files: release('files'),
  issue_hashes: issue('hashes'),
  issue_comments: issue('comments'),
  issue_external_issues: issue('external-issues', { column: '', form: 'whole' }),
  issue_activities: issue('activities', { form: 'whole', under: 'activity' }),
  dashboard_details: organization('dashboards/{}', { home: 'dashboards', form: 'object', key: '', column: 'id' }),

  // Numbers of days
  org_stats: organization('stats_v2', { form: 'series', groups: ['category', 'outcome', 'reason'] }),
  project_stats_daily: organization('stats_v2', { form: 'totals', groups: ['project', 'category', 'outcome'] }),
} as const satisfies Record<string, FurtherStream>;

export type FurtherName = keyof typeof furtherStreams;
export const furtherNames = Object.keys(furtherStreams) as FurtherName[];
export const isFurther = (name: string): name is FurtherName => name in furtherStreams;
export const furtherStream = (name: FurtherName): FurtherStream => furtherStreams[name];

export const isStatistics = ({ form }: FurtherStream): boolean => form === 'series' || form === 'totals';

/** What groups of statistics are told apart by; projects are the organization's. */
export const groupWords: Readonly<Record<string, readonly string[]>> = {
  category: ['error', 'transaction'],
  outcome: ['accepted', 'filtered'],
  reason: ['none'],
};

/** The columns of records that are their key. */
export function keyColumns(name: FurtherName): string[] {
  const { column, key = 'id', groups } = furtherStream(name);
  if (groups) return ['interval_start', ...groups.map((group) => (group === 'project' ? 'project_id' : group))];
  return [column, key].filter((one) => one !== undefined && one !== '') as string[];
}

/** The key of a row, as its record has it. */
export function keyOfRow(name: FurtherName, home: string, id: string): string {
  const { column, key } = furtherStream(name);
  return [...(column ? [home] : []), ...(key === '' ? [] : [id])].join('/');
}
