/**
 * The bakery: a small API of another kind than the demo's, for the tap in packaging/second-tap. Lists come oldest
 * first, in numbered pages, inside a body; a key stands in a header. It misbehaves as it is told, by seeded chance.
 */
import type { ServerResponse } from 'node:http';
import { floorSecond, parseDate, second } from '../../src/sdk/time.js';
import { type Loopback, loopback, sendJson } from './loopback.js';
import type { Chance } from './random.js';

export interface Shop {
  readonly id: number;
  readonly name: string | null;
}

export interface Order {
  readonly id: number;
  readonly rolls: number;
  /** ISO text. */
  readonly updated_at: string;
}

/** What the server has. Tests change it while it is served. */
export interface Bakery {
  shops: Shop[];
  orders: Map<number, Order[]>;
}

/** How the server misbehaves; numbers are probabilities of an answer, unless said otherwise. */
export interface BakeryBehaviour {
  /** Rows in a page, whatever is asked for. */
  readonly largestPage: number;
  /** Rows of a page that are left out: private ones that no page shows. */
  readonly hidden?: (row: Shop | Order) => boolean;
  readonly unavailable?: number;
  readonly throttled?: number;
  readonly broken?: number;
  /** A row of the list goes, or one comes, before the answer. */
  readonly changes?: number;
  /** The body says nothing of pages. */
  readonly silent?: number;
  /** What dates do: they choose (default), have no effect, or find nothing. */
  readonly dates?: 'choose' | 'ignored' | 'nothing';
}

export interface BakeryServer extends Loopback {
  readonly bakery: Bakery;
  readonly key: string;
  /** Ids of orders and shops that went while they were listed. */
  readonly removed: Set<number>;
}

export interface BakeryOptions {
  readonly bakery: Bakery;
  readonly behaviour: BakeryBehaviour;
  readonly chance: Chance;
  /** Epoch ms: the server's clock. */
  readonly now: () => number;
}

const mostFailures = 3; // in a row
const firstNewId = 900_000;

/** Shops and orders at random times of half a year. */
export function drawBakery(chance: Chance, now: number): Bakery {
  const shops = Array.from({ length: chance.int(1, 12) }, (_, n) => ({
    id: n + 1,
    name: chance.is(0.2) ? null : `S${n}`,
  }));
  const orders = new Map<number, Order[]>();
  for (const { id } of shops) {
    const list = Array.from({ length: chance.is(0.2) ? 0 : chance.int(1, 60) }, (_, n) =>
      orderAt(id * 1000 + n, now - chance.int(60, 15_000_000) * second),
    );
    orders.set(id, list);
  }
  return { shops, orders };
}

export const orderAt = (id: number, time: number): Order => ({
  id,
  rolls: (id * 7) % 40,
  updated_at: new Date(time).toISOString(),
});

export function drawBehaviour(chance: Chance): BakeryBehaviour {
  const some = (): number => (chance.is(0.5) ? 0 : chance.next() * 0.15);
  const hides = chance.is(0.3);
  return {
    largestPage: chance.pick([5, 7, 20, 100]),
    hidden: ({ id }) => hides && id % 5 === 0,
    unavailable: some(),
    throttled: some(),
    broken: some(),
    changes: hides ? 0 : some(), // without every row, nobody can tell that others have moved
    silent: some() / 2,
    dates: chance.pick(['choose', 'choose', 'choose', 'ignored', 'nothing']),
  };
}

/** Serves a bakery on a free port. */
export async function serveBakery(options: BakeryOptions): Promise<BakeryServer> {
  const key = 'flour-and-water-0123456789';
  const handler = new BakeryHandler(options, key);
  const server = await loopback(({ url, raw }, response) => handler.answer(url, raw.headers['x-api-key'], response));
  return {
    url: server.url,
    asked: server.asked,
    headers: server.headers,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    bakery: options.bakery,
    key,
    removed: handler.removed,
  };
}

class BakeryHandler {
  readonly removed = new Set<number>();
  #failures = 0;
  #nextId = firstNewId;

  constructor(
    private readonly options: BakeryOptions,
    private readonly key: string,
  ) {}

  answer({ pathname, searchParams }: URL, key: unknown, response: ServerResponse): void {
    const [, shop, list] = /^\/v1\/shops(?:\/(\d+)(\/orders)?)?$/.exec(pathname) ?? [];
    const isKnown = shop === undefined || this.options.bakery.shops.some(({ id }) => id === Number(shop));
    if (key !== this.key) return this.#send(response, 401, { error: 'The key is wrong.' });
    if (this.#fails(response)) return;
    if (!pathname.startsWith('/v1/shops') || !isKnown)
      return this.#send(response, 404, { error: 'There is no such thing.' });
    if (shop !== undefined && list === undefined) return this.#send(response, 200, { data: { id: Number(shop) } });
    this.#list(shop === undefined ? undefined : Number(shop), searchParams, response);
  }

  /** Failures pass: there are never many in a row. */
  #fails(response: ServerResponse): boolean {
    const { chance, behaviour } = this.options;
    const { unavailable = 0, throttled = 0, broken = 0 } = behaviour;
    const roll = chance.next();
    if (this.#failures >= mostFailures || roll >= unavailable + throttled + broken) {
      this.#failures = 0;
      return false;
    }
    this.#failures++;
    if (roll < unavailable) this.#send(response, chance.pick([500, 502, 503]), { error: 'The oven is cold.' });
    else if (roll < unavailable + throttled)
      this.#send(response, 429, { error: 'One at a time.' }, { 'retry-after': '2' });
    else this.#send(response, 200, '{"data":{"items":[{"id":1,"rol');
    return true;
  }

  #list(shop: number | undefined, parameters: URLSearchParams, response: ServerResponse): void {
    const { chance, behaviour, bakery } = this.options;
    if (chance.is(behaviour.changes ?? 0)) this.#change(shop);
    const rows = shop === undefined ? bakery.shops : this.#ordersOf(shop, parameters);
    const size = Math.min(behaviour.largestPage, Number(parameters.get('limit') ?? 20));
    const page = Number(parameters.get('page') ?? 1);
    const items = rows.slice((page - 1) * size, page * size).filter((row) => !behaviour.hidden?.(row));
    const meta = { pages: Math.ceil(rows.length / size), rows: rows.length, limit: size };
    this.#send(response, 200, { data: { items }, ...(chance.is(behaviour.silent ?? 0) ? {} : { meta }) });
  }

  #ordersOf(shop: number, parameters: URLSearchParams): Order[] {
    const { dates = 'choose' } = this.options.behaviour;
    const all = (this.options.bakery.orders.get(shop) ?? []).toSorted((a, b) =>
      a.updated_at === b.updated_at ? a.id - b.id : a.updated_at < b.updated_at ? -1 : 1,
    );
    if (dates === 'ignored' || (!parameters.has('since') && !parameters.has('until'))) return all;
    if (dates === 'nothing') return [];
    const since = parseDate(parameters.get('since') ?? '') ?? -Infinity;
    const until = parseDate(parameters.get('until') ?? '') ?? Infinity;
    return all.filter(({ updated_at }) => {
      const time = parseDate(updated_at) ?? 0;
      return time >= since && time < until;
    });
  }

  /** One row of a list goes, or comes, or changes. */
  #change(shop: number | undefined): void {
    const { chance, bakery, now } = this.options;
    const list: (Shop | Order)[] = shop === undefined ? bakery.shops : (bakery.orders.get(shop) ?? []);
    const at = chance.int(0, Math.max(0, list.length - 1));
    const row = list[at];
    const kind = row ? chance.pick(['go', 'go', 'change', 'come']) : 'come';
    if (row && kind === 'go') {
      list.splice(at, 1);
      this.removed.add(row.id);
    } else if (shop === undefined) bakery.shops.push({ id: this.#nextId++, name: 'New' });
    else if (row && kind === 'change') list[at] = { ...row, rolls: 99, updated_at: new Date(now()).toISOString() };
    else list.push(orderAt(this.#nextId++, floorSecond(now())));
  }

  #send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
    sendJson(response, body, { status, headers: { date: new Date(this.options.now()).toUTCString(), ...headers } });
  }
}
