/**
 * The first requests of a run: is there a Sentry, does it take the token, does it have the
 * organization? A token without org:read is refused here; then the list of projects tells.
 */
import { type Client, FatalError, type Logger, SkippableError, StreamError, messageOf } from '../sdk/index.js';

export interface Greeting {
  baseUrl: URL;
  organization: string;
  /** The organization was not set. */
  defaulted: boolean;
}

export async function hello(
  client: Client,
  { baseUrl, organization, defaulted }: Greeting,
  log: Logger,
): Promise<void> {
  if (defaulted)
    log.warning(
      `organization is not set: "${organization}" is used. Set it (TAP_SENTRY_ORGANIZATION) to the slug of yours.`,
    );
  if (baseUrl.protocol === 'http:' && !isLoopback(baseUrl.hostname))
    log.warning(`base_url is plain http: the token travels to ${baseUrl.host} unencrypted.`);
  const path = `organizations/${encodeURIComponent(organization)}/`;
  try {
    await client.get({ route: '/organizations/{organization}/', url: new URL(`${path}?detailed=0`, baseUrl) });
  } catch (error) {
    if (!(error instanceof SkippableError)) throw fatal(error, baseUrl);
    await askProjects(client, new URL(`${path}projects/?per_page=1`, baseUrl), organization, error);
  }
}

async function askProjects(client: Client, url: URL, organization: string, first: SkippableError): Promise<void> {
  try {
    await client.get({ route: '/organizations/{organization}/projects/', url });
  } catch (error) {
    if (!(error instanceof SkippableError)) throw error;
    if (error.status === 403 || first.status === 403)
      throw new FatalError(
        `The token may not read the organization "${organization}" (${messageOf(error)}). Give it the scopes org:read and project:read, or check organization (TAP_SENTRY_ORGANIZATION).`,
      );
    throw new FatalError(
      `There is no organization "${organization}" at ${url.origin} that this token can see (${messageOf(error)}). Check organization (TAP_SENTRY_ORGANIZATION) and base_url (TAP_SENTRY_BASE_URL); data of the European region is at https://de.sentry.io/.`,
    );
  }
}

function fatal(error: unknown, baseUrl: URL): unknown {
  return error instanceof StreamError
    ? new FatalError(`No Sentry answers at ${baseUrl.href}: ${error.message}`, { code: error.code, cause: error })
    : error;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host);
