/** What is installed with the tap, and what its code may not do. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { executable } from '../support/tap-process.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
}

const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('dependencies', () => {
  test('at run time are these six', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual([
      '@lezer/common',
      '@lezer/python',
      'got',
      'hpagent',
      'yargs',
      'zod',
    ]);
  });

  test('are named by version: none comes from git, an address or a folder', () => {
    expect(
      Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
        ([, version]) => !/^[\^~]?\d+\.\d+\.\d+$/.test(version),
      ),
    ).toEqual([]);
  });

  test('are locked: each by version and checksum, from the registry', () => {
    expect(locked.length).toBeGreaterThan(50);
    expect(
      locked
        .filter(
          ([, { version = '', integrity = '', resolved = 'https://registry.npmjs.org/' }]) =>
            !/^\d+\.\d+\.\d+/.test(version) ||
            !integrity.startsWith('sha512-') ||
            !resolved.startsWith('https://registry.npmjs.org/'),
        )
        .map(([path]) => path),
    ).toEqual([]);
  });

  test('bring few others along', () => {
    expect(locked.filter(([, { dev, devOptional }]) => !dev && !devOptional).length).toBeLessThanOrEqual(50);
  });
});

describe('the code', () => {
  test('makes no code from text, and starts no process', () => {
    const offenders = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `src/${file}`)
      .filter((file) => /\beval\s*\(|new Function\b|node:vm|node:child_process/.test(read(file)));

    expect(offenders).toEqual([]);
  });

  test('runs where making code from text is forbidden', () => {
    const about = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', executable, '--about', '--format=json'],
      { encoding: 'utf8' },
    );

    expect(JSON.parse(about)).toHaveProperty('name', 'tap-sentry');
  });
});
