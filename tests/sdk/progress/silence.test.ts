/** What is said while nothing answers. */
import { expect, test } from 'vitest';
import { sayIfSilent } from '../../../src/sdk/progress/silence.js';
import { second } from '../../../src/sdk/time.js';
import { ManualClock, settle } from '../../support/clock.js';
import { keepLog } from '../../support/log.js';

function waitFor(first: Promise<string>) {
  const clock = new ManualClock();
  const { log, said } = keepLog();
  const run = { log, signal: new AbortController().signal, system: { clock } };
  return { clock, said, answer: sayIfSilent(first, new URL('https://toy.example/api/'), run) };
}

test('a server that has not answered for ten seconds is named, with the setting to check', async () => {
  let answer = (_: string): void => undefined;
  const run = waitFor(new Promise((resolve) => (answer = resolve)));

  await run.clock.advance(9 * second);
  expect(run.said('WARNING')).toEqual([]);
  await run.clock.advance(second);
  expect(run.said('WARNING')).toEqual([
    'https://toy.example has not answered for 10 s. Is base_url right? Still waiting.',
  ]);
  answer('here');
  expect(await run.answer).toBe('here');
});

test('nothing is said of a server that answers', async () => {
  const run = waitFor(Promise.resolve('here'));
  await run.answer;
  await settle();

  await run.clock.advance(60 * second);

  expect(run.said('WARNING')).toEqual([]);
});
