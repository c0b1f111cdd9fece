/**
 * The first requests of a run: is there a Sentry, does it take the token, does it have the
 * organization? A token without org:read is refused here; then the list of projects tells.
 */
import {
  FatalError,
  type HttpClient,
  type Logger,
  SkippableError,
  StreamError,
  messageOf,
  readJson,
} from '../sdk/index.js';
import { organizationsSeen } from './organizations-seen.js';

/** What is checked. */
export interface Target {
  baseUrl: URL;
  organization: string;
  token: string;
  /** The organization was not set. */
  defaulted: boolean;
}

/**
 * Answers the organization's row, undefined where it may not be read. @throws FatalError with what to do, if the
 * server, the token or the organization is not right.
 */
export async function checkConnection(
  client: Pick<HttpClient, 'get'>,
  { baseUrl, organization, token, defaulted }: Target,
  log: Logger,
): Promise<object | undefined> {
  if (token.startsWith('sntrys_'))
    log.warning(
      'api_token (TAP_SENTRY_API_TOKEN) is an organization token (sntrys_…), which is for releases only. Use the ' +
        'token of an internal integration, or a personal one.',
    );
  if (defaulted)
    log.warning(
      `organization is not set: "${organization}" is used. Set it (TAP_SENTRY_ORGANIZATION) to the slug of yours.`,
    );
  if (baseUrl.protocol === 'http:' && !isLoopback(baseUrl.hostname))
    log.warning(`base_url is plain http: the token travels to ${baseUrl.host} unencrypted.`);
  const path = `organizations/${encodeURIComponent(organization)}/`;
  const ask = (route: string, url: string): Promise<Reply> => request(client, route, new URL(url, baseUrl), baseUrl);
  const first = await ask('/organizations/{organization}/', `${path}?detailed=0`);
  if (!first.refused) {
    requireKind(first.value, isObject(first.value), baseUrl);
    return first.value as object;
  }
  const projects = await ask('/organizations/{organization}/projects/', `${path}projects/?per_page=1`);
  if (!projects.refused) requireKind(projects.value, Array.isArray(projects.value), baseUrl);
  else if (projects.refused.status === 403 || first.refused.status === 403)
    throw notAllowed(organization, projects.refused);
  else throw await notFound(client, organization, projects.refused, baseUrl);
  // Some servers answer a stranger's token, or a misspelt name, with an empty list.
  if (first.refused.status === 404 && (projects.value as unknown[]).length === 0)
    throw await notFound(client, organization, first.refused, baseUrl);
  return undefined;
}

/** What a request brought: a value, or the refusal. */
type Reply = { value: unknown; refused?: undefined } | { refused: SkippableError };

async function request(client: Pick<HttpClient, 'get'>, route: string, url: URL, baseUrl: URL): Promise<Reply> {
  try {
    return { value: await client.get({ route, url }, readJson) };
  } catch (error) {
    if (error instanceof SkippableError) return { refused: error };
    if (!(error instanceof StreamError)) throw error;
    const { code, message } = error;
    // A sentence about the network names the server; one about an answer needs to be told whose it is.
    const text = message.startsWith('GET ') ? `No Sentry answers at ${baseUrl.href}: ${message}` : message;
    throw new FatalError(text, { code, cause: error });
  }
}

function notAllowed(organization: string, refused: SkippableError): FatalError {
  return new FatalError(
    `The token may not read the organization "${organization}" (${messageOf(refused)}). Give it the scopes ` +
      'org:read and project:read, or check organization (TAP_SENTRY_ORGANIZATION).',
  );
}

async function notFound(
  client: Pick<HttpClient, 'get'>,
  organization: string,
  refused: SkippableError,
  baseUrl: URL,
): Promise<FatalError> {
  const seen = await organizationsSeen(client, baseUrl, organization);
  return new FatalError(
    `There is no organization "${organization}" at ${baseUrl.origin} that this token can see ` +
      `(${messageOf(refused)}).${seen} ` +
      'Check organization (TAP_SENTRY_ORGANIZATION) and base_url (TAP_SENTRY_BASE_URL); data of the European region ' +
      'is at https://de.sentry.io/.',
  );
}

/** @throws FatalError when the JSON is not of the kind that Sentry sends. */
function requireKind(value: unknown, expected: boolean, { href }: URL): void {
  if (expected) return;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  throw new FatalError(
    `No Sentry answers at ${href}: the answer is JSON, but ${kind}. Check base_url (TAP_SENTRY_BASE_URL).`,
    { code: 'ERR_NOT_THIS_API' },
  );
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.');
