/** Teams and the people of the organization. */
import { user } from '../schemas/people.js';
import { team } from '../schemas/teams.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';

export const teams = defineStream({
  name: 'teams',
  summary: 'The teams of the organization, each with its projects.',
  path: '/organizations/{organization}/teams/',
  scope: organization,
  schema: team,
  primaryKey: ['id'],
  lookupPath: '/teams/{organization}/{team_id}/',
  permission: 'team:read',
});

/** The list of members is complete; `/users/`, a private route, has the active members of a team only. */
export const users = defineStream({
  name: 'users',
  summary: 'The members of the organization, invited ones included; id is that of the membership.',
  path: '/organizations/{organization}/members/',
  scope: organization,
  schema: user,
  primaryKey: ['id'],
  permission: 'member:read',
  remark: 'invited members and members without a team included',
  optionalParam: optionalEveryProject,
  fallback: {
    path: '/organizations/{organization}/users/',
    params: () => everyProject,
    remark: 'from a list without invited members and members who are in no team',
  },
  personal: true,
});
