/**
 * The world moves: events arrive (some of them late), people resolve, assign, merge and delete, projects
 * are renamed and lost. Each act is seen by the next request, and is remembered in `history`.
 */
import { chance } from './chance.js';
import type { Clock } from './clock.js';
import type { Issue, Member, Project, Release } from './entities.js';
import { assigned, grow, newMember, newRelease, slugOf } from './grow.js';
import { failingOf, traitsOf } from './grow-issues.js';
import { needAssignee, needIssue, needProject } from './lookup.js';
import type { Settings } from './options.js';
import { platforms } from './platforms.js';
import { at as pickAt, Dice, mix } from './random.js';
import { State } from './state.js';

export interface HistoryEntry {
  readonly at: string;
  readonly action: string;
  readonly detail: Record<string, unknown>;
}

export interface EventKey {
  readonly eventID: string;
  readonly projectID: string;
  readonly groupID: string;
  readonly dateCreated: number;
}

type When = Date | string | number;

export class World {
  readonly state: State;
  readonly history: HistoryEntry[] = [];
  private readonly dice: Dice;

  constructor(
    settings: Settings,
    readonly clock: Clock,
  ) {
    this.state = new State(settings, clock);
    this.dice = new Dice(settings.seed, 6);
    grow(this.state);
  }

  /** Events arrive now; `at` is the time they carry, which may lie days back. `spacing` seconds lie between them. */
  addEvents(what: { issue?: string; project?: string; count?: number; at?: When; spacing?: number }): EventKey[] {
    const issue = what.issue === undefined ? this.anIssue(what.project) : needIssue(this.state, what.issue);
    const now = this.clock.now();
    const start = what.at === undefined ? now : new Date(what.at).getTime();
    if (Number.isNaN(start)) throw new RangeError('addEvents: at is not a date');
    const keys = Array.from({ length: what.count ?? 1 }, (_, n): EventKey => {
      const ms = start + n * (what.spacing ?? 0) * 1000;
      const micro =
        (((ms % 1000) + 1000) % 1000) * 1000 +
        (what.at === undefined ? mix(this.state.settings.seed, this.state.events.count, 13) % 1000 : 0);
      const event = this.state.ingest(issue, Math.floor(ms / 1000), Math.floor(micro), now);
      return {
        eventID: this.state.events.id(event),
        projectID: issue.project.id,
        groupID: this.state.survivor(issue).id,
        dateCreated: ms,
      };
    });
    // A resolved issue that fails again is a regression.
    if (issue.status === 'resolved')
      this.change(issue, 'set_regression', { status: 'unresolved', substatus: 'regressed' });
    this.note('addEvents', { issue: issue.id, count: keys.length, at: new Date(start).toISOString() });
    return keys;
  }

  newIssue(
    what: {
      project?: string;
      count?: number;
      at?: When;
      title?: string;
      status?: Issue['status'];
      feedback?: boolean;
    } = {},
  ): Issue {
    const project = what.project === undefined ? this.dice.pick(this.open()) : needProject(this.state, what.project);
    const category = what.feedback && this.state.settings.behaviour.issueCategories ? 'feedback' : 'error';
    const failing = failingOf(project, category, this.dice);
    const traits = {
      ...traitsOf(this.state, project, category, failing, this.dice),
      status: what.status ?? ('unresolved' as const),
      substatus: what.status === 'resolved' ? null : 'new',
    };
    const issue = this.state.addIssue(
      project,
      category,
      what.title === undefined ? failing : { ...failing, title: what.title },
      traits,
    );
    this.note('newIssue', { issue: issue.id, project: project.slug });
    this.addEvents({ issue: issue.id, count: what.count ?? 1, ...(what.at === undefined ? {} : { at: what.at }) });
    return issue;
  }

  resolve(issueId: string): void {
    this.change(needIssue(this.state, issueId), 'set_resolved', { status: 'resolved', substatus: null });
  }

  unresolve(issueId: string): void {
    this.change(needIssue(this.state, issueId), 'set_unresolved', { status: 'unresolved', substatus: 'ongoing' });
  }

  ignore(issueId: string): void {
    this.change(needIssue(this.state, issueId), 'set_ignored', {
      status: 'ignored',
      substatus: 'archived_until_escalating',
    });
  }

  /** To a member (by e-mail or user id), to a team (by slug or id), or to nobody. */
  assign(issueId: string, to: { user?: string; team?: string } | null): void {
    const assignee = to && needAssignee(this.state, to);
    this.change(
      needIssue(this.state, issueId),
      assignee ? 'assigned' : 'unassigned',
      { assignee },
      assignee ? assigned(assignee) : {},
    );
  }

  prioritize(issueId: string, priority: Issue['priority']): void {
    this.change(needIssue(this.state, issueId), 'set_priority', { priority }, { priority });
  }

  comment(issueId: string, text: string): void {
    const issue = needIssue(this.state, issueId);
    this.change(issue, 'note', { comments: issue.comments + 1 }, { text });
  }

  /** The child is gone; its events and its id now belong to the parent. */
  merge(childId: string, parentId: string): void {
    const [child, parent] = [needIssue(this.state, childId), needIssue(this.state, parentId)];
    if (child === parent) throw new RangeError('an issue cannot be merged into itself');
    child.mergedInto = parent;
    parent.events.merge(child.events);
    parent.orderly = false;
    if (this.state.events.compare(child.firstEvent, parent.firstEvent) < 0) parent.firstEvent = child.firstEvent;
    child.version += 1;
    this.change(parent, 'merge', {}, { issues: [{ id: child.id }] });
  }

  deleteIssue(issueId: string): void {
    const issue = needIssue(this.state, issueId);
    issue.deleted = true;
    issue.project.events.keep((event) => this.state.survivor(this.state.birthIssue(event)) !== issue);
    this.note('deleteIssue', { issue: issue.id });
  }

  newProject(name: string): Project {
    const n = this.state.projects.length;
    const project = this.state.addProject({
      id: String(4_505_281_256_090_153 + n * 65_537 * 7),
      slug: slugOf(name),
      name,
      platform: pickAt(platforms, n),
      created: this.clock.now(),
      teams: this.state.teams.slice(0, 1),
      isMember: true,
      hasAccess: true,
      isBookmarked: false,
      environments: ['production'],
    });
    this.note('newProject', { project: project.slug });
    return project;
  }

  renameProject(idOrSlug: string, slug: string): void {
    const project = needProject(this.state, idOrSlug);
    project.formerSlugs.push(project.slug);
    project.slug = slug;
    this.touch(project);
    this.note('renameProject', { project: project.id, slug });
  }

  revokeAccess(idOrSlug: string): void {
    const project = needProject(this.state, idOrSlug);
    project.hasAccess = project.isMember = false;
    this.note('revokeAccess', { project: project.slug });
  }

  deleteProject(idOrSlug: string): void {
    const project = needProject(this.state, idOrSlug);
    project.deleted = true;
    for (const release of this.state.releases) release.projects = release.projects.filter((one) => one !== project);
    this.note('deleteProject', { project: project.slug });
  }

  /** `at` is when it was made, `released` when it was released. */
  newRelease(what: { version?: string; project?: string; at?: When; released?: When } = {}): Release {
    const project = what.project === undefined ? this.dice.pick(this.open()) : needProject(this.state, what.project);
    const created = what.at === undefined ? this.clock.now() : new Date(what.at).getTime();
    newRelease(this.state, this.dice, [project], created, this.state.releases.length, what.version);
    const release = this.state.releases.at(-1)!;
    if (what.released !== undefined) release.released = new Date(what.released).getTime();
    this.note('newRelease', { version: release.version });
    return release;
  }

  archiveRelease(version: string): void {
    const release = this.state.releases.find((one) => one.version === version);
    if (!release) throw new RangeError(`no release ${version}`);
    release.status = 'archived';
    this.note('archiveRelease', { version });
  }

  newMember(): Member {
    const member = newMember(this.state, this.dice, this.state.members.length);
    this.state.members.push(member);
    this.note('newMember', { member: member.id });
    return member;
  }

  deactivateMember(memberId: string): void {
    const member = this.state.members.find((one) => one.id === memberId);
    if (!member) throw new RangeError(`no member ${memberId}`);
    member.active = false;
    this.note('deactivateMember', { member: memberId });
  }

  /** One likely thing happens; for tests that let a world live on. */
  randomChange(dice: Dice = this.dice): string {
    chance(this, dice);
    return this.history.at(-1)?.action ?? '';
  }

  /** The issues the token may see, of whatever state. */
  openIssues(): Issue[] {
    return this.state.liveIssues().filter((issue) => issue.project.hasAccess);
  }

  private open(): Project[] {
    return this.state.liveProjects().filter((project) => project.hasAccess);
  }

  private anIssue(project: string | undefined): Issue {
    const wanted = project === undefined ? undefined : needProject(this.state, project);
    const issues = this.openIssues().filter(
      (issue) => issue.category === 'error' && (!wanted || issue.project === wanted),
    );
    return issues.length > 0 ? this.dice.pick(issues) : this.newIssue(wanted ? { project: wanted.id } : {});
  }

  private change(issue: Issue, type: string, fields: Partial<Issue>, data: Record<string, unknown> = {}): void {
    Object.assign(issue, fields);
    issue.version += 1;
    issue.activity.push({
      id: String(6_900_000_000 + this.history.length),
      type,
      at: this.clock.now(),
      member: this.state.members[0],
      data,
    });
    this.note(type, { issue: issue.id, ...data });
  }

  /** Issue texts name their project's slug. */
  private touch(project: Project): void {
    for (const issue of this.state.issues) if (issue.project === project) issue.version += 1;
  }

  private note(action: string, detail: Record<string, unknown>): void {
    this.state.version += 1;
    this.history.push({ at: new Date(this.clock.now()).toISOString(), action, detail });
  }
}
