/** A list of parents that may have broken off. */
import { expect, test } from 'vitest';
import { type Behaviour, createDemo } from '../../demo/index.js';
import { select } from '../support/compare.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const catalog = select('events');

/** 120 projects, which is more than a page, read once. */
async function readOnce(behaviour: Partial<Behaviour> = {}) {
  const demo = await createDemo({
    seed: 3,
    projects: 120,
    issues: 130,
    events: 200,
    frozen: true,
    now: '2026-11-22T12:00:00Z',
    behaviour,
  });
  const target = new Target();
  const sync = () => syncInto(target, { config: configFor(demo), catalog });
  const partitions = () => (target.state!.bookmarks['events']!['partitions'] as unknown[]).length;
  await sync();
  return { demo, sync, partitions, [Symbol.asyncDispose]: () => demo.close() };
}

test('a list of projects whose end is unknown fails the streams below it, and forgets no bookmark', async () => {
  await using run = await readOnce({ opaqueCursors: true });
  const before = run.partitions();
  run.demo.faults.add({ kind: 'noLink', match: 'projects' });

  const { code, stderr } = await run.sync();

  expect(code).toBe(1);
  expect(stderr).toMatch(/events +failed .*a page of 100 rows came without a word about a next page/);
  expect(run.partitions()).toBe(before);
});

test('a list of projects whose first page lacks its link once is read to its end', async () => {
  await using run = await readOnce();
  const before = run.partitions();
  run.demo.faults.add({ kind: 'noLink', match: 'projects', times: 1 });

  const { code, stderr } = await run.sync();

  expect(code, stderr).toBe(0);
  expect(run.partitions()).toBe(before);
});
