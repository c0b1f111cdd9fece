import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const results = process.env['TEST_RESULTS']; // .ci/run counts what is in this file

export default defineConfig({
  resolve: {
    alias: {
      'tap-sentry/sdk/testing': fileURLToPath(new URL('src/sdk/testing/index.ts', import.meta.url)),
      'tap-sentry/sdk': fileURLToPath(new URL('src/sdk/index.ts', import.meta.url)),
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    maxWorkers: 2, // most files start processes of their own
    testTimeout: 30_000, // tests that run the tap as a process take their time on a busy machine
    globalSetup: ['tests/support/global-setup.ts'],
    reporters: ['dot', ...(results ? [['json', { outputFile: results }] as const] : [])], // quiet but for what fails
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'html'], reportOnFailure: true },
  },
});
