/** What the compiler says of wrong definitions, in its own words. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const good = {
  name: `'rolls'`,
  path: `'/shops/{shop}/rolls'`,
  scope: 'below',
  key: `['id']`,
  replication: `'baked_at'`,
};

/** Wrong in one place each: what it is, the change, and the compiler's words. */
const wrong: readonly (readonly [string, Partial<typeof good>, RegExp])[] = [
  ['a path variable that nothing fills', { path: `'/shops/{shp}/rolls'` }, /the scope does not bring \{shp\}/],
  ['a variable below no parent', { scope: 'single()' }, /the scope does not bring \{shop\}/],
  [
    'a key that is no column',
    { key: `['number']` },
    /Type '"number"' is not assignable to type 'Column<ZodObject<\{ id: ZodInt; rolls/,
  ],
  [
    'a replication key that is no column',
    { replication: `'at'` },
    /Type '"at"' is not assignable to type 'Column<ZodObject<\{ id: ZodInt; rolls/,
  ],
  [
    'a context of a column that the parent lacks',
    { scope: 'each(shops, { context: ({ number }) => ({ shop: String(number) }) })' },
    /Property 'number' does not exist/,
  ],
  [
    'a context that is no text',
    { scope: 'each(shops, { context: ({ id }) => ({ shop: id }) })' },
    /Type 'number' is not assignable to type 'string'/,
  ],
];

const source = (change: Partial<typeof good>): string => {
  const { name, path, scope, key, replication } = { ...good, ...change };
  return `import { each, single, streamDefiner } from 'tap-sentry/sdk';
import * as z from 'zod';
const defineStream = streamDefiner<object>();
export const shops = defineStream({
  name: 'shops', summary: 'S', path: '/shops', scope: single(),
  schema: z.looseObject({ id: z.int() }), primaryKey: ['id'],
});
export const below = each(shops, { context: ({ id }) => ({ shop: String(id) }) });
const schema = z.looseObject({ id: z.int(), rolls: z.int(), baked_at: z.string() });
export const rolls = defineStream({
  name: ${name}, summary: 'R', path: ${path}, scope: ${scope}, schema,
  primaryKey: ${key}, replicationKey: ${replication},
});
`;
};

describe('of a definition', () => {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  let said = '';
  beforeAll(() => {
    [['good', {}] as const, ...wrong.map(([name, change]) => [name, change] as const)].forEach(([, change], index) =>
      writeFileSync(join(folder, `case${index}.ts`), source(change)),
    );
    symlinkSync(`${root}node_modules`, join(folder, 'node_modules'));
    const paths = { 'tap-sentry/sdk': [`${root}src/sdk/index.ts`] };
    const compilerOptions = { paths, rootDir: '/', typeRoots: [`${root}node_modules/@types`] };
    const settings = { extends: `${root}tsconfig.json`, compilerOptions, include: ['*.ts'] };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    said = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder], {
      encoding: 'utf8',
    }).stdout;
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The lines about a case. */
  const about = (index: number): string =>
    said
      .split(/^(?=\S)/m)
      .filter((part) => part.includes(`case${index}.ts`))
      .join('');

  test('that is right it says nothing', () => {
    expect(about(0)).toBe('');
  });

  test.each(wrong.map(([name, , words], index) => [name, index + 1, words] as const))('with %s', (_, index, words) => {
    expect(about(index)).toMatch(words);
  });
});
