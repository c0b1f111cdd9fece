/** Every stream, by area. A new stream is an export of its area; a new area is a line here. */
import type { Config } from '../schemas/config.js';
import type { StreamDefinition } from '../sdk/index.js';
import * as dashboards from './dashboards.js';
import * as errorEvents from './events.js';
import * as explore from './explore.js';
import * as feedback from './feedback.js';
import * as flags from './flags.js';
import * as integrations from './integrations.js';
import * as issueParts from './issue-parts.js';
import * as issues from './issues.js';
import * as memberships from './memberships.js';
import * as monitoring from './monitoring.js';
import * as organizations from './organizations.js';
import * as people from './people.js';
import * as projectConfig from './project-config.js';
import * as projects from './projects.js';
import * as releases from './releases.js';
import * as replays from './replays.js';
import * as repositories from './repositories.js';
import * as scim from './scim.js';
import * as tags from './tags.js';
import * as usage from './usage.js';

type Definition = StreamDefinition<never, Config>;

const area = (title: string, streams: object) => ({ title, streams: Object.values(streams) as Definition[] });

/** The streams by area, in the order of the documentation. */
export const areas = [
  area('Organizations', organizations),
  area('Projects', projects),
  area('People', people),
  area('People by SCIM', scim),
  area('Teams and projects', memberships),
  area('Project settings', projectConfig),
  area('Releases', releases),
  area('Source code', repositories),
  area('Issues', issues),
  area('Parts of issues', issueParts),
  area('Tags', tags),
  area('Events', errorEvents),
  area('Users and feedback', feedback),
  area('Replays', replays),
  area('Explore', explore),
  area('Statistics and release health', usage),
  area('Monitoring', monitoring),
  area('Dashboards', dashboards),
  area('Integrations', integrations),
  area('Feature flags', flags),
];

export const streams: readonly Definition[] = areas
  .flatMap((one) => one.streams)
  .sort((a, b) => (a.name < b.name ? -1 : 1));
