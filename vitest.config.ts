import { defineConfig } from 'vitest/config';

const results = process.env['TEST_RESULTS']; // .ci/run counts what is in this file

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    maxWorkers: 2, // most files start processes of their own
    testTimeout: 30_000, // tests that run the tap as a process take their time on a busy machine
    globalSetup: ['tests/support/global-setup.ts'],
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
  },
});
