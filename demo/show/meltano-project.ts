/**
 * A Meltano project for a demonstration or a test: the repository's own meltano.yml in a folder of
 * its own, with the tap by its full path, as a user would install it from a clone.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = new URL('../../', import.meta.url);
export const targetVersion = '0.1.4';

export interface ProjectSettings {
  readonly folder: string;
  /** The tap's executable, an absolute path. */
  readonly executable: string;
  /** What `.env` holds, such as TAP_SENTRY_API_TOKEN. */
  readonly env: Readonly<Record<string, string>>;
}

/** Writes the project; rows, state and logs of an earlier one go, installed plugins stay. */
export function createProject({ folder, executable, env }: ProjectSettings): void {
  for (const old of ['output', '.meltano/meltano.db', '.meltano/run', '.meltano/logs'])
    rmSync(join(folder, old), { recursive: true, force: true });
  mkdirSync(join(folder, 'output'), { recursive: true });
  writeFileSync(join(folder, 'meltano.yml'), definition(executable));
  writeFileSync(
    join(folder, '.env'),
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
}

export const isTargetInstalled = (folder: string): boolean =>
  existsSync(join(folder, '.meltano/loaders/target-jsonl/venv/bin/target-jsonl'));

function definition(executable: string): string {
  const text = readFileSync(new URL('meltano.yml', repository), 'utf8');
  const own = /executable: \.\/bin\/tap-sentry$/m;
  if (!own.test(text)) throw new Error('meltano.yml does not run ./bin/tap-sentry.');
  return text
    .replace(own, `executable: ${JSON.stringify(executable)}`)
    .replace(/pip_url: target-jsonl$/m, `pip_url: target-jsonl==${targetVersion}`);
}
