/**
 * Users: `/organizations/{organization}/users/`, which Sentry does not publish. Its rows are those of
 * https://docs.sentry.io/api/organizations/list-an-organizations-members/ plus `projects`.
 *
 * `id` is the membership; the person is `user.id`. The document has `user` always: invited members have none.
 */
import * as z from 'zod';
import { account, externalActor, timestamp } from './common.js';

export const user = z.looseObject({
  id: z.string().describe('of the membership, not of the person'),
  email: z.string().nullish(),
  name: z.string().nullish(),
  orgRole: z.string().nullish().describe('billing, member, admin, manager, owner'),
  role: z.string().nullish().describe('older name of orgRole'),
  roleName: z.string().nullish().describe('older servers'),
  projects: z.array(z.string()).nullish().describe("slugs of the projects of the member's teams"),
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
