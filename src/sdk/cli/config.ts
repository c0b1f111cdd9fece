/**
 * Settings for a run: read, merged, cast, validated. All problems come out at once, and secrets are
 * known (`hide`) before the first of them can be printed, valid or not.
 */
import type { z } from 'zod';
import { ConfigError } from '../errors.js';
import { type JsonSchema, propertiesOf, typesOf } from '../singer/json-schema.js';
import { nearest } from './nearest.js';
import { problemLines } from './problems.js';
import type { Place } from './sources.js';
import { castNumber, fromEnvironment, fullEnvironment, readConfigFile } from './sources.js';
import { inputSchema, variableOf } from './settings.js';

export { describeSettings, type Setting, settingsJsonSchema } from './settings.js';

export interface ConfigRequest<S extends z.ZodObject> extends Place {
  /** The program's name: the prefix of its environment variables. */
  readonly name: string;
  readonly settings: S;
  /** The values of --config, in order. */
  readonly sources: readonly string[];
  /** Called with every secret, before anything can fail. */
  readonly hide?: (secret: string) => void;
}

export interface Configuration<C> {
  readonly config: C;
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
  /** Settings that were not given: their defaults hold. */
  readonly defaulted: ReadonlySet<string>;
  /** What was given, merged and cast, unknown names included. */
  readonly given: Readonly<Record<string, unknown>>;
}

/**
 * @throws ConfigError naming every problem. @throws UsageError, InputError for a file that is not there, or is no JSON
 * object.
 */
export function readConfig<S extends z.ZodObject>({
  name,
  settings,
  sources,
  hide,
  ...place
}: ConfigRequest<S>): Configuration<z.output<S>> {
  const schema = inputSchema(settings);
  const secrets = new Set<string>();
  const learn = (values: Readonly<Record<string, unknown>>): void => {
    for (const secret of secretsOf(values, schema)) {
      secrets.add(secret);
      hide?.(secret);
    }
  };
  const useEnvironment = sources.length === 0 || sources.includes('ENV');
  const env = useEnvironment ? fullEnvironment(place) : place.env;
  const fromEnv = fromEnvironment(name, schema, env);
  learn(fromEnv);
  const merged: Record<string, unknown> = {};
  for (const source of sources.filter((path) => path !== 'ENV')) {
    const values = readConfigFile(source, place);
    learn(values);
    Object.assign(merged, values);
  }
  if (useEnvironment) Object.assign(merged, fromEnv);

  const given = present(merged, schema);
  const unknown = [
    ...unknownSettings(given, schema, name),
    ...(useEnvironment ? unknownVariables(env, schema, name) : []),
  ];
  const parsed = settings.safeParse(given, { reportInput: true });
  // A misspelt name is often why another is missing.
  if (!parsed.success)
    throw new ConfigError([
      ...problemLines(parsed.error.issues, schema, name),
      ...unknown.filter((one) => one.includes('Did you mean')),
    ]);
  return {
    config: parsed.data,
    warnings: unknown,
    secrets: [...secrets],
    defaulted: new Set(namesOf(schema).filter((setting) => !(setting in given))),
    given,
  };
}

const namesOf = (schema: JsonSchema): string[] => propertiesOf(schema).map(([name]) => name);

/** Without what is not there: empty texts, and nulls where the setting has none. Numbers that came as text are cast. */
function present(merged: Readonly<Record<string, unknown>>, schema: JsonSchema): Record<string, unknown> {
  const entries = Object.entries(merged).flatMap(([name, value]): [string, unknown][] => {
    const property = schema.properties?.[name] ?? {};
    const types = typesOf(property);
    if (value === null && types.length > 0 && !types.includes('null')) return [];
    if (typeof value !== 'string') return [[name, value]];
    if (value.trim() === '' && property['mayBeEmpty'] !== true) return [];
    return [[name, types.includes('number') && !types.includes('string') ? castNumber(value) : value]];
  });
  return Object.fromEntries(entries);
}

const shortestPart = 8; // of a secret in several words, such as "Bearer …": shorter ones are words

function secretsOf(values: Readonly<Record<string, unknown>>, schema: JsonSchema): string[] {
  const found = propertiesOf(schema)
    .filter(([, property]) => property['secret'] === true)
    .flatMap(([name]) => textsIn(values[name]));
  return [...new Set(found)].filter((text) => text.trim() !== '');
}

/** Every text and number in a value, whole and in parts. */
function textsIn(value: unknown): string[] {
  switch (typeof value) {
    case 'string':
      return [value, value.trim(), ...value.split(/\s+/).filter((part) => part.length >= shortestPart)];
    case 'number':
      return textsIn(JSON.stringify(value));
    case 'object':
      return Object.values(value ?? {}).flatMap(textsIn);
    default:
      return [];
  }
}

/** Names that Meltano, or taps made with its SDK, put into a configuration. */
const foreign = new Set(['faker_config', 'batch_config', 'emit_activate_version_messages']);

/** Settings of other taps, and why they have no effect here. */
const leftOutOf = ({ leftOut = {} }: JsonSchema) => leftOut as Readonly<Record<string, string>>;

function unknownSettings(given: Readonly<Record<string, unknown>>, schema: JsonSchema, program: string): string[] {
  const known = namesOf(schema);
  const leftOut = leftOutOf(schema);
  return Object.keys(given)
    .filter((name) => !known.includes(name) && !name.startsWith('_'))
    .map((name) => {
      const reason = leftOut[name];
      if (reason !== undefined) return `${name} has no effect: ${reason}`;
      if (foreign.has(name)) return `${name} has no effect: ${program} does not have this setting of Meltano's SDK.`;
      const near = nearest(name, known);
      return `${name} is not a setting of ${program}, and has no effect.${near ? ` Did you mean ${near}?` : ''}`;
    });
}

/** Only likely misspellings: anybody may have variables of his own with this prefix, and Meltano does. */
function unknownVariables(
  env: Readonly<Record<string, string | undefined>>,
  schema: JsonSchema,
  program: string,
): string[] {
  const known = [...namesOf(schema), 'loglevel'].map((name) => variableOf(program, name));
  const leftOut = Object.entries(leftOutOf(schema)).filter(([name]) => env[variableOf(program, name)]);
  const prefix = variableOf(program, '');
  const misspelt = Object.keys(env).filter(
    (name) => name.startsWith(prefix) && !name.startsWith(`${prefix}_`) && !known.includes(name),
  );
  return [
    ...leftOut.map(([name, reason]) => `${variableOf(program, name)} has no effect: ${reason}`),
    ...misspelt.flatMap((name) => {
      const near = nearest(
        name.slice(prefix.length),
        known.map((variable) => variable.slice(prefix.length)),
      );
      return near
        ? [
            `The environment variable ${name} is none of ${program}'s, and has no effect. Did you mean ` +
              `${prefix}${near}?`,
          ]
        : [];
    }),
  ];
}
