/**
 * What Sentry's answers mean beyond HTTP: its rate-limit headers, which 400s pass or mean "nothing
 * there", the brown-outs of routes that are going away, and its notices of deprecation.
 */
import type { Config } from '../schemas/config.js';
import {
  type Headers,
  type RateLimits,
  type ResponseAction,
  type ResponseRules,
  defaultRules,
  describeStatus,
  detailOf,
  longestWindow,
  second,
  untilInstant,
} from '../sdk/index.js';

const brownOut = 60 * second; // a deprecated route is switched off for a minute or two, to be noticed
const timedOut = /query timeout|timed? ?out|took too long/i;

/** The rules of Sentry and of servers that speak its API. */
export const rules: ResponseRules = {
  classifyResponse(status, headers, body) {
    const action = defaultRules.classifyResponse(status, headers, body);
    if (action.kind === 'ok') return action;
    const detail = detailOf(body());
    const message = describeStatus(status, body());
    switch (status) {
      case 400:
        return classifyBadRequest(detail, message);
      case 401:
        return {
          kind: 'fatal',
          message:
            `Sentry refuses the token: ${message}. Check api_token (TAP_SENTRY_API_TOKEN): it may be mistyped, ` +
            'expired or revoked, or belong to another server than base_url names.',
        };
      case 410:
        return { kind: 'retry', message: `${message}: ${switchedOff(headers)}`, wait: brownOut };
      default:
        return action.kind === 'retry' ? withSentrysHeaders(action, status, headers, detail) : action;
    }
  },
  limits,
  notice(headers, route) {
    const date = cut(headers['x-sentry-deprecation-date']);
    const replacement = cut(headers['x-sentry-replacement-endpoint']);
    if (!date && !replacement) return undefined;
    const since = date ? ` since ${date}` : '';
    return `Sentry calls ${route} deprecated${since}${replacement ? `; it names ${replacement} instead` : ''}.`;
  },
};

/** The same, where a search of issues that Sentry does not understand is that of a setting. */
export function rulesFor({ issue_query: query }: Pick<Config, 'issue_query'>): ResponseRules {
  const advice = `. Check issue_query (TAP_SENTRY_ISSUE_QUERY), which is ${JSON.stringify(query)}`;
  return {
    ...rules,
    classifyResponse(status, headers, body, route = '') {
      const action = rules.classifyResponse(status, headers, body, route);
      const isSearch = status === 400 && action.kind === 'fail' && query !== '' && route.endsWith('/issues/');
      return isSearch ? { ...action, message: `${action.message}${advice}` } : action;
    },
  };
}

function classifyBadRequest(detail: string, message: string): ResponseAction {
  if (/invalid date range/i.test(detail)) return { kind: 'empty' }; // a range before retention
  if (timedOut.test(detail)) return { kind: 'retry', message, tooLarge: true, trouble: true };
  if (/multi project/i.test(detail)) return { kind: 'skip', message };
  return { kind: 'fail', message };
}

function switchedOff(headers: Headers): string {
  const replacement = cut(headers['x-sentry-replacement-endpoint']);
  return (
    'this route is deprecated and switched off at ' +
    `times${replacement ? `; Sentry names ${replacement} instead` : ''}`
  );
}

/** Sentry's own 429 has no Retry-After: it names the end of the window. Its 500 may say that the query was too much. */
function withSentrysHeaders(
  action: ResponseAction & { kind: 'retry' },
  status: number,
  headers: Headers,
  detail: string,
): ResponseAction {
  if (status >= 500) return { ...action, tooLarge: timedOut.test(detail) || /query failed/i.test(detail) };
  if (status !== 429 || action.wait !== undefined) return action;
  const { remaining, reset, concurrentLimit } = limits(headers) ?? {};
  const left = reset === undefined ? undefined : untilInstant(reset, headers, longestWindow);
  if (remaining === 0 && left !== undefined) return { ...action, wait: left + second / 4, trouble: false };
  return { ...action, trouble: concurrentLimit === undefined }; // the limiter knows how many at once
}

/** A Reset of so many seconds would lie in the year 5138: it is in milliseconds. */
const firstMilliseconds = 1e11;

function limits(headers: Headers): RateLimits | undefined {
  const read = (name: string): number | undefined => {
    const value = headers[`x-sentry-rate-limit-${name}`]?.trim();
    return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  };
  const reset = read('reset');
  const found = {
    limit: read('limit'),
    remaining: read('remaining'),
    reset: reset === undefined || reset >= firstMilliseconds ? reset : reset * second,
    concurrentLimit: read('concurrentlimit'),
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

const cut = (text: string | undefined): string => (text ?? '').slice(0, 200);
