/**
 * What Sentry's answers mean: its rate-limit headers, and which errors pass, which mean "nothing
 * there" and which mean "not for you".
 */
import type { ApiRules, Headers, RateLimits, Verdict } from '../sdk/index.js';
import { second } from '../sdk/index.js';

const brownOut = 60 * second; // a deprecated route is switched off for a minute or two, to be noticed

export const rules: ApiRules = {
  judge(status, headers, body) {
    if (status < 300) return { kind: 'ok' };
    const detail = detailOf(body());
    const message = `HTTP ${status}${detail ? ` (${detail})` : ''}`;
    return judge(status, headers, detail, message);
  },
  limits,
  notice(headers, route) {
    const replacement = headers['x-sentry-replacement-endpoint'];
    const date = headers['x-sentry-deprecation-date'];
    return replacement || date
      ? `Sentry calls ${route} deprecated${date ? ` since ${date}` : ''}${replacement ? `; it names ${replacement} instead` : ''}.`
      : undefined;
  },
};

function judge(status: number, headers: Headers, detail: string, message: string): Verdict {
  switch (status) {
    case 400:
      if (/invalid date range/i.test(detail)) return { kind: 'empty' };
      if (/query timeout|timed? ?out|took too long/i.test(detail))
        return { kind: 'retry', message, tooLarge: true, trouble: true };
      if (/multi project/i.test(detail)) return { kind: 'skip', message };
      return { kind: 'fail', message };
    case 401:
      return {
        kind: 'fatal',
        message: `Sentry refuses the token: ${message}. Check api_token (TAP_SENTRY_API_TOKEN): it may be mistyped, expired or revoked, or belong to another server than base_url names.`,
      };
    case 403:
    case 404:
    case 405:
      return { kind: 'skip', message };
    case 408:
    case 425:
      return { kind: 'retry', message };
    case 410:
      return {
        kind: 'retry',
        message: `${message}: this route is deprecated and switched off at times${headers['x-sentry-replacement-endpoint'] ? `; Sentry names ${headers['x-sentry-replacement-endpoint']} instead` : ''}`,
        wait: brownOut,
      };
    case 429:
      return { kind: 'retry', message: `${message}: too many requests`, wait: waitOf(headers) };
    default:
      return status >= 500
        ? { kind: 'retry', message, trouble: true, tooLarge: /query failed|query timeout|timed out/i.test(detail) }
        : { kind: 'fail', message };
  }
}

/** Milliseconds that a 429 asks to wait; Sentry names the end of the window, proxies a delay. */
function waitOf(headers: Headers): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const delay = /^\d+(\.\d+)?$/.test(after.trim()) ? Number(after) * second : Date.parse(after) - serverTime(headers);
    if (delay >= 0) return delay;
  }
  const { remaining, reset } = limits(headers) ?? {};
  return remaining === 0 && reset !== undefined ? Math.max(reset - serverTime(headers), 0) + second / 4 : undefined;
}

const serverTime = (headers: Headers): number => Date.parse(headers['date'] ?? '') || Date.now();

function limits(headers: Headers): RateLimits | undefined {
  const read = (name: string): number | undefined => {
    const value = headers[`x-sentry-rate-limit-${name}`];
    return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  };
  const reset = read('reset');
  const found = {
    limit: read('limit'),
    remaining: read('remaining'),
    reset: reset === undefined ? undefined : reset * second,
    concurrentLimit: read('concurrentlimit'),
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

const longestDetail = 200; // characters of a body that go into a message

/** What an error body says, whatever its shape, cut short. */
export function detailOf(body: unknown): string {
  const text = say(body);
  return text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text;
}

function say(body: unknown): string {
  if (typeof body === 'string') return body;
  if (Array.isArray(body)) return body.map(say).filter(Boolean).join('; ');
  if (typeof body !== 'object' || body === null) return '';
  const { detail, message, msg, error, code } = body as Record<string, unknown>;
  const own = detail ?? message ?? msg ?? error ?? code;
  if (own !== undefined) return say(own);
  return Object.entries(body)
    .map(([name, value]) => `${name}: ${say(value)}`)
    .slice(0, 5)
    .join('; ');
}
