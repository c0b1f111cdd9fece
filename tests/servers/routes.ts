/** From a URL to an answer: which routes there are, what their parameters mean, and which rows they list. */
import { day, floorSecond, second } from './clock.js';
import { type FurtherRequest, furtherRequest, isThere, statistics, writeFurther } from './further-routes.js';
import { isStatistics } from './further.js';
import { type Entry, type ListAnswer, Pager } from './lists.js';
import { retention } from './oddities.js';
import type { Event, Issue, Life, Organization, Project, Release } from './organization.js';
import type { ListForm, ListRoute, Plan, RangeForm, Route } from './plan.js';
import { chanceOf } from './random.js';
import { type Json, Rows } from './rows.js';

export interface Answer {
  route: Route | 'organization' | 'further' | 'none';
  status: number;
  body?: unknown;
  /** Sent instead of a JSON body. */
  html?: boolean;
  headers?: Record<string, string | string[]>;
  /** A page of a list, after which things may change. */
  paged?: boolean;
  rows?: number;
  more?: boolean;
}

interface Asked {
  url: URL;
  query: URLSearchParams;
  /** The range that is asked for, if any: epoch ms. */
  from: number;
  to: number;
  ranged: boolean;
}

const missing = (route: Answer['route'] = 'none'): Answer => ({
  route,
  status: 404,
  body: { detail: 'The requested resource does not exist' },
});

export class Routes {
  readonly #rows: Rows;
  readonly #pager: Pager;
  /** Which run it is: some things begin later. */
  run = 0;

  constructor(
    private readonly plan: Plan,
    private readonly organization: Organization,
    private readonly now: () => number,
    origin: () => string,
  ) {
    this.#rows = new Rows(plan, organization);
    this.#pager = new Pager(plan.seed, origin);
  }

  answer(url: URL): Answer {
    const further = furtherRequest(url, this.organization.slug);
    if (further) return this.#further(further, askedBy(url));
    const [, , ...path] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const [area, first = '', second_ = '', third = '', fourth, ...rest] = path;
    if (rest.length > 0) return missing();
    const asked = askedBy(url);
    if (area === 'issues') return this.#oldIssue(first, second_, asked);
    if (first !== this.organization.slug) return missing();
    if (area === 'organizations') return this.#ofOrganization(second_, third, fourth, asked);
    return area === 'projects' ? this.#ofProject(second_, third, fourth, asked) : missing();
  }

  // Routes -----------------------------------------------------------------------------------

  #ofOrganization(kind: string, id: string, below: string | undefined, asked: Asked): Answer {
    const { organization } = this;
    if (kind === '') return { route: 'organization', status: 200, body: { id: '1', slug: organization.slug } };
    if (kind === 'issues' && below === 'events')
      return this.#closed('issueEvents') ?? this.#issueEvents('issueEvents', id, asked);
    if (below !== undefined) return missing();
    if (kind === 'issues' && id !== '') return this.#closed('issue') ?? this.#issue('issue', id);
    if (kind === 'releases' && id !== '') return this.#closed('release') ?? this.#release(id);
    if (id !== '') return missing();
    switch (kind) {
      case 'projects':
        return this.#table('projects', this.#listedProjects(), (row) => this.#rows.project(row), asked);
      case 'teams':
        return this.#table('teams', organization.teams, (row) => this.#rows.team(row), asked);
      case 'members':
        return this.#table('members', organization.people, (row) => this.#rows.person(row), asked);
      case 'users': {
        const active = organization.people.filter((one) => one.active);
        return this.#ofProjects('users', asked, () =>
          this.#table('users', active, (row) => this.#rows.person(row), asked),
        );
      }
      case 'releases':
        return this.#ofProjects('releases', asked, () => this.#releases(asked));
      case 'issues':
        return this.#closed('issues') ?? this.#ofProjects('issues', asked, (own) => this.#issues('issues', own, asked));
      default:
        return missing();
    }
  }

  #oldIssue(id: string, kind: string, asked: Asked): Answer {
    if (kind === 'events') return this.#closed('oldIssueEvents') ?? this.#issueEvents('oldIssueEvents', id, asked);
    return kind === '' ? (this.#closed('oldIssue') ?? this.#issue('oldIssue', id)) : missing();
  }

  #ofProject(reference: string, kind: string, id: string | undefined, asked: Asked): Answer {
    const route = kind === '' ? 'project' : kind === 'issues' ? 'projectIssues' : id === undefined ? 'events' : 'event';
    const closed = this.#closed(route);
    if (closed) return closed;
    const project = this.#projectNamed(reference, route);
    if ('status' in project) return project;
    if (route === 'project') return { route, status: 200, body: this.#rows.project(project) };
    if (route === 'projectIssues') return this.#issues('projectIssues', [project], asked);
    return route === 'events' ? this.#projectEvents(project, asked) : this.#event(project, id ?? '');
  }

  /** The project that a path names, or what is answered in its place. */
  #projectNamed(reference: string, route: Answer['route']): Project | Answer {
    const bySlug = this.organization.projects.find(({ slug }) => slug === reference);
    const project = bySlug ?? this.organization.projects.find((one) => one.id === reference);
    if (!project || project.died !== Infinity) return missing(route);
    if (!bySlug && this.plan.ids !== 'both') {
      const empty = this.plan.ids === 'slugs, else []' && (route === 'events' || route === 'projectIssues');
      return empty ? { route, status: 200, body: [] } : missing(route);
    }
    return project.refused ? this.#refused(route) : project;
  }

  #further(request: FurtherRequest, asked: Asked): Answer {
    const { stream, home } = request;
    const route = 'further';
    if (asked.query.getAll('project').includes('-1') && this.plan.everyProject === 'refused')
      return { route, status: 403, body: { detail: 'No permission' } };
    if (stream.home !== 'project')
      return isThere(request, this.organization) ? this.#furtherRows(request, home, asked) : missing(route);
    const project = this.#projectNamed(home, route);
    return 'status' in project ? project : this.#furtherRows(request, project.id, asked);
  }

  /** The rows of a further stream: one answer, or a page. */
  #furtherRows({ name, stream }: FurtherRequest, home: string, asked: Asked): Answer {
    const { form = 'list', under } = stream;
    const own = this.organization.projects.filter(hasHistory);
    const { range, ...pages } = this.plan.further[name] ?? this.plan.lists.teams;
    const ranged = stream.ranged ? range : 'ignored';
    const rows = this.organization.further.of(name, home).filter(({ time }) => this.#keeps(ranged, time, asked));
    const write = (row: (typeof rows)[number]): Json => writeFurther(stream, home, row);
    const wrap = (body: unknown, more: Json = {}): unknown => (under === undefined ? body : { ...more, [under]: body });
    const answer = { route: 'further', status: 200 } as const;
    if (isStatistics(stream))
      return {
        ...answer,
        body: statistics(
          stream,
          asked.query,
          own.map(({ id }) => id),
        ),
      };
    if (form === 'object') return { ...answer, body: rows.map(write)[0] };
    if (form === 'whole') return { ...answer, body: wrap(rows.map(write)) };
    if (form === 'scim') {
      const [first, count] = [Number(asked.query.get('startIndex') ?? 1), Number(asked.query.get('count') ?? 100)];
      const page = rows.slice(first - 1, first - 1 + Math.min(count, pages.most)).map(write);
      return {
        ...answer,
        body: wrap(page, { totalResults: rows.length, startIndex: first, itemsPerPage: page.length }),
      };
    }
    const entries = rows.map((row) => ({ key: row.id, time: row.time, subject: row, write: () => write(row) }));
    const page = this.#page('further', entries, asked, { form: { ...pages, range: ranged } });
    return page.status === 200 ? { ...page, body: wrap(page.body) } : page;
  }

  /** What a route answers that is not there. */
  #closed(route: Route): Answer | undefined {
    const form = this.plan.routes[route];
    if (form === 'there') return undefined;
    if (form === 'html') return { route, status: 200, html: true };
    return { route, status: form, body: { detail: form === 500 ? 'Internal Error' : 'Not for you' } };
  }

  #refused(route: Answer['route']): Answer {
    const status = this.plan.refusedProject?.status ?? 403;
    return { route, status, body: { detail: 'You do not have permission to perform this action.' } };
  }

  /** Which projects a list of the organization is about. */
  #ofProjects(route: 'users' | 'releases' | 'issues', { query }: Asked, answer: (own: Project[]) => Answer): Answer {
    const open = this.organization.projects.filter(({ died, refused }) => died === Infinity && !refused);
    const named = query.getAll('project');
    if (named.length === 0) {
      const own = open.filter(({ id }) => this.plan.noProject === 'all' || chanceOf(this.plan.seed, `own ${id}`) < 0.6);
      return answer(own);
    }
    if (named.includes('-1')) {
      if (this.plan.everyProject === 'refused') return { route, status: 403, body: { detail: 'No permission' } };
      return this.plan.everyProject === 'literal' ? { route, status: 200, body: [] } : answer(open);
    }
    if (named.some((id) => !/^\d+$/.test(id)))
      return { route, status: 400, body: { detail: 'Invalid project parameter. Values must be numbers.' } };
    const own = open.filter(({ id }) => named.includes(id));
    return own.length < new Set(named).size ? this.#refused(route) : answer(own);
  }

  #listedProjects(): Project[] {
    const { hiding } = this.plan;
    const open = this.organization.projects;
    return hiding && this.run >= hiding.run ? open.slice(0, hiding.left) : open;
  }

  // Lists ------------------------------------------------------------------------------------

  #table<T extends Life & { id: string }>(
    route: ListRoute,
    rows: readonly T[],
    write: (row: T) => Json,
    asked: Asked,
  ): Answer {
    const open = rows.filter(({ died }) => died === Infinity);
    const entries = open.map((row) => ({ key: row.id, time: 0, subject: row, write: () => write(row) }));
    return this.#closed(route) ?? this.#page(route, entries, asked);
  }

  #releases(asked: Asked): Answer {
    const { range } = this.plan.lists.releases;
    const timeOf = ({ created, released }: Release): number =>
      range === 'another date' ? Math.max(created, released ?? created) : created;
    const open = this.organization.releases.filter(({ died }) => died === Infinity);
    const entries = open
      .filter((row) => !asked.ranged || this.#keeps(range, timeOf(row), { ...asked, to: asked.to + second }))
      .map((row) => ({ key: row.id, time: timeOf(row), subject: row, write: () => this.#rows.release(row) }));
    return this.#closed('releases') ?? this.#page('releases', entries, asked);
  }

  #issues(route: 'issues' | 'projectIssues', own: readonly Project[], asked: Asked): Answer {
    const { plan } = this;
    const { query } = asked;
    if (query.get('sort') === 'date' && plan.sortDate === 422)
      return {
        route,
        status: 422,
        body: { detail: [{ type: 'literal_error', loc: ['query', 'sort'], msg: 'Input should be last_seen' }] },
      };
    const search = this.#search(query.get('query') ?? 'is:unresolved');
    if (search === 'refused') return { route, status: 400, body: { detail: 'Invalid query' } };
    const { range } = plan.lists[route];
    const problem = asked.ranged ? this.#refusesRange(range, asked) : undefined;
    if (problem) return { route, ...problem };
    const entries = this.organization.issues
      .filter((issue) => own.includes(issue.project) && search(issue))
      .flatMap((issue) => this.#issueEntry(issue, range, asked));
    return this.#page(
      route,
      entries.filter(({ time }) => search.within(time)),
      asked,
    );
  }

  /** An issue in a list: ranges are about its events, or about one of its dates. */
  #issueEntry(issue: Issue, range: RangeForm, asked: Asked): Entry[] {
    const events = this.organization.eventsOf(issue);
    if (events.length === 0) return [];
    const times = events.map(({ time }) => time);
    const last = Math.max(...times);
    const entry = (time: number, write: () => Json): Entry => ({ key: issue.id, time, subject: issue, write });
    if (!asked.ranged || range === 'ignored') return [entry(last, () => this.#rows.issue(issue))];
    if (range === 'another date')
      return this.#keeps('kept', Math.min(...times), asked) ? [entry(last, () => this.#rows.issue(issue))] : [];
    if (range === 'kept by lastSeen')
      return this.#keeps('kept', last, asked) ? [entry(last, () => this.#rows.issue(issue))] : [];
    const inside = times.filter((time) => this.#keeps(range, time, asked));
    if (inside.length === 0) return [];
    const span = { from: this.#earliest(range, asked), to: asked.to, lifetime: range !== 'kept, no lifetime' };
    return [entry(Math.max(...inside), () => this.#rows.issue(issue, span))];
  }

  #projectEvents(project: Project, asked: Asked): Answer {
    return this.#eventList(
      'events',
      this.organization.events.filter(({ issue }) => issue.project === project),
      asked,
    );
  }

  #issueEvents(route: 'issueEvents' | 'oldIssueEvents', id: string, asked: Asked): Answer {
    const issue = this.organization.issuesById.get(id);
    if (!issue || issue.project.refused || issue.project.died !== Infinity) return missing(route);
    return { ...this.#eventList('issueEvents', issue.events, asked), route };
  }

  #eventList(route: 'events' | 'issueEvents', all: readonly Event[], asked: Asked): Answer {
    const { plan } = this;
    const { range } = plan.lists[route];
    const problem = this.#refusesRange(range, asked);
    if (problem) return { route, ...problem };
    const full = plan.bodies === 'always' || (plan.bodies === 'on request' && asked.query.has('full'));
    const timeOf = (event: Event): number => (range === 'another date' ? event.received : event.time);
    const entries = all
      .filter((event) => event.died === Infinity && this.#keeps(range, timeOf(event), asked))
      .map((event) => ({
        key: event.id,
        time: timeOf(event),
        subject: event,
        write: () => this.#rows.event(event, full),
      }));
    const answer = this.#page(route, entries, asked, { most: full ? plan.fullMost : undefined });
    const bad = answer.shown.some((subject) => (subject as Event).bad);
    if (bad && (plan.badRow === 'any list' || full)) return { route, status: 500, body: { detail: 'Internal Error' } };
    return answer;
  }

  // One row ----------------------------------------------------------------------------------

  #issue(route: 'issue' | 'oldIssue', id: string): Answer {
    const issue = this.organization.issuesById.get(id);
    if (!issue || issue.project.refused || this.organization.eventsOf(issue).length === 0) return missing(route);
    return { route, status: 200, body: this.#rows.issue(issue) };
  }

  #release(version: string): Answer {
    const release = this.organization.releases.find((one) => one.version === version);
    if (!release || release.died !== Infinity) return missing('release');
    return { route: 'release', status: 200, body: this.#rows.release(release) };
  }

  #event(project: Project, id: string): Answer {
    const event = this.organization.eventsById.get(id.replaceAll('-', ''));
    if (!event || event.died !== Infinity || event.issue.project !== project) return missing('event');
    if (event.bad) return { route: 'event', status: 500, body: { detail: 'Internal Error' } };
    const { bodiesRefused, seed } = this.plan;
    if (isRefused(event, this.plan) && bodiesRefused !== 'none')
      return { route: 'event', status: bodiesRefused, body: { detail: `Not this one (${seed})` } };
    return { route: 'event', status: 200, body: this.#rows.event(event, true) };
  }

  // Ranges and searches ------------------------------------------------------------------------

  #refusesRange(range: RangeForm, asked: Asked): { status: number; body?: unknown; html?: boolean } | undefined {
    const { query, from, to, ranged } = asked;
    if (query.has('start') !== query.has('end'))
      return range === 'ignored' ? undefined : { status: 400, body: { detail: 'start and end are both required' } };
    if (range === 'wide ones time out' && (!ranged || to - from > 6 * day)) return { status: 504, html: true };
    const oldest = this.plan.now - retention;
    return range === 'refused before retention' && ranged && to <= oldest
      ? { status: 400, body: { detail: 'Invalid date range. Please try a more recent date range.' } }
      : undefined;
  }

  #keeps(range: RangeForm, time: number, asked: Asked): boolean {
    const { to, ranged } = asked;
    const recent = time >= this.now() - 7 * day;
    if (!ranged) return range === 'seven days at most' || range === 'seven days without a range' ? recent : true;
    if (range === 'ignored') return true;
    if (range === 'nothing in any range') return false;
    return time >= this.#earliest(range, asked) && (time < to || (range === 'kept, end included' && time === to));
  }

  #earliest(range: RangeForm, { from, to }: Asked): number {
    return range === 'seven days at most' ? Math.max(from, to - 7 * day) : from;
  }

  /** What a search finds: by the issue, and by the time that the list shows for it. */
  #search(text: string): Search | 'refused' {
    const category = /issue\.category:(\w+)/.exec(text)?.[1];
    const [, since] = /lastSeen:>=(\S+)/.exec(text) ?? [];
    const [, until] = /lastSeen:<(?!=)(\S+)/.exec(text) ?? [];
    const unknown = (category ?? since ?? until) !== undefined && this.plan.terms !== 'known';
    if (unknown && this.plan.terms === 'refused') return 'refused';
    const ignored = unknown && this.plan.terms === 'ignored';
    const finds = (issue: Issue): boolean => {
      if (unknown && !ignored) return false;
      if (text.includes('is:unresolved') && issue.status !== 'unresolved') return false;
      return ignored || issue.feedback === (category === 'feedback');
    };
    const within = (time: number): boolean =>
      ignored ||
      ((since === undefined || time >= Date.parse(since)) && (until === undefined || time < Date.parse(until)));
    return Object.assign(finds, { within });
  }

  // Pages ------------------------------------------------------------------------------------

  #page(
    route: ListRoute | 'further',
    entries: Entry[],
    asked: Asked,
    { most, form = this.plan.lists[route as ListRoute] }: { most?: number | undefined; form?: ListForm } = {},
  ): Answer & { shown: object[] } {
    const { url, query } = asked;
    const size = Number(query.get(route === 'issues' || route === 'projectIssues' ? 'limit' : 'per_page') ?? 0);
    const list = new URL(url);
    list.searchParams.delete('cursor');
    const sorted = this.#sorted(form.order, entries);
    const listed = form.range === 'cut' && asked.ranged ? sorted.slice(0, mostOfCut) : sorted;
    const answer: ListAnswer = this.#pager.page(
      route === 'further' ? url.pathname : route,
      most ? { ...form, most: Math.min(most, form.most) } : form,
      listed,
      {
        url: list,
        size,
        cursor: query.get('cursor') ?? undefined,
      },
    );
    if (answer.problem) return { route, status: 400, body: { detail: answer.problem }, shown: [] };
    const shown = answer.entries.map(({ subject }) => subject);
    for (const subject of shown) this.organization.shown.add(subject);
    const body = answer.entries.map(({ write }) => write());
    const counted = route === 'issues' || form.range === 'cut' ? { 'x-hits': String(sorted.length) } : {};
    return {
      route,
      status: 200,
      body: this.plan.nulls && shown.length < size ? [...body, null] : body,
      paged: true,
      rows: shown.length,
      more: answer.more,
      shown,
      headers: { ...counted, ...(answer.link === undefined ? {} : { link: answer.link }) },
    };
  }

  #sorted(order: ListForm['order'], entries: Entry[]): Entry[] {
    const places = new Map(entries.map((entry) => [entry, this.#place(entry, order)]));
    const placeOf = (entry: Entry): number => places.get(entry) ?? 0;
    return entries.sort((a, b) => placeOf(b) - placeOf(a) || (a.key < b.key ? -1 : 1));
  }

  #place(entry: Entry, order: Plan['lists'][ListRoute]['order']): number {
    if (order === 'unsorted') return chanceOf(this.plan.seed, entry.key);
    const { born = -Infinity, received } = entry.subject as Partial<Event>;
    return order === 'by arrival' ? Math.max(born, received ?? entry.time) : entry.time;
  }
}

type Search = ((issue: Issue) => boolean) & { within: (time: number) => boolean };

/** Where a server cuts a list without a word, but for X-Hits. */
const mostOfCut = 60;

/** Whether statistics have numbers of a project: one that comes later has none of the days before. */
export const hasHistory = ({ born, died, refused }: Project): boolean =>
  !Number.isFinite(born) && died === Infinity && !refused;

/** Events whose body the server does not give. */
export const isRefused = ({ id }: Event, { bodiesRefused, seed }: Plan): boolean =>
  bodiesRefused !== 'none' && chanceOf(seed, `body ${id}`) < 0.3;

function askedBy(url: URL): Asked {
  const query = url.searchParams;
  const time = (name: string): number => {
    const text = query.get(name) ?? '';
    return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  };
  const [from, to] = [floorSecond(time('start')), floorSecond(time('end'))];
  return { url, query, from, to, ranged: !Number.isNaN(from + to) };
}
