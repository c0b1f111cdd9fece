/** The layer carries a tap that has nothing of Sentry's form: numbered pages, rows in a body, oldest first, a key. */
import { describe, expect, test } from 'vitest';
import { tap } from '../../packaging/second-tap/src/tap.js';
import { hour, minute, second } from '../../src/sdk/time.js';
import { JumpingClock, someday } from '../support/clock.js';
import { Chance } from '../support/random.js';
import { type ProgramResult, runProgram } from '../support/run-program.js';
import {
  type Bakery,
  type BakeryBehaviour,
  type BakeryServer,
  drawBakery,
  drawBehaviour,
  orderAt,
  serveBakery,
} from '../support/second-server.js';
import { Target } from '../support/target.js';

const calm: BakeryBehaviour = { largestPage: 5 };
const clockAfter = (ms: number): JumpingClock => new JumpingClock(someday + ms);

const smallBakery = (): Bakery => ({
  shops: [1, 2, 3].map((id) => ({ id, name: `S${id}` })),
  orders: new Map(
    [1, 2, 3].map((shop) => [
      shop,
      Array.from({ length: 12 }, (_, n) => orderAt(shop * 1000 + n, someday - (100 - n) * hour)),
    ]),
  ),
});

interface Visit {
  readonly behaviour?: BakeryBehaviour;
  readonly chance?: Chance;
  readonly after?: number;
  readonly key?: string;
  /** How far the server's clock is behind (ms). */
  readonly slow?: number;
}

/** One run into a target, against a bakery that is served for as long. */
async function visit(
  bakery: Bakery,
  target: Target,
  { behaviour = calm, chance = new Chance(1), after = 0, key, slow = 0 }: Visit = {},
): Promise<ProgramResult & Pick<BakeryServer, 'asked' | 'removed'>> {
  const clock = clockAfter(after);
  await using server = await serveBakery({ bakery, behaviour, chance, now: () => clock.now() - slow });
  const config = { api_key: key ?? server.key, url: server.url.href, start_date: '2020-01-01' };
  const result = await runProgram(tap, { config, state: target.state, clock });
  target.load(result.stdout);
  return { ...result, asked: server.asked, removed: server.removed };
}

const ordersOf = ({ orders, shops }: Bakery): string[] =>
  shops.flatMap(({ id }) => (orders.get(id) ?? []).map((order) => String(order.id))).sort();
const shopsOf = ({ shops }: Bakery): string[] => shops.map(({ id }) => String(id)).sort();

describe('a first run', () => {
  test('reads every page of the parent and of each child', async () => {
    const [bakery, target] = [smallBakery(), new Target()];

    expect((await visit(bakery, target)).code).toBe(0);

    expect(target.keys('shops')).toEqual(shopsOf(bakery));
    expect(target.keys('orders')).toEqual(ordersOf(bakery));
  });

  test('writes each row once, and a bookmark for each shop', async () => {
    const target = new Target();
    await visit(smallBakery(), target);

    expect(target.received).toEqual(
      new Map([
        ['shops', 3],
        ['orders', 36],
      ]),
    );
    expect(target.state?.bookmarks['orders']).toMatchObject({
      start: '2026-11-22T11:59:00Z', // a minute is held back, since the stream names no lookback
      partitions: expect.toSatisfy((partitions: unknown[]) => partitions.length === 3) as unknown,
    });
  });

  test('with a wrong key ends at once, with the words of the default rules', async () => {
    await expect(visit(smallBakery(), new Target(), { key: 'sand' })).rejects.toThrow(
      'The server refuses the credentials: HTTP 401 (The key is wrong.)',
    );
  });
});

describe('a second run', () => {
  test('finds what a server writes whose clock is slow: no bookmark passes it', async () => {
    const [bakery, target] = [smallBakery(), new Target()];
    await visit(bakery, target, { slow: hour });
    bakery.orders.get(2)?.push(orderAt(2999, someday - hour + minute));

    await visit(bakery, target, { after: hour, slow: hour });

    expect(target.keys('orders')).toEqual(ordersOf(bakery));
  });

  test('asks from the bookmark on, and writes what is new or has changed', async () => {
    const [bakery, target] = [smallBakery(), new Target()];
    await visit(bakery, target);
    bakery.orders.get(2)?.push(orderAt(2999, someday + minute));
    bakery.orders.get(3)?.splice(0, 1, { ...orderAt(3000, someday + minute), rolls: 1234 });

    const { code, asked } = await visit(bakery, target, { after: hour });

    expect({ code, received: target.received.get('orders') }).toEqual({ code: 0, received: 2 });
    expect(target.keys('orders')).toEqual(ordersOf(bakery));
    expect(target.rows.get('orders')?.get('3000')).toMatchObject({ rolls: 1234 });
    expect(asked.filter((url) => url.includes('2026-11-22T11%3A59%3A00Z')).length).toBeGreaterThanOrEqual(3);
  });

  test('reads nothing twice where nothing is new, although the list does not come newest first', async () => {
    const [bakery, target] = [smallBakery(), new Target()];
    await visit(bakery, target);

    const { code, asked } = await visit(bakery, target, { after: hour });

    expect({ code, received: target.received.get('orders') }).toEqual({ code: 0, received: undefined });
    expect(asked.length).toBeLessThan(15);
  });

  test('forgets the bookmark of a shop only when the server says that it is gone', async () => {
    const [bakery, target] = [smallBakery(), new Target()];
    await visit(bakery, target);
    bakery.shops.splice(1, 1);

    const { code, asked } = await visit(bakery, target, { after: hour });

    expect(code).toBe(0);
    expect(asked).toContain('/v1/shops/2');
    expect(JSON.stringify(target.state)).not.toContain('"shop":"2"');
  });

  test('does not believe an empty answer to a range of a list without order', async () => {
    const [bakery, target] = [smallBakery(), new Target()];
    await visit(bakery, target);
    bakery.orders.get(1)?.push(orderAt(1999, someday + minute));

    await visit(bakery, target, { after: hour, behaviour: { ...calm, dates: 'nothing' } });

    expect(target.keys('orders')).toEqual(ordersOf(bakery));
  });
});

test('a row that goes while pages are read takes no other with it', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const [bakery, target] = [smallBakery(), new Target()];
    const behaviour = { largestPage: 5, changes: 0.15 };

    const { code } = await visit(bakery, target, { behaviour, chance: new Chance(seed) });

    const old = ordersOf(bakery).filter((id) => Number(id) < 900_000 && !isNew(bakery, id));
    if (code === 0) expect(target.keys('orders'), `seed ${seed}`).toEqual(expect.arrayContaining(old));
  }
});

/** Whether a row came or changed after the run had begun: it belongs to the next one. */
function isNew(bakery: Bakery, id: string): boolean {
  const order = [...bakery.orders.values()].flat().find((one) => String(one.id) === id);
  return order !== undefined && Date.parse(order.updated_at) >= someday;
}

describe('on a server of chance', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))('seed %i: complete, or said', async (seed) => {
    const chance = new Chance(seed + 100);
    const bakery = drawBakery(chance, someday);
    const behaviour = drawBehaviour(chance);
    const shows = (row: { id: number }): boolean => !behaviour.hidden?.(row as never);
    const target = new Target();

    const first = await visit(bakery, target, { behaviour, chance });
    const wanted = ordersOf(bakery).filter((id) => shows({ id: Number(id) }) && isListed(bakery, id, shows));
    const old = wanted.filter((id) => !isNew(bakery, id));
    if (first.code === 0) expect(target.keys('orders'), first.lines.join('\n')).toEqual(expect.arrayContaining(old));
    else expect(first.lines.join('\n')).toMatch(/FAILED|failed|incomplete/);

    const still = { ...behaviour, changes: 0, unavailable: 0, throttled: 0, broken: 0, silent: 0 };
    const again = await visit(bakery, target, { behaviour: still, chance, after: hour + second });
    expect(again.code, again.lines.join('\n')).toBe(0);
    expect(target.keys('orders'), again.lines.join('\n')).toEqual(expect.arrayContaining(wanted));
    for (const [id, { rolls }] of rowsOf(bakery, shows))
      expect(target.rows.get('orders')?.get(id)).toMatchObject({ rolls });
  });
});

type Shows = (row: { id: number }) => boolean;

/** Whether the shop of an order is shown. */
const isListed = (bakery: Bakery, id: string, shows: Shows): boolean => rowsOf(bakery, shows).has(id);

const rowsOf = (bakery: Bakery, shows: Shows): Map<string, { rolls: number }> =>
  new Map(
    bakery.shops
      .filter(shows)
      .flatMap(({ id }) => bakery.orders.get(id) ?? [])
      .filter(shows)
      .map((order) => [String(order.id), order]),
  );
