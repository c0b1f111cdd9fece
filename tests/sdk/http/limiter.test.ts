import { describe, expect, test } from 'vitest';
import {
  Limiter,
  type LimiterOptions,
  type Outcome,
  type RateLimits,
  defaultConcurrency,
} from '../../../src/sdk/http/limiter.js';
import { ManualClock, settle, someday } from '../../support/clock.js';

const route = '/things/';

/** A limiter, and requests that are under way until they are answered. */
function setUp(options: Partial<LimiterOptions> = {}) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const waits: number[] = [];
  const limiter = new Limiter({ clock, signal: stop.signal, onWait: (_, ms) => waits.push(ms), ...options });
  let started = 0;
  const refused: unknown[] = [];
  return {
    clock,
    stop,
    limiter,
    waits,
    refused,
    get started() {
      return started;
    },
    ask(count: number, name = route): void {
      for (let n = 0; n < count; n++)
        void limiter.start(name).then(
          () => started++,
          (reason: unknown) => refused.push(reason),
        );
    },
    async answer(limits?: RateLimits, more: Partial<Outcome> = {}): Promise<void> {
      limiter.finish(route, { limits, answered: true, ...more });
      await settle();
    },
  };
}

describe('before the first answer', () => {
  test('one request goes alone', async () => {
    const run = setUp();

    run.ask(5);
    await settle();
    expect(run.started).toBe(1);
    await run.answer();

    expect(run.started).toBe(5);
  });

  test('each route learns for itself', async () => {
    const run = setUp();

    run.ask(3, '/a/');
    run.ask(3, '/b/');
    await settle();

    expect(run.started).toBe(2);
  });

  test('a request that was not answered teaches nothing', async () => {
    const run = setUp();
    run.ask(5);
    await settle();

    await run.answer(undefined, { answered: false });

    expect(run.limiter.knows(route)).toBe(false);
    expect(run.started).toBe(2);
  });
});

describe('without headers', () => {
  test('eight are under way at most', async () => {
    const run = setUp();
    run.ask(50);
    await settle();

    await run.answer();

    expect(run.started).toBe(1 + defaultConcurrency);
  });

  test('the setting says how many', async () => {
    const run = setUp({ concurrency: 3 });
    run.ask(50);
    await settle();

    await run.answer();

    expect(run.started).toBe(4);
  });

  test('trouble halves, and twenty good answers restore one', async () => {
    const run = setUp();
    run.ask(200);
    await settle();
    await run.answer();
    expect(run.limiter.capacity(route)).toBe(8);

    await run.answer(undefined, { trouble: true });
    expect(run.limiter.capacity(route)).toBe(4);
    await run.answer(undefined, { trouble: true, answered: false });
    expect(run.limiter.capacity(route)).toBe(2);
    for (let n = 0; n < 20; n++) await run.answer();
    expect(run.limiter.capacity(route)).toBe(3);
    for (let n = 0; n < 100; n++) await run.answer();

    expect(run.limiter.capacity(route)).toBe(8);
  });

  test('one is always allowed', async () => {
    const run = setUp();
    run.ask(50);
    await settle();

    for (let n = 0; n < 10; n++) await run.answer(undefined, { trouble: true });

    expect(run.limiter.capacity(route)).toBe(1);
  });
});

describe('with headers', () => {
  const window = (remaining: number, ms = 10_000): RateLimits => ({
    limit: 10,
    remaining,
    reset: someday + ms,
    concurrentLimit: 4,
  });

  test('as many are under way as the server allows at once', async () => {
    const run = setUp();
    run.ask(50);
    await settle();

    await run.answer({ concurrentLimit: 25 });

    expect(run.limiter.capacity(route)).toBe(25);
    expect(run.started).toBe(26);
  });

  test('a smaller setting wins, a larger one does not', async () => {
    const small = setUp({ concurrency: 2 });
    const large = setUp({ concurrency: 50 });
    for (const run of [small, large]) {
      run.ask(1);
      await settle();
      await run.answer({ concurrentLimit: 4 });
    }

    expect(small.limiter.capacity(route)).toBe(2);
    expect(large.limiter.capacity(route)).toBe(4);
  });

  test('never more start than remain', async () => {
    const run = setUp();
    run.ask(50);
    await settle();

    await run.answer(window(2));

    expect(run.started).toBe(3);
  });

  test('as many at once are useful as spend it in time, once its length has been seen', async () => {
    const run = setUp();
    const answer = async (reset: number, took: number): Promise<void> => {
      run.ask(1);
      await settle();
      await run.answer({ limit: 15, remaining: 9, reset: someday + reset, concurrentLimit: 10 }, { took });
    };
    await answer(1000, 100);
    expect(run.limiter.useful(route)).toBe(Infinity);

    await answer(2000, 100);
    expect(run.limiter.useful(route)).toBe(3); // two hold 20 answers a second, and one is spare

    for (let n = 0; n < 30; n++) await answer(2000, 400);
    expect(run.limiter.useful(route)).toBe(7);

    await answer(60_000, 400); // nothing was asked for a while: a window is no longer for that
    expect(run.limiter.useful(route)).toBe(7);
  });

  test('the whole window is spent, and the next begins when it ends', async () => {
    const run = setUp();
    const server = { used: 0, reset: someday + 10_000, most: 0 };
    run.limiter.observe(someday, someday, someday); // the clocks agree, to the second
    run.ask(30);
    await settle();

    // A server that counts: ten in ten seconds.
    for (let answered = 0; answered < 30; answered++) {
      while (run.started === answered) {
        const wait = run.waits.at(-1) ?? 0;
        expect(server.used).toBe(10);
        await run.clock.advance(wait);
        server.used = 0;
        server.reset = run.clock.now() + 10_000;
      }
      server.used++;
      server.most = Math.max(server.most, server.used);
      await run.answer({ limit: 10, remaining: 10 - server.used, reset: server.reset, concurrentLimit: 1 });
    }

    expect(server.most).toBe(10);
    expect(run.waits).toHaveLength(2);
    expect(run.started).toBe(30);
  });

  test('an answer that was overtaken does not give back what is spent', async () => {
    const run = setUp();
    run.ask(50);
    await settle();
    await run.answer(window(9));
    expect(run.started).toBe(1 + 4); // at once

    // The server counted them 8, 7, 6, 5; the last is answered first.
    await run.answer(window(5));
    for (const remaining of [6, 7, 8]) await run.answer(window(remaining));
    for (const remaining of [4, 3, 2, 1, 0]) await run.answer(window(remaining));

    expect(run.started).toBe(10);
  });

  test('an answer of a window gone by says nothing about this one', async () => {
    const run = setUp();
    run.ask(50);
    await settle();
    await run.answer(window(1));
    expect(run.started).toBe(2);

    await run.answer(window(10, 5000)); // so the one that remains is still there

    expect(run.started).toBe(3);
  });

  test("a window that is spent is waited for on the server's clock", async () => {
    const run = setUp();
    run.ask(2);
    await settle();
    // The server is 100 s ahead of us; its window ends 10 s from now.
    run.limiter.observe(someday + 100_000, someday, someday);

    await run.answer({ limit: 10, remaining: 0, reset: someday + 110_000 });
    await run.clock.advance(9000);
    expect(run.started).toBe(1);
    await run.clock.advance(1100);

    expect(run.started).toBe(2);
  });
});

describe("the server's clock", () => {
  test('is known better with each answer', () => {
    const { limiter } = setUp();

    // Dates are cut to the second: one answer alone leaves a second open; the later instant is taken.
    limiter.observe(someday + 5000, someday, someday);
    expect(limiter.until(someday + 10_000)).toBe(5025);
    limiter.observe(someday + 6000, someday + 1000, someday + 200);

    expect(limiter.until(someday + 10_000)).toBeLessThanOrEqual(4225);
  });

  test('begins again when it has jumped', () => {
    const { limiter } = setUp();

    limiter.observe(someday, someday, someday);
    limiter.observe(someday + 3_600_000, someday, someday);

    expect(limiter.until(someday + 3_610_000)).toBe(10_025);
  });

  test('is ours as long as nothing is known', () => {
    expect(setUp().limiter.until(someday + 1000)).toBe(1025);
  });
});

describe('a route that is blocked', () => {
  test('starts nothing until the time is over', async () => {
    const run = setUp();
    run.ask(3);
    await settle();

    run.limiter.block(route, 60_000);
    await run.answer(undefined, { answered: false });
    await run.clock.advance(59_999);
    expect(run.started).toBe(1);
    await run.clock.advance(1);

    expect(run.started).toBe(2);
    expect(run.waits).toEqual([60_000]);
  });

  test('does not block others', async () => {
    const run = setUp();

    run.limiter.block(route, 60_000);
    run.ask(1, '/other/');
    await settle();

    expect(run.started).toBe(1);
  });
});

describe('a run that is stopped', () => {
  test('refuses everybody who waits, and who comes later', async () => {
    const run = setUp();
    const reason = new Error('stopped');
    run.ask(4);
    await settle();

    run.stop.abort(reason);
    run.ask(1);
    await settle();

    expect(run.started).toBe(1);
    expect(run.refused).toEqual([reason, reason, reason, reason]);
  });
});

describe('a request that is tried again', () => {
  test('starts before those that came after it', async () => {
    const run = setUp({ concurrency: 1 });
    const order: string[] = [];
    run.ask(1);
    for (const name of ['first', 'second']) void run.limiter.start(route).then(() => order.push(name));
    void run.limiter.start(route, true).then(() => order.push('again'));
    await settle();

    for (let n = 0; n < 3; n++) await run.answer();

    expect(order).toEqual(['again', 'first', 'second']);
  });
});

describe('rate_limit', () => {
  test('spaces the starts of all routes', async () => {
    const run = setUp({ rateLimit: 4 });

    for (const name of ['/a/', '/b/', '/c/', '/d/', '/e/']) run.ask(1, name);
    await settle();
    expect(run.started).toBe(1);
    await run.clock.advance(250);
    expect(run.started).toBe(2);
    await run.clock.advance(750);

    expect(run.started).toBe(5);
  });
});
