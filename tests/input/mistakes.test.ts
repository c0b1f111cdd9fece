/** Mistakes with the real command line: what is said is all that somebody needs to mend them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { still } from '../support/demos.js';
import { make, usual } from './make-mistake.js';
import { mistakes } from './mistakes.js';

const longest = 15_000; // ms that a mistake may cost

describe.concurrent('whoever', () => {
  let demo: Demo;

  beforeAll(async () => {
    demo = await still(usual);
  });
  afterAll(() => demo.close());

  test.for(mistakes.map((mistake) => [mistake.did, mistake] as const))(
    '%s is told so, within fifteen seconds',
    { timeout: 60_000 },
    async ([, mistake], { expect: expectThis }) => {
      const { code, says, took, stderr } = await make(mistake, demo);

      expectThis({ code, says }, stderr).toEqual({ code: mistake.code, says: mistake.says });
      expectThis(took).toBeLessThan(longest);
    },
  );
});

test('there are more than thirty, and none is answered in more than four lines', () => {
  expect(mistakes.length).toBeGreaterThan(30);
  expect(mistakes.filter(({ says }) => says.length > 4)).toEqual([]);
});
