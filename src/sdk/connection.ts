/** What a tap's settings mean for the layer. Only the address, the start date and the first request must be said. */
import type { Sizes } from './check/estimate.js';
import type { Say } from './check/finding.js';
import type { Shard } from './define/shard.js';
import type { Authenticator } from './http/authenticator.js';
import type { HttpClient } from './http/client.js';
import { type Paginator, linkPaginator } from './http/paginator.js';
import { type ResponseRules, defaultRules } from './http/response-rules.js';
import type { Logger } from './log/logger.js';
import type { BatchSettings } from './singer/batch-files.js';
import type { Context } from './singer/state.js';
import { minute } from './time.js';

/** Times in milliseconds. */
export interface Connection {
  readonly baseUrl: URL;
  readonly authenticator: Authenticator;
  readonly startDate: number;
  readonly endDate?: number | undefined;
  /** Path variables that are the same for every stream. */
  readonly variables?: Context;
  /** Default: Link headers. */
  readonly paginator?: Paginator;
  /** Default: what HTTP says of each status, and `Retry-After`. */
  readonly rules?: ResponseRules;
  readonly headers?: Readonly<Record<string, string>>;
  /** Rows in a page. Default 100. */
  readonly pageSize?: number;
  readonly concurrency?: number | undefined;
  /** Requests per second. */
  readonly rateLimit?: number | undefined;
  readonly timeout?: number;
  readonly retryTime?: number;
  readonly activateVersion?: boolean;
  /** Set when records shall go into files. */
  readonly batch?: BatchSettings | undefined;
  /** The part of the work that this process does. Default: all of it. */
  readonly shard?: Shard | undefined;
  /** The first requests of a run. @throws FatalError when the server, the token or the settings are wrong. */
  checkConnection?(client: HttpClient, log: Logger): Promise<void>;
  /**
   * The same with a finding for each thing looked at, for a test of the connection; answers what is known of the
   * streams' sizes. Default: `checkConnection`.
   */
  diagnose?(client: HttpClient, log: Logger, say: Say): Promise<Sizes>;
  /** Brings the states of other taps into this layer's form. */
  migrateState?(state: unknown, log: Logger): unknown;
  /** Says what is worth saying about what was selected. */
  reviewSelection?(selected: readonly string[], log: Logger): void;
}

export type CompleteConnection = Connection & Required<Pick<Connection, keyof typeof defaults>>;

const defaults = {
  variables: {} as Context,
  paginator: linkPaginator() as Paginator,
  rules: defaultRules,
  headers: {} as Readonly<Record<string, string>>,
  pageSize: 100,
  timeout: minute,
  retryTime: 5 * minute,
  activateVersion: false,
  checkConnection: (async () => undefined) as (client: HttpClient, log: Logger) => Promise<void>,
};

export const withDefaults = (connection: Connection): CompleteConnection => ({ ...defaults, ...connection });
