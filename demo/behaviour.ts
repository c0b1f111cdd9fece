/**
 * How a server acts, one difference a field. A profile (`servers.ts`) is a set of these; a demo may change
 * single ones, also while it runs. What the world is made of (categories, slashes in versions) is settled at its start.
 */
export interface Behaviour extends PathBehaviour, ListBehaviour, IssueBehaviour, EventBehaviour, ReleaseBehaviour {
  /** `/users/` exists; otherwise 404. */
  usersEndpoint: boolean;
  /** `/users/` holds one null element. */
  nullUser: boolean;
  /** `storeCrashReports` of a project's settings. */
  storeCrashReports: null | boolean;
}

/** Which paths and which projects are known, and to whom. */
interface PathBehaviour {
  /** What `GET /organizations/{org}/` answers. */
  organizationDetail: 200 | 403 | 404;
  /** A numeric id in `/projects/{org}/{id}/…`: as good as a slug, 404, or a list of nothing (404 where no list is). */
  numericProjectPaths: 'found' | 'notFound' | 'emptyList';
  /** What `project=-1` stands for. */
  allProjects: 'all' | 'forbidden' | 'nothing';
  /** Whose rows a list has when `project` is missing: those of the projects of the user's teams, or all. */
  withoutProject: 'member' | 'all';
  /** `false`: more than one project, or -1, answers 400. */
  multiProject: boolean;
  /**
   * `emptyList`: to a stranger, and in an organization that does not exist, the list of projects is 200 `[]`, not 404.
   */
  strangers: 'refused' | 'emptyList';
  /** Routes without organization are on their way out, and say so in headers. */
  deprecations: boolean;
  /** The routes exist that the demo answers from facts (`documented/`); otherwise 404. */
  documentedRoutes: boolean;
  /** X-Sentry-Rate-Limit-* headers are sent. */
  rateLimitHeaders: boolean;
}

/** What all lists share. */
interface ListBehaviour {
  /** `set`: the Link header is a set as Python prints it, in braces and apostrophes. */
  linkHeader: 'text' | 'set';
  /** Link parts with results="false" have a cursor. */
  cursorOnLastPage: boolean;
  /** Cursors are base64. */
  opaqueCursors: boolean;
  /** `limit`: it is the size of a page of every list, 50 without it, and `per_page` means nothing. */
  pageSizeParam: 'per_page' | 'limit';
  /** ids are JSON numbers. */
  numericIds: boolean;
  /** `count` of issues is a JSON number. */
  numericCounts: boolean;
}

interface IssueBehaviour {
  /** `/organizations/{org}/issues/` exists; otherwise 404, or `error`: 500 for ever. */
  organizationIssues: boolean | 'error';
  /** What `/organizations/{org}/issues/{id}/` answers; `/issues/{id}/` always works. */
  organizationIssueDetail: 200 | 404 | 405;
  /** What `/organizations/{org}/issues/{id}/events/` answers; `html`: 200 with a page for people. */
  organizationIssueEvents: 200 | 404 | 'html';
  /** The search an issue list uses when `query` is missing. */
  defaultQuery: string;
  /** Feedback and slow spots are issues too, rows have categories and priorities, and the search knows them. */
  issueCategories: boolean;
  /** Any `key:value` term other than `is:` finds nothing, with status 200. */
  unknownTermsFindNothing: boolean;
  /** Any `key:value` term other than `is:` has no effect. */
  unknownTermsIgnored: boolean;
  /** A search with an unknown term still says X-Hits. */
  hitsOfUnknownTerms: boolean;
  /** The values of `sort` that it knows, each descending. */
  issueSorts: readonly string[];
  /** An unknown `sort` answers 422 with a list as `detail`. */
  unknownSort422: boolean;
  /** Dates of issue lists have no effect. */
  ignoreIssueDates: boolean;
  /** What a window of issues selects on; `none`: there are no windows, and all values are all-time. */
  issueWindow: 'events' | 'firstSeen' | 'none';
  /** Issue rows have `lifetime` and `filtered`. */
  lifetime: boolean;
  /** Issues have an assignee; otherwise `assignedTo` is null. */
  assignees: boolean;
  /** `limit=0` gives a page without rows that has a successor. */
  emptyPages: boolean;
  /** Issue pages are cut before a last filter, so some are short and some empty although more follow. */
  shortIssuePages: boolean;
  /** Issue lists end in silence after so many candidates (Sentry's time budget); 0 = never. */
  issueCandidates: number;
}

interface EventBehaviour {
  /** When event lists hold whole bodies. */
  fullEvents: 'asked' | 'always' | 'never';
  /** The most rows of a page with `full`; 0 = as many as without. */
  fullPageSize: number;
  /** `full` of an issue's events is on for any text, `0` and `false` too, as it is for a project's. */
  anyTextIsFull: boolean;
  /** Servers before August 2025: the dates of project events have no effect. */
  ignoreEventDates: boolean;
  /** Dates of an issue's events have no effect. */
  ignoreIssueEventDates: boolean;
  /** An issue's events with an empty `statsPeriod` answer 400. */
  refuseEmptyPeriod: boolean;
  /** What event lists are ordered by. */
  eventOrder: 'dateCreated' | 'dateReceived';
  /** Cursors of event lists count rows, or name a time in milliseconds. */
  eventCursors: 'rows' | 'times';
  /** Row offsets above this answer 400 in event lists; 0 = no limit. */
  eventOffsetLimit: number;
  /** Keys of the rows of `/issues/{id}/events/` are written like `event_id`. */
  snakeCaseIssueEvents: boolean;
  /** Event ids are written as 8-4-4-4-12. */
  dashedEventIds: boolean;
}

interface ReleaseBehaviour {
  /** Releases have an `id`. */
  releaseIds: boolean;
  /** What release lists are ordered and ranged by; `later`: of `dateCreated` and `dateReleased` the later one. */
  releaseDate: 'created' | 'later';
  /** Dates of release lists have no effect. */
  ignoreReleaseDates: boolean;
  /** Some versions have a slash, and the path of such a release answers 200 with a page for people. */
  slashedVersions: boolean;
}
