/** The layer's standard checks, on all of our streams, against a demo that serves them. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { usualTags } from '../../demo/documented/tag-counts.js';
import type { Demo } from '../../demo/index.js';
import { tapChecks } from '../../src/sdk/testing/index.js';
import { streams } from '../../src/streams/index.js';
import { tap } from '../../src/tap/tap-sentry.js';
import { allScopes } from '../demo/documented.js';
import { allStreams } from '../support/compare.js';
import { still } from '../support/demos.js';
import { everything } from '../packaging/commands.js';
import { configFor } from '../support/tap-process.js';

let demo: Demo;
const config: Record<string, unknown> = {};
beforeAll(async () => {
  demo = await still({ projects: 3, issues: 10, events: 60, releases: 4, days: 60, scopes: allScopes });
  Object.assign(config, configFor(demo, { tag_keys: usualTags }));
});
afterAll(() => demo[Symbol.asyncDispose]());

const options = { config, mayBeAbsent: 'all', mayBeEmpty: 'all' } as const;

/** Those that read many streams several times: `npm run test:all`. */
const slow = [
  'writes the selected stream alone',
  'leaves out the columns that are not selected',
  'loses nothing when it is stopped or killed at any message',
  'shows no secret',
];

describe('the eleven streams', () => {
  const checks = tapChecks(tap, { ...options, mayBeEmpty: [], streams: allStreams, stops: everything ? 20 : 2 });
  for (const { name, run } of checks) test(name, run);
});

describe('the others', () => {
  const others = streams.map(({ name }) => name).filter((name) => !allStreams.some((one) => one === name));
  const checks = tapChecks(tap, { ...options, streams: others });
  for (const { name, run } of checks) test.skipIf(!everything && slow.includes(name))(name, run);
});
