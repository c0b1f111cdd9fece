/**
 * Complete or said: whatever a server does while it is read, every row that stands still in the range is delivered
 * once, or the query is told that a part has failed; and no part counts as finished before its rows.
 */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../../src/sdk/time.js';
import type { ListRow, ListServerOptions } from '../../support/list-server.js';
import { Chance } from '../../support/random.js';
import { type ReadOptions, begin, expected, isIn, range, read, someRows } from '../../support/range-reading.js';

const iso = (seconds: number): string => isoSeconds(begin + seconds * 1000);

/** Rows of which some go while the list is read, and others come. */
class MovingRows {
  readonly rows: ListRow[];
  readonly #staying: Set<string>;
  #came = 0;

  constructor(
    private readonly chance: Chance,
    private readonly rate: number,
  ) {
    this.rows = someRows(chance);
    this.#staying = new Set(this.rows.filter(() => !chance.is(0.3)).map(({ id }) => id));
  }

  get staying(): ListRow[] {
    return this.rows.filter(({ id }) => this.#staying.has(id));
  }

  /** Before an answer. */
  readonly change = (): void => {
    if (!this.chance.is(this.rate)) return;
    if (this.chance.is(0.5)) this.#remove();
    else this.#insert();
  };

  #remove(): void {
    const mortal = this.rows.filter(({ id }) => !this.#staying.has(id));
    if (mortal.length > 0) this.rows.splice(this.rows.indexOf(this.chance.pick(mortal)), 1);
  }

  #insert(): void {
    const at = this.chance.is(0.5) ? this.chance.int(1001, 1100) : this.chance.int(0, 999);
    this.rows.push({ id: `new${this.#came++}`, at: iso(at), loose: true });
  }
}

/** A server of any kind that keeps its order. */
function someServer(chance: Chance): Omit<ListServerOptions, 'rows'> & ReadOptions {
  const lost = chance.pick([0, 0, 0.2, 1]);
  const last = chance.pick([0, 3]);
  return {
    rows: [],
    ranges: chance.pick(['kept', 'kept', 'ignored', 'nothing', 'refused']),
    endIncluded: chance.is(0.3),
    cursors: chance.pick(['offset', 'row']),
    pageSize: chance.int(2, 12),
    // Where no Link ever comes and cursors cannot be guessed, nothing shows that a page was cut.
    largestPage: lost === 1 ? 100 : chance.pick([100, 100, 5]),
    maxRows: chance.pick([7, 20, 1000]),
    capacity: chance.int(1, 6),
    hasLink: () => !chance.is(lost),
    turns: () => chance.int(0, last),
    query: { takesNewer: chance.is(0.5) },
  };
}

/** What was wrong, seed by seed, and how many of the reads failed as they should. */
class Tally {
  readonly wrong: string[] = [];
  reads = 0;
  failed = 0;

  /** Reads once, and checks what holds for every server. */
  async read(server: ReadOptions, staying: () => readonly ListRow[], seed: number): Promise<void> {
    const found = await read(server);
    const missing = staying().filter((row) => isIn(row, range) && !row['loose'] && !found.times[row.id]);
    const repeated = Object.values(found.times).filter((times) => times > 1);
    this.reads++;
    if (found.failures.length > 0) this.failed++;
    else if (missing.length > 0) this.wrong.push(`seed ${seed}: ${missing.length} rows are missing`);
    else if (!found.progress.complete) this.wrong.push(`seed ${seed}: is not complete`);
    if (repeated.length > 0) this.wrong.push(`seed ${seed}: ${repeated.length} rows came more than once`);
    if (found.unread.length > 0) this.wrong.push(`seed ${seed}: ${found.unread.length} rows were finished unread`);
  }
}

describe('every row that stands still is delivered once, or a failure is told', () => {
  test('where nothing moves, on servers of any kind', async () => {
    const tally = new Tally();
    for (let seed = 0; seed < 400; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);

      await tally.read({ ...someServer(chance), rows }, () => rows, seed);
    }
    expect(tally.wrong).toEqual([]);
    expect(tally.failed).toBeLessThan(tally.reads / 3); // servers that lose Link headers
  });

  test.each([0.1, 0.5])('where rows come and go before each answer (%d)', async (rate) => {
    const tally = new Tally();
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed);
      const moving = new MovingRows(chance, rate);

      await tally.read({ ...someServer(chance), rows: moving.rows, before: moving.change }, () => moving.staying, seed);
    }
    expect(tally.wrong).toEqual([]);
    expect(tally.failed).toBeLessThan(tally.reads / 2);
  });

  test('where up to three rows in a row lie about their time', async () => {
    const tally = new Tally();
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance).map((row) => ({ ...row, index: row.at }) as ListRow);
      rows.sort((a, b) => (a.at < b.at ? 1 : -1));
      const from = chance.int(0, rows.length);
      for (const row of rows.slice(from, from + chance.int(1, 3)))
        Object.assign(row, { loose: true, at: iso(chance.pick([-1_000_000_000, -50, 1500, chance.int(0, 999)])) });

      const server = { ...someServer(chance), rows, ownDate: 'index', cursors: 'offset' as const };
      await tally.read(server, () => rows, seed);
    }
    expect(tally.wrong).toEqual([]);
    expect(tally.failed).toBeLessThan(tally.reads / 3);
  });

  test('where the rows have no order, though they should', async () => {
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed);
      const rows = someRows(chance);
      for (const row of rows.slice())
        rows.splice(chance.int(0, rows.length - 1), 0, ...rows.splice(rows.indexOf(row), 1));
      const server = { ...someServer(chance), rows, unordered: true, cursors: 'offset' as const };

      const found = await read({ ...server, pageSize: 30, largestPage: 100, hasLink: () => true });

      expect(found.failures, `seed ${seed}`).toEqual([]);
      expect(found.times, `seed ${seed}`).toMatchObject(expected(rows));
      expect(found.progress.complete, `seed ${seed}`).toBe(true);
    }
  });
});
