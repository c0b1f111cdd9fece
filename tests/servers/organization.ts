/**
 * The organization that a server shows: projects, people, releases, issues and their events, each with the time at
 * which
 * it came and went. It changes while it is read; what was there when is never forgotten, so that it can be compared.
 */
import { day, floorSecond, hour, minute, second } from './clock.js';
import { isFurther } from './further.js';
import { FurtherRows } from './further-rows.js';
import { retention } from './oddities.js';
import type { Change, Plan } from './plan.js';
import { Dice } from './random.js';

/** When a row came (-Infinity: before the first run) and went. */
export interface Life {
  born: number;
  died: number;
}

export interface Project extends Life {
  id: string;
  slug: string;
  refused: boolean;
}

export interface Person extends Life {
  id: string;
  /** Has joined and is in a team: the older route shows only those. */
  active: boolean;
}

export interface Team extends Life {
  id: string;
}

export interface Release extends Life {
  id: string;
  version: string;
  created: number;
  released: number | undefined;
  exact: boolean;
}

export interface Issue {
  id: string;
  project: Project;
  feedback: boolean;
  status: 'unresolved' | 'resolved';
  events: Event[];
  exact: boolean;
}

export interface Event extends Life {
  id: string;
  issue: Issue;
  /** By which lists are sorted: whole seconds. */
  time: number;
  received: number;
  /** What the row shows, where it lies. */
  shown: number;
  bad: boolean;
  exact: boolean;
}

const always: Life = { born: -Infinity, died: Infinity };

export class Organization {
  readonly slug = 'acme';
  readonly projects: Project[] = [];
  readonly teams: Team[] = [];
  readonly people: Person[] = [];
  readonly releases: Release[] = [];
  readonly issues: Issue[] = [];
  readonly events: Event[] = [];
  readonly eventsById = new Map<string, Event>();
  readonly issuesById = new Map<string, Issue>();
  /** Rows that a list has shown in this run: what is deleted is best one of them. */
  readonly shown = new Set<object>();
  readonly further: FurtherRows;
  readonly #dice: Dice;
  readonly #plan: Plan;
  #lastId = 100;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#dice = new Dice(plan.seed + 7_777_777);
    this.further = new FurtherRows(plan);
    this.#grow();
  }

  /** Something happens at this moment. */
  change(kind: Change, now: number): void {
    const dice = this.#dice;
    switch (kind) {
      case 'new events':
        for (const name of Object.keys(this.#plan.further)) if (isFurther(name)) this.further.grow(name, now);
        for (let left = dice.int(1, 8); left > 0; left--) this.#arrive(now - dice.int(1, 90) * second, now);
        return;
      case 'late events':
        for (let left = dice.int(1, 3); left > 0; left--) this.#arrive(now - dice.int(2, 55) * minute, now);
        return;
      case 'read events deleted':
        for (const event of this.#dice.some(
          this.#alive(this.events).filter((one) => this.shown.has(one)),
          dice.int(1, 9),
        ))
          event.died = now;
        return;
      case 'new release':
        this.#addRelease(now - dice.int(1, 50) * second, { born: now, died: Infinity });
        return;
      case 'old release':
        this.#addRelease(now - dice.int(1, 20) * day, { born: now, died: Infinity });
        return;
      case 'row deleted':
        this.#deleteRow(now);
        return;
      case 'project deleted':
        this.#deleteProject(now);
        return;
      case 'new project':
        this.#addProject({ born: now, died: Infinity });
        this.#arrive(now - dice.int(5, 50) * second, now, this.projects.at(-1));
        return;
      case 'project renamed':
        this.#rename(now);
        return;
      case 'new people':
        this.#addPerson({ born: now, died: Infinity });
        this.teams.push({ id: this.#nextId(), born: now, died: Infinity });
    }
  }

  /** The events of an issue that are there. */
  eventsOf(issue: Issue): Event[] {
    return this.#alive(issue.events);
  }

  #grow(): void {
    const { sizes, badRow, liars, bytes, refusedProject } = this.#plan;
    for (let left = sizes.projects; left > 0; left--) this.#addProject(always);
    const [first, ...others] = this.projects;
    if (refusedProject && first && others.length > 0) first.refused = true;
    for (let left = sizes.teams; left > 0; left--) this.teams.push({ id: this.#nextId(), ...always });
    for (let left = sizes.members; left > 0; left--) this.#addPerson(always);
    for (let left = sizes.releases; left > 0; left--) this.#addRelease(this.#past(), always);
    if (sizes.events > 0) this.#growIssues();
    for (let left = sizes.events; left > 0; left--) this.#addEvent(this.#past(), always, this.#dice.pick(this.issues));
    this.#crowd();
    const steady = this.events.filter(({ issue }) => !issue.project.refused);
    if (badRow !== 'none' && steady.length > 0) this.#dice.pick(steady).bad = true;
    for (const liar of liars) if (steady.length > 0) this.#lie(this.#dice.pick(steady), liar);
    if (bytes.length > 0)
      for (const rows of [this.events, this.issues, this.releases])
        for (const row of this.#dice.some<{ exact: boolean }>(rows, 5)) row.exact = true;
  }

  #growIssues(): void {
    const count = 1 + Math.floor(this.#plan.sizes.events / this.#dice.int(2, 15));
    const feedback = this.#plan.terms === 'known';
    for (let left = count; left > 0; left--) this.#addIssue(this.#dice.pick(this.projects), feedback);
  }

  /** A moment of the past: mostly inside the range of the settings, sometimes before it. */
  #past(): number {
    const { now, startDate, lists } = this.#plan;
    const kept = lists.events.range === 'refused before retention' || lists.issues.range === 'refused before retention';
    const span = kept ? retention - day : (now - startDate) * (this.#dice.is(0.15) ? 1.2 : 1);
    const back = this.#dice.is(0.3) ? this.#dice.next() * Math.min(span, 2 * day) : this.#dice.next() * span;
    return floorSecond(now - 5 * second - back);
  }

  #crowd(): void {
    const { crowd } = this.#plan;
    const [issue] = this.issues;
    if (crowd === 0 || !issue) return;
    const time = this.#past();
    const spread = this.#dice.is(0.5);
    for (let left = crowd; left > 0; left--)
      this.#addEvent(time, always, spread ? this.#dice.pick(this.issues) : issue);
  }

  #lie(event: Event, liar: Plan['liars'][number]): void {
    const shown = {
      'year 1': Date.parse('0001-01-01T00:00:00Z'),
      'year 2001': Date.UTC(2001, 0, 1),
      'days early': event.time - this.#dice.int(2, 20) * day,
      'days late': event.time + this.#dice.int(2, 20) * day,
    };
    event.shown = shown[liar];
  }

  /** An event comes now, with a time of its own; sometimes the first of its issue. */
  #arrive(time: number, now: number, project?: Project): void {
    const life = { born: now, died: Infinity };
    const open = this.issues.filter((issue) => issue.project.died === Infinity && !issue.project.refused);
    const fresh = project !== undefined || open.length === 0 || this.#dice.is(0.2);
    const home = project ?? this.#dice.pick(this.#alive(this.projects));
    if (!home) return;
    this.#addEvent(floorSecond(time), life, fresh ? this.#addIssue(home, false) : this.#dice.pick(open));
  }

  #addProject(life: Life): void {
    const id = this.#nextId();
    this.projects.push({ id, slug: `project-${id}`, refused: false, ...life });
  }

  #addPerson(life: Life): void {
    this.people.push({ id: this.#nextId(), active: !this.#dice.is(0.2), ...life });
  }

  #addRelease(created: number, life: Life): void {
    const id = this.#nextId();
    const version = this.#dice.pick([`web@${id}.0+b1`, `${id}.2 beta`, `app/${id}`, `v${id}`, `ü${id}`]);
    const released = this.#dice.is(0.3) ? created + this.#dice.int(0, 10) * hour : undefined;
    const known = released !== undefined && released > this.#plan.now ? undefined : released;
    this.releases.push({ id, version, created: floorSecond(created), released: known, exact: false, ...life });
  }

  #addIssue(project: Project, feedback: boolean): Issue {
    const issue: Issue = {
      id: this.#nextId(),
      project,
      feedback: feedback && this.#dice.is(0.15),
      status: this.#dice.is(0.75) ? 'unresolved' : 'resolved',
      events: [],
      exact: false,
    };
    this.issues.push(issue);
    this.issuesById.set(issue.id, issue);
    return issue;
  }

  #addEvent(time: number, life: Life, issue: Issue): void {
    const digits = '0123456789abcdef';
    const id = Array.from({ length: 32 }, () => digits[this.#dice.int(0, 15)]).join('');
    const arrival = Number.isFinite(life.born) ? life.born : this.#arrival(time);
    const event: Event = {
      id,
      issue,
      time,
      received: floorSecond(arrival),
      shown: time,
      bad: false,
      exact: false,
      ...life,
    };
    this.events.push(event);
    this.eventsById.set(id, event);
    issue.events.push(event);
  }

  /** When an event of this time came: mostly some seconds later, sometimes days. */
  #arrival(time: number): number {
    const delay = this.#dice.is(0.85) ? this.#dice.int(0, 20) * second : this.#dice.int(0, 3 * 24) * hour;
    const until = this.#plan.now - 2 * second;
    return time + delay < until ? time + delay : time + this.#dice.next() * (until - time);
  }

  #deleteRow(now: number): void {
    const lists: Life[][] = [this.teams, this.people, this.releases];
    const candidates = lists.flatMap((rows) => this.#alive(rows).filter((row) => this.shown.has(row)));
    if (candidates.length > 0) this.#dice.pick(candidates).died = now;
  }

  /** A name that the settings do not name. */
  #rename(now: number): void {
    if (this.#plan.settings.named !== undefined) return;
    const project = this.#dice.pick(this.#alive(this.projects));
    if (project) project.slug = `renamed-${project.id}-${Math.floor(now / second) % 1000}`;
  }

  #deleteProject(now: number): void {
    const open = this.#alive(this.projects);
    if (open.length < 2 || this.#plan.settings.named !== undefined) return;
    const shown = open.filter((project) => this.shown.has(project));
    const project = this.#dice.pick(shown.length > 0 ? shown : open);
    project.died = now;
    for (const event of this.events) if (event.issue.project === project) event.died = Math.min(event.died, now);
  }

  #alive<T extends Life>(rows: readonly T[]): T[] {
    return rows.filter(({ died }) => died === Infinity);
  }

  /** Ids grow by odd steps; where they are numbers some are too large for a double. */
  #nextId(): string {
    this.#lastId += this.#dice.int(1, 9);
    return this.#plan.numericIds ? `90071992547${String(this.#lastId).padStart(8, '0')}` : String(this.#lastId);
  }
}
