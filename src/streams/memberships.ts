/** Who belongs to which team and project, and which team to which project. */
import { projectMember, teamMember } from '../schemas/people.js';
import { projectOfTeam, projectTeam } from '../schemas/teams.js';
import { defineStream } from './define.js';
import { project } from './scopes/project.js';
import { team } from './scopes/team.js';

export const team_members = defineStream({
  name: 'team_members',
  summary: 'The members of each team: a member once per team, without open invitations.',
  path: '/teams/{organization}/{team_id}/members/',
  scope: team,
  schema: teamMember,
  primaryKey: ['team_id', 'id'],
  optional: true,
  permission: 'team:read',
  personal: true,
});

export const team_projects = defineStream({
  name: 'team_projects',
  summary: 'The projects of each team.',
  path: '/teams/{organization}/{team_id}/projects/',
  scope: team,
  schema: projectOfTeam,
  primaryKey: ['team_id', 'id'],
  optional: true,
  permission: 'project:read',
  caution: 'The column teams of projects says the same without a request per team.',
});

export const project_members = defineStream({
  name: 'project_members',
  summary: 'The members of the organization that have access to each project.',
  path: '/projects/{organization}/{project_id}/members/',
  scope: project,
  schema: projectMember,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  personal: true,
});

export const project_teams = defineStream({
  name: 'project_teams',
  summary: 'The teams of each project.',
  path: '/projects/{organization}/{project_id}/teams/',
  scope: project,
  schema: projectTeam,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  caution: 'The column teams of projects says the same without a request per project.',
});
