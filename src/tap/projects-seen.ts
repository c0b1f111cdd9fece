/** The first page of the list of projects: what a test of the connection tells about them. */
import type { HttpClient } from '../sdk/index.js';
import { probe } from './probe.js';

/** A project in the list. */
export interface Project {
  readonly id?: unknown;
  readonly slug?: unknown;
  readonly hasAccess?: unknown;
}

export interface Projects {
  readonly listed: readonly Project[];
  /** Whether the list goes on. */
  readonly hasMore: boolean;
  /** The Link header as GlitchTip prints it: a set of Python. */
  readonly hasLinkSet: boolean;
  /** Why there is no list. */
  readonly failure: string | undefined;
}

const most = 100;

/** Asks once. @throws FatalError, StoppedError. */
export async function listProjects(client: Pick<HttpClient, 'get'>, baseUrl: URL, path: string): Promise<Projects> {
  const found = await probe(client, baseUrl, `${path}projects/`, {
    route: '/organizations/{organization}/projects/',
    params: { per_page: String(most) },
  });
  if (found.failure) return { listed: [], hasMore: false, hasLinkSet: false, failure: found.failure.message };
  const link = found.headers['link'] ?? '';
  const listed = Array.isArray(found.value) ? (found.value as Project[]) : [];
  return { listed, hasMore: listed.length >= most, hasLinkSet: link.startsWith('{'), failure: undefined };
}

/** The projects that are read: listed, open to the token, and named by the settings if those name any. */
export const readProjects = ({ listed }: Projects, wanted: readonly string[]): readonly Project[] =>
  listed.filter(
    ({ slug, id, hasAccess }) =>
      hasAccess !== false && (wanted.length === 0 || wanted.includes(String(slug)) || wanted.includes(String(id))),
  );
