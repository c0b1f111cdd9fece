/**
 * What a perfect client would hold now, stream by stream, made straight from the world: no paging, no
 * windows, no search. Rows come one by one, so that a million events need no room.
 */
import type { App } from './app.js';
import { everyRow } from './documented/rows.js';
import { documentedRoute, type DocumentedStream, documentedStreams } from './documented/tables.js';
import { isListedInIssue } from './endpoints/events.js';
import { usersOf } from './endpoints/organization.js';
import { isUnreachable, visibleReleases } from './endpoints/releases.js';
import type { Issue } from './entities.js';
import { memberRow, organizationRow, teamRow, type Row } from './rows/organization.js';
import { projectDetail, projectRow } from './rows/project.js';
import { releaseRow } from './rows/release.js';
import { statisticsKeys, statisticsRows, type StatisticsStream } from './statistics/truth.js';

/** A row and the key it is known by. */
export interface TrueRow {
  readonly key: string;
  /** The row as JSON text. */
  text: () => string;
}

/** Streams whose rows the world has in full. */
export const worldStreams = [
  'organization',
  'organizations',
  'projects',
  'project_detail',
  'teams',
  'users',
  'members',
  'releases',
  'release',
  'issues',
  'issue_detail',
  'events',
  'events_full',
  'issue_events',
  'event_detail',
] as const;
type WorldStream = (typeof worldStreams)[number];
export type TruthStream = WorldStream | DocumentedStream | StatisticsStream;
export const statisticsStreams = Object.keys(statisticsKeys) as StatisticsStream[];
export const truthStreams: readonly TruthStream[] = [...worldStreams, ...documentedStreams, ...statisticsStreams];

export class Truth {
  constructor(
    private readonly app: App,
    private readonly origin: string,
  ) {}

  /** The parsed rows of a stream. */
  *rows(stream: TruthStream): Generator<Row> {
    for (const row of this.each(stream)) yield JSON.parse(row.text()) as Row;
  }

  *keys(stream: TruthStream): Generator<string> {
    for (const { key } of this.each(stream)) yield key;
  }

  count(stream: TruthStream): number {
    let count = 0;
    for (const _ of this.each(stream)) count += 1;
    return count;
  }

  /**
   * Keys: ids; `<projectID>/<eventID>` for events, the version for releases, and for the streams that are answered from
   * facts the columns that tell rows apart, with `/` between.
   */
  *each(stream: TruthStream): Generator<TrueRow> {
    const { state, issues } = this.app;
    const live = state.liveProjects();
    switch (stream) {
      case 'organization':
      case 'organizations':
        return yield* [keyed(state.organizationId, () => organizationRow(state, this.origin))];
      case 'projects':
        return yield* live.map((one) => keyed(one.id, () => projectRow(state, one)));
      case 'project_detail':
        return yield* live
          .filter((one) => one.hasAccess)
          .map((one) => keyed(one.id, () => projectDetail(state, one, this.origin)));
      case 'teams':
        return yield* state.teams
          .filter((team) => !team.deleted)
          .map((team) => keyed(team.id, () => teamRow(state, team, true)));
      case 'users':
        return yield* usersOf(
          this.app,
          live.filter((one) => one.hasAccess),
        ).map((row) => keyed(String(row.id), () => row));
      case 'members':
        return yield* state.members
          .filter((one) => one.active || one.pending)
          .map((one) => keyed(one.id, () => memberRow(state, one)));
      case 'releases':
        return yield* this.releases();
      case 'release':
        return yield* this.releases().filter(({ key }) => !isUnreachable(this.app, key));
      case 'issues':
        return yield* this.visibleIssues().map((one) => keyed(one.id, () => this.issueRow(one)));
      case 'issue_detail':
        return yield* this.visibleIssues().map((one) => keyed(one.id, () => issues.detail(one, [])));
      case 'events':
        return yield* this.projectEvents((e) => this.listedEvent(e));
      case 'events_full':
        return yield* this.projectEvents((e) => this.app.events.bodies.text(e));
      case 'event_detail':
        return yield* this.projectEvents((e) => this.app.events.bodies.detail(e));
      case 'issue_events':
        return yield* this.issueEvents();
      default:
        return yield* this.fromFacts(stream);
    }
  }

  private *fromFacts(stream: DocumentedStream | StatisticsStream): Generator<TrueRow> {
    if (!this.app.behaviour.documentedRoutes) return;
    if (isStatistics(stream)) {
      const keyOf = (row: Row): string => statisticsKeys[stream].map((name) => String(row[name])).join('/');
      return yield* statisticsRows(this.app, stream).map((row) => keyed(keyOf(row), () => row));
    }
    for (const [key, row] of everyRow(this.app, documentedRoute(stream), this.origin)) yield keyed(key, row);
  }

  private releases(): TrueRow[] {
    return visibleReleases(this.app).map((one) => keyed(one.version, () => releaseRow(this.app.state, one)));
  }

  /** An issue with its all-time values: at the top, and under `lifetime` where its list has that. */
  private issueRow(issue: Issue): Row {
    const { behaviour, issues } = this.app;
    const lifetime = issues.lifetime(issue);
    const hasLifetime = behaviour.lifetime && behaviour.organizationIssues === true;
    return { ...issues.base(issue), ...lifetime, ...(hasLifetime ? { lifetime, filtered: null } : {}) };
  }

  /** JSON text of an event as a list shows it that nobody asked for bodies. */
  private listedEvent(e: number): string {
    const { behaviour, events } = this.app;
    return behaviour.fullEvents === 'always' ? events.bodies.text(e) : events.rows.text(e);
  }

  private visibleIssues(): Issue[] {
    return this.app.state.issues.filter((issue) => this.app.state.isVisible(issue) && issue.project.hasAccess);
  }

  private *projectEvents(text: (e: number) => string): Generator<TrueRow> {
    const { state } = this.app;
    for (const project of state.liveProjects().filter((one) => one.hasAccess)) {
      for (let n = project.events.from(state.oldest()); n < project.events.length; n += 1) {
        const e = project.events.get(n);
        yield { key: `${project.id}/${state.events.id(e)}`, text: () => text(e) };
      }
    }
  }

  /** Also those of feedback and slow spots, which no project list shows; not those long before their issue. */
  private *issueEvents(): Generator<TrueRow> {
    const { state } = this.app;
    for (const issue of this.visibleIssues()) {
      for (let n = issue.events.from(state.oldest()); n < issue.events.length; n += 1) {
        const e = issue.events.get(n);
        if (isListedInIssue(this.app, issue.firstEvent, e))
          yield { key: `${issue.project.id}/${state.events.id(e)}`, text: () => this.listedEvent(e) };
      }
    }
  }
}

const isStatistics = (stream: string): stream is StatisticsStream => stream in statisticsKeys;

function keyed(key: string, row: () => Row): TrueRow {
  return { key, text: () => JSON.stringify(row()) };
}
