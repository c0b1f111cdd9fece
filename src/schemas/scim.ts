/**
 * Members and teams as an identity provider sees them: https://docs.sentry.io/api/scim/list-an-organizations-members/
 * and https://docs.sentry.io/api/scim/list-an-organizations-paginated-teams/
 */
import * as z from 'zod';

const meta = z.looseObject({
  resourceType: z.string().nullish(),
});

export const scimUser = z.looseObject({
  id: z.string().describe('of the membership, not of the person'),
  userName: z.string().nullish().describe('the email address'),
  name: z
    .looseObject({
      givenName: z.string().nullish(),
      familyName: z.string().nullish(),
    })
    .nullish(),
  emails: z
    .array(
      z.looseObject({
        primary: z.boolean().nullish(),
        value: z.string().nullish(),
        type: z.string().nullish(),
      }),
    )
    .nullish(),
  active: z.boolean().nullish(),
  sentryOrgRole: z.string().nullish(),
  schemas: z.array(z.string()).nullish(),
  meta: meta.nullish(),
});

export const scimGroup = z.looseObject({
  id: z.string().describe('of the team'),
  displayName: z.string().nullish().describe('the slug of the team'),
  members: z
    .array(
      z.looseObject({
        value: z.string().nullish().describe('id of the membership'),
        display: z.string().nullish(),
      }),
    )
    .nullish()
    .describe('at most 10,000'),
  schemas: z.array(z.string()).nullish(),
  meta: meta.nullish(),
});
