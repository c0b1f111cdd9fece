/** Parts of the world from which lists are made: the members of a team, the environments of a project, … */
import type { Member, Project } from '../entities.js';
import { memberRow, teamRow, type Row } from '../rows/organization.js';
import { projectRow, projectSummary } from '../rows/project.js';
import type { State } from '../state.js';
import { environmentRow, type Place } from './places.js';

const active = (state: State): Member[] => state.members.filter((member) => member.active && !member.pending);

const membersOf = (state: State, { teams }: Project): Member[] =>
  active(state).filter((member) => teams.some((team) => member.teams.includes(team)));

/** The environments of all projects that the token can see. */
const environmentsOf = (state: State): string[] => [
  ...new Set(state.liveProjects().flatMap(({ hasAccess, environments }) => (hasAccess ? [...environments] : []))),
];

/** What a list of each kind holds at a place: rows that are laid under the shape of the route. */
export const things = {
  teamMembers: (state: State, { team }: Place): Row[] =>
    active(state)
      .filter((member) => team && member.teams.includes(team))
      .map((member) => ({ ...memberRow(state, member), teamRole: 'contributor', teamSlug: team?.slug })),
  teamProjects: (state: State, { team }: Place): Row[] =>
    state
      .liveProjects()
      .filter(({ teams }) => team && teams.includes(team))
      .map((project) => ({ ...projectSummary(state, project), ...projectRow(state, project) })),
  projectMembers: (state: State, { project }: Place): Row[] =>
    project ? membersOf(state, project).map((member) => memberRow(state, member)) : [],
  projectTeams: (state: State, { project }: Place): Row[] =>
    (project?.teams ?? []).filter((team) => !team.deleted).map((team) => teamRow(state, team, false)),
  environments: (state: State): Row[] => environmentsOf(state).map(environmentRow),
  projectEnvironments: (_: State, { project }: Place): Row[] =>
    (project?.environments ?? []).map((name) => ({ ...environmentRow(name), isHidden: false })),
  commits: (_: State, { release }: Place): Row[] => Array.from({ length: release?.commits ?? 0 }, () => ({})),
  /** The latest one for each environment: a release has two at most. */
  deploys: (_: State, { release }: Place): Row[] =>
    ['production', 'staging'].slice(0, release?.deploys ?? 0).map((environment, n) => ({
      id: String(3_300_000 + (release?.index ?? 0) + n * 100_000),
      environment,
    })),
} satisfies Readonly<Record<string, (state: State, place: Place) => Row[]>>;

/** The name of such a list. */
export type Things = keyof typeof things;
