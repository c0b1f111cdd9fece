/**
 * A tap for an API with one list of each other kind: books by row number, readers by a link in the body, loans by POST
 * with a cursor, as a feed of what has changed since an integer. It takes a client of OAuth, a user, or a key.
 */
import {
  ApiKeyAuthenticator,
  type Authenticator,
  BasicAuthenticator,
  OAuthAuthenticator,
  bodyLinkPaginator,
  createTap,
  cursorPaginator,
  offsetPaginator,
  parseDate,
  single,
  streamDefiner,
  unixSeconds,
} from 'tap-sentry/sdk';
import * as z from 'zod';

const settings = z.object({
  url: z.string().meta({ label: 'URL' }).describe('Where the library answers.'),
  client: z.string().optional().meta({ label: 'Client' }).describe('The client of OAuth.'),
  user: z.string().optional().meta({ label: 'User' }).describe('The user, where there is no client.'),
  secret: z.string().meta({ label: 'Secret', secret: true }).describe("The client's or the user's secret, or a key."),
  start_date: z.string().default('2020-01-01').meta({ label: 'Start Date' }).describe('The earliest loan to read.'),
});
type Settings = z.output<typeof settings>;
const defineStream = streamDefiner<Settings>();
const common = { scope: single(), primaryKey: ['id'] } as const;

const books = defineStream({
  ...common,
  name: 'books',
  summary: 'The books.',
  path: '/books',
  schema: z.looseObject({ id: z.int(), title: z.string().nullish() }),
  sizeParam: 'count',
  records: 'books',
  paginator: offsetPaginator({ param: 'from', total: 'total' }),
});

const readers = defineStream({
  ...common,
  name: 'readers',
  summary: 'Those who read them.',
  path: '/readers',
  schema: z.looseObject({ id: z.string(), born: z.int().nullish() }),
  sizeParam: null,
  records: 'data',
  paginator: bodyLinkPaginator({ next: 'links.next' }),
});

const loans = defineStream({
  ...common,
  name: 'loans',
  summary: 'Who has which book.',
  path: '/loans/search',
  schema: z.looseObject({ id: z.int(), book: z.int().nullish(), updated: z.int() }),
  replicationKey: 'updated',
  window: { order: 'any', maxRows: Infinity, params: ({ start }) => ({ updated_since: unixSeconds(start) }) },
  post: ({ size, ...others }) => ({ ...others, size: Number(size) }),
  sizeParam: 'size',
  records: 'loans',
  paginator: cursorPaginator({ param: 'after', cursor: 'next' }),
});

const authenticatorOf = ({ url, client, user, secret }: Settings): Authenticator => {
  if (client !== undefined)
    return new OAuthAuthenticator({ tokenUrl: new URL('/token', url), clientId: client, clientSecret: secret });
  return user === undefined ? new ApiKeyAuthenticator('key', secret, 'query') : new BasicAuthenticator(user, secret);
};

export const tap = createTap<Settings>({
  name: 'tap-library',
  description: 'Singer tap for the library.',
  version: '0.0.1',
  capabilities: ['catalog', 'discover', 'state'],
  settings,
  streams: [books, readers, loans],
  connect: (config) => ({
    baseUrl: new URL(config.url),
    authenticator: authenticatorOf(config),
    startDate: parseDate(config.start_date) ?? 0,
  }),
});
