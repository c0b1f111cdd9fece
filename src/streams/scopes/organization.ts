/** Asked once, for the organization that the settings name. */
import { single } from '../../sdk/index.js';

export const organization = single<'organization'>();

/** All projects that the token can see. Without `project` some servers answer for the member's own projects only. */
export const everyProject = { project: '-1' };

/** Some servers refuse `project=-1`, and some look for a project of that number. */
export const optionalEveryProject = {
  param: 'project',
  value: '-1',
  remark: 'the server answers for the projects of its choice only: those that the token is a member of',
};
