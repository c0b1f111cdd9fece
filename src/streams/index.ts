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

/** The streams by area, in the order of the documentation. */
export const areas = {
  Organizations: organizations,
  Projects: projects,
  People: people,
  'Teams and projects': memberships,
  'Project settings': projectConfig,
  Releases: releases,
  'Source code': repositories,
  Issues: issues,
  Events: events,
  Monitoring: monitoring,
  Dashboards: dashboards,
  Integrations: integrations,
};

export const streams = Object.values(areas)
  .flatMap((area) => Object.values(area))
  .sort((a, b) => (a.name < b.name ? -1 : 1)) as unknown as readonly StreamDefinition<never, Config>[];
