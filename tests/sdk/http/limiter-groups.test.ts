/** Budgets that several routes share, against a server that counts them together or apart. */
import { describe, expect, test } from 'vitest';
import { Limiter, type RateLimits } from '../../../src/sdk/http/limiter.js';
import { ManualClock, settle, someday } from '../../support/clock.js';

const window = 10_000;

interface Bucket {
  limit: number;
  concurrentLimit: number;
  used: number;
  reset: number;
}

/** A server with fixed windows; routes that share a bucket name it. */
function setUp(buckets: Record<string, { limit: number; concurrentLimit?: number }>, routes: Record<string, string>) {
  const clock = new ManualClock();
  const limiter = new Limiter({ clock, signal: new AbortController().signal });
  limiter.observe(someday, someday, someday);
  const server = new Map<string, Bucket>(
    Object.entries(buckets).map(([name, { limit, concurrentLimit = 25 }]) => [
      name,
      { limit, concurrentLimit, used: 0, reset: someday + window },
    ]),
  );
  const inFlight: string[] = [];
  let refused = 0;
  /** The numbers that the server names when a request of this route comes. */
  const count = (route: string): { limits: RateLimits; refused: boolean } => {
    const bucket = server.get(routes[route] ?? '');
    if (!bucket) return { limits: {}, refused: false };
    while (clock.now() >= bucket.reset) Object.assign(bucket, { used: 0, reset: bucket.reset + window });
    bucket.used++;
    const over = bucket.used > bucket.limit;
    if (over) refused++;
    const { limit, concurrentLimit, reset } = bucket;
    return { limits: { limit, concurrentLimit, reset, remaining: Math.max(0, limit - bucket.used) }, refused: over };
  };
  const answer = async (route: string): Promise<void> => {
    inFlight.splice(inFlight.indexOf(route), 1);
    limiter.finish(route, { answered: true, took: 0, ...count(route) });
    await settle();
  };
  return {
    clock,
    limiter,
    inFlight,
    answer,
    refused: () => refused,
    async ask(requests: number, route: string): Promise<void> {
      for (let n = 0; n < requests; n++) void limiter.start(route).then(() => inFlight.push(route));
      await settle();
    },
    async answerAll(): Promise<void> {
      while (inFlight.length > 0) await answer(inFlight[0] ?? '');
    },
  };
}

const shared = { '/a/': 'default', '/b/': 'default', '/c/': 'default' };

describe('routes that the server counts together', () => {
  test('spend one window, and no more than it holds', async () => {
    const run = setUp({ default: { limit: 10 } }, shared);
    await run.ask(20, '/a/');
    await run.ask(20, '/b/');

    await run.answerAll();

    expect(run.refused()).toBe(0);
    await run.clock.advance(window + 1000);
    await run.answerAll();
    await run.clock.advance(window + 1000);
    await run.answerAll();
    await run.clock.advance(window + 1000);
    await run.answerAll();
    expect(run.refused()).toBe(0);
  });

  test('are served in the order in which they asked', async () => {
    const run = setUp({ default: { limit: 100, concurrentLimit: 1 } }, shared);
    for (const route of ['/a/', '/b/']) {
      await run.ask(1, route);
      await run.answerAll();
    }

    for (const route of ['/a/', '/b/', '/a/', '/b/']) await run.ask(1, route);
    const order: string[] = [];
    while (run.inFlight.length > 0) {
      order.push(...run.inFlight);
      await run.answer(run.inFlight[0] ?? '');
    }

    expect(order).toEqual(['/a/', '/b/', '/a/', '/b/']);
  });

  test('are together in flight at most as often as the server allows', async () => {
    const run = setUp({ default: { limit: 100, concurrentLimit: 5 } }, shared);
    for (const route of ['/a/', '/b/']) {
      await run.ask(1, route);
      await run.answerAll();
    }

    await run.ask(20, '/a/');
    await run.ask(20, '/b/');

    expect(run.inFlight).toHaveLength(5);
  });

  test('make a new route wait with them when the window is spent', async () => {
    const run = setUp({ default: { limit: 6 } }, shared);
    await run.ask(3, '/a/');
    await run.answerAll();
    await run.ask(3, '/b/');
    await run.answerAll();

    await run.ask(1, '/c/');
    expect(run.inFlight).toEqual([]);
    await run.clock.advance(window + 1000);

    expect(run.inFlight).toEqual(['/c/']);
  });
});

describe('a route that the server counts by itself', () => {
  test('with another limit does not wait for the shared window', async () => {
    const run = setUp({ default: { limit: 4 }, own: { limit: 5 } }, { ...shared, '/own/': 'own' });
    await run.ask(1, '/own/');
    await run.answerAll();
    for (const route of ['/a/', '/b/']) await run.ask(2, route);
    await run.answerAll();

    await run.ask(4, '/own/');
    await run.answerAll();
    expect(run.refused()).toBe(0);
    await run.ask(1, '/a/');

    expect(run.inFlight).toEqual([]); // that window is spent
  });

  test('with the same limit is found out by the count, and spends its own window', async () => {
    const run = setUp({ default: { limit: 6 }, own: { limit: 6 } }, { ...shared, '/own/': 'own' });
    await run.ask(3, '/a/');
    await run.answerAll();
    await run.ask(3, '/own/');
    await run.answerAll();

    await run.ask(3, '/a/');
    await run.ask(3, '/own/');

    expect(run.inFlight.filter((route) => route === '/own/')).toHaveLength(3);
    expect(run.inFlight.filter((route) => route === '/a/')).toHaveLength(3);
    await run.answerAll();
    expect(run.refused()).toBe(0);
  });

  test('is found out although its answers come in step with those of the others', async () => {
    const run = setUp({ default: { limit: 6 }, own: { limit: 6 } }, { ...shared, '/own/': 'own' });
    for (let n = 0; n < 3; n++) {
      await run.ask(1, '/a/');
      await run.ask(1, '/own/');
      await run.answerAll();
    }

    await run.ask(3, '/a/');
    await run.ask(3, '/own/');

    expect(run.inFlight).toHaveLength(6);
  });

  test('is found out among several of its kind', async () => {
    const routes = { '/a/': 'a', '/b/': 'b', '/c/': 'c' };
    const run = setUp({ a: { limit: 20 }, b: { limit: 20 }, c: { limit: 20 } }, routes);
    for (let n = 0; n < 6; n++) {
      for (const route of Object.keys(routes)) await run.ask(1, route);
      await run.answerAll();
    }

    for (const route of Object.keys(routes)) await run.ask(14, route);

    expect(run.inFlight).toHaveLength(3 * 14);
    await run.answerAll();
    expect(run.refused()).toBe(0);
  });

  test('does not part the others when it leaves', async () => {
    const run = setUp({ default: { limit: 12 }, own: { limit: 12 } }, { ...shared, '/own/': 'own' });
    for (const route of ['/a/', '/b/', '/own/', '/a/', '/b/', '/own/', '/a/', '/b/']) {
      await run.ask(1, route);
      await run.answerAll();
    }

    await run.ask(10, '/a/');
    await run.ask(10, '/b/');

    expect(run.inFlight).toHaveLength(6); // 12 less the six that are spent
  });

  test('and was first does not make a new route wait for its window', async () => {
    const run = setUp({ default: { limit: 40 }, own: { limit: 1 } }, { ...shared, '/own/': 'own' });
    await run.ask(1, '/own/');
    await run.answerAll();

    await run.ask(1, '/a/');

    expect(run.inFlight).toEqual(['/a/']);
  });

  test('leaves the shared budget when its limit changes', async () => {
    const run = setUp({ default: { limit: 6 }, own: { limit: 3 } }, { ...shared });
    for (const route of ['/a/', '/b/']) {
      await run.ask(1, route);
      await run.answerAll();
    }
    await run.ask(1, '/b/');
    run.inFlight.pop();
    run.limiter.finish('/b/', {
      answered: true,
      limits: { limit: 3, concurrentLimit: 25, remaining: 0, reset: someday + window },
    });

    await run.ask(4, '/a/');
    await run.ask(1, '/b/');

    expect(run.inFlight).toEqual(['/a/', '/a/', '/a/', '/a/']);
  });

  test('and names no limits is not held by the shared budget', async () => {
    const run = setUp({ default: { limit: 4 } }, { ...shared, '/free/': 'none' });
    for (const route of ['/a/', '/b/']) {
      await run.ask(1, route);
      await run.answerAll();
    }
    await run.ask(1, '/free/');
    await run.answerAll();
    await run.ask(2, '/a/');
    await run.answerAll();

    await run.ask(20, '/free/');

    expect(run.inFlight).toHaveLength(8);
  });
});
