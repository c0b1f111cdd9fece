/**
 * Settings for a run: read, merged, cast, validated. All problems come out at once, and secrets are
 * known (`hide`) before the first of them can be printed, valid or not.
 */
import type { z } from 'zod';
import { ConfigError } from '../errors.js';
import { type JsonSchema, propertiesOf, typesOf } from '../singer/json-schema.js';
import { problemLines } from './problems.js';
import type { Place } from './sources.js';
import { castNumber, fromEnvironment, fullEnvironment, readConfigFile } from './sources.js';
import { inputSchema, namesOf } from './settings.js';
import { unknownSettings, unknownVariables } from './unknown-settings.js';

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
