/**
 * What `--test` finds out before it reads a row of each stream: the server, the token, the organization, its projects,
 * and the sizes from which the cost of a run is estimated. Some ten requests.
 */
import type { Config } from '../schemas/config.js';
import type { HttpClient, Logger, Say, Sizes } from '../sdk/index.js';
import { checkConnection } from './check-connection.js';
import { measure } from './measure.js';
import { otherRegion, regionOf } from './organizations-seen.js';
import { probe } from './probe.js';
import { type Projects, listProjects } from './projects-seen.js';
import { serverFinding, tokenFinding } from './server-kind.js';

const mostNamed = 5;

type Client = Pick<HttpClient, 'get'>;

/** The settings that the first requests depend on. */
export interface Diagnosis {
  readonly config: Config;
  /** The organization was not set. */
  readonly defaulted: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @throws FatalError with what to do, if the server, the token or the organization is not right. */
export async function diagnose(
  client: Client,
  { config, defaulted, now }: Diagnosis,
  log: Logger,
  say: Say,
): Promise<Sizes> {
  const { base_url: baseUrl, organization, api_token: token } = config;
  const row = await checkConnection(client, { baseUrl, organization, token, defaulted }, log);
  say({ topic: 'host', text: `${baseUrl.host} answers` });
  const index = await probe(client, baseUrl, '.', { route: '/' });
  const path = `organizations/${encodeURIComponent(organization)}/`;
  const projects = await listProjects(client, baseUrl, path);
  const measured = await measure(client, { path, config, projects, now });
  say(serverFinding(baseUrl, projects, measured));
  say(tokenFinding(config.api_token, index, projects));
  sayOrganization(row, config, say);
  sayProjects(projects, config.project_slugs, say);
  return measured.sizes;
}

function sayOrganization(row: unknown, { organization, base_url: baseUrl }: Config, say: Say): void {
  if (row === undefined) {
    const text = `"${organization}" lists its projects, but may not be read itself`;
    return say({ topic: 'organization', text, remedy: 'Give the token the scope org:read.' });
  }
  const region = otherRegion(regionOf(row), baseUrl);
  const remedy = region && `Set base_url to ${region}/api/0/: requests then need not pass through ${baseUrl.host}.`;
  say({ topic: 'organization', text: `"${organization}" found${region ? `, in the region ${region}` : ''}`, remedy });
}

/** Which projects there are, and what keeps them from being read. */
function sayProjects(projects: Projects, wanted: readonly string[], say: Say): void {
  const { listed, hasMore, failure } = projects;
  const topic = 'projects';
  if (failure !== undefined)
    return say({ topic, text: `not listed (${failure})`, remedy: 'Give the token the scope project:read.' });
  const names = listed.map(({ slug, id }) => String(slug ?? id));
  const shown = names.length > mostNamed ? [...names.slice(0, mostNamed), '…'] : names;
  const text = `${names.length}${hasMore ? ' or more' : ''} (${shown.join(', ') || 'none'})`;
  say({ topic, text, remedy: projectsRemedy(projects, wanted) });
}

function projectsRemedy({ listed, hasMore }: Projects, wanted: readonly string[]): string | undefined {
  const way = 'add its owner to their teams, or use the token of an internal integration.';
  if (listed.length === 0) return `The token sees no project: ${way}`;
  const names = new Set(listed.flatMap(({ slug, id }) => [String(slug), String(id)]));
  const missing = hasMore ? [] : wanted.filter((name) => !names.has(name));
  if (missing.length > 0) return `project_slugs names ${missing.join(', ')}: no such project is listed.`;
  const closed = listed.filter(({ hasAccess }) => hasAccess === false).length;
  return closed > 0 ? `The token may not read ${closed} of them: ${way}` : undefined;
}
