/**
 * Meltano in `.venv/` at the root of the repository, for the demo and for the tests. Prepared once,
 * in some ten seconds; `npx tsx scripts/meltano-venv.ts` does it by hand and prints the command's path.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const meltanoVersion = '4.4.1';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.venv');
const stamp = join(folder, 'tap-sentry-meltano.txt');
const lock = `${folder}.lock`;
const windows = process.platform === 'win32';
const program = (name: string): string =>
  windows ? join(folder, 'Scripts', `${name}.exe`) : join(folder, 'bin', name);

/** Why there is no Meltano here, in words for a person. */
export class NoMeltano extends Error {}

/** Whether `.venv/` holds the right version already. */
export function isMeltanoReady(): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === meltanoVersion && existsSync(program('meltano'));
}

/**
 * The path of the `meltano` command, installed first where it is missing.
 * @throws NoMeltano without Python 3.10 or newer, without its venv module, or without a package index.
 */
export async function prepareMeltano(signal?: AbortSignal): Promise<string> {
  if (!isMeltanoReady()) await alone(() => install(signal), signal);
  return program('meltano');
}

async function install(signal: AbortSignal | undefined): Promise<void> {
  if (isMeltanoReady()) return; // another process was faster
  const python = await findPython(signal);
  rmSync(folder, { recursive: true, force: true });
  try {
    await run(python, ['-m', 'venv', folder], signal);
    await installPackages(signal);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw new NoMeltano(`Meltano cannot be installed: ${lastLine(error)}`);
  }
  writeFileSync(stamp, `${meltanoVersion}\n`);
}

/** One process at a time: test files run side by side. The lock of a process that has died does not count. */
async function alone(work: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isOwnerAlive()) await sleep(200, undefined, signal ? { signal } : {});
      else rmSync(lock, { force: true });
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isOwnerAlive(): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** uv is many times faster; it does not read pip's settings, so pip follows where uv fails. */
async function installPackages(signal: AbortSignal | undefined): Promise<void> {
  const wanted = `meltano==${meltanoVersion}`;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(program('python'), [...pip, 'uv'], signal);
  try {
    await run(program('uv'), ['pip', 'install', '--quiet', '--python', program('python'), wanted], signal);
  } catch {
    signal?.throwIfAborted();
    await run(program('python'), [...pip, wanted], signal);
  }
}

async function findPython(signal: AbortSignal | undefined): Promise<string> {
  const old: string[] = [];
  for (const name of windows ? ['py', 'python'] : ['python3', 'python']) {
    const version = await run(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], signal).catch(
      () => '',
    );
    const [major = 0, minor = 0] = version.trim().split('.').map(Number);
    if (major === 3 && minor >= 10) return name;
    if (major > 0) old.push(`${name} is ${version.trim()}`);
  }
  throw new NoMeltano(
    `Meltano needs Python 3.10 or newer, and ${old.join(', ') || 'there is no python3 on the PATH'}.`,
  );
}

/** Runs a command quietly; resolves with its output, and rejects with its errors. */
function run(command: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(signal ? { signal } : {}) });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(errors.trim() || output.trim() || `${command} ended with ${code}`)),
    );
  });
}

function lastLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await prepareMeltano()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
