/** What is asked about each project. */
import { projectDetail } from '../schemas/projects.js';
import type { Row } from '../sdk/index.js';
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
  row: countsCrashReports,
});

/** Sentry 9 says whether crash reports are kept; later versions say how many: -1 all, 0 none. */
function countsCrashReports(row: Row): Row {
  const { storeCrashReports } = row;
  if (typeof storeCrashReports !== 'boolean') return row;
  return { ...row, storeCrashReports: storeCrashReports ? -1 : 0 };
}
