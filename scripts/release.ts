/**
 * `npm run release:check`: everything of a release up to the upload. Every check is made and said,
 * also after one has failed; at the end stand the two files, their digests and the commands that
 * publish them. `--no-tests` leaves the tests out, `--dirty` lets changes stand that are not committed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { staleFiles } from './docs.js';
import { lint, packNpm } from './package-check.js';
import { buildWheel, pythonVersion } from './wheel.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `undefined` is good, a text says what is wrong. `unknown` could not be found out. */
export type Finding = string | undefined | { readonly unknown: string };

/** What package.json, package-lock.json and CHANGELOG.md say about the version, where they disagree. */
export function versionProblem(files: { package: string; lock: string; changelog: string }): string | undefined {
  const { version } = JSON.parse(files.package) as { version: string };
  const { version: locked, packages } = JSON.parse(files.lock) as {
    version: string;
    packages: Record<string, { version?: string }>;
  };
  const heading = /^## v?(\S+)/m.exec(files.changelog)?.[1];
  const problems = [
    locked === version && packages['']?.version === version
      ? undefined
      : `package-lock.json says ${locked}: run npm install`,
    heading === version
      ? undefined
      : `CHANGELOG.md begins with ${heading ?? 'no version'}: describe ${version} at its top`,
  ];
  try {
    pythonVersion(version);
  } catch (error) {
    problems.push((error as Error).message);
  }
  const found = problems.filter((problem) => problem !== undefined);
  return found.length === 0 ? undefined : `package.json says ${version}. ${found.join('. ')}`;
}

/** What `npm audit --json` says about the packages that users get. */
export function auditFinding(status: number | null, output: string): Finding {
  try {
    const { metadata, message } = JSON.parse(output) as {
      metadata?: { vulnerabilities: { total: number } };
      message?: string;
    };
    if (metadata)
      return metadata.vulnerabilities.total === 0
        ? undefined
        : `${metadata.vulnerabilities.total} known vulnerabilities: npm audit --omit=dev`;
    return {
      unknown:
        `the registry does not answer (${message ?? `exit code ${status}`}); ` +
        'run npm audit --omit=dev where it does',
    };
  } catch {
    return { unknown: `npm audit has no answer (exit code ${status}); run npm audit --omit=dev by hand` };
  }
}

const read = (name: string): string => readFileSync(join(root, name), 'utf8');

function command(program: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status: error ? 1 : status, output: error ? error.message : `${stdout}${stderr}` };
}

const succeeds = (program: string, ...args: string[]): string | undefined => {
  const { status, output } = command(program, args);
  return status === 0 ? undefined : output.trim().split('\n').slice(-15).join('\n');
};

async function main(args: readonly string[]): Promise<number> {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  let failed = 0;
  const check = async (name: string, find: () => Finding | Promise<Finding>): Promise<void> => {
    const finding = await find();
    if (typeof finding === 'string') failed += 1;
    process.stdout.write(
      finding === undefined
        ? `ok       ${name}\n`
        : typeof finding === 'string'
          ? `WRONG    ${name}: ${finding}\n`
          : `unknown  ${name}: ${finding.unknown}\n`,
    );
  };
  await check('version', () =>
    versionProblem({ package: read('package.json'), lock: read('package-lock.json'), changelog: read('CHANGELOG.md') }),
  );
  await check('tag', () =>
    command('git', ['tag', '--list', `v${version}`]).output.trim() === ''
      ? undefined
      : `v${version} exists: raise the version`,
  );
  if (!args.includes('--dirty'))
    await check('everything committed', () => command('git', ['status', '--porcelain']).output.trim() || undefined);
  await check(
    'generated files',
    () =>
      staleFiles()
        .map((file) => `${file} is stale: npm run docs`)
        .join('; ') || undefined,
  );
  await check('types', () => succeeds('npm', 'run', '--silent', 'check:types'));
  if (!args.includes('--no-tests')) await check('tests', () => succeeds('npm', 'test', '--silent'));
  await check('audit', () => {
    const { status, stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8' });
    return auditFinding(status, stdout);
  });
  const files: string[] = [];
  await check('npm package', async () => {
    const { path } = await packNpm(join(root, 'dist'));
    files.push(path);
    return (
      lint(path)
        .filter(({ ok }) => !ok)
        .map(({ tool, output }) => `${tool}:\n${output}`)
        .join('\n') || undefined
    );
  });
  await check('wheel', async () => {
    files.push(await buildWheel());
    return undefined;
  });
  await check('wheel, by twine', () => {
    const { status, output } = command('twine', ['check', '--strict', files.at(-1) ?? '']);
    if (/ENOENT|not found/.test(output)) return { unknown: 'twine is not installed (pip install twine)' };
    return status === 0 ? undefined : output;
  });
  if (failed > 0) {
    process.stdout.write(
      `\n${failed} ${failed === 1 ? 'thing is' : 'things are'} wrong: nothing should be published.\n`,
    );
    return 1;
  }
  const [tarball = '', wheel = ''] = files.map((path) => relative(process.cwd(), path));
  for (const path of [tarball, wheel])
    process.stdout.write(`\n${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${path}`);
  process.stdout.write(
    `\n\nReady. What publishes it:\n  git tag v${version} && git push origin v${version}\n  npm publish ` +
      `${tarball}\n  twine upload ${wheel}\n`,
  );
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
