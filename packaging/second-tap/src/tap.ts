#!/usr/bin/env node
/** A tap for an API that has nothing to do with Sentry: shops, and for each shop its orders. */
import * as z from 'zod';
import {
  BearerAuthenticator,
  createTap,
  each,
  linkPaginator,
  once,
  parseDate,
  runProcess,
  streamDefiner,
  type ApiRules,
} from 'tap-sentry/sdk';

const settings = z.object({
  token: z.string().meta({ label: 'Token', secret: true }).describe('What the bakery knows you by.'),
  url: z.string().meta({ label: 'URL' }).describe('Where the bakery answers.'),
  start_date: z.string().default('2020-01-01').meta({ label: 'Start Date' }).describe('The earliest order to read.'),
});
type Settings = z.output<typeof settings>;

const defineStream = streamDefiner<Settings>();

const shops = defineStream({
  name: 'shops',
  summary: 'The shops.',
  path: '/shops',
  scope: once(),
  schema: z.looseObject({ id: z.number().int(), name: z.string().nullish() }),
  primaryKey: ['id'],
});

const orders = defineStream({
  name: 'orders',
  summary: 'The orders of each shop.',
  path: '/shops/{shop}/orders',
  scope: each(shops, { context: (shop) => ({ shop: String(shop.id) }) }),
  schema: z.looseObject({
    id: z.number().int(),
    rolls: z.number().int().nullish(),
    at: z.string().meta({ format: 'date-time' }),
  }),
  primaryKey: ['id'],
  replicationKey: 'at',
  window: { params: ({ start, end }) => ({ since: start, until: end }), most: 1000 },
});

const rules: ApiRules = {
  judge: (status) =>
    status < 300
      ? { kind: 'ok' }
      : status === 401
        ? { kind: 'fatal', message: 'The bakery does not know the token.' }
        : status >= 500
          ? { kind: 'retry', message: `HTTP ${status}` }
          : { kind: 'fail', message: `HTTP ${status}` },
  limits: () => undefined,
};

const tap = createTap<Settings>({
  name: 'tap-bakery',
  description: 'Singer tap for the bakery.',
  version: '0.0.1',
  capabilities: ['catalog', 'discover', 'state'],
  settings,
  streams: [shops, orders],
  connect: ({ token, url, start_date }) => ({
    baseUrl: new URL(url),
    variables: {},
    authenticator: new BearerAuthenticator(token),
    paginator: linkPaginator(),
    rules,
    headers: {},
    startDate: parseDate(start_date) ?? 0,
    pageSize: 2,
    timeout: 10_000,
    retryTime: 10_000,
    activateVersion: false,
    hello: () => Promise.resolve(),
  }),
});

await runProcess(tap);
