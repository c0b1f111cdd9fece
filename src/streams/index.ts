/** Every stream, by area. A new stream is an export of its area; a new area is a line here. */
import type { Config } from '../schemas/config.js';
import type { StreamDefinition } from '../sdk/index.js';
import * as events from './events.js';
import * as issues from './issues.js';
import * as people from './people.js';
import * as projectConfig from './project-config.js';
import * as projects from './projects.js';
import * as releases from './releases.js';

const areas = [projects, people, projectConfig, releases, issues, events];

export const streams = areas
  .flatMap((area) => Object.values(area))
  .sort((a, b) => (a.name < b.name ? -1 : 1)) as unknown as readonly StreamDefinition<never, Config>[];
