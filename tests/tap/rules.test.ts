/** What Sentry's answers mean, status by status and header by header. */
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/tap/rules.js';
import { someday } from '../support/clock.js';

const date = new Date(someday).toUTCString();
const classify = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  rules.classifyResponse(status, { date, ...headers }, () => body);

const limitHeaders = (values: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`x-sentry-rate-limit-${name}`, String(value)]));

describe('a 400', () => {
  test('about a range before retention is empty', () => {
    expect(classify(400, { detail: 'Invalid date range. Please try a more recent date range.' })).toEqual({
      kind: 'empty',
    });
  });

  test.each([
    'Query timeout. Please try again. If the problem persists try a smaller date range or fewer projects.',
    'Query timed out',
    'This query took too long',
  ])('about a query that takes too long (%s) passes, or wants a smaller one', (detail) => {
    expect(classify(400, { detail })).toMatchObject({ kind: 'retry', tooLarge: true, trouble: true });
  });

  test('about several projects at once is for another query', () => {
    const detail = 'You do not have the multi project stream feature enabled';

    expect(classify(400, { detail })).toMatchObject({ kind: 'skip' });
  });

  test('of any other kind stays', () => {
    expect(classify(400, { detail: 'Invalid cursor parameter.' })).toEqual({
      kind: 'fail',
      message: 'HTTP 400 (Invalid cursor parameter.)',
    });
  });
});

describe('a refusal', () => {
  test('of the token names the setting', () => {
    expect(classify(401, { detail: 'Invalid token' })).toMatchObject({
      kind: 'fatal',
      message: expect.stringMatching(/^Sentry refuses the token: HTTP 401 \(Invalid token\)\. Check api_token/),
    });
  });

  test.each([403, 404, 405])('with %i concerns one partition', (status) => {
    expect(classify(status, { detail: 'no' })).toEqual({ kind: 'skip', message: `HTTP ${status} (no)` });
  });

  test('with 410 is a brown-out that is waited out', () => {
    const headers = { 'x-sentry-replacement-endpoint': '/new/' };

    expect(classify(410, { message: 'This API no longer exists.' }, headers)).toEqual({
      kind: 'retry',
      wait: 60_000,
      message:
        'HTTP 410 (This API no longer exists.): this route is deprecated and switched off at times; Sentry names ' +
        '/new/ instead',
    });
  });
});

describe('a 429', () => {
  const spent = { limit: 5, remaining: 0, reset: someday / 1000 + 7, concurrentlimit: 4 };

  test('of a spent window waits for its end on the clock of the answer', () => {
    expect(classify(429, {}, limitHeaders(spent))).toMatchObject({ kind: 'retry', wait: 7250, trouble: false });
  });

  test('with Retry-After waits as long as that says', () => {
    expect(classify(429, {}, { ...limitHeaders(spent), 'retry-after': '3' })).toMatchObject({ wait: 3000 });
  });

  test.each([
    ['far away', someday / 1000 + 3600],
    ['in the past', someday / 1000 - 3600],
  ])('of a window that ends %s backs off', (_, reset) => {
    expect(classify(429, {}, limitHeaders({ ...spent, reset }))).toMatchObject({ wait: undefined, trouble: false });
  });

  test('of too many at once backs off; the limiter knows how many there may be', () => {
    expect(classify(429, {}, limitHeaders({ ...spent, remaining: 3 }))).toMatchObject({
      wait: undefined,
      trouble: false,
    });
  });

  test('without any headers lowers how many there are at once', () => {
    expect(classify(429)).toMatchObject({ kind: 'retry', wait: undefined, trouble: true });
  });
});

describe('a server error', () => {
  test.each([500, 502, 503, 504])('(%i) passes', (status) => {
    expect(classify(status)).toMatchObject({ kind: 'retry', trouble: true, tooLarge: false });
  });

  test.each(['Your query failed to run.', 'Query failed', 'Query timeout'])(
    'about a query (%s) may want a smaller one',
    (detail) => {
      const tooLarge = /query failed|timeout/i.test(detail);

      expect(classify(500, { detail })).toMatchObject({ kind: 'retry', tooLarge });
    },
  );

  test('with Retry-After waits as long as that says', () => {
    expect(classify(503, {}, { 'retry-after': '30' })).toMatchObject({ wait: 30_000 });
  });
});

describe('the limits', () => {
  test('are read from the headers, the end of the window in milliseconds', () => {
    expect(rules.limits(limitHeaders({ limit: 40, remaining: 39, reset: 1_763_812_807, concurrentlimit: 25 }))).toEqual(
      {
        limit: 40,
        remaining: 39,
        reset: 1_763_812_807_000,
        concurrentLimit: 25,
      },
    );
  });

  test('whose end is in milliseconds already are read alike', () => {
    expect(rules.limits(limitHeaders({ reset: 1_763_812_807_123 }))?.reset).toBe(1_763_812_807_123);
  });

  test.each(['', 'x', '-1', '1e3', 'NaN'])('that are no numbers (%j) are not there', (value) => {
    expect(rules.limits(limitHeaders({ limit: value }))).toBeUndefined();
  });

  test('are not there without headers', () => {
    expect(rules.limits({ date })).toBeUndefined();
  });
});

describe('a notice', () => {
  test('says what is deprecated, since when, and what replaces it', () => {
    const headers = { 'x-sentry-deprecation-date': '2026-01-01', 'x-sentry-replacement-endpoint': '/new/' };

    expect(rules.notice?.(headers, '/old/')).toBe(
      'Sentry calls /old/ deprecated since 2026-01-01; it names /new/ instead.',
    );
    expect(rules.notice?.({}, '/old/')).toBeUndefined();
  });
});
