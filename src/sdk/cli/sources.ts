/**
 * Where settings come from: files in order, merged by top-level name, and the environment over all
 * of them. The environment counts only when `ENV` is named, or nothing is: Meltano always names a
 * file, and puts odd flattened values into the environment beside it.
 */
import { resolve } from 'node:path';
import { InputError, messageOf, UsageError } from '../errors.js';
import { isObject, parseJsonFile } from '../singer/catalog.js';
import { type JsonSchema, propertiesOf, typesOf } from '../singer/json-schema.js';
import { findDotenv, parseDotenv } from './dotenv.js';
import type { Env, ReadFile } from './program.js';
import { variableOf } from './settings.js';

export interface Place {
  readonly cwd: string;
  readonly env: Env;
  readonly readFile: ReadFile;
}

/** The environment with the nearest `.env` below it: what is really set wins. */
export function fullEnvironment({ cwd, env, readFile }: Place): Env {
  const text = findDotenv(cwd, readFile);
  return text === undefined ? env : { ...parseDotenv(text, env), ...env };
}

/**
 * The text of a file named by an option, from the working directory or else from Meltano's project. @throws UsageError
 * when it is not there.
 */
export function readOptionFile(option: string, path: string, { cwd, env, readFile }: Place): string {
  const root = env['MELTANO_PROJECT_ROOT'];
  let failure: unknown;
  for (const folder of root ? [cwd, root] : [cwd]) {
    try {
      return readFile(resolve(folder, path));
    } catch (error) {
      failure = error;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') break;
    }
  }
  throw unreadable(option, path, failure);
}

function unreadable(option: string, path: string, cause: unknown): UsageError | InputError {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UsageError(`Invalid value for '${option}': '${path}': No such file or directory.`);
    case 'EISDIR':
      return new UsageError(`Invalid value for '${option}': '${path}' is a directory, a file is expected.`);
    case 'EACCES':
      return new InputError(`${path} cannot be read: permission denied.`, { cause });
    default:
      return new InputError(`${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

export function readConfigFile(path: string, place: Place): Record<string, unknown> {
  const value = parseJsonFile(readOptionFile('--config', path, place), path, 'configuration');
  if (!isObject(value)) throw new InputError(`${path}: the configuration should be an object {…} of settings.`);
  return value;
}

/**
 * The settings that the environment holds, cast by their types. What cannot be cast stays text, and validation refuses
 * it.
 */
export function fromEnvironment(name: string, schema: JsonSchema, env: Env): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [setting, property] of propertiesOf(schema)) {
    const text = env[variableOf(name, setting)];
    if (text !== undefined) values[setting] = cast(text, property);
  }
  return values;
}

const words: Readonly<Record<string, boolean>> = {
  true: true,
  1: true,
  yes: true,
  on: true,
  false: false,
  0: false,
  no: false,
  off: false,
};

/** First match of the type's names, as Meltano's SDK does it; numbers too, and empty lists. */
export function cast(text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (types.includes('integer'))
    return /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text) ? Number(text.replaceAll('_', '')) : text;
  if (types.includes('number')) return castNumber(text);
  if (types.includes('boolean')) return words[text.trim().toLowerCase()] ?? text;
  if (types.includes('array')) return castList(text, schema);
  if (types.includes('object')) return jsonOr(text, text);
  return text;
}

/** Also for files: Meltano has no usable kind for fractions and hands them over as text. */
export function castNumber(text: string): number | string {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : text;
}

function castList(text: string, schema: JsonSchema): unknown {
  if (text.trim() === '') return [];
  const items = schema.items ?? schema.anyOf?.find(({ items: of }) => of)?.items ?? {};
  const types = typesOf(items);
  if (['object', 'array'].some((type) => types.includes(type)) || /^\s*[[{]/.test(text)) return jsonOr(text, text);
  return jsonOr(
    text,
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => cast(part, items)),
  );
}

function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}
