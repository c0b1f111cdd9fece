/** Source code: repositories, their commits, and how projects refer to them. */
import { codeMapping, codeowners as codeownersRow, projectRepository } from '../schemas/repositories.js';
import { repository, repositoryCommit } from '../schemas/repositories.js';
import { day, each } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';
import { project } from './scopes/project.js';

export const repositories = defineStream({
  name: 'repositories',
  summary: 'The repositories of the organization, removed ones included.',
  path: '/organizations/{organization}/repos/',
  scope: organization,
  schema: repository,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => ({ status: '' }), // by default only the active ones
  lookupPath: '/organizations/{organization}/repos/{repo_id}/commits/', // one alone cannot be asked for
});

export const repository_commits = defineStream({
  name: 'repository_commits',
  summary: 'The commits of each repository that Sentry knows: those of releases.',
  path: '/organizations/{organization}/repos/{repo_id}/commits/',
  scope: each(repositories, { context: ({ id }) => ({ repo_id: String(id) }) }),
  schema: repositoryCommit,
  primaryKey: ['repo_id', 'id'],
  replicationKey: 'dateCreated',
  optional: true,
  permission: 'org:read',
  window: { maxRows: 9000 }, // a list without a range, latest first
  lookback: () => 30 * day,
  personal: true,
  caution: 'A commit that reaches Sentry over 30 days after its date is missed; release_commits has it.',
});

export const code_mappings = defineStream({
  name: 'code_mappings',
  summary: 'Which path of a stack trace is which path of a repository.',
  path: '/organizations/{organization}/code-mappings/',
  scope: organization,
  schema: codeMapping,
  primaryKey: ['id'],
  optional: true,
  permission: 'org:read',
  params: () => everyProject,
  optionalParam: optionalEveryProject,
});

export const codeowners = defineStream({
  name: 'codeowners',
  summary: 'The CODEOWNERS files of each project.',
  path: '/projects/{organization}/{project_id}/codeowners/',
  scope: project,
  schema: codeownersRow,
  primaryKey: ['id'],
  optional: true,
  permission: 'project:read',
  personal: true,
  caution: 'Sentry asks the source host for each of them.',
});

export const project_repositories = defineStream({
  name: 'project_repositories',
  summary: 'The repositories that each project is linked with.',
  path: '/projects/{organization}/{project_id}/repo/',
  scope: project,
  schema: projectRepository,
  primaryKey: ['project_id', 'id'],
  optional: true,
  permission: 'project:read',
  skip: [404, 405], // servers before autumn 2026
});
