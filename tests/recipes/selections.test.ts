/** The lists of docs/selections.md: every pattern selects something, and the tap takes what Meltano makes of it. */
import { expect, test } from 'vitest';
import { streams } from '../../src/streams/index.js';
import { blocks, page } from './pages.js';

const text = page('selections.md');
const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
const lists = blocks(text, 'yaml').map((yaml) =>
  [...yaml.matchAll(/^ {2}- "?(!?[\w.*]+)"?$/gm)].map(([, pattern = '']) => pattern),
);

test('each example is a list of patterns and nothing else', () => {
  expect(titles).toEqual(['Error analytics', 'Release health', 'Quota and cost', 'Audit and access', 'Retrieval']);
  expect(lists).toHaveLength(titles.length);
  for (const [index, yaml] of blocks(text, 'yaml').entries())
    expect(yaml.trimEnd().split('\n')).toHaveLength((lists[index]?.length ?? 0) + 1);
});

test.each(titles.map((title, index) => [title, lists[index] ?? []] as const))(
  '%s: every pattern matches a stream, and a column where it names one',
  (_, patterns) => {
    for (const pattern of patterns) {
      const [name, column] = pattern.replace('!', '').split('.');
      const columns = Object.keys(streams.find((stream) => stream.name === name)?.schema.shape ?? {});
      expect([pattern, columns.length > 0]).toEqual([pattern, true]);
      if (column !== '*') expect([pattern, columns.includes(column ?? '')]).toEqual([pattern, true]);
    }
  },
);

test.each(titles.map((title, index) => [title, lists[index] ?? []] as const))(
  '%s: what a column is chosen from has its keys too',
  (_, patterns) => {
    const whole = patterns.filter((pattern) => pattern.endsWith('.*')).map((pattern) => pattern.slice(0, -2));
    const partly = patterns.filter((pattern) => !pattern.startsWith('!') && !pattern.endsWith('.*'));
    for (const { name, primaryKey, replicationKey } of streams) {
      if (whole.includes(name) || !partly.some((pattern) => pattern.startsWith(`${name}.`))) continue;
      const keys = [...primaryKey, replicationKey].flatMap((key) => (key ? [`${name}.${key}`] : []));
      expect(partly).toEqual(expect.arrayContaining(keys));
    }
  },
);

test('no example selects a stream with secrets', () => {
  const secret = new Set(streams.filter((stream) => stream.secrets).map(({ name }) => `${name}.*`));
  expect(lists.flat().filter((pattern) => secret.has(pattern))).toEqual([]);
});
