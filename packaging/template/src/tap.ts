/** The tap: settings, streams, and how the API is reached. */
import { BearerAuthenticator, createTap, cursorPaginator, parseDate } from 'tap-sentry/sdk';
import { type Settings, settings } from './settings.js';
import { streams } from './streams.js';

export const tap = createTap<Settings>({
  name: 'tap-example',
  description: 'Singer tap for boards and cards.',
  version: '0.0.1',
  capabilities: ['catalog', 'discover', 'state'],
  settings,
  streams,
  connect: ({ api_token, base_url, start_date }) => ({
    baseUrl: new URL(base_url),
    authenticator: new BearerAuthenticator(api_token),
    paginator: cursorPaginator({ param: 'cursor', cursor: 'next' }),
    startDate: parseDate(start_date) ?? 0,
  }),
});
