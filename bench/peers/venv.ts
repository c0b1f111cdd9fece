/** dlt and singer-sdk in a virtual environment of their own, `.venv/peers/`, prepared once. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../server.js';

/** The versions that are measured. */
export const versions = { dlt: '1.31.0', 'singer-sdk': '0.54.9' } as const;

const folder = join(root, '.venv', 'peers');
const stamp = join(folder, 'tap-sentry-peers.txt');
const wanted = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
const python = join(folder, 'bin', 'python');

/** The path of the Python that has both. @throws Error without Python 3, its venv module, or a package index. */
export function preparePeers(): string {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted.join('\n')) return python;
  rmSync(folder, { recursive: true, force: true });
  const run = (command: string, ...args: string[]): unknown =>
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  run('python3', '-m', 'venv', folder);
  run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted);
  writeFileSync(stamp, wanted.join('\n'));
  return python;
}

/** The version of the Python that runs them. */
export const pythonVersion = (): string =>
  execFileSync(python, ['--version'], { encoding: 'utf8' }).replace('Python', '').trim();
