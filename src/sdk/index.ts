/** The surface of the layer: what a tap is made of. The only file of it that others import. */
export type { Logger } from './log/logger.js';
export { runProcess } from './cli/process.js';
export type { Program, Run, System } from './cli/program.js';
export {
  type Params,
  type Scope,
  type StreamDefinition,
  type Window,
  each,
  once,
  streamDefiner,
  together,
} from './define-stream.js';
export { ConfigError, FatalError, InputError, SkippableError, StreamError, TapError, messageOf } from './errors.js';
export { BearerAuthenticator, type Authenticator } from './http/authenticator.js';
export type { HttpClient, HttpRequest, HttpResponse } from './http/client.js';
export { detailOf } from './http/error-detail.js';
export type { RateLimits } from './http/rate-budget.js';
export { readJson } from './http/read-json.js';
export {
  type ResponseAction,
  type ResponseRules,
  defaultRules,
  describeStatus,
  retryAfter,
} from './http/response-rules.js';
export { longestWindow, untilInstant } from './http/server-clock.js';
export { type Headers, type Paginator, linkPaginator } from './http/paginator.js';
export type { Row } from './singer/record-shape.js';
export { createTap, type Connection, type TapDefinition } from './tap.js';
export { day, hour, isoSeconds, minute, parseDate, parseDuration, second } from './time.js';
