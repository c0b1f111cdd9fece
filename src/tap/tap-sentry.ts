/** The tap, put together: settings, streams, and what is Sentry's own about asking for them. */
import { builtCatalog, version } from '../built.js';
import { type Config, settings } from '../schemas/config.js';
import { BearerAuthenticator, createTap, second } from '../sdk/index.js';
import { withEventsSource } from '../streams/by-config/events-source.js';
import { streams } from '../streams/index.js';
import { queryStreams } from '../streams/by-config/queries.js';
import { checkConnection } from './check-connection.js';
import { diagnose } from './diagnose.js';
import { migrateState } from './migrate-state.js';
import { sentryPaginator } from './paginator.js';
import { reviewSelection } from './review-selection.js';
import { createShard } from './shard.js';
import { rulesFor } from './rules.js';

const names = new Set(streams.map(({ name }) => name));

export const tap = createTap<Config>({
  name: 'tap-sentry',
  description: 'Singer tap for Sentry.',
  version,
  capabilities: ['about', 'activate-version', 'batch', 'catalog', 'discover', 'state', 'structured-logging', 'test'],
  pythonVersions: ['3.10', '3.11', '3.12', '3.13', '3.14'],
  settings,
  streams: (config) => (config ? [...withEventsSource(streams, config), ...queryStreams(config, names)] : streams),
  catalog: builtCatalog,
  connect: (config, { defaulted, system }) => ({
    baseUrl: config.base_url,
    variables: { organization: config.organization },
    authenticator: new BearerAuthenticator(config.api_token),
    paginator: sentryPaginator(),
    rules: rulesFor(config),
    headers: { ...config.headers, ...(config.user_agent ? { 'user-agent': config.user_agent } : {}) },
    startDate: config.start_date,
    endDate: config.end_date,
    pageSize: config.page_size,
    concurrency: config.concurrency,
    rateLimit: config.rate_limit,
    timeout: config.timeout * second,
    retryTime: config.retry_time * second,
    activateVersion: config.emit_activate_version_messages,
    batch: config.batch_config,
    shard: createShard(config),
    checkConnection: async (client, log) => {
      const { base_url: baseUrl, organization, api_token: token } = config;
      await checkConnection(client, { baseUrl, organization, token, defaulted: defaulted.has('organization') }, log);
    },
    diagnose: (client, log, say) => {
      const now = client.serverDate ?? system.clock.now();
      return diagnose(client, { config, defaulted: defaulted.has('organization'), now }, log, say);
    },
    migrateState: (state, log) =>
      migrateState(state, new Set([...names, ...config.queries.map(({ name }) => name)]), log),
    reviewSelection: (selected, log) => reviewSelection(streams, selected, config, log),
  }),
});
