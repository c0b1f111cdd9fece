/**
 * `npm run build`: src/cli.ts to dist/, one bundle in chunks, so that an installation is a folder
 * without node_modules and `--version` loads a few kilobytes of it. The catalog is a product of the
 * build as well: discovery prints it, and a sync need not make it from the schemas.
 */
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { tap } from '../src/tap/tap-sentry.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

const staleAfter = 60_000; // ms

/**
 * `write: false`: only says what would be in the bundle. `outdir`: elsewhere, for a package that is being put together.
 */
export async function bundle({ write = true, outdir = 'dist' } = {}): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts'],
    outdir,
    write,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunks/[name]-[hash]',
    define: { PACKAGE_VERSION: JSON.stringify(version), BUILT: 'true' },
    // Some dependencies are CommonJS and ask for Node's own modules with require().
    banner: {
      js:
        "import { createRequire as createRequireOfNode } from 'node:module'; const require = " +
        'createRequireOfNode(import.meta.url);',
    },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
  });
  if (write)
    writeFileSync(resolve(root, outdir, 'catalog.json'), `${JSON.stringify(tap.discover(undefined), null, 2)}\n`);
  if (write && outdir === 'dist') removeStale(Object.keys(metafile.outputs));
  return metafile;
}

/** Chunks of earlier builds go last, so that a tap that is running meanwhile still finds its own. */
function removeStale(written: readonly string[]): void {
  const folder = `${root}dist/chunks/`;
  for (const name of readdirSync(folder))
    if (!written.includes(`dist/chunks/${name}`) && Date.now() - statSync(folder + name).mtimeMs > staleAfter)
      rmSync(folder + name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { outputs } = await bundle();
  const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
  process.stdout.write(`dist: ${Object.keys(outputs).length} files, ${Math.round(bytes / 1024)} KiB\n`);
}
