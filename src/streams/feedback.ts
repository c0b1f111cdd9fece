/** What people who use the programs wrote, and who they are. They are no members of the organization. */
import { projectUser, userFeedback } from '../schemas/feedback.js';
import { day } from '../sdk/index.js';
import { defineStream } from './define.js';
import { project } from './scopes/project.js';

/** The list takes no dates: it is read from its newest row. */
export const user_feedback = defineStream({
  name: 'user_feedback',
  summary: 'User reports of the older kind; feedback of the newer kind is among the issues.',
  path: '/projects/{organization}/{project_id}/user-feedback/',
  scope: project,
  schema: userFeedback,
  primaryKey: ['id'],
  replicationKey: 'dateCreated',
  optional: true,
  permission: 'project:read',
  params: () => ({ status: '' }), // else those of unresolved issues only
  window: { maxRows: 9000 },
  lookback: () => day,
  personal: true,
  caution: 'Sentry calls the route deprecated.',
});

export const project_users = defineStream({
  name: 'project_users',
  summary: 'The people whose programs sent events, project by project.',
  path: '/projects/{organization}/{project_id}/users/',
  scope: project,
  schema: projectUser,
  primaryKey: ['project_id', 'hash'],
  optional: true,
  permission: 'project:read',
  serial: true,
  personal: true,
  caution: 'Sentry answers five requests a minute: 100 rows each. All of it is read in every run.',
});
