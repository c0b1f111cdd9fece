/** What the environment says about logging: the level, and whether Meltano wants structured lines. */
import { readFileSync } from 'node:fs';
import type { Level } from './formats.js';

/** Python's levels by name. */
export const ranks: Readonly<Record<string, number> & Record<Level, number>> = {
  notset: 0,
  debug: 10,
  info: 20,
  warning: 30,
  warn: 30,
  error: 40,
  critical: 50,
};

export interface LogConfig {
  /** Lines below this rank are not written. */
  rank: number;
  /** Lines are JSON objects. */
  structured: boolean;
  /** Debug lines were asked for of the tap itself: a reader that hides `debug` gets them as `info`. */
  raised: boolean;
  /** What is wrong with the configuration. */
  warnings: readonly string[];
}

export interface LogConfigOptions {
  name: string;
  env: Readonly<Record<string, string | undefined>>;
  verbose?: boolean | undefined;
  /** Lines are text, whatever the file says. */
  isForPeople?: boolean | undefined;
}

/** The configuration: `--verbose`, else the first variable that is set, else Meltano's file, else INFO. */
export function logConfig({ name, env, verbose, isForPeople = false }: LogConfigOptions): LogConfig {
  const path = env['SINGER_SDK_LOG_CONFIG'];
  const file = readFile(path);
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const variables = [env[`${prefix}_LOGLEVEL`], env['SINGER_LOG_LEVEL'], env['LOGLEVEL']];
  const asked = verbose ? 'debug' : variables.find(Boolean);
  const { structured, level: ofFile } = file ?? noFile;
  const level = [asked, ofFile].find(Boolean) ?? 'info';
  const rank = ranks[level.toLowerCase()];
  const warnings: string[] = [];
  if (rank === undefined)
    warnings.push(`Log level '${level}' is unknown; using INFO. Known levels: DEBUG, INFO, WARNING, ERROR, CRITICAL.`);
  if (path && file === undefined) warnings.push(`Logging config file not found or not readable: ${path}`);
  return {
    rank: rank ?? 20,
    structured: structured && !isForPeople,
    raised: asked !== undefined && ofFile.toLowerCase() !== 'debug',
    warnings,
  };
}

interface File {
  structured: boolean;
  /** Empty if the file does not say. */
  level: string;
}

const noFile: File = { structured: false, level: '' };

/** What the tap needs of a Python dictConfig file; Meltano writes JSON. */
function readFile(path: string | undefined): File | undefined {
  if (!path) return undefined;
  try {
    const config = JSON.parse(readFileSync(path, 'utf8')) as {
      root?: { level?: unknown };
      formatters?: Record<string, Record<string, string>>;
    };
    const structured = Object.values(config.formatters ?? {}).some((formatter) =>
      (formatter['()'] ?? formatter['class'] ?? '').endsWith('StructuredFormatter'),
    );
    const level = config.root?.level;
    return { structured, level: ['string', 'number'].includes(typeof level) ? String(level as string) : '' };
  } catch {
    return undefined;
  }
}
