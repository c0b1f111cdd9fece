/** Asked per team, by its id: a slug can be renamed. Older servers take slugs only, so that is the second try. */
import { each } from '../../sdk/index.js';
import { teams } from '../people.js';

export const team = each(teams, {
  context: ({ id }) => ({ team_id: String(id) }),
  alias: ({ slug }) => (slug ? { team_id: slug } : undefined),
});
