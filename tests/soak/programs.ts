/** The soak's two programs as bundles: a process that has to compile itself first would start too slowly. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Programs {
  readonly tap: string;
  readonly target: string;
}

/** Their folder goes when the process ends. */
export async function buildPrograms(): Promise<Programs> {
  const outdir = mkdtempSync(join(tmpdir(), 'soak-programs-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/soak/tap.ts', 'tests/soak/target.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define: { PACKAGE_VERSION: JSON.stringify(version) },
    banner: {
      js:
        "import { createRequire as createRequireOfNode } from 'node:module'; const require = " +
        'createRequireOfNode(import.meta.url);',
    },
    logLevel: 'warning',
  });
  return { tap: join(outdir, 'tap.mjs'), target: join(outdir, 'target.mjs') };
}
