/** Parts of the world from which lists are made: the members of a team, the tags of an issue, … */
import type { App } from '../app.js';
import type { Issue, Member, Project } from '../entities.js';
import { mix } from '../random.js';
import { memberRow, teamRow, type Row } from '../rows/organization.js';
import { projectRow, projectSummary } from '../rows/project.js';
import { endUsers, scimGroup, scimUser } from './people.js';
import type { Place } from './places.js';
import { hashOf, hexOf } from './seats.js';
import { tagCounts, tagRow, valueRows } from './tag-counts.js';

const active = ({ state }: App): Member[] => state.members.filter((member) => member.active && !member.pending);

const membersOf = (app: App, { teams }: Project): Member[] =>
  active(app).filter((member) => teams.some((team) => member.teams.includes(team)));

/** One name has one id in the whole organization. */
const environmentRow = (name: string): Row => ({ id: String(1_000_000 + (hashOf(name) % 9_000_000)), name });

/** The environments of all projects that the token can see. */
const environmentsOf = ({ state }: App): string[] => [
  ...new Set(state.liveProjects().flatMap(({ hasAccess, environments }) => (hasAccess ? [...environments] : []))),
];

/** What happened to an issue, newest first, and at the end that it was first seen. */
const activities = ({ issues }: App, issue: Issue | undefined): Row[] =>
  issue ? (issues.detail(issue, ['stats', 'tags', 'release'])['activity'] as Row[]) : [];

/** What a list of each kind holds at a place: rows that are laid under the shape of the route. */
export const things = {
  teamMembers: (app: App, { team }: Place): Row[] =>
    active(app)
      .filter((member) => team && member.teams.includes(team))
      .map((member) => ({ ...memberRow(app.state, member), teamRole: 'contributor', teamSlug: team?.slug })),
  teamProjects: ({ state }: App, { team }: Place): Row[] =>
    state
      .liveProjects()
      .filter(({ teams }) => team && teams.includes(team))
      .map((project) => ({ ...projectSummary(state, project), ...projectRow(state, project) })),
  projectMembers: (app: App, { project }: Place): Row[] =>
    project ? membersOf(app, project).map((member) => memberRow(app.state, member)) : [],
  projectTeams: ({ state }: App, { project }: Place): Row[] =>
    (project?.teams ?? []).filter((team) => !team.deleted).map((team) => teamRow(state, team, false)),
  environments: (app: App): Row[] => environmentsOf(app).map(environmentRow),
  projectEnvironments: (_: App, { project }: Place): Row[] =>
    (project?.environments ?? []).map((name) => ({ ...environmentRow(name), isHidden: false })),
  commits: (_: App, { release }: Place): Row[] => Array.from({ length: release?.commits ?? 0 }, () => ({})),
  /** The latest one for each environment: a release has two at most. */
  deploys: (_: App, { release }: Place): Row[] =>
    ['production', 'staging'].slice(0, release?.deploys ?? 0).map((environment, n) => ({
      id: String(3_300_000 + (release?.index ?? 0) + n * 100_000),
      environment,
    })),
  /** One, and for every third issue another, each with the latest event. */
  hashes: (app: App, { issue }: Place): Row[] => {
    if (!issue) return [];
    const latestEvent = JSON.parse(app.events.rows.text(app.state.lastEvent(issue))) as Row;
    return Array.from({ length: issue.index % 3 === 0 ? 2 : 1 }, (_, n) => ({
      id: hexOf(mix(app.state.settings.seed, issue.index, n), 32),
      latestEvent,
    }));
  },
  activities: (app: App, { issue }: Place): Row[] => activities(app, issue),
  comments: (app: App, { issue }: Place): Row[] => activities(app, issue).filter(({ type }) => type === 'note'),
  tags: (app: App): Row[] => {
    const counts = tagCounts(app, {});
    return [...counts.keys()].sort().map((key) => tagRow(counts, key));
  },
  tag: (app: App, place: Place): Row[] => [tagRow(tagCounts(app, place), place.names['key'] ?? '')],
  tagValues: (app: App, place: Place): Row[] => valueRows(tagCounts(app, place), place.names['key'] ?? ''),
  endUsers: (app: App, { project }: Place): Row[] => (project ? endUsers(app, project) : []),
  scimUsers: (app: App): Row[] => active(app).map(scimUser),
  scimGroups: ({ state }: App): Row[] =>
    state.teams.filter((team) => !team.deleted).map((team) => scimGroup(state.members, team)),
} satisfies Readonly<Record<string, (app: App, place: Place) => Row[]>>;

/** The name of such a list. */
export type Things = keyof typeof things;
