/**
 * The rows that a patient reader has after the last run: what the server shows to one who follows its rules, less what
 * may
 * rightly be missing. May be missing: rows that came after the last run began; rows that were deleted at any time; rows
 * outside of
 * the settings' range; late rows, whose time lay before the lookback of a run when they came.
 */
import { day, floorSecond, hour, isoSecond, minute, second } from './clock.js';
import { type FurtherName, furtherStream, groupWords, isFurther, isStatistics, keyOfRow } from './further.js';
import type { Event, Issue, Life, Organization, Project, Release } from './organization.js';
import type { Plan, StreamName } from './plan.js';
import { hasHistory, isRefused } from './routes.js';

/** A run as the truth needs it. */
export interface Seen {
  streams: readonly StreamName[];
  /** When its first request came. */
  began: number;
  /** Whether the state that it left has a bookmark of a project. */
  remembers: (stream: StreamName, project: string) => boolean;
}

export interface Required {
  /** What is said of it when it is missing. */
  note?: string;
  /** For issues: the record must show this time or a later one. */
  lastSeen?: number;
  /** Its odd values must have survived. */
  exact?: boolean;
}

const lookbacks = { PT0S: 0, PT10M: 10 * minute, PT1H: hour, P1D: 24 * hour };
const releaseLookback = 30 * 24 * hour;

export class Truth {
  readonly #last: Seen;
  readonly #lookback: number;

  constructor(
    private readonly plan: Plan,
    private readonly organization: Organization,
    private readonly runs: readonly Seen[],
    /** The projects that `project_slugs` names; undefined: all. */
    private readonly named: ReadonlySet<string> | undefined,
  ) {
    this.#last = runs.at(-1) ?? { streams: [], began: 0, remembers: () => false };
    this.#lookback = lookbacks[plan.settings.lookback];
  }

  required(stream: StreamName): Map<string, Required> {
    const { organization, plan } = this;
    if (isFurther(stream)) return this.#further(stream);
    switch (stream) {
      case 'projects':
        return keyed(
          organization.projects.filter((row) => this.#stays(row) && this.#named(row) && !this.#isHidden(row)),
          ({ id }) => id,
        );
      case 'project_detail':
        return keyed(this.#openProjects('project_detail'), ({ id }) => id);
      case 'teams':
        return keyed(
          plan.routes.teams === 'there' ? organization.teams.filter((row) => this.#stays(row)) : [],
          ({ id }) => id,
        );
      case 'users':
        return this.#users();
      case 'releases':
      case 'release':
        return this.#releases(stream);
      case 'issues':
      case 'issue_detail':
        return this.#issues(stream);
      case 'events':
        return keyed(
          this.#events(stream).filter(() => plan.routes.events === 'there' && !this.#isCapped),
          ({ id }) => id,
        );
      case 'event_detail':
        return keyed(this.#details(), ({ id }) => id);
      case 'issue_events':
        return keyed(this.#issueEvents(), ({ id }) => id);
    }
  }

  get #isCapped(): boolean {
    return this.plan.settings.max_events_per_project !== undefined;
  }

  #users(): Map<string, Required> {
    const { members, users } = this.plan.routes;
    const people = this.organization.people.filter((row) => this.#stays(row));
    const shown = members === 'there' ? people : users === 'there' ? people.filter(({ active }) => active) : [];
    return keyed(shown, ({ id }) => id);
  }

  #releases(stream: StreamName): Map<string, Required> {
    const { routes } = this.plan;
    if (routes.releases !== 'there' || (stream === 'release' && routes.release !== 'there')) return new Map();
    const rows = this.organization.releases.filter((row) => {
      const moved = stream === 'releases' ? row.created : Math.max(row.created, row.released ?? 0);
      const lookback = stream === 'releases' ? releaseLookback : this.#lookback;
      return this.#stays(row) && this.#isInside(row.created) && !this.#isLate(stream, row.born, moved, lookback);
    });
    return keyed(rows, ({ version }) => version);
  }

  /** Rows of a further stream, of all that it is about. */
  #further(name: FurtherName): Map<string, Required> {
    const stream = furtherStream(name);
    if (isStatistics(stream)) return this.#days(name);
    const found = new Map<string, Required>();
    for (const home of this.#homes(name))
      for (const row of this.organization.further.of(name, home))
        if (this.#stays(row) && (!stream.time || this.#isInside(row.time)))
          found.set(keyOfRow(name, home, row.id), { note: noteOf({ ...row, time: row.time }) });
    return found;
  }

  /** What a further stream is about: rows that the last run must have asked for. */
  #homes(name: FurtherName): string[] {
    const { home } = furtherStream(name);
    switch (home) {
      case 'organization':
        return [''];
      case 'project':
        return this.#openProjects(name).map(({ id }) => id);
      case 'team':
        return [...this.required('teams').keys()];
      case 'release':
        return [...this.#releases(name).keys()];
      case 'issue':
        return [...this.#issues(name).keys()];
      default:
        return this.organization.further.of(home, '').map(({ id }) => id);
    }
  }

  /** A row for each whole day of the range and each group. */
  #days(name: FurtherName): Map<string, Required> {
    const projects = this.organization.projects.filter(hasHistory);
    const words: Record<string, readonly string[]> = { ...groupWords, project: projects.map(({ id }) => id) };
    const { groups = [] } = furtherStream(name);
    const first = Math.ceil(Math.max(this.plan.startDate, this.#last.began - 89 * day) / day) * day;
    const count = Math.max(0, Math.floor((this.#end() - first) / day));
    const days = Array.from({ length: count }, (_, n) => isoSecond(first + n * day));
    const keys = groups.reduce(
      (all, group) => all.flatMap((key) => words[group]?.map((one) => `${key}/${one}`) ?? []),
      days,
    );
    return new Map(keys.map((key) => [key, { note: 'a day and a group' }]));
  }

  /** How many events of each project a first run has to choose from. */
  available(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { issue } of this.#events('events'))
      counts.set(issue.project.id, (counts.get(issue.project.id) ?? 0) + 1);
    return counts;
  }

  #issueEvents(): Event[] {
    const { issueEvents, oldIssueEvents } = this.plan.routes;
    const there = issueEvents === 'there' || oldIssueEvents === 'there';
    return there ? this.#events('issue_events').filter(({ issue }) => this.#isFound(issue)) : [];
  }

  /** Issues with an event that has to be known. */
  #issues(stream: StreamName): Map<string, Required> {
    const found = new Map<string, Required>();
    const { issue: route, oldIssue } = this.plan.routes;
    if (stream === 'issue_detail' && route !== 'there' && oldIssue !== 'there') return found;
    for (const event of this.#events(stream)) {
      const { issue, time } = event;
      if (!this.#isFound(issue)) continue;
      const before = found.get(issue.id)?.lastSeen ?? 0;
      const lastSeen = Math.max(before, time);
      const note = `with an event of ${isoSecond(lastSeen)}, project ${issue.project.id}`;
      found.set(issue.id, { lastSeen, exact: stream === 'issues' && issue.exact, note });
    }
    return found;
  }

  /** Events that have to be known to a stream. */
  #events(stream: StreamName): Event[] {
    const projects = new Set(this.#openProjects(stream));
    return this.organization.events.filter(
      (event) =>
        this.#stays(event) &&
        !event.bad &&
        projects.has(event.issue.project) &&
        this.#isInside(event.time) &&
        this.#isInside(event.shown) &&
        !this.#isLate(stream, event.born, event.time, this.#lookback),
    );
  }

  #details(): Event[] {
    const { routes } = this.plan;
    const there = routes.events === 'there' && routes.event === 'there' && !this.#isCapped;
    return there ? this.#events('event_detail').filter((event) => !isRefused(event, this.plan)) : [];
  }

  /** Whether an issue is in a list that is there, and is what the settings ask for. */
  #isFound(issue: Issue): boolean {
    const { status, feedback } = issue;
    const { routes, settings, terms } = this.plan;
    const listed = routes.issues === 'there' || routes.projectIssues === 'there';
    const hidden = feedback && (routes.issues !== 'there' || terms !== 'known');
    return listed && !hidden && !this.#moved(issue) && (settings.issue_query === '' || status === 'unresolved');
  }

  /** Moved in its list while the last run read it: then the next run may be the one that has it. */
  #moved({ events }: Issue): boolean {
    const { began } = this.#last;
    return events.some(({ born, died }) => born > began || (died > began && died < Infinity));
  }

  /** Projects of which rows can be had. */
  #openProjects(stream: StreamName): Project[] {
    if (stream === 'project_detail' && this.plan.routes.project !== 'there') return [];
    const open = this.organization.projects.filter((row) => this.#stays(row) && !row.refused && this.#named(row));
    return open.filter((row) => !this.#isHidden(row) || this.#isRemembered(row, stream));
  }

  /** Not in the list of projects any more, though it is there. */
  #isHidden(project: Project): boolean {
    const { hiding } = this.plan;
    return (
      hiding !== undefined &&
      this.runs.length > hiding.run &&
      this.organization.projects.indexOf(project) >= hiding.left
    );
  }

  /** The state of an earlier run tells of a hidden project. */
  #isRemembered({ id }: Project, stream: StreamName): boolean {
    const before = this.runs.slice(0, this.plan.hiding?.run ?? 0);
    return before.some((run) => run.remembers(stream, id));
  }

  #named({ slug }: Project): boolean {
    return this.named?.has(slug) ?? true;
  }

  /** There when the last run began, and to the end. */
  #stays({ born, died }: Life): boolean {
    return born <= this.#last.began && died === Infinity;
  }

  #isInside(time: number): boolean {
    return time >= this.plan.startDate && time < this.#end();
  }

  /** Up to where the last run has to read: the server's now, or what it takes for now. */
  #end(): number {
    const behind = this.plan.date === 'an hour behind' ? hour : 0;
    const machine = Math.min(0, this.plan.machine);
    const held = this.#lookback < minute ? minute + second : 0;
    return floorSecond(this.#last.began - Math.max(behind, -machine) - held);
  }

  /** Came when a run had already read beyond its time, and further back than the next run looks. */
  #isLate(stream: StreamName, born: number, time: number, lookback: number): boolean {
    const before = this.runs.filter((run) => run.streams.includes(stream) && run.began <= born);
    const last = before.at(-1);
    return last !== undefined && time < floorSecond(last.began) - lookback + second;
  }
}

function keyed<T extends Life>(rows: readonly T[], key: (row: T) => string): Map<string, Required> {
  return new Map(
    rows.map((row) => [key(row), { exact: (row as { exact?: boolean }).exact === true, note: noteOf(row) }]),
  );
}

/** When a row came, and its times. */
function noteOf(row: Life & Partial<Event & Release>): string {
  const { born, time, shown, received, created, issue } = row;
  const dated = time ?? created;
  return [
    ...(dated === undefined ? [] : [`dated ${isoSecond(dated)}`]),
    ...(shown === undefined || shown === time ? [] : [`shown as ${isoSecond(shown)}`]),
    ...(received === undefined || received === time ? [] : [`received ${isoSecond(received)}`]),
    Number.isFinite(born) ? `came ${isoSecond(born)}` : 'there from the start',
    ...(issue ? [`project ${issue.project.id}, issue ${issue.id}`] : []),
  ].join(', ');
}
