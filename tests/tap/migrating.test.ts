/** States of other taps, as docs/migrating.md shows them. */
import { expect, test } from 'vitest';
import { blocks, page } from '../recipes/pages.js';
import { still } from '../support/demos.js';
import { type TapResult, configFor, runTap } from '../support/tap-process.js';

const [older, sdk, airbyte, byHand] = blocks(page('migrating.md'), 'json').map((text) => JSON.parse(text) as unknown);
const since = Date.parse('2026-11-14T23:00:00Z'); // the bookmarks of the page, less the lookback

async function runFrom(state: unknown): Promise<TapResult> {
  await using demo = await still();
  return await runTap({ config: configFor(demo), state });
}

const eventsOf = ({ stdout }: TapResult): number[] =>
  [...stdout.matchAll(/^{"type":"RECORD","stream":"events",.*?"dateCreated":"([^"]+)"/gm)].map(([, date = '']) =>
    Date.parse(date),
  );

test('that of the older tap is read on; what it kept of single events is dropped, and said', async () => {
  const result = await runFrom(older);

  expect(result.code, result.stderr).toBe(0);
  expect(result.stderr).toMatch(/older tap-sentry: 3 entries .* were dropped/);
});

test('that of a tap made with the SDK is read on; streams that are not ours are carried along', async () => {
  const result = await runFrom(sdk);

  expect(result.code, result.stderr).toBe(0);
  expect(result.stderr).toMatch(/events.*: from 2026-11-14T23:00:00Z: its bookmark, less the lookback\./);
  expect(result.stdout.trimEnd().split('\n').at(-1)).toContain('"alerts"');
});

test('that of Airbyte is refused in a sentence that shows the form', async () => {
  const { code, stdout, stderr } = await runFrom(airbyte);

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/state\.json: this is no state: an object such as \{"bookmarks": \{…\}\} is expected/);
});

test('that of Airbyte, taken over by hand, is read on', async () => {
  const result = await runFrom(byHand);

  expect(result.code, result.stderr).toBe(0);
  expect(eventsOf(result).length).toBeGreaterThan(0);
  expect(eventsOf(result).filter((time) => time < since)).toEqual([]);
});
