/**
 * Shapes that Sentry repeats; each says once what it is. Everything is open (`looseObject`) and may be
 * absent (`nullish`): servers differ by version, and a field that Sentry adds must not stop a load.
 * Only the dialect of tests/schemas/dialect.test.ts is used, because every target can load that.
 */
import * as z from 'zod';

/** Keys that are data, or a shape that differs from row to row: passed on as it came. */
export const freeObject = z.looseObject({});

/** A moment. Not `z.iso.datetime()`: its pattern would be tested on every value and stand in every catalog. */
export const timestamp = z.string().meta({ format: 'date-time' });

/** Counts over time. */
export const series = z.array(z.array(z.number())).describe('pairs of [unix seconds, count]');

/** A team, where another row mentions it. */
export const teamRef = z.looseObject({
  id: z.string().nullish(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
});

/** A project, where another row mentions it. */
export const projectRef = z.looseObject({
  id: z.string().nullish(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  platform: z.string().nullish(),
});

/** A release, where a project mentions it. */
export const releaseRef = z.looseObject({
  version: z.string().nullish(),
});

export const avatar = z.looseObject({
  avatarType: z.string().nullish().describe('letter_avatar, upload, gravatar'),
  avatarUuid: z.string().nullish(),
  avatarUrl: z.string().nullish(),
});

/** A user's login through an identity provider. */
const identity = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  organization: z
    .looseObject({
      slug: z.string().nullish(),
      name: z.string().nullish(),
    })
    .nullish(),
  provider: z
    .looseObject({
      id: z.string().nullish(),
      name: z.string().nullish(),
    })
    .nullish(),
  dateVerified: timestamp.nullish(),
  dateSynced: timestamp.nullish(),
});

/** A person's account, over all organizations. A commit's author without an account has only name and email. */
export const account = z.looseObject({
  id: z.string().nullish(),
  username: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  avatar: avatar.nullish(),
  avatarUrl: z.string().nullish(),
  emails: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        email: z.string().nullish(),
        is_verified: z.boolean().nullish(),
      }),
    )
    .nullish(),
  identities: z.array(identity).nullish(),
  authenticators: z.array(freeObject).nullish(),
  experiments: freeObject.nullish(),
  isActive: z.boolean().nullish(),
  isManaged: z.boolean().nullish().describe('the account belongs to an identity provider'),
  isStaff: z.boolean().nullish(),
  isSuperuser: z.boolean().nullish(),
  isSuspended: z.boolean().nullish(),
  has2fa: z.boolean().nullish(),
  canReset2fa: z.boolean().nullish(),
  hasPasswordAuth: z.boolean().nullish(),
  dateJoined: timestamp.nullish(),
  lastLogin: timestamp.nullish(),
  lastActive: timestamp.nullish(),
});

/** A user or a team that owns something. */
export const actor = z.looseObject({
  type: z.string().nullish().describe('user, team'),
  id: z.string().nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
});

/** A user or team of Sentry, linked to its name in a chat or a source host. */
export const externalActor = z.looseObject({
  id: z.string().nullish(),
  externalId: z.string().nullish(),
  externalName: z.string().nullish(),
  provider: z.string().nullish(),
  integrationId: z.string().nullish(),
  userId: z.string().nullish(),
  teamId: z.string().nullish(),
});

/** The organization, as teams and projects carry it when asked to. */
export const organization = z.looseObject({
  id: z.string().nullish(),
  slug: z.string().nullish(),
  name: z.string().nullish(),
  status: z
    .looseObject({
      id: z.string().nullish(),
      name: z.string().nullish(),
    })
    .nullish(),
  avatar: avatar.nullish(),
  links: z
    .looseObject({
      organizationUrl: z.string().nullish(),
      regionUrl: z.string().nullish(),
    })
    .nullish(),
  features: z.array(z.string()).nullish(),
  access: z.array(z.string()).nullish().describe('scopes of the token, not of the organization'),
  extraOptions: freeObject.nullish(),
  onboardingTasks: z
    .array(
      z.looseObject({
        task: z.string().nullish(),
        status: z.string().nullish(),
        data: freeObject.nullish(),
        completionSeen: timestamp.nullish(),
        dateCompleted: timestamp.nullish(),
      }),
    )
    .nullish(),
  isEarlyAdopter: z.boolean().nullish(),
  require2FA: z.boolean().nullish(),
  hasAuthProvider: z.boolean().nullish(),
  allowMemberInvite: z.boolean().nullish(),
  allowMemberProjectCreation: z.boolean().nullish(),
  allowSuperuserAccess: z.boolean().nullish(),
  dateCreated: timestamp.nullish(),
});

/** The latest deploy of a release. The document gives its dates no format. */
export const deploy = z.looseObject({
  id: z.string().nullish(),
  environment: z.string().nullish(),
  name: z.string().nullish(),
  url: z.string().nullish(),
  dateStarted: z.string().nullish(),
  dateFinished: z.string().nullish(),
});

/** A release's version, taken apart. */
export const versionInfo = z.looseObject({
  package: z.string().nullish(),
  version: freeObject
    .nullish()
    .describe('raw, and for semantic versions major, minor, patch, pre, buildCode, components'),
  description: z.string().nullish(),
  buildHash: z.string().nullish(),
});
