/** What a Sentry organization holds, as plain records; how they look in an answer is in `rows/`. */
import type { EventList } from './event-index.js';
import type { Platform } from './platforms.js';

export interface Team {
  readonly id: string;
  slug: string;
  name: string;
  readonly created: number;
  isMember: boolean;
  deleted: boolean;
}

export interface Member {
  /** The membership's id; `userId` is the person's. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  role: string;
  readonly created: number;
  /** Invited, and not there yet. */
  pending: boolean;
  active: boolean;
  teams: Team[];
}

export interface Release {
  readonly index: number;
  readonly id: number;
  readonly version: string;
  readonly created: number;
  released: number | null;
  status: 'open' | 'archived';
  projects: Project[];
  author: Member | undefined;
  commits: number;
  deploys: number;
  newGroups: Map<Project, number>;
  firstEvent: number | null;
  lastEvent: number | null;
}

export interface Project {
  readonly index: number;
  readonly id: string;
  slug: string;
  formerSlugs: string[];
  readonly name: string;
  readonly platform: Platform;
  readonly created: number;
  teams: Team[];
  isMember: boolean;
  hasAccess: boolean;
  isBookmarked: boolean;
  deleted: boolean;
  /** Oldest first. */
  releases: Release[];
  environments: readonly string[];
  /** Error events, in the order of the index. */
  events: EventList;
  lastShortId: number;
}

export type Category = 'error' | 'feedback' | 'performance';
export type Assignee = { kind: 'user'; member: Member } | { kind: 'team'; team: Team };

export interface Activity {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly member: Member | undefined;
  readonly data: Record<string, unknown>;
}

/** What an issue's events say; the same for all of them but for `{n}` in the message. */
export interface Failing {
  readonly title: string;
  readonly message: string;
  readonly type: 'error' | 'default' | 'generic' | 'transaction';
  readonly issueType: string;
  readonly exception: string | undefined;
  readonly value: string;
  readonly fn: string;
  readonly file: string;
  readonly noun: string;
  /** What stands for `{n}` in the title. */
  readonly sample: string;
  readonly culprit: string | null;
  readonly logger: string | null;
}

export interface Issue {
  readonly index: number;
  readonly id: string;
  readonly shortId: string;
  readonly project: Project;
  readonly category: Category;
  readonly failing: Failing;
  readonly handled: boolean;
  level: string;
  status: 'unresolved' | 'resolved' | 'ignored';
  substatus: string | null;
  priority: 'low' | 'medium' | 'high' | null;
  assignee: Assignee | null;
  comments: number;
  shareId: string | null;
  activity: Activity[];
  /** End users this issue reaches at most; 0 = its events have no user. */
  readonly userPool: number;
  readonly userOffset: number;
  /** The event that created it; a later one with an older time does not change it. */
  firstEvent: number;
  events: EventList;
  /** Events came in the order of their times, so users can be counted without looking. */
  orderly: boolean;
  mergedInto: Issue | undefined;
  deleted: boolean;
  /** Grows with every change of the issue. */
  version: number;
}
