/**
 * `npm run docs` writes what follows from the code: plugin.json, meltano.yml, docs/streams.md,
 * docs/personal-data.md, and the parts of README.md between `<!-- generated:NAME -->` and `<!-- /generated -->`. With
 * `--check` it only names what is stale; tests/docs.test.ts does the same.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeSettings } from '../src/sdk/cli/config.js';
import { meltanoProject, pluginDefinition } from './docs-meltano.js';
import { areas } from '../src/streams/index.js';
import { tap } from '../src/tap/tap-sentry.js';
import { personalPage } from './docs-personal.js';
import { settingsReference, streamsPage, streamsTable } from './docs-tables.js';

const root = new URL('..', import.meta.url);
const program = 'tap-sentry';

export interface Generated {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** Everything that is generated, as it should be. */
export function generate(): Generated[] {
  const list = describeSettings(tap.settings, program);
  const parts = { settings: settingsReference(list), streams: streamsTable(areas) };
  return [
    { file: 'plugin.json', text: `${JSON.stringify(pluginDefinition(list), null, 2)}\n` },
    { file: 'meltano.yml', text: meltanoProject(list) },
    { file: 'docs/streams.md', text: streamsPage(areas) },
    { file: 'docs/personal-data.md', text: personalPage(areas.flatMap(({ streams }) => streams)) },
    ...(existsSync(new URL('README.md', root)) ? [{ file: 'README.md', text: fill(read('README.md'), parts) }] : []),
  ];
}

/** The files that differ from what the code says. */
export function staleFiles(): string[] {
  return generate()
    .filter(({ file, text }) => !existsSync(new URL(file, root)) || read(file) !== text)
    .map(({ file }) => file);
}

/** Text with its marked parts replaced; marks of other names are left alone. */
export function fill(text: string, parts: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /(<!-- generated:([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (whole, open: string, name: string, close: string) => {
      const part = parts[name];
      return part === undefined ? whole : `${open}\n${part}\n\n${close}`;
    },
  );
}

const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = staleFiles();
  if (process.argv.includes('--check')) {
    for (const file of stale) process.stderr.write(`${file} is stale: run npm run docs.\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const { file, text } of generate().filter(({ file: name }) => stale.includes(name))) {
      const path = fileURLToPath(new URL(file, root));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      process.stdout.write(`${file} written\n`);
    }
  }
}
