/** Asked once, for the organization that the settings name. */
import { once } from '../../sdk/index.js';

export const organization = once<'organization'>();
