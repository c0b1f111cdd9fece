/**
 * Real targets behind real Meltano: all default streams with whole events, loaded twice with changes
 * in between, and every value compared with the server's. Left to `npm run test:all`: five targets with 10,000
 * events take minutes. `all-streams` and `hostile` load into a real PostgreSQL in every run.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo, type Demo } from '../../demo/index.js';
import { everything } from '../packaging/commands.js';
import { Load } from './load.js';
import { Postgres, postgresPrograms } from './postgres.js';
import { csv, duckdb, jsonl, meltanolabs, pipelinewise, type Target } from './targets.js';

const targets: readonly Target[] = [jsonl, pipelinewise, duckdb, csv, meltanolabs];
const events = 10_000;
const patience = 600_000;
const betweenLoads = 26 * 3600; // seconds

const usable = targets.filter(({ needsPostgres }) => !needsPostgres || postgresPrograms() !== undefined);

describe.skipIf(!everything).each(usable)('$pip', (target) => {
  let postgres: Postgres | undefined;
  let demo: Demo;
  let load: Load;
  beforeAll(async () => {
    if (target.needsPostgres) postgres = await Postgres.start();
    const now = Date.now() - betweenLoads * 1000; // the second load is now
    demo = await createDemo({
      seed: 17,
      projects: 5,
      issues: 120,
      events,
      releases: 25,
      days: 45,
      now,
    });
    load = await Load.prepare({ demo, target, postgres });
  }, patience);
  afterAll(async () => {
    load.remove();
    await demo.close();
    await postgres?.stop();
  }, patience);

  test(
    'holds every row and value of the server after the first load',
    async () => {
      const start = performance.now();
      await load.run();
      const seconds = (performance.now() - start) / 1000;
      console.log(`${target.pip}: ${demo.truth().count('events')} events in ${seconds.toFixed(1)} s`);
      expect(await load.differences()).toEqual([]);
    },
    patience,
  );

  test(
    'holds what changed since after the second load, each row once',
    async () => {
      const { world } = demo;
      const [first, second, third] = [...demo.truth().rows('issues')].map(({ id }) => String(id));
      if (!first || !second || !third) throw new Error('too few issues');
      world.resolve(first);
      world.assign(second, null);
      world.addEvents({ issue: third, count: 30 });
      world.newIssue({});
      world.newProject('later');
      world.newRelease({});
      world.newMember();
      demo.clock.advance(betweenLoads); // issues are read over their whole range once a day
      await load.run();
      expect(await load.differences()).toEqual([]);
    },
    patience,
  );
});

test.skipIf(!everything)(
  'a column that the project calls a text holds JSON text, for targets that know no objects',
  async () => {
    await using demo = await createDemo({ seed: 4, issues: 10, events: 20 });
    demo.clock.advance(120);
    const load = await Load.prepare({
      demo,
      target: jsonl,
      schema: { events: { contexts: { type: ['string', 'null'] } } },
    });
    await load.run();
    const { rows } = await jsonl.held(
      { stream: 'events', key_properties: ['eventID'], schema: {} },
      { folder: load.folder.path, postgres: undefined, schema: '' },
    );
    const held: unknown[] = [];
    for await (const { contexts } of rows) held.push(contexts);
    const real = [...demo.truth().rows('events_full')].map(({ contexts }) => contexts);
    expect(held.map((text) => JSON.stringify(JSON.parse(String(text)))).sort()).toEqual(
      real.map((contexts) => JSON.stringify(contexts)).sort(),
    );
    load.remove();
  },
  patience,
);

test.skipIf(!everything || usable.length === targets.length)('PostgreSQL is installed', () => {
  expect(postgresPrograms()).toBeDefined();
});
