/** Which answers can be of one budget, and what it lets start. */
import { describe, expect, test } from 'vitest';
import { type LimitedAnswer, RateBudget } from '../../../src/sdk/http/rate-budget.js';
import { ServerClock } from '../../../src/sdk/http/server-clock.js';
import { minute, second } from '../../../src/sdk/time.js';
import { ManualClock, someday } from '../../support/clock.js';

const now = someday;
const end = someday + 30 * second;
const answer = (remaining: number, more: Partial<LimitedAnswer> = {}): LimitedAnswer => ({
  limit: 10,
  concurrentLimit: 5,
  remaining,
  reset: end,
  sent: now,
  took: 0,
  refused: false,
  ...more,
});

/** A budget that has learned from these answers. */
function learned(...answers: LimitedAnswer[]): RateBudget {
  const budget = new RateBudget(new ServerClock(new ManualClock()));
  for (const one of answers) budget.learn(one, now);
  return budget;
}

describe('an answer can be of the budget', () => {
  test.each([
    ['when it counts on', [answer(9)], answer(8)],
    ['when others have spent more', [answer(9)], answer(2)],
    ['when it was overtaken', [answer(7)], answer(9)],
    ['when its window ended a moment ago', [answer(9)], answer(8, { reset: end - second })],
    ['when an earlier window is named by an answer that came late', [answer(9)], answer(0, { reset: end - minute })],
    ['when it names the next window as this one ends', [answer(9, { reset: now + second })], answer(9, { reset: end })],
    ['when the window is spent, however often that is said', [answer(1), answer(0), answer(0)], answer(0)],
    ['when refusals name the same number', [answer(9), answer(9, { refused: true })], answer(8)],
    ['when it says nothing of a window', [answer(9)], answer(9, { reset: undefined })],
  ])('%s', (_, before, next) => {
    expect(learned(...before).fits(next, now)).toBe(true);
  });
});

describe('an answer cannot be of the budget', () => {
  test.each([
    ['with another limit', [answer(9)], answer(8, { limit: 11 })],
    ['with another number at once', [answer(9)], answer(8, { concurrentLimit: 6 })],
    ['without a number at once', [answer(9)], answer(8, { concurrentLimit: undefined })],
    ['when two requests took the same place', [answer(9)], answer(9)],
    ['when more were answered than were spent', [answer(9), answer(8)], answer(8)],
    ['when it names a later window while this one goes on', [answer(9)], answer(9, { reset: end + minute })],
    [
      'when it was sent later and names an earlier window',
      [answer(9)],
      answer(9, { reset: now + second, sent: now + 1 }),
    ],
  ])('%s', (_, before, next) => {
    expect(learned(...before).fits(next, now)).toBe(false);
  });
});

test('what a route that has left had counted no longer counts', () => {
  const budget = learned(answer(5), answer(9), answer(9), answer(9), answer(9));
  expect(budget.fits(answer(5), now)).toBe(false);

  budget.forgetCount();

  expect(budget.fits(answer(5), now)).toBe(true);
});

test('a slow answer may name the end of a window that is over', () => {
  const server = new ServerClock(new ManualClock());

  expect(server.windowEnd(now - 20 * second, { took: 30 * second })).toBeLessThan(now);
  expect(server.windowEnd(now - 20 * second, { took: second })).toBeUndefined();
});

describe('another request', () => {
  test('starts while the window has room for it and those in flight', () => {
    const budget = learned(answer(3));

    expect(budget.wait(2, 0, now)).toBe(0);
    expect(budget.wait(3, 0, now)).toBe(30 * second + 25);
    expect(budget.wait(2, 1, now)).toBe(30 * second + 25);
  });

  test('waits for an answer when as many are in flight as the server allows', () => {
    expect(learned(answer(9)).wait(5, 0, now)).toBe('later');
  });

  test('starts in the next window while fewer are in flight than a window holds', () => {
    const clock = new ManualClock();
    const budget = new RateBudget(new ServerClock(clock));
    budget.learn(answer(0, { concurrentLimit: undefined }), now);

    expect(budget.wait(9, 0, end + second)).toBe(0);
    expect(budget.wait(10, 0, end + second)).toBe('later');
  });

  test("waits less when later answers have told the server's clock better", async () => {
    const clock = new ManualClock();
    const server = new ServerClock(clock);
    const budget = new RateBudget(server);
    server.observe(now, now, now); // cut to the second: the server may be ahead by one
    budget.learn(answer(0), now);
    expect(budget.wait(0, 0, now)).toBe(30 * second + 25);

    await clock.advance(200);
    server.observe(now + second, now + 200, now + 200); // it is ahead by 0.8 s at least

    expect(budget.wait(0, 0, now + 200)).toBe(30 * second - second + 25);
  });
});
