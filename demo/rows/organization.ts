/** Organization, teams and people as the API shows them. */
import { isoMilli } from '../clock.js';
import type { Member, Project, Release, Team } from '../entities.js';
import { hex8, mix } from '../random.js';
import type { State } from '../state.js';
import { projectSummary } from './project.js';

export type Row = Record<string, unknown>;

const letterAvatar = { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null };

export function organizationRow(state: State, regionUrl: string): Row {
  const { organization, now } = state.settings;
  return {
    id: state.organizationId,
    slug: organization,
    status: { id: 'active', name: 'active' },
    name: organization.charAt(0).toUpperCase() + organization.slice(1),
    dateCreated: isoMilli(Math.floor(now / 86_400_000) * 86_400_000 - 1500 * 86_400_000),
    isEarlyAdopter: false,
    require2FA: false,
    avatar: letterAvatar,
    features: [
      'discover-basic',
      'global-views',
      'open-membership',
      'release-health-drop-sessions',
      'shared-issues',
      'user-feedback-ui',
    ],
    links: { organizationUrl: regionUrl, regionUrl },
    hasAuthProvider: false,
    allowMemberInvite: true,
    allowMemberProjectCreation: true,
    allowSuperuserAccess: false,
  };
}

export function teamRef(team: Team): Row {
  return { id: team.id, slug: team.slug, name: team.name };
}

export function teamRow(state: State, team: Team, detailed: boolean): Row {
  const row: Row = {
    id: team.id,
    slug: team.slug,
    name: team.name,
    dateCreated: isoMilli(team.created),
    isMember: team.isMember,
    teamRole: team.isMember ? 'contributor' : null,
    flags: { 'idp:provisioned': false },
    access: [...state.settings.scopes],
    hasAccess: true,
    isPending: false,
    memberCount: state.members.filter((member) => member.active && member.teams.includes(team)).length,
    avatar: letterAvatar,
  };
  if (!detailed) return row;
  const projects = state.liveProjects().filter((project) => project.teams.includes(team));
  return { ...row, externalTeams: [], projects: projects.map((project) => projectSummary(state, project)) };
}

function avatarUrl(email: string): string {
  const hash = [1, 2, 3, 4]
    .map((part) => hex8(mix(email.length, part, email.charCodeAt(0), email.charCodeAt(3))))
    .join('');
  return `https://secure.gravatar.com/avatar/${hash}?s=32&d=mm`;
}

/** The person behind a membership. */
export function userRow(member: Member): Row {
  return {
    id: member.userId,
    name: member.name,
    username: member.email,
    email: member.email,
    avatarUrl: avatarUrl(member.email),
    isActive: member.active,
    isSuspended: false,
    hasPasswordAuth: true,
    isManaged: false,
    dateJoined: isoMilli(member.created + 60_000),
    lastLogin: isoMilli(member.created + 86_400_000),
    has2fa: member.role !== 'member',
    lastActive: isoMilli(member.created + 90_000_000),
    isSuperuser: false,
    isStaff: false,
    experiments: {},
    emails: [{ id: `9${member.userId}`, email: member.email, is_verified: true }],
    avatar: letterAvatar,
  };
}

export function memberRow(state: State, member: Member): Row {
  return {
    id: member.id,
    email: member.email,
    name: member.pending ? member.email : member.name,
    user: member.pending ? null : userRow(member),
    orgRole: member.role,
    role: member.role,
    roleName: member.role.charAt(0).toUpperCase() + member.role.slice(1),
    pending: member.pending,
    expired: member.pending && state.clock.now() - member.created > 30 * 86_400_000,
    flags: {
      'idp:provisioned': false,
      'idp:role-restricted': false,
      'sso:linked': false,
      'sso:invalid': false,
      'member-limit:restricted': false,
      'partnership:restricted': false,
    },
    dateCreated: isoMilli(member.created),
    inviteStatus: 'approved',
    inviterName: state.members[0] && state.members[0] !== member ? state.members[0].email : null,
  };
}

/** A row of the unpublished `/users/`: a membership and the slugs of the person's projects. */
export function orgUserRow(state: State, member: Member, projects: readonly Project[]): Row {
  return { ...memberRow(state, member), projects: projects.map((project) => project.slug) };
}

/** `id` of a release, where releases have one. */
export function releaseId({ settings }: State, release: Release): Row {
  return settings.behaviour.releaseIds ? { id: release.id } : {};
}

/** The short form of a release inside an issue. */
export function releaseRef(state: State, release: Release): Row {
  return {
    ...releaseId(state, release),
    version: release.version,
    shortVersion: release.version,
    dateCreated: isoMilli(release.created),
    dateReleased: release.released === null ? null : isoMilli(release.released),
    ref: null,
    url: null,
  };
}
