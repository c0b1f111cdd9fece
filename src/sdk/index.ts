/** The surface of the layer: what a tap is made of. The only file of it that others import. */
export type { Size, Sizes } from './check/estimate.js';
export type { Finding, Say } from './check/finding.js';
export { nearest } from './cli/nearest.js';
export { runProcess } from './cli/process.js';
export type { Program, Run, System } from './cli/program.js';
export type { Connection } from './connection.js';
export type { Shard } from './define/shard.js';
export { type Scope, batched, each, single } from './define/scope.js';
export { type Params, type RowSource, type StreamDefinition, streamDefiner } from './define/stream-definition.js';
export type { Window } from './define/window.js';
export {
  ConfigError,
  FatalError,
  InputError,
  SkippableError,
  StoppedError,
  StreamError,
  TapError,
  messageOf,
} from './errors.js';
export {
  ApiKeyAuthenticator,
  type Authenticator,
  BasicAuthenticator,
  BearerAuthenticator,
} from './http/authenticator.js';
export {
  LargestPages,
  bodyLinkPaginator,
  cursorPaginator,
  offsetPaginator,
  overlappingPage,
  pageNumberPaginator,
} from './http/body-paginators.js';
export type { HttpClient } from './http/client.js';
export { detailOf } from './http/error-detail.js';
export type { Headers } from './http/headers.js';
export {
  type NextPage,
  type PageView,
  type Paginator,
  linkPaginator,
} from './http/paginator.js';
export { OAuthAuthenticator, type OAuthClient } from './http/oauth.js';
export type { RateLimits } from './http/rate-budget.js';
export { readJson } from './http/read-json.js';
export { type ResponseAction, type ResponseRules, defaultRules, describeStatus } from './http/response-rules.js';
export { longestWindow, untilInstant } from './http/server-clock.js';
export { ExactNumber } from './json/exact-number.js';
export { isRecord } from './json/objects.js';
export type { Row } from './json/source-rows.js';
export type { Logger } from './log/logger.js';
export type { BatchSettings } from './singer/batch-files.js';
export type { Context } from './singer/state.js';
export { entryWords } from './singer/state-form.js';
export { type Tap, type TapDefinition, createTap } from './tap.js';
export { day, hour, isoSeconds, minute, parseDate, parseDuration, second, unixSeconds } from './time.js';
