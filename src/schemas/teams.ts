/**
 * Teams: https://docs.sentry.io/api/teams/list-an-organizations-teams/,
 * https://docs.sentry.io/api/projects/list-a-projects-teams/ and the projects of a team,
 * https://docs.sentry.io/api/teams/list-a-teams-projects/
 *
 * The document leaves open that `projects` is sent unless the request is `detailed=0`, and that
 * `organization` and `externalTeams` are sent only when `expand` names them.
 */
import * as z from 'zod';
import { avatar, externalActor, freeObject, organization, timestamp } from './common.js';
import { project, teamProject } from './projects.js';

const teamBase = z.looseObject({
  id: z.string(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  avatar: avatar.nullish(),
  memberCount: z.int().nullish(),
  flags: freeObject.nullish().describe('idp:provisioned: managed by an identity provider'),
  isMember: z.boolean().nullish().describe("the token's user"),
  isPending: z.boolean().nullish().describe("the token's user asked to join"),
  teamRole: z.string().nullish().describe("of the token's user"),
  hasAccess: z.boolean().nullish().describe('the token'),
  access: z.array(z.string()).nullish().describe('scopes of the token, not of the team'),
  dateCreated: timestamp.nullish(),
});

export const team = z.looseObject({
  ...teamBase.shape,
  projects: z.array(teamProject).nullish(),
  organization: organization.nullish().describe('on request only'),
  externalTeams: z.array(externalActor).nullish().describe('on request only'),
});

export const projectTeam = z.looseObject({
  project_id: z.string().describe('where it was asked for'),
  ...teamBase.shape,
});

/** A project, where a team is asked for its own. */
export const projectOfTeam = z.looseObject({
  team_id: z.string().describe('where it was asked for'),
  ...project.shape,
});
