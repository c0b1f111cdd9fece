/** Whatever a server does, a run has every row, or says that it has not. */
import { test } from 'node:test';
import { lawChecks } from 'tap-sentry/sdk/testing';
import { tap } from './tap.js';

const config = (url: URL) => ({ api_token: 'secret-0123456789', base_url: url.href });

for (const { name, run } of lawChecks(tap, { config })) void test(name, run);
