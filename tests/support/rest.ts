/** A stream that asks a transport of a test: the whole way in, without a network. */
import { z } from 'zod';
import { resolve } from '../../src/sdk/define/resolve.js';
import { single } from '../../src/sdk/define/scope.js';
import type { StreamDefinition } from '../../src/sdk/define/stream-definition.js';
import { BearerAuthenticator } from '../../src/sdk/http/authenticator.js';
import { HttpClient } from '../../src/sdk/http/client.js';
import { Limiter } from '../../src/sdk/http/limiter.js';
import { type Paginator, linkPaginator } from '../../src/sdk/http/paginator.js';
import { type ResponseRules, defaultRules } from '../../src/sdk/http/response-rules.js';
import type { Transport } from '../../src/sdk/http/transport.js';
import { type RestConnection, RestStream } from '../../src/sdk/rest/rest-stream.js';
import { JumpingClock } from './clock.js';
import { keepLog } from './log.js';

/** A definition with nothing but a name, a path and a key. */
export const thing = (more: Partial<StreamDefinition> = {}): StreamDefinition => ({
  name: 'things',
  summary: 'Things.',
  path: '/things/',
  scope: single(),
  schema: z.looseObject({ id: z.string(), at: z.string() }),
  primaryKey: ['id'],
  replicationKey: 'at',
  ...more,
});

/** Rules that know a query that takes too long, and a range in which nothing was kept. */
export const toyRules: ResponseRules = {
  ...defaultRules,
  classifyResponse(status, headers, body) {
    const text = status === 400 ? JSON.stringify(body()) : '';
    if (text.includes('timeout')) return { kind: 'retry', message: 'HTTP 400 (timeout)', tooLarge: true };
    if (text.includes('retention')) return { kind: 'empty' };
    return defaultRules.classifyResponse(status, headers, body);
  },
};

/** Link headers with `results`; cursors that are numbers count rows. */
export const toyPaginator: Paginator = {
  next: linkPaginator({ cursor: 'cursor', hasMore: ({ parameters }) => parameters['results'] !== 'false' }).next,
  overlap(next) {
    const cursor = next.searchParams.get('cursor') ?? '';
    return /^[1-9]\d*$/.test(cursor) ? withCursor(next, `${Number(cursor) - 1}`) : undefined;
  },
  guess: ({ url }, read) => [{ url: withCursor(url, `${read}`), countsRows: true }],
};

export function withCursor(url: URL, cursor: string): URL {
  const target = new URL(url);
  target.searchParams.set('cursor', cursor);
  return target;
}

export interface RestOptions {
  transport: Transport;
  definition?: Partial<StreamDefinition>;
  config?: unknown;
  pageSize?: number;
  capacity?: number;
  paginator?: Paginator;
  connection?: Partial<RestConnection>;
}

export function restStream(options: RestOptions): RestStream {
  const { transport, definition, config = {}, pageSize = 3, capacity = 4, paginator = toyPaginator } = options;
  const { signal } = new AbortController();
  const clock = new JumpingClock();
  const client = new HttpClient({
    transport,
    authenticator: new BearerAuthenticator('t'),
    limiter: new Limiter({ clock, signal, concurrency: capacity }),
    rules: toyRules,
    headers: {},
    clock,
    random: () => 0.5,
    signal,
    log: keepLog(false).log,
    retryTime: 300_000,
  });
  return new RestStream(resolve(thing(definition), config), {
    client,
    paginator,
    turn: () => Promise.resolve(),
    baseUrl: new URL('http://list/api/'),
    variables: {},
    pageSize,
    onOtherWay: () => undefined,
    onRepair: () => undefined,
    ...options.connection,
  });
}
