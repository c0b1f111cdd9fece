/** The cases that the Python SDK answered, where they lie beside the repository, and always the facts of our own. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readCases } from './cases.js';
import { deviationOf, deviations } from './deviations.js';
import { runFolder } from './run.js';

const facts = fileURLToPath(new URL('facts', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));

const failures = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('/'));

test('our own facts hold', async () => {
  const { lines, failed, passed } = await runFolder(facts);

  expect(failures(lines)).toEqual([]);
  expect(failed).toBe(0);
  expect(passed).toBe(readCases(facts).length);
});

test.runIf(existsSync(shared))('the Python SDK answers the same, or the deviation is listed', async () => {
  const { lines, failed, passed } = await runFolder(shared);

  expect(failures(lines)).toEqual([]);
  expect(failed).toBe(0);
  expect(passed).toBeGreaterThan(100);
});

describe('the runner', () => {
  const schema = { type: 'object', properties: { flag: { type: 'boolean' } } };
  const conformed = (name: string, flag: unknown, wanted: unknown, tags?: string[]) => ({
    name,
    input: { kind: 'conform', schema, record: { flag }, level: 'RECURSIVE' },
    expected: { record: { flag: wanted }, record_text: JSON.stringify({ flag: wanted }), unmapped: [] },
    tags,
  });
  const run = (topic: string, cases: object[]) => {
    writeFileSync(join(folder, 'cases.json'), JSON.stringify({ topic, cases }));
    return runFolder(folder);
  };

  test('names what differs, and counts', async () => {
    const report = await run('typing', [conformed('right', 1, true), conformed('wrong', 1, false)]);

    expect(report.lines.at(-1)).toBe('1 passed, 1 failed');
    expect(report.lines[0]).toMatch(/^typing\/wrong: record: \{"flag":true\} instead of \{"flag":false\}/);
  });

  test('lets a deviation count only where a tag allows it', async () => {
    const tagged = await run('typing', [conformed('boolean-from-strings', 'false', true, ['quirk'])]);
    const untagged = await run('typing', [conformed('boolean-from-strings', 'false', true)]);

    expect([tagged.deviated, tagged.failed]).toEqual([1, 0]);
    expect([untagged.deviated, untagged.failed]).toEqual([0, 1]);
  });

  test('takes an error that nobody expects for a failure, whatever the tags', async () => {
    const { failed } = await run('selection', [
      { name: 'metadata-without-root-entry', input: {}, expected: {}, tags: ['quirk'] },
    ]);

    expect(failed).toBe(1);
  });

  test('says how many cases nobody answers', async () => {
    const { lines, skipped } = await run('weather', [{ name: 'rain', input: {}, expected: {} }]);

    expect(skipped).toBe(1);
    expect(lines).toEqual([
      'weather: 1 cases skipped, since nothing here answers them yet',
      '0 deviations, 1 skipped',
      '0 passed, 0 failed',
    ]);
  });
});

test('two deviations need no tag, and say why', () => {
  const untagged = deviations.filter((one) => one.untagged !== undefined);

  expect(untagged.map(({ topic, number }) => `${topic} ${number}`)).toEqual(['config D9', 'state D23']);
  const other = { topic: 'config', name: 'env-string', input: {}, expected: {}, tags: ['quirk'], isFact: false };
  expect(deviationOf(other)).toBeUndefined();
});
