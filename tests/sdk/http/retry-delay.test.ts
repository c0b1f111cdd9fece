import { expect, test } from 'vitest';
import { retryDelay } from '../../../src/sdk/http/retry-delay.js';

test('doubles, up to half a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((attempt) => retryDelay(attempt, 0.999999))).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
});

test('is spread over its upper half', () => {
  expect(retryDelay(3, 0)).toBe(2000);
  expect(retryDelay(3, 0.5)).toBe(3000);
});
