/** Teams and the people of the organization. */
import { user } from '../schemas/people.js';
import { team } from '../schemas/teams.js';
import { defineStream } from './define.js';
import { droppable, everyProject, organization } from './scopes/organization.js';

export const teams = defineStream({
  name: 'teams',
  summary: 'The teams of the organization, each with its projects.',
  path: '/organizations/{organization}/teams/',
  scope: organization,
  schema: team,
  primaryKey: ['id'],
});

/** A private route of Sentry's; where it is gone, the members are the same rows, and more of them. */
export const users = defineStream({
  name: 'users',
  summary: 'The members of the organization; id is that of the membership.',
  path: '/organizations/{organization}/users/',
  scope: organization,
  schema: user,
  primaryKey: ['id'],
  answer: 'list',
  params: () => everyProject,
  droppable,
  fallback: { path: '/organizations/{organization}/members/', answer: 'pages', params: () => ({}) },
});
