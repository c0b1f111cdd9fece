/** Clocks that are wrong, on either side: a wait for a window stays within bounds. */
import { describe, expect, test } from 'vitest';
import { Limiter } from '../../../src/sdk/http/limiter.js';
import { ServerClock, untilInstant } from '../../../src/sdk/http/server-clock.js';
import { day, hour, minute, second } from '../../../src/sdk/time.js';
import { ManualClock, settle, someday } from '../../support/clock.js';

const route = '/things/';

/** How long the second request waits when the first answer says that a window of a minute is spent. */
async function waitFor({ date, reset }: { date?: number; reset: number }): Promise<number> {
  const clock = new ManualClock();
  const waits: number[] = [];
  const limiter = new Limiter({ clock, signal: new AbortController().signal, onWait: (_, ms) => waits.push(ms) });
  let started = 0;
  for (let n = 0; n < 2; n++) void limiter.start(route).then(() => started++);
  await settle();
  if (date !== undefined) limiter.observe(date, someday, someday);
  limiter.finish(route, { answered: true, limits: { limit: 60, remaining: 0, reset, concurrentLimit: 1 } });
  await settle();
  if (started === 2) return 0;
  await clock.advance(waits[0] ?? 0);
  expect(started).toBe(2);
  return waits[0] ?? 0;
}

describe('a window that is spent', () => {
  test.each([
    ['by clocks that agree', someday, someday + minute],
    ['by a server whose clock is an hour behind', someday - hour, someday - hour + minute],
    ['by a server whose clock is in the year 2099', Date.UTC(2099, 0), Date.UTC(2099, 0) + minute],
    ['by a server without a date', undefined, someday + minute],
    ['with a right end beside a date that is an hour behind', someday - hour, someday + minute],
    ['with a right end beside a date that is three hours fast', someday + 3 * hour, someday + minute],
    ['with a right end beside a date of 2099', Date.UTC(2099, 0), someday + minute],
    ['with a right end beside a date of 1970', 0, someday + minute],
  ])('%s is waited for', async (_, date, reset) => {
    const wait = await waitFor({ ...(date === undefined ? {} : { date }), reset });

    expect(wait).toBeGreaterThanOrEqual(minute);
    expect(wait).toBeLessThan(minute + second);
  });

  test.each([
    ['in 30 days', someday + 30 * day],
    ['in eleven minutes', someday + 11 * minute],
    ['in 2099', Date.UTC(2099, 0)],
    ['in milliseconds of milliseconds', someday * 1000],
    ['an hour ago', someday - hour],
    ['in 1970', 0],
  ])('until an instant that cannot be its end (%s) is not waited for', async (_, reset) => {
    expect(await waitFor({ date: someday, reset })).toBe(0);
  });

  test('whose length is known is not waited for longer than that', () => {
    const clock = new ManualClock();
    const server = new ServerClock(clock);
    server.observe(someday - 5 * minute, someday, someday); // a proxy's date; the window's end is right

    expect(server.windowEnd(someday + minute, { period: minute })).toBe(someday + minute + 25);
  });

  test('is not waited for longer because a later answer carries a mad date', async () => {
    const clock = new ManualClock();
    const limiter = new Limiter({ clock, signal: new AbortController().signal });
    let started = 0;
    for (let n = 0; n < 2; n++) void limiter.start(route).then(() => started++);
    await settle();
    limiter.observe(someday, someday, someday);
    limiter.finish(route, { answered: true, limits: { limit: 60, remaining: 0, reset: someday + minute } });
    limiter.observe(0, someday, someday);

    await clock.advance(minute + second);

    expect(started).toBe(2);
  });

  test('by mistake, far away, gives way to what later answers say', async () => {
    const clock = new ManualClock();
    const limiter = new Limiter({ clock, signal: new AbortController().signal });
    const answer = (remaining: number, reset: number): void =>
      limiter.finish(route, { answered: true, took: 10, limits: { limit: 60, remaining, reset } });
    await limiter.start(route);
    answer(50, someday + 9 * minute);
    await clock.advance(second);
    await limiter.start(route);
    answer(0, someday + 10 * second);

    let started = false;
    void limiter.start(route).then(() => (started = true));
    await clock.advance(9 * second);
    expect(started).toBe(false);
    await clock.advance(second);

    expect(started).toBe(true);
  });
});

describe('an instant that headers name', () => {
  const headers = { date: new Date(someday).toUTCString() };

  test('is reckoned from the date beside it', () => {
    expect(untilInstant(someday + 5000, headers, minute)).toBe(5000);
  });

  test('is reckoned by our clock where that gives nothing', () => {
    const wait = untilInstant(Date.now() + 5000, { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, minute);

    expect(wait).toBeGreaterThan(4000);
    expect(wait).toBeLessThanOrEqual(5000);
  });

  test.each([someday - 1000, someday + hour, Number.NaN])('means nothing when it is out of bounds: %d', (instant) => {
    expect(untilInstant(instant, headers, minute)).toBeUndefined();
  });
});
