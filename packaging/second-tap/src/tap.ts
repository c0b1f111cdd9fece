/**
 * A tap for an API of another kind: shops and the orders of each, oldest first, in numbered pages whose rows lie inside
 * the body, with an API key in a header. Whatever is not said here is the layer's default.
 */
import {
  ApiKeyAuthenticator,
  createTap,
  each,
  pageNumberPaginator,
  parseDate,
  single,
  streamDefiner,
} from 'tap-sentry/sdk';
import * as z from 'zod';

const settings = z.object({
  api_key: z.string().meta({ label: 'API Key', secret: true }).describe('The key that the bakery has given you.'),
  url: z.string().meta({ label: 'URL' }).describe('Where the bakery answers.'),
  start_date: z.string().default('2020-01-01').meta({ label: 'Start Date' }).describe('The earliest order to read.'),
});
type Settings = z.output<typeof settings>;

const records = 'data.items';

const defineStream = streamDefiner<Settings>();

const shops = defineStream({
  name: 'shops',
  summary: 'The shops.',
  path: '/v1/shops',
  lookupPath: '/v1/shops/{shop}',
  scope: single(),
  schema: z.looseObject({ id: z.int(), name: z.string().nullish() }),
  primaryKey: ['id'],
  sizeParam: 'limit',
  records,
});

const orders = defineStream({
  name: 'orders',
  summary: 'The orders of each shop.',
  path: '/v1/shops/{shop}/orders',
  scope: each(shops, { context: ({ id }) => ({ shop: String(id) }) }),
  schema: z.looseObject({ id: z.int(), rolls: z.int().nullish(), updated_at: z.iso.datetime() }),
  primaryKey: ['id'],
  replicationKey: 'updated_at',
  window: { order: 'any', maxRows: Infinity, params: ({ start, end }) => ({ since: start, until: end }) },
  sizeParam: 'limit',
  records,
});

/** The tap of the bakery. */
export const tap = createTap<Settings>({
  name: 'tap-bakery',
  description: 'Singer tap for the bakery.',
  version: '0.0.1',
  capabilities: ['catalog', 'discover', 'state'],
  settings,
  streams: [shops, orders],
  connect: ({ api_key, url, start_date }) => ({
    baseUrl: new URL(url),
    authenticator: new ApiKeyAuthenticator('X-Api-Key', api_key),
    paginator: pageNumberPaginator({
      pages: 'meta.pages',
      rows: 'meta.rows',
      size: { param: 'limit', at: 'meta.limit' },
    }),
    startDate: parseDate(start_date) ?? 0,
  }),
});
