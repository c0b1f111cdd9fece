/**
 * The tests on every promised Node.js: `npm run test:node` the unit tests, `npm run test:all`
 * everything, with what takes minutes. npm has the binaries, so that none has to be installed before;
 * further arguments go to vitest: `npm run test:node -- 22 tests/sdk`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The lowest that package.json promises, and the lines with long-term support. */
export const promised = ['20.19', '22', '24'] as const;

const root = fileURLToPath(new URL('..', import.meta.url));

/** Unit tests: those that start no Meltano, no target and no package manager. */
const unit = ['tests/sdk', 'tests/schemas', 'tests/streams', 'tests/input', 'tests/build.test.ts'];

/** The path of a Node.js of this version, which is fetched from npm once. */
export function nodeOfVersion(version: string): string {
  const folder = join(root, 'node_modules/.cache/tap-sentry/node', version);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--silent', '--no-audit', '--no-fund', '--no-package-lock', `${name}@${version}`],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0 || !existsSync(program))
    throw new Error(`Node.js ${version} cannot be fetched from npm as ${name}: ${stderr.trim()}`);
  return program;
}

/** The exit code of vitest under that Node.js, which is also the first `node` on the PATH. */
function test(version: string, everything: boolean, args: readonly string[]): number {
  const node = nodeOfVersion(version);
  const env = {
    ...process.env,
    PATH: [dirname(node), process.env['PATH']].join(delimiter),
    ...(everything ? { TEST_ALL: '1' } : {}),
  };
  return (
    spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
      cwd: root,
      stdio: 'inherit',
      env,
    }).status ?? 1
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const everything = args.includes('--all');
  const wanted = promised.filter((version) => args.includes(version));
  const rest = args.filter((arg) => arg !== '--all' && !promised.some((version) => version === arg));
  const failed: string[] = [];
  for (const version of wanted.length > 0 ? wanted : promised) {
    process.stdout.write(`\nNode.js ${version}\n`);
    if (test(version, everything, everything || rest.length > 0 ? rest : unit) !== 0) failed.push(version);
  }
  process.stdout.write(
    failed.length === 0 ? '\nEvery version passes.\n' : `\nFailed on Node.js ${failed.join(', ')}.\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
