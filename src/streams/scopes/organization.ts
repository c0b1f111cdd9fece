/** Asked once, for the organization that the settings name. */
import { once } from '../../sdk/index.js';

export const organization = once<'organization'>();

/** All projects that the token can see; without `project` some servers answer for the member's own only, and others refuse it for many. */
export const everyProject = { project: '-1' };
export const droppable = {
  param: 'project',
  remark: 'the server answers for the projects only that the token is a member of',
};
