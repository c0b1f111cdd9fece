/** Where lists are asked for: the organization, each project, each issue, …; `rows.ts` adds rows of other lists. */
import { notFound, type ApiRequest } from '../answer.js';
import { projectOf, type App } from '../app.js';
import { eventOf } from '../endpoints/events.js';
import { issueOf } from '../endpoints/issues.js';
import { visibleReleases } from '../endpoints/releases.js';
import type { Issue, Project, Release, Team } from '../entities.js';
import type { Row } from '../rows/organization.js';
import { tagCounts, usualTags } from './tag-counts.js';

/** A place that a list is for, and what the world has there. */
export interface Place {
  /** Always the same for a place, and another for each of its kind. */
  readonly index: number;
  /** Columns that say where a row was asked for. */
  readonly names: Readonly<Record<string, string>>;
  readonly project?: Project;
  readonly team?: Team;
  readonly release?: Release;
  readonly issue?: Issue;
  /** When it was, in milliseconds. */
  readonly at?: number;
  /** The row of the other list. */
  readonly parent?: Row;
}

/** A kind of places: all that the token can see, and those that a request names. */
export interface Kind {
  /** The variable of a path that names one; without it a list is for all. */
  readonly variable?: string;
  readonly all: (app: App) => Place[];
  readonly asked: (app: App, request: ApiRequest) => Place[];
}

const everywhere: Place = { index: 0, names: {} };

const placeOfProject = (project: Project): Place => ({
  index: project.index,
  names: { project_id: project.id },
  project,
});

const placeOfTeam = (team: Team, index: number): Place => ({ index, names: { team_id: team.id }, team });

function placeOfRelease(release: Release): Place {
  const project = release.projects.find(({ hasAccess }) => hasAccess);
  const names = { release_version: release.version };
  return { index: release.index, names, release, ...(project ? { project } : {}) };
}

const placeOfIssue = (issue: Issue): Place => ({
  index: issue.index,
  names: { issue_id: issue.id },
  issue,
  project: issue.project,
});

function placeOfEvent({ state }: App, project: Project, event: number): Place {
  const names = { project_id: project.id, event_id: state.events.id(event) };
  return { index: event, names, project, at: state.events.second[event]! * 1000 };
}

const openProjects = ({ state }: App): Project[] => state.liveProjects().filter(({ hasAccess }) => hasAccess);

const visibleIssues = ({ state }: App): Issue[] =>
  state.issues.filter((issue) => state.isVisible(issue) && issue.project.hasAccess);

const liveTeams = ({ state }: App): Place[] => state.teams.map(placeOfTeam).filter(({ team }) => !team?.deleted);

function eventsOf(app: App, project: Project): Place[] {
  const first = project.events.from(app.state.oldest());
  const length = project.events.length - first;
  return Array.from({ length }, (_, n) => placeOfEvent(app, project, project.events.get(first + n)));
}

/** A place below another for a tag. */
const tagged = ({ index, names, ...place }: Place, key: string): Place => ({
  ...place,
  index: index * usualTags.length + Math.max(0, usualTags.indexOf(key)),
  names: { ...names, key },
});

/** The tags that a place has, of the usual ones. */
const usualTagsOf = (app: App, place: Place): Place[] =>
  usualTags.filter((key) => tagCounts(app, place).has(key)).map((key) => tagged(place, key));

function askedTag(app: App, place: Place, { params }: ApiRequest): Place[] {
  const key = params.key ?? '';
  if (!tagCounts(app, place).has(key)) throw notFound();
  return [tagged(place, key)];
}

const itemTypes = ['spans', 'logs', 'tracemetrics'];
const attributeTypes = ['string', 'number', 'boolean'];

const attributePlaces = (): Place[] =>
  itemTypes.flatMap((itemType, n) =>
    attributeTypes.map((attributeType, m) => ({ index: n * 3 + m, names: { itemType, attributeType } })),
  );

const orRefused = <T>(found: T | undefined): T[] => {
  if (found === undefined) throw notFound();
  return [found];
};

/** Kinds of places of the world itself, by the name that routes have for them. */
export const kinds: Readonly<Record<string, Kind>> = {
  organization: { all: () => [everywhere], asked: () => [everywhere] },
  project: {
    variable: 'project',
    all: (app) => openProjects(app).map(placeOfProject),
    asked: (app, request) => [placeOfProject(projectOf(app, request))],
  },
  team: {
    variable: 'team',
    all: liveTeams,
    asked: (app, { params }) =>
      orRefused(liveTeams(app).find(({ team }) => team?.id === params.team || team?.slug === params.team)),
  },
  release: {
    variable: 'version',
    all: (app) => visibleReleases(app).map(placeOfRelease),
    asked: (app, { params }) =>
      orRefused(visibleReleases(app).find(({ version }) => version === params.version)).map(placeOfRelease),
  },
  issue: {
    variable: 'issue',
    all: (app) => visibleIssues(app).map(placeOfIssue),
    asked: (app, request) => [placeOfIssue(issueOf(app, request))],
  },
  event: {
    variable: 'event',
    all: (app) => openProjects(app).flatMap((project) => eventsOf(app, project)),
    asked: (app, request) => [placeOfEvent(app, projectOf(app, request), eventOf(app, request))],
  },
  issue_tag: {
    variable: 'key',
    all: (app) => visibleIssues(app).flatMap((issue) => usualTagsOf(app, placeOfIssue(issue))),
    asked: (app, request) => askedTag(app, placeOfIssue(issueOf(app, request)), request),
  },
  project_tag: {
    variable: 'key',
    all: (app) => openProjects(app).flatMap((project) => usualTagsOf(app, placeOfProject(project))),
    asked: (app, request) => askedTag(app, placeOfProject(projectOf(app, request)), request),
  },
  attributes: {
    all: attributePlaces,
    asked: (_, { query }) => {
      const [itemType, attributeType] = [query.get('itemType') ?? 'spans', query.get('attributeType') ?? 'string'];
      return attributePlaces().filter(
        ({ names }) => names['itemType'] === itemType && names['attributeType'] === attributeType,
      );
    },
  },
};
