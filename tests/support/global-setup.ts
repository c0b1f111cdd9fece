/** The bundle that tests run as a process: built once, before all of them, unless it is newer than its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export default async function setup(): Promise<void> {
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
