import { defineConfig } from 'vitest/config';

const results = process.env['TEST_RESULTS']; // .ci/run counts what is in this file

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
  },
});
