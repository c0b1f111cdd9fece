/** Members and teams by SCIM, for organizations whose plan has it. Its lists page by row number, from 1. */
import { scimGroup, scimUser } from '../schemas/scim.js';
import { offsetPaginator } from '../sdk/index.js';
import { defineStream } from './define.js';
import { organization } from './scopes/organization.js';

const paginator = offsetPaginator({ param: 'startIndex', first: 1, total: 'totalResults' });

export const scim_users = defineStream({
  name: 'scim_users',
  summary: 'The members of the organization by SCIM, as an identity provider sees them.',
  path: '/organizations/{organization}/scim/v2/Users',
  scope: organization,
  schema: scimUser,
  primaryKey: ['id'],
  optional: true,
  permission: 'member:read',
  sizeParam: 'count',
  records: 'Resources',
  paginator,
  skip: [404],
  personal: true,
  caution: 'Needs a plan with SCIM.',
});

export const scim_groups = defineStream({
  name: 'scim_groups',
  summary: 'The teams of the organization by SCIM, each with its members.',
  path: '/organizations/{organization}/scim/v2/Groups',
  scope: organization,
  schema: scimGroup,
  primaryKey: ['id'],
  optional: true,
  permission: 'team:read',
  sizeParam: 'count',
  records: 'Resources',
  paginator,
  skip: [404],
  personal: true,
  caution: 'Needs a plan with SCIM.',
});
