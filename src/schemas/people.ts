/**
 * Members: https://docs.sentry.io/api/organizations/list-an-organizations-members/,
 * https://docs.sentry.io/api/teams/list-a-teams-members/ and
 * https://docs.sentry.io/api/projects/list-a-projects-organization-members/. The unpublished
 * `/organizations/{organization}/users/` has the same rows plus `projects`.
 *
 * `id` is the membership; the person is `user.id`. The document has `user` always: invited members have none.
 */
import * as z from 'zod';
import { account, externalActor, timestamp } from './common.js';

const member = z.looseObject({
  id: z.string().describe('of the membership, not of the person'),
  email: z.string().nullish(),
  name: z.string().nullish(),
  orgRole: z.string().nullish().describe('billing, member, admin, manager, owner'),
  role: z.string().nullish().describe('older name of orgRole'),
  roleName: z.string().nullish().describe('older servers'),
  user: account.nullish().describe('null until an invitation is accepted'),
  externalUsers: z.array(externalActor).nullish().describe('on request only'),
  flags: z
    .looseObject({
      'idp:provisioned': z.boolean().nullish(),
      'idp:role-restricted': z.boolean().nullish(),
      'sso:linked': z.boolean().nullish(),
      'sso:invalid': z.boolean().nullish(),
      'member-limit:restricted': z.boolean().nullish(),
      'partnership:restricted': z.boolean().nullish(),
    })
    .nullish(),
  pending: z.boolean().nullish().describe('invited, not yet joined'),
  expired: z.boolean().nullish().describe('the invitation'),
  inviteStatus: z.string().nullish().describe('approved, requested_to_be_invited, requested_to_join'),
  inviterName: z.string().nullish(),
  dateCreated: timestamp.nullish(),
});

export const user = z.looseObject({
  ...member.shape,
  projects: z.array(z.string()).nullish().describe("slugs of the projects of the member's teams"),
});

export const teamMember = z.looseObject({
  team_id: z.string().describe('where it was asked for'),
  ...member.shape,
  teamRole: z.string().nullish().describe('contributor, admin'),
  teamSlug: z.string().nullish(),
});

export const projectMember = z.looseObject({
  project_id: z.string().describe('where it was asked for'),
  ...member.shape,
});
