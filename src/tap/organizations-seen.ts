/** Which organizations a token sees: for who named one that it does not see. */
import { type HttpClient, nearest } from '../sdk/index.js';
import { probe } from './probe.js';

/** An organization in the list, and where its data is. */
interface Seen {
  readonly slug: string;
  readonly region: string | undefined;
}

const mostNamed = 5;

/** ` This token sees: acme, beta. Did you mean "acme"?` Empty where the list tells nothing. */
export async function organizationsSeen(
  client: Pick<HttpClient, 'get'>,
  baseUrl: URL,
  organization: string,
): Promise<string> {
  const found = await probe(client, baseUrl, 'organizations/');
  if (found.failure || !Array.isArray(found.value)) return '';
  const seen = found.value.flatMap((row) => seenIn(row));
  if (seen.length === 0) return '';
  const named = seen.slice(0, mostNamed).map(({ slug }) => slug);
  const more = seen.length > named.length ? ` and ${seen.length - named.length} more` : '';
  return ` This token sees: ${named.join(', ')}${more}.${suggestion(seen, organization, baseUrl)}`;
}

function suggestion(seen: readonly Seen[], organization: string, baseUrl: URL): string {
  const slug = nearest(
    organization,
    seen.map((one) => one.slug),
  );
  if (slug === undefined) return '';
  const region = otherRegion(seen.find((one) => one.slug === slug)?.region, baseUrl);
  const place = region === undefined ? '' : ` Its data is at ${region}: set base_url to that.`;
  return slug === organization ? place : ` Did you mean "${slug}"?${place}`;
}

/** The address of an organization's region, where it is not that of `base_url`. */
export function otherRegion(region: string | undefined, { hostname, host }: URL): string | undefined {
  if (region === undefined || !/(^|\.)sentry\.io$/.test(hostname) || !URL.canParse(region)) return undefined;
  return new URL(region).host === host ? undefined : region;
}

/** The region that an organization's row names. */
export function regionOf(row: unknown): string | undefined {
  const { links } = row as { links?: { regionUrl?: unknown } | null };
  return typeof links?.regionUrl === 'string' ? links.regionUrl : undefined;
}

function seenIn(row: unknown): Seen[] {
  if (typeof row !== 'object' || row === null || !('slug' in row) || typeof row.slug !== 'string') return [];
  return [{ slug: row.slug, region: regionOf(row) }];
}
