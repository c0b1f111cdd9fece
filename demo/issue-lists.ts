/**
 * Which issues a list holds, and in what order. An order is kept until the world moves, so that walking
 * fifty thousand issues page by page sorts them once.
 */
import type { Issue, Project } from './entities.js';
import type { Range } from './event-index.js';
import type { Behaviour } from './behaviour.js';
import { mix } from './random.js';
import { readSearch } from './search.js';
import type { State } from './state.js';
import type { Window } from './times.js';

export interface Found {
  readonly issue: Issue;
  /** The issue's events inside the window. */
  readonly range: Range;
}

export interface IssueList {
  /** Descending; page cursors are made of these. */
  readonly scores: readonly number[];
  /** Undefined where a last filter, after the page was cut, throws the row out. */
  readonly found: readonly (Found | undefined)[];
  /** Undefined where the server does not say. */
  readonly hits: number | undefined;
}

export interface IssueQuestion {
  readonly projects: readonly Project[];
  readonly window: Window | undefined;
  readonly query: string;
  readonly sort: Sort;
}

export type Sort = 'date' | 'new' | 'freq' | 'user';

const keptLists = 24;

export class IssueLists {
  private readonly kept = new Map<string, IssueList>();
  private keptVersion = -1;

  constructor(
    private readonly state: State,
    private readonly behaviour: Behaviour,
  ) {}

  list(question: IssueQuestion): IssueList {
    if (this.keptVersion !== this.state.version) this.kept.clear();
    this.keptVersion = this.state.version;
    const { projects, ...rest } = question;
    // A relative search time depends on the clock, so such a list is only good for its second.
    const key = JSON.stringify([
      projects.map(({ id }) => id),
      rest,
      this.behaviour,
      /[-+]\d/.test(rest.query) ? Math.floor(this.state.clock.now() / 1000) : 0,
    ]);
    const list = this.kept.get(key) ?? this.make(question);
    this.kept.delete(key);
    this.kept.set(key, list);
    for (const oldest of this.kept.keys()) if (this.kept.size > keptLists) this.kept.delete(oldest);
    return list;
  }

  private make({ projects, window, query, sort }: IssueQuestion): IssueList {
    if (!window) return { scores: [], found: [], hits: 0 };
    const wanted = new Set(projects);
    const { test, hasUnknownTerm } = readSearch(query, this.behaviour, this.state.clock.now());
    const scored: [score: number, Found][] = [];
    for (const issue of this.state.issues) {
      if (!wanted.has(issue.project) || !this.state.isLive(issue)) continue;
      const found = this.look(issue, window);
      if (!found) continue;
      const [from, to] = found.range;
      const firstSeen = this.secondAt(issue, from);
      const lastSeen = this.secondAt(issue, to - 1);
      if (!test({ issue, firstSeen, lastSeen })) continue;
      scored.push([this.score(found, sort, firstSeen, lastSeen), found]);
    }
    scored.sort(([a, { issue: one }], [b, { issue: other }]) => b - a || (one.id < other.id ? 1 : -1));
    const cut = this.behaviour.issueCandidates > 0 ? scored.slice(0, this.behaviour.issueCandidates) : scored;
    const hits = hasUnknownTerm && !this.behaviour.hitsOfUnknownTerms ? undefined : scored.length;
    return { ...(this.behaviour.shortIssuePages ? this.withGaps(cut) : split(cut)), hits };
  }

  private look(issue: Issue, window: Window): Found | undefined {
    if (this.behaviour.issueWindow === 'none')
      return this.state.isVisible(issue) ? { issue, range: [0, issue.events.length] } : undefined;
    if (this.behaviour.issueWindow === 'firstSeen') {
      const first = this.state.events.second[issue.firstEvent]!;
      const inside = first >= window.start && first < window.end && this.state.isVisible(issue);
      return inside ? { issue, range: [0, issue.events.length] } : undefined;
    }
    const range = issue.events.within(window.start, window.end);
    return range[1] > range[0] ? { issue, range } : undefined;
  }

  private score({ issue, range }: Found, sort: Sort, firstSeen: number, lastSeen: number): number {
    switch (sort) {
      case 'date':
        return lastSeen * 1000;
      case 'new':
        return firstSeen * 1000;
      case 'freq':
        return range[1] - range[0];
      case 'user':
        return this.state.userCount(issue, range);
    }
  }

  private secondAt(issue: Issue, position: number): number {
    return this.state.events.second[issue.events.get(position)]!;
  }

  /** Puts rows in between that the last filter will drop: here one, there more than a page of them. */
  private withGaps(scored: readonly [number, Found][]): Pick<IssueList, 'scores' | 'found'> {
    const scores: number[] = [];
    const found: (Found | undefined)[] = [];
    for (const [score, one] of scored) {
      const hash = mix(this.state.settings.seed, one.issue.index, 51) % 40;
      for (let gap = hash === 0 ? 250 : hash < 8 ? 1 : 0; gap > 0; gap -= 1) {
        scores.push(score);
        found.push(undefined);
      }
      scores.push(score);
      found.push(one);
    }
    return { scores, found };
  }
}

function split(scored: readonly [number, Found][]): Pick<IssueList, 'scores' | 'found'> {
  return { scores: scored.map(([score]) => score), found: scored.map(([, found]) => found) };
}
