/** Every stream at once, through real Meltano into a real PostgreSQL, and again a day later. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usualTags } from '../../demo/documented/tag-counts.js';
import { createDemo, type Demo, statisticsStreams, type TruthStream, truthStreams } from '../../demo/index.js';
import { streams } from '../../src/streams/index.js';
import { allScopes } from '../demo/documented.js';
import { countOf } from '../support/compare.js';
import { Load } from './load.js';
import { Postgres, postgresPrograms } from './postgres.js';
import { pipelinewise } from './targets.js';

const patience = 300_000;
const day = 24 * 3600; // seconds
const names = streams.map(({ name }) => name);
const isTrue = (name: string): name is TruthStream => truthStreams.some((one) => one === name);
/** Statistics have rows for intervals in which nothing was; the truth does not. */
const counted = names.filter(isTrue).filter((name) => !statisticsStreams.some((one) => one === name));

describe.runIf(postgresPrograms() !== undefined)('all streams', () => {
  let postgres: Postgres;
  let demo: Demo;
  let load: Load;
  beforeAll(async () => {
    postgres = await Postgres.start();
    const sizes = { projects: 4, issues: 30, events: 200, releases: 8, days: 60 };
    demo = await createDemo({ seed: 21, ...sizes, scopes: allScopes, now: Date.now() - day * 1000 });
    load = await Load.prepare({
      demo,
      target: pipelinewise,
      postgres,
      select: names,
      settings: { tag_keys: usualTags },
    });
  }, patience);
  afterAll(async () => {
    load.remove();
    await demo.close();
    await postgres.stop();
  }, patience);

  const rows = async (table: string): Promise<number> =>
    Number((await postgres.all(`select count(*) from sentry."${table}"`))[0]);

  /** Streams of which the target has another number of rows than the server. */
  async function wrongCounts(): Promise<string[]> {
    const wrong: string[] = [];
    for (const name of counted) {
      const [held, wanted] = [await rows(name), countOf(demo, name)];
      if (held !== wanted) wrong.push(`${name}: ${held} rows, not ${wanted}`);
    }
    return wrong;
  }

  test(
    'are all there, each with the rows of the server',
    async () => {
      await load.run();

      expect(names.length).toBeGreaterThanOrEqual(76);
      expect(await wrongCounts()).toEqual([]);
    },
    patience,
  );

  test(
    'have the new rows a day later, and are not read anew',
    async () => {
      demo.clock.advance(day);
      demo.journal.clear();
      const before = await rows('audit_logs');

      await load.run();

      expect(await wrongCounts()).toEqual([]);
      expect(await rows('audit_logs')).toBeGreaterThan(before);
    },
    patience,
  );
});
