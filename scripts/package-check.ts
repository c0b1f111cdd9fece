/**
 * The npm package as it would be published: put together in a folder of its own, packed, and looked
 * at by publint and attw. `npx tsx scripts/package-check.ts` leaves dist/tap-sentry-<version>.tgz.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const kept = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'plugin.json', 'bin'];

export interface Packed {
  readonly path: string;
  /** Paths of the files, sorted. */
  readonly files: readonly string[];
}

/** Packs what stands in the sources now; dist/ is not touched, so that a tap that runs from it goes on. */
export async function packNpm(folder: string): Promise<Packed> {
  const stage = mkdtempSync(join(tmpdir(), 'tap-sentry-npm-'));
  try {
    for (const name of kept) cpSync(join(root, name), join(stage, name), { recursive: true });
    await bundle({ outdir: join(stage, 'dist') });
    command(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        '-p',
        join(root, 'packaging/tsconfig.sdk.json'),
        '--outDir',
        join(stage, 'dist/sdk'),
      ],
      root,
    );
    mkdirSync(folder, { recursive: true });
    const answer = command('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], stage);
    const [packed] = JSON.parse(answer.slice(answer.indexOf('['))) as [{ filename: string; files: { path: string }[] }];
    return { path: join(folder, packed.filename), files: packed.files.map(({ path }) => path).sort() };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

export interface Verdict {
  readonly tool: string;
  readonly ok: boolean;
  readonly output: string;
}

/** What publint and attw say about a packed tarball. The package is ESM alone: require() of it is not promised. */
export function lint(tarball: string): Verdict[] {
  const tool = (name: string, ...args: string[]): Verdict => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules', name, binOf(name)), ...args],
      { encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '0' } },
    );
    return { tool: name, ok: status === 0, output: `${stdout}${stderr}`.trim() };
  };
  return [
    tool('publint', tarball, '--strict'),
    tool('@arethetypeswrong/cli', tarball, '--profile', 'esm-only', '--exclude-entrypoints', './plugin.json'),
  ];
}

function binOf(name: string): string {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '');
}

function command(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path, files } = await packNpm(join(root, 'dist'));
  process.stdout.write(
    `${relative(process.cwd(), path)}: ${files.length} files\n${files.map((file) => `  ${file}\n`).join('')}`,
  );
  for (const { tool, ok, output } of lint(path)) {
    process.stdout.write(`${tool}: ${ok ? 'content' : 'not content'}\n${output}\n`);
    if (!ok) process.exitCode = 1;
  }
}
