/** The laws of reading: the second tap keeps them, and the check of each finds a tap that breaks it. */
import { describe, expect, test } from 'vitest';
import { tap } from '../../../packaging/second-tap/src/tap.js';
import type { Run } from '../../../src/sdk/cli/program.js';
import { lawChecks } from '../../../src/sdk/testing/index.js';
import { laws } from '../../../src/sdk/testing/laws.js';
import { everything } from '../../packaging/commands.js';
import { inRecordsOf, writing } from './broken.js';

const config = (url: URL) => ({ api_key: 'flour', url: url.href });
const seeds = everything ? 20 : 1;

describe('the second tap keeps the law of', () => {
  for (const { name, run } of lawChecks(tap, { config, seeds })) test(name, run);
});

/** What the check of a law says of a tap. */
async function saysOf(broken: typeof tap, name: string): Promise<string> {
  const check = lawChecks(broken, { config }).find((one) => one.name === name);
  return check ? check.run().then(() => 'nothing', String) : 'There is no such law.';
}

describe('a tap that loses a row breaks the law of', () => {
  let count = 0;
  const losing = writing(tap, (message) =>
    message.stream === 'orders' && message.record && count++ % 7 === 0 ? [] : [message],
  );
  const silent = {
    ...losing,
    sync: async (run: Run) => {
      await losing.sync(run);
      return 0;
    },
  };

  test.each(laws.filter(({ mustFail }) => !mustFail))('$name', async ({ name }) => {
    expect(await saysOf(losing, name)).toMatch(/orders lacks \d+ of \d+ rows/);
  });

  test.each(laws.filter(({ mustFail }) => mustFail))('$name', async ({ name }) => {
    expect(await saysOf(silent, name)).toContain('the run says that it is whole');
  });
});

describe('what else a tap may do wrong is found:', () => {
  test('a run without end', async () => {
    const again = {
      ...tap,
      sync: async (run: Run) => {
        const { url } = run.config as { url: string };
        for (let n = 0; n < 12; n++) await Promise.all(Array.from({ length: 100 }, () => fetch(url)));
        return tap.sync(run);
      },
    };
    expect(await saysOf(again, 'end: pages are smaller than asked for')).toMatch(/the run does not end: \d+ requests/);
  });

  test('rows that stay as they were first seen', async () => {
    const first = writing(tap, (message, { state }) => (message.record && state !== undefined ? [] : [message]));
    expect(await saysOf(first, 'late: rows change while pages are read')).toMatch(
      /orders: \d+ rows are old|orders lacks/,
    );
  });

  test('a bookmark for each row', async () => {
    const rows = Array.from({ length: 500 }, (_, n) => ({
      context: { row: String(n) },
      start: '2026-01-01T00:00:00Z',
    }));
    const many = writing(tap, (message) =>
      message.type === 'STATE'
        ? [{ ...message, value: { bookmarks: { ...message.value?.bookmarks, shops: { partitions: rows } } } }]
        : [message],
    );
    expect(await saysOf(many, 'end: pages are smaller than asked for')).toMatch(/the state has \d+ bookmarks/);
  });

  test('rows that are written twice', async () => {
    const double = writing(tap, (message) => (message.record ? [message, message] : [message]));
    expect(await saysOf(double, 'end: pages are smaller than asked for')).toContain('rows are written twice');
  });

  test('numbers that have lost digits', async () => {
    const rounded = writing(
      tap,
      inRecordsOf('orders', (row) => ({ ...row, rolls: 1 })),
    );
    expect(await saysOf(rounded, 'bytes: marks, exact numbers and odd texts')).toContain('has not survived');
  });
});
