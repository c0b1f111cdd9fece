/** What the bundle loads, and when: Meltano starts the tap several times for each run. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../scripts/build.js';
import { version } from '../src/built.js';

const bin = fileURLToPath(new URL('../bin/tap-sentry', import.meta.url));

describe('bundle', () => {
  let outputs: Metafile['outputs'];
  beforeAll(async () => {
    ({ outputs } = await bundle({ write: false }));
  });

  /** Packages that are loaded with this output, before anything is asked of it. */
  const packagesOf = (output: string, seen = new Set<string>()): string[] => {
    if (seen.has(output)) return [];
    seen.add(output);
    const { inputs = {}, imports = [] } = outputs[output] ?? {};
    const own = Object.keys(inputs).flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
    return [
      ...new Set([
        ...own,
        ...imports.filter(({ kind }) => kind === 'import-statement').flatMap(({ path }) => packagesOf(path, seen)),
      ]),
    ];
  };

  test('answers --version without any package', () => {
    expect(packagesOf('dist/cli.js')).toEqual([]);
  });

  test('needs no node_modules: nothing is imported from outside but Node itself', () => {
    const outside = Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path),
    );
    const builtins = new Set(process.getBuiltinModule('node:module').builtinModules);
    expect([...new Set(outside)].filter((path) => !path.startsWith('node:') && !builtins.has(path))).toEqual([]);
  });
});

describe('bin/tap-sentry', () => {
  test('may be executed, and starts node', () => {
    expect(statSync(bin).mode & 0o111).toBe(0o111);
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('says what to do when nothing is built yet', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tap-'));
    cpSync(bin, join(folder, 'bin', 'tap-sentry'));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'tap-sentry'), '--version'], {
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'tap-sentry is not built yet: run npm install and npm run build in its folder.\n',
    });
  });

  test('knows the version of package.json', () => {
    const { stdout } = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' });
    const { version: wanted } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect([version, stdout.trim()]).toEqual([wanted, expect.stringContaining(wanted)]);
  });
});
