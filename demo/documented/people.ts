/** People as identity providers see them (SCIM), and the people whose programs sent events. */
import type { App } from '../app.js';
import type { Member, Project, Team } from '../entities.js';
import { mix } from '../random.js';
import type { Row } from '../rows/organization.js';
import { hexOf } from './seats.js';
import { retainedOf } from './tag-counts.js';

const scim = 'urn:ietf:params:scim:schemas:core:2.0';

/** A member by SCIM. */
export const scimUser = (member: Member): Row => ({
  schemas: [`${scim}:User`],
  id: member.id,
  userName: member.email,
  name: { givenName: 'N/A', familyName: 'N/A' },
  emails: [{ primary: true, value: member.email, type: 'work' }],
  meta: { resourceType: 'User' },
  active: member.active,
  sentryOrgRole: member.role,
});

/** A team by SCIM, with its members. */
export const scimGroup = (members: readonly Member[], team: Team): Row => ({
  schemas: [`${scim}:Group`],
  id: team.id,
  displayName: team.slug,
  meta: { resourceType: 'Group' },
  members: members
    .filter((member) => member.active && member.teams.includes(team))
    .map((member) => ({ value: member.id, display: member.email })),
});

/** Everybody who met an error of a project. */
export function endUsers(app: App, project: Project): Row[] {
  const users = new Map<number, string>();
  for (const event of retainedOf(app, project.events)) {
    const user = app.state.userOf(event);
    if (user !== undefined) users.set(user, app.events.rows.user(event));
  }
  return [...users].map(([user, text]) => endUser(project, user, JSON.parse(text) as Row));
}

function endUser(project: Project, user: number, { id, email, username, ip_address }: Row): Row {
  const hash = hexOf(mix(project.index, user), 32);
  return {
    id: String(project.index * 100_000 + user),
    tagValue: `id:${1_000_000 + user}`,
    identifier: id ?? '',
    username: username ?? '',
    email: email ?? '',
    name: username ?? '',
    ipAddress: ip_address ?? '',
    avatarUrl: `https://secure.gravatar.com/avatar/${hash}`,
    hash,
    dateCreated: null,
  };
}
