/** Every route that is answered from facts. A new one is an entry of a table; its facts come from `shape.ts`. */
import type { DocumentedRoute } from './route.js';
import { issueRoutes } from './tables/issues.js';
import { organizationRoutes } from './tables/organization.js';
import { projectRoutes } from './tables/projects.js';
import { releaseRoutes } from './tables/releases.js';

const all = [...organizationRoutes, ...projectRoutes, ...releaseRoutes, ...issueRoutes] as const;

/** The name of a stream that the demo serves from facts. */
export type DocumentedStream = (typeof all)[number]['name'];

export const documentedRoutes: readonly DocumentedRoute[] = all;

export const documentedStreams: readonly DocumentedStream[] = all.map(({ name }) => name);

/** The route of a stream. @throws RangeError when there is none. */
export function documentedRoute(name: string): DocumentedRoute {
  const route = documentedRoutes.find((one) => one.name === name);
  if (!route) throw new RangeError(`no such documented stream: ${name}`);
  return route;
}
