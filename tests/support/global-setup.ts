/**
 * Before all tests: the bundle that they run as a process is built, unless it is newer than its sources. What they and
 * their processes leave in the system's temporary folder lies in one of this run, which goes at the end.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Gives what is done after the last test. */
export default async function setup(): Promise<() => void> {
  const removeTemporary = useOwnTemporaryFolder();
  await buildIfOld();
  return removeTemporary;
}

function useOwnTemporaryFolder(): () => void {
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'tests-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}

async function buildIfOld(): Promise<void> {
  const built = `${root}dist/cli.js`;
  const changed = Math.max(...sources().map((file) => statSync(file).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > changed) return;
  const { bundle } = await import('../../scripts/build.js');
  await bundle();
}

function sources(): string[] {
  const own = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${root}src/${file}`);
  return [...own, `${root}scripts/build.ts`, `${root}package.json`];
}
