/**
 * `.env` files, as python-dotenv reads them: `export`, both quotes (values may span lines), trailing
 * comments, `${NAME}` and `${NAME:-default}` in every value, single quotes included.
 */
import { dirname, join } from 'node:path';
import type { Env, ReadFile } from './program.js';

const nameForm = /(?:'([^'\n]+)'|([^\s=#'"]+))/.source;
const valueForm = /(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|([^\n]*?))/.source;
const commentForm = /(?:(?<=[\s'"=])#[^\n]*)?/.source;
const blank = '[ \\t]';
const line = new RegExp(
  `^${blank}*(?:export${blank}+)?${nameForm}${blank}*(?:=${blank}*${valueForm})?${blank}*${commentForm}$`,
  'gms',
);
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** The variables of a `.env` text. `env`: the real environment, for interpolation; it wins over the file's own. */
export function parseDotenv(text: string, env: Env = {}): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .matchAll(line);
  for (const [, quotedName = '', name = quotedName, single, double, bare] of lines) {
    const raw = unquoted(single, double, bare);
    if (raw === undefined) continue;
    found[name] = raw.replaceAll(
      /\$\{([^}:]*)(?::-([^}]*))?\}/g,
      (_, variable: string, otherwise = '') => env[variable] ?? found[variable] ?? otherwise,
    );
  }
  return found;
}

/** A value from between single quotes, double quotes, or none; undefined for a name without a value. */
function unquoted(
  single: string | undefined,
  double: string | undefined,
  bare: string | undefined,
): string | undefined {
  if (single !== undefined) return single.replaceAll(/\\([\\'])/g, '$1');
  if (double !== undefined) return double.replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
  return bare?.trim();
}

/** The nearest `.env` from a folder upwards, or undefined. */
export function findDotenv(folder: string, readFile: ReadFile): string | undefined {
  try {
    return readFile(join(folder, '.env'));
  } catch {
    const parent = dirname(folder);
    return parent === folder ? undefined : findDotenv(parent, readFile);
  }
}
