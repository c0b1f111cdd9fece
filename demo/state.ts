/**
 * The organization as it stands: its people, projects, releases, issues and events, and the few
 * questions every answer asks of them. `grow.ts` fills it, `world.ts` moves it on.
 */
import type { Clock } from './clock.js';
import { daySeconds } from './clock.js';
import type { Category, Failing, Issue, Member, Project, Release, Team } from './entities.js';
import { EventIndex, EventList, type Range } from './event-index.js';
import type { Settings } from './options.js';
import type { Platform } from './platforms.js';
import { mix } from './random.js';

/** How many different people use the products. */
export const endUsers = 20_000;

export class State {
  readonly organizationId = '4505100000000001';
  readonly teams: Team[] = [];
  readonly members: Member[] = [];
  readonly projects: Project[] = [];
  readonly releases: Release[] = [];
  readonly issues: Issue[] = [];
  readonly events: EventIndex;
  /** Grows with every change, so that an ordered list can be kept until something moved. */
  version = 0;
  private readonly issueById = new Map<string, Issue>();
  private readonly seen = new Uint32Array(endUsers);
  private look = 0;

  constructor(
    readonly settings: Settings,
    readonly clock: Clock,
  ) {
    this.events = new EventIndex(settings.seed, settings.events + 1024);
  }

  /** The oldest second still visible. */
  oldest(): number {
    return Math.floor(this.clock.now() / 1000) - this.settings.retentionDays * daySeconds;
  }

  project(idOrSlug: string): Project | undefined {
    return this.liveProjects().find((project) => project.id === idOrSlug || project.slug === idOrSlug);
  }

  liveProjects(): Project[] {
    return this.projects.filter((project) => !project.deleted);
  }

  liveIssues(): Issue[] {
    return this.issues.filter((issue) => this.isLive(issue));
  }

  isLive(issue: Issue): boolean {
    return !issue.deleted && issue.mergedInto === undefined && !issue.project.deleted;
  }

  /** The issue that answers for an id: itself, or the one it was merged into. */
  issue(id: string): Issue | undefined {
    const issue = this.issueById.get(id);
    return issue && this.survivor(issue);
  }

  survivor(issue: Issue): Issue {
    let one = issue;
    while (one.mergedInto) one = one.mergedInto;
    return one;
  }

  /** The issue an event was born in; its words come from there, even after a merge. */
  birthIssue(event: number): Issue {
    const issue = this.issues[this.events.issue[event]!];
    if (!issue) throw new RangeError(`no event ${event}`);
    return issue;
  }

  addProject(
    project: Omit<Project, 'index' | 'events' | 'releases' | 'lastShortId' | 'formerSlugs' | 'deleted'>,
  ): Project {
    const made: Project = {
      ...project,
      index: this.projects.length,
      events: new EventList(this.events),
      releases: [],
      lastShortId: 0,
      formerSlugs: [],
      deleted: false,
    };
    this.projects.push(made);
    return made;
  }

  addIssue(
    project: Project,
    category: Category,
    failing: Failing,
    traits: Pick<
      Issue,
      | 'handled'
      | 'level'
      | 'status'
      | 'substatus'
      | 'priority'
      | 'assignee'
      | 'comments'
      | 'shareId'
      | 'userPool'
      | 'userOffset'
    >,
  ): Issue {
    const index = this.issues.length;
    project.lastShortId += 1;
    const issue: Issue = {
      ...traits,
      index,
      project,
      category,
      failing,
      id: String(5_100_000_000 + index * 1009 + (mix(this.settings.seed, index, 77) % 1000)),
      shortId: `${project.slug.toUpperCase()}-${project.lastShortId.toString(36).toUpperCase()}`,
      activity: [],
      firstEvent: -1,
      events: new EventList(this.events),
      orderly: true,
      mergedInto: undefined,
      deleted: false,
      version: 0,
    };
    this.issues.push(issue);
    this.issueById.set(issue.id, issue);
    return issue;
  }

  /** An event arrives: it gets its release and its place in the lists. */
  ingest(issue: Issue, second: number, micro: number, received: number): number {
    const release = this.releaseAt(issue.project, second, micro);
    const event = this.events.add(
      second,
      micro,
      issue.index,
      issue.events.length,
      release ? release.index + 1 : 0,
      received,
    );
    this.place(issue, event, release);
    return event;
  }

  userOf(event: number): number | undefined {
    const issue = this.birthIssue(event);
    return issue.userPool === 0
      ? undefined
      : (issue.userOffset + (this.events.ordinal[event]! % issue.userPool)) % endUsers;
  }

  releaseOf(event: number): Release | undefined {
    const release = this.events.release[event]!;
    return release === 0 ? undefined : this.releases[release - 1];
  }

  /** Different users of a stretch of an issue's events. */
  userCount(issue: Issue, [from, to]: Range): number {
    if (issue.orderly) return Math.min(to - from, issue.userPool);
    this.look += 1;
    let users = 0;
    for (let position = from; position < to; position += 1) {
      const user = this.userOf(issue.events.get(position));
      if (user === undefined || this.seen[user] === this.look) continue;
      this.seen[user] = this.look;
      users += 1;
    }
    return users;
  }

  /** The event with the largest time. */
  lastEvent(issue: Issue): number {
    let last = issue.events.get(issue.events.length - 1);
    for (let position = issue.events.length - 2; position >= 0; position -= 1) {
      const event = issue.events.get(position);
      if (this.events.second[event] !== this.events.second[last]) break;
      if (this.events.micro[event]! > this.events.micro[last]!) last = event;
    }
    return last;
  }

  /** Still visible: alive, and with an event inside retention. */
  isVisible(issue: Issue): boolean {
    if (!this.isLive(issue) || issue.events.length === 0) return false;
    return this.events.second[issue.events.get(issue.events.length - 1)]! >= this.oldest();
  }

  platformOf(event: number): Platform {
    return this.birthIssue(event).project.platform;
  }

  private place(issue: Issue, event: number, release: Release | undefined): void {
    const second = this.events.second[event]!;
    if (!issue.events.insert(event)) issue.orderly = false;
    if (issue.firstEvent < 0) {
      issue.firstEvent = event;
      if (release) release.newGroups.set(issue.project, (release.newGroups.get(issue.project) ?? 0) + 1);
    }
    if (issue.category === 'error') issue.project.events.insert(event);
    if (release) {
      release.firstEvent = Math.min(release.firstEvent ?? second, second);
      release.lastEvent = Math.max(release.lastEvent ?? second, second);
    }
    issue.version += 1;
    this.version += 1;
  }

  /** What runs at that moment: mostly the newest release of the project, sometimes the one before. */
  private releaseAt(project: Project, second: number, micro: number): Release | undefined {
    let [low, high] = [0, project.releases.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (project.releases[middle]!.created / 1000 <= second) low = middle + 1;
      else high = middle;
    }
    const back = mix(this.settings.seed, second, micro, 5) % 10 < 8 ? 1 : 2;
    return project.releases[low - back] ?? project.releases[low - 1];
  }
}
