/**
 * Repositories and commits: https://docs.sentry.io/api/organizations/list-an-organizations-repositories/ and
 * https://docs.sentry.io/api/organizations/list-a-repositorys-commits/
 *
 * Code mappings and CODEOWNERS are not in the document: their fields are those of Sentry's serializers
 * (repository_project_path_config.py, projectcodeowners.py). For a project's repositories, only what the server answers
 * when one is linked is known (project_repo.py).
 */
import * as z from 'zod';
import { account, freeObject, timestamp } from './common.js';

/** A repository, where another row mentions it. */
const repositoryRef = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  url: z.string().nullish(),
  provider: freeObject.nullish().describe('id, name'),
  status: z.string().nullish().describe('active, disabled, hidden, pending_deletion, deletion_in_progress'),
  integrationId: z.string().nullish(),
  externalSlug: z.string().nullish(),
  externalId: z.string().nullish(),
  settings: z
    .looseObject({
      enabledCodeReview: z.boolean().nullish(),
      codeReviewTriggers: z.array(z.string()).nullish(),
    })
    .nullish()
    .describe('on request only'),
  dateCreated: timestamp.nullish(),
});

export const repository = z.looseObject({ ...repositoryRef.shape, id: z.string() });

/** A commit, as a repository and a release list it. */
export const commit = z.looseObject({
  id: z.string().describe('the hash: unique in one repository'),
  message: z.string().nullish(),
  author: account.nullish().describe('only name and email where Sentry has no such user'),
  repository: repositoryRef.nullish(),
  pullRequest: z
    .looseObject({
      id: z.string().nullish(),
      title: z.string().nullish(),
      message: z.string().nullish(),
      status: z.string().nullish().describe('merged, open, closed, draft, unknown'),
      author: account.nullish(),
      repository: repositoryRef.nullish(),
      externalUrl: z.string().nullish(),
      dateCreated: timestamp.nullish(),
      mergedAt: timestamp.nullish(),
    })
    .nullish(),
  suspectCommitType: z.string().nullish(),
  dateCreated: timestamp.nullish().describe('when it was committed'),
});

export const repositoryCommit = z.looseObject({
  repo_id: z.string().describe('where it was asked for'),
  ...commit.shape,
});

export const codeMapping = z.looseObject({
  id: z.string(),
  projectId: z.string().nullish(),
  projectSlug: z.string().nullish(),
  repoId: z.string().nullish(),
  repoName: z.string().nullish(),
  integrationId: z.string().nullish(),
  provider: freeObject.nullish().describe('key, slug, name, canAdd, canDisable, features, aspects'),
  stackRoot: z.string().nullish().describe('the path in a stack trace'),
  sourceRoot: z.string().nullish().describe('the path in the repository'),
  defaultBranch: z.string().nullish(),
  automaticallyGenerated: z.boolean().nullish(),
});

export const codeowners = z.looseObject({
  project_id: z.string().describe('where it was asked for'),
  id: z.string(),
  raw: z.string().nullish().describe('the file'),
  provider: z.string().nullish().describe('github, gitlab, …, unknown'),
  codeMappingId: z.string().nullish(),
  codeOwnersUrl: z.string().nullish(),
  errors: freeObject.nullish().describe('what the file names and Sentry does not know, by kind'),
  schema: freeObject.nullish().describe('$version and rules'),
  dateCreated: timestamp.nullish(),
  dateUpdated: timestamp.nullish(),
  dateSynced: timestamp.nullish(),
});

export const projectRepository = z.looseObject({
  project_id: z.string().describe('where it was asked for'),
  id: z.string(),
  projectId: z.string().nullish(),
  repositoryId: z.string().nullish(),
  source: z.string().nullish().describe('how it was linked'),
});
