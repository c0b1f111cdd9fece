/** What is asked per organization about projects; project scopes start from here. */
import { project } from '../schemas/projects.js';
import { defineStream } from './define.js';
import { organization } from './scopes/organization.js';

export const projects = defineStream({
  name: 'projects',
  summary: 'The projects of the organization.',
  path: '/organizations/{organization}/projects/',
  scope: organization,
  schema: project,
  primaryKey: ['id'],
  permission: 'project:read',
  lookupPath: '/projects/{organization}/{project_id}/',
  lookupByName: {
    setting: 'project_slugs',
    wanted: ({ project_slugs }) => project_slugs,
    names: ({ slug, id }) => (slug ? [slug, String(id)] : [String(id)]),
    path: '/projects/{organization}/{name}/',
  },
  keep: ({ slug, id }, { project_slugs }) =>
    project_slugs.length === 0 || project_slugs.includes(slug ?? '') || project_slugs.includes(String(id)),
});
