/** What is asked about each project. */
import { projectDetail } from '../schemas/projects.js';
import { defineStream } from './define.js';
import { project } from './scopes/project.js';

export const project_detail = defineStream({
  name: 'project_detail',
  summary: 'Each project with its settings and options.',
  path: '/projects/{organization}/{project_id}/',
  scope: project,
  schema: projectDetail,
  primaryKey: ['id'],
  permission: 'project:read',
  answer: 'object',
  serial: true,
});
