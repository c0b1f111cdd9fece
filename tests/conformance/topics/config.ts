/** Settings from files and from the environment. Errors are compared by the settings that they name. */
import * as z from 'zod';
import { readConfig } from '../../../src/sdk/cli/config.js';
import { ConfigError } from '../../../src/sdk/errors.js';
import { type Json, type Result, type Runner, compare } from '../cases.js';

interface Input {
  plugin_name: string;
  config_jsonschema: object;
  env: Record<string, string>;
  dotenv: string | null;
  config_files: (object | string)[];
  config_args: string[];
}

interface Expected {
  config?: Json;
  error?: { errors?: string[] };
}

export const config: Runner = ({ input, expected }) => {
  const { config: wanted, error: complaint } = expected as Expected;
  const { found, error } = read(input as unknown as Input);
  if (wanted) return error ? refused(error) : compare({ config: found }, { config: wanted });
  if (!error) return { ours: found, differences: ['no error'] };
  if (!complaint?.errors) return { ours: error.message, differences: [] };
  if (!(error instanceof ConfigError)) return refused(error);
  return compare({ settings: settingsOf(error.problems) }, { settings: settingsOfTheirs(complaint.errors) });
};

const refused = (error: Error): Result => ({ ours: error.message, differences: [`it throws ${error.message}`] });

/** Files lie in /work, named by their number. */
function read({ plugin_name: name, config_jsonschema: schema, env, dotenv, config_files, config_args }: Input) {
  const files: Record<string, string> = dotenv === null ? {} : { '/work/.env': dotenv };
  for (const [index, file] of config_files.entries())
    files[`/work/${index}`] = typeof file === 'string' ? file : JSON.stringify(file);
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return text;
  };
  const settings = z.fromJSONSchema(withoutDateForm({ type: 'object', ...schema }) as JsonSchemaInput);
  const sources = config_args.map((argument) => argument.replace(/^file:/, ''));
  try {
    const request = { name, settings: settings as z.ZodObject, sources, env, cwd: '/work', readFile };
    return { found: readConfig(request).config, error: undefined };
  } catch (error) {
    return { found: undefined, error: error as Error };
  }
}

type JsonSchemaInput = Parameters<typeof z.fromJSONSchema>[0];

/** Zod takes date-times with a zone alone; a tap's settings take days too. What is no date at all stays refused. */
function withoutDateForm(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || !('format' in member)) return member;
    const { format, ...rest } = member;
    return format === 'date-time' ? { ...rest, pattern: dateForm } : member;
  }) as object;
}

const dateForm = String.raw`^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$`;

/** The settings that our lines are about, with the place inside them. */
const settingsOf = (lines: readonly string[]): string[] =>
  [...new Set(lines.map((line) => (/^\S+/.exec(line) ?? [''])[0]))].sort();

function settingsOfTheirs(lines: readonly string[]): string[] {
  return [...new Set(lines.flatMap(placesIn))].sort();
}

/** A setting that is missing, or is one too many, is named by the line; the place says what it should be in. */
function placesIn(line: string): string[] {
  const path = /in config(.*)$/.exec(line)?.[1] ?? '';
  const steps = [...path.matchAll(/\['?(.+?)'?\]/g)].map(([, step]) => step ?? '');
  const required = /^'(.+)' is a required property/.exec(line)?.[1];
  const unexpected = /not allowed \((.*) w(?:ere|as) unexpected/.exec(line)?.[1] ?? '';
  const names = [...unexpected.matchAll(/'(.+?)'/g)].map(([, key]) => key ?? '');
  if (required !== undefined) names.push(required);
  return names.length === 0 ? [placeOf(steps)] : names.map((name) => placeOf([...steps, name]));
}

const placeOf = (steps: readonly string[]): string =>
  steps.map((step, index) => (index === 0 ? step : asStep(step))).join('');

const asStep = (step: string): string => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`);
