/** Every stream, by area. A new stream is an export of its area; a new area is a line here. */
import type { Config } from '../schemas/config.js';
import type { StreamDefinition } from '../sdk/index.js';
import * as dashboards from './dashboards.js';
import * as events from './events.js';
import * as integrations from './integrations.js';
import * as issues from './issues.js';
import * as memberships from './memberships.js';
import * as monitoring from './monitoring.js';
import * as organizations from './organizations.js';
import * as people from './people.js';
import * as projectConfig from './project-config.js';
import * as projects from './projects.js';
import * as releases from './releases.js';
import * as repositories from './repositories.js';

type Definition = StreamDefinition<never, Config>;

const area = (title: string, streams: object) => ({ title, streams: Object.values(streams) as Definition[] });

/** The streams by area, in the order of the documentation. */
export const areas = [
  area('Organizations', organizations),
  area('Projects', projects),
  area('People', people),
  area('Teams and projects', memberships),
  area('Project settings', projectConfig),
  area('Releases', releases),
  area('Source code', repositories),
  area('Issues', issues),
  area('Events', events),
  area('Monitoring', monitoring),
  area('Dashboards', dashboards),
  area('Integrations', integrations),
];

export const streams: readonly Definition[] = areas
  .flatMap((one) => one.streams)
  .sort((a, b) => (a.name < b.name ? -1 : 1));
