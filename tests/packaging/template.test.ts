/** The template for a new tap: small, and a tap that keeps what the layer promises. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tap } from '../../packaging/template/src/tap.js';
import { streams } from '../../packaging/template/src/streams.js';
import { everything } from './commands.js';
import { blocks, page } from '../recipes/pages.js';
import { lawChecks } from '../../src/sdk/testing/index.js';

const folder = new URL('../../packaging/template/', import.meta.url);
const linesOf = (file: string): number => readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n').length;

test('ten streams take less than 150 lines, schemas and tests apart', () => {
  const files = readdirSync(new URL('src/', folder)).filter((file) => !/schemas|test/.test(file));
  const lines = files.reduce((sum, file) => sum + linesOf(`src/${file}`), 0);
  expect([streams.length, lines < 150]).toEqual([10, true]);
});

test('it has ten files at most', () => {
  expect(
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).length,
  ).toBeLessThan(11);
});

/** What the taps that are run here are made of. */
const sources = ['template', 'second-tap', 'third-tap'].flatMap((tapFolder) => {
  const src = new URL(`../${tapFolder}/src/`, folder);
  return readdirSync(src).map((file) => readFileSync(new URL(file, src), 'utf8'));
});

describe('docs/sdk.md shows what is run:', () => {
  test.each(blocks(page('sdk.md'), 'ts'))('%j', (block) => {
    expect(sources.some((source) => source.includes(block.trimEnd()))).toBe(true);
  });

  test('every word for pages that it names', () => {
    const named = [...page('sdk.md').matchAll(/`(\w+Paginator)\((\{[^`]*\})?\)`/g)].map(([, word]) => word ?? '');
    const isUsed = (word: string): boolean =>
      word === 'linkPaginator' || sources.some((source) => source.includes(`${word}(`));
    expect(named.length).toBe(5);
    expect(named.filter((word) => !isUsed(word))).toEqual([]);
  });
});

describe('it keeps the law of', () => {
  const config = (url: URL) => ({ api_token: 'secret-0123456789', base_url: url.href });
  const [first, ...others] = lawChecks(tap, { config });
  for (const { name, run } of first ? [first] : []) test(name, run);
  for (const { name, run } of others) test.skipIf(!everything)(name, run); // npm.test.ts has them as its own tests
});
