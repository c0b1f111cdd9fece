/** Where lists are asked for: the organization, each project, each team, …, and each row of another documented list. */
import { forbidden, notFound, type ApiRequest } from '../answer.js';
import { projectOf, type App } from '../app.js';
import { visibleReleases } from '../endpoints/releases.js';
import { issueOf } from '../endpoints/issues.js';
import type { Issue, Project, Release, Team } from '../entities.js';
import type { Row } from '../rows/organization.js';
import { mix } from '../random.js';

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
  /** The row of the other list. */
  readonly parent?: Row;
}

/** Places of the world itself. */
export const isWorldly = (of: string): boolean => ['organization', 'project', 'team', 'release', 'issue'].includes(of);

export const everywhere: Place = { index: 0, names: {} };

export const placeOfProject = (project: Project): Place => ({
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

/** All places of a kind that the token can see. */
export function worldlyPlaces({ state }: App, of: string): Place[] {
  switch (of) {
    case 'project':
      return state
        .liveProjects()
        .filter(({ hasAccess }) => hasAccess)
        .map(placeOfProject);
    case 'team':
      return state.teams.map(placeOfTeam).filter(({ team }) => !team?.deleted);
    case 'release':
      return visibleReleases({ state } as App).map(placeOfRelease);
    case 'issue':
      return state.issues.filter((one) => state.isVisible(one) && one.project.hasAccess).map(placeOfIssue);
    default:
      return [everywhere];
  }
}

/** The place that a path names. */
export function worldlyPlace(app: App, of: string, request: ApiRequest): Place {
  const { state } = app;
  const { team: teamName, version } = request.params;
  if (of === 'project') return placeOfProject(projectOf(app, request));
  if (of === 'issue') return placeOfIssue(issueOf(app, request));
  if (of === 'organization') return everywhere;
  const places = worldlyPlaces(app, of);
  const found = places.find(({ team, release }) =>
    team ? [team.id, team.slug].includes(teamName ?? '') : release?.version === version,
  );
  if (found) return found;
  if (state.releases.some((release) => of === 'release' && release.version === version)) throw forbidden();
  throw notFound();
}

/** The row of an environment: one name has one id in the whole organization. */
export function environmentRow(name: string): Row {
  return { id: String(1_000_000 + (mix(name.length, name.charCodeAt(0), name.charCodeAt(1)) % 9_000_000)), name };
}
