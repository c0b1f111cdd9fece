import { describe, expect, test } from 'vitest';
import { detailOf } from '../../../src/sdk/http/error-detail.js';
import { defaultRules, retryAfter } from '../../../src/sdk/http/response-rules.js';
import { someday } from '../../support/clock.js';

const classify = (status: number, headers: Record<string, string> = {}, body?: unknown) =>
  defaultRules.classifyResponse(status, headers, () => body);

describe('the default rules', () => {
  test.each([
    [200, 'ok'],
    [204, 'ok'],
    [302, 'fail'],
    [304, 'fail'],
    [400, 'fail'],
    [401, 'fatal'],
    [403, 'skip'],
    [404, 'skip'],
    [405, 'skip'],
    [408, 'retry'],
    [410, 'fail'],
    [422, 'fail'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
  ])('take %i for %s', (status, kind) => {
    expect(classify(status).kind).toBe(kind);
  });

  test('do not parse the body of a good answer', () => {
    const parse = (): never => {
      throw new Error('parsed');
    };

    expect(defaultRules.classifyResponse(200, {}, parse)).toEqual({ kind: 'ok' });
  });

  test('say what the body says', () => {
    expect(classify(422, {}, { detail: 'no such field' })).toEqual({
      kind: 'fail',
      message: 'HTTP 422 (no such field)',
    });
  });

  test('take a 429 with Retry-After for a wait, and one without for too many at once', () => {
    expect(classify(429, { 'retry-after': '7' })).toMatchObject({ wait: 7000, trouble: false });
    expect(classify(429)).toMatchObject({ wait: undefined, trouble: true });
  });

  test('know no limits', () => {
    expect(defaultRules.limits({ 'x-ratelimit-limit': '5' })).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const date = new Date(someday).toUTCString();

  test.each([
    ['3', 3000],
    [' 2.5 ', 2500],
    ['86400', 86_400_000],
    [new Date(someday + 4000).toUTCString(), 4000],
    [new Date(someday + 35 * 86_400_000).toUTCString(), 35 * 86_400_000],
  ])('%s asks for a wait', (value, wait) => {
    expect(retryAfter({ date, 'retry-after': value })).toBe(wait);
  });

  test.each(['0', '0.0', '-1', '1.2.3', '.', 'soon', '', ' ', date, new Date(0).toUTCString()])(
    '%s asks for none',
    (value) => {
      expect(retryAfter({ date, 'retry-after': value })).toBeUndefined();
    },
  );

  test('that is missing asks for none', () => {
    expect(retryAfter({ date })).toBeUndefined();
  });
});

describe('what a body says', () => {
  test.each([
    ['text', 'text'],
    [{ detail: { code: 'c', message: 'm' } }, 'm'],
    [{ detail: { code: 'c' } }, 'c'],
    [{ error: { params: { a: ['b', 'c'] } } }, 'params: a: b; c'],
    [['one', '', 'two'], 'one; two'],
    [undefined, ''],
    [null, ''],
    [5, ''],
  ])('is found in %j', (body, said) => {
    expect(detailOf(body)).toBe(said);
  });

  test('is cut at 200 characters', () => {
    expect(detailOf({ detail: 'x'.repeat(1000) })).toBe(`${'x'.repeat(200)}…`);
  });

  test('is found in bodies of any depth and size', () => {
    let deep: unknown = 'bottom';
    for (let n = 0; n < 100_000; n++) deep = [deep];

    expect(detailOf(deep)).toBe('');
    expect(detailOf(Array.from({ length: 300_000 }, () => 'x'))).toBe('x; x; x; x; x');
  });
});
