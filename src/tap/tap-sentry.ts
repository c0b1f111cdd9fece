/** The tap, put together: settings, streams, and what is Sentry's own about asking for them. */
import { type Config, settings } from '../schemas/config.js';
import { BearerAuthenticator, createTap, linkPaginator } from '../sdk/index.js';
import { streams } from '../streams/index.js';
import { advise } from './advice.js';
import { checkConnection } from './check-connection.js';
import { adoptOlderState } from './older-state.js';
import { rules } from './rules.js';
import { builtCatalog, version } from '../built.js';

const names = new Set(streams.map(({ name }) => name));

export const tap = createTap<Config>({
  name: 'tap-sentry',
  description: 'Singer tap for Sentry.',
  version,
  capabilities: ['about', 'activate-version', 'catalog', 'discover', 'state', 'structured-logging', 'test'],
  settings,
  streams,
  catalog: builtCatalog,
  connect: (config, { defaulted }) => ({
    baseUrl: config.base_url,
    variables: { organization: config.organization },
    authenticator: new BearerAuthenticator(config.api_token),
    // A next link is always there; only results="true" means more. Its host may be one that we cannot reach.
    paginator: linkPaginator({ cursor: 'cursor', hasMore: ({ parameters }) => parameters['results'] !== 'false' }),
    rules,
    headers: { ...config.headers, ...(config.user_agent ? { 'user-agent': config.user_agent } : {}) },
    startDate: config.start_date,
    endDate: config.end_date,
    pageSize: config.page_size,
    concurrency: config.concurrency,
    rateLimit: config.rate_limit,
    timeout: config.timeout * 1000,
    retryTime: config.retry_time * 1000,
    activateVersion: config.emit_activate_version_messages,
    hello: (client, log) =>
      checkConnection(
        client,
        { baseUrl: config.base_url, organization: config.organization, defaulted: defaulted.has('organization') },
        log,
      ),
    advise: (selected, log) => advise(streams, selected, log),
    adopt: (state, log) => adoptOlderState(state, names, log),
  }),
});
