/** What was given and is no setting: said, with the name that was probably meant. */
import type { JsonSchema } from '../singer/json-schema.js';
import { didYouMean, nearest } from './nearest.js';
import type { Env } from './program.js';
import { namesOf, variableOf } from './settings.js';

/** Names that Meltano, or taps made with its SDK, put into a configuration. */
const foreign = new Set(['faker_config', 'batch_config', 'emit_activate_version_messages']);

/** Settings of other taps, and why they have no effect here. */
const leftOutOf = ({ leftOut = {} }: JsonSchema) => leftOut as Readonly<Record<string, string>>;

/** A sentence for each name that is given and is no setting. */
export function unknownSettings(
  given: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  program: string,
): string[] {
  const known = namesOf(schema);
  const leftOut = leftOutOf(schema);
  return Object.keys(given)
    .filter((name) => !known.includes(name) && !name.startsWith('_'))
    .map((name) => {
      const reason = leftOut[name];
      if (reason !== undefined) return `${name} has no effect: ${reason}`;
      if (foreign.has(name)) return `${name} has no effect: ${program} does not have this setting of Meltano's SDK.`;
      return `${name} is not a setting of ${program}, and has no effect.${didYouMean(nearest(name, known))}`;
    });
}

/** Only likely misspellings: anybody may have variables of his own with this prefix, and Meltano does. */
export function unknownVariables(env: Env, schema: JsonSchema, program: string): string[] {
  const known = [...namesOf(schema), 'loglevel'].map((name) => variableOf(program, name));
  const leftOut = Object.entries(leftOutOf(schema)).filter(([name]) => env[variableOf(program, name)]);
  const prefix = variableOf(program, '');
  const misspelt = Object.keys(env).filter(
    (name) => name.startsWith(prefix) && !name.startsWith(`${prefix}_`) && !known.includes(name),
  );
  const settings = known.map((variable) => variable.slice(prefix.length));
  const meant = misspelt
    .map((name) => ({ name, near: nearest(name.slice(prefix.length), settings) }))
    .filter(({ near }) => near !== undefined);
  return [
    ...leftOut.map(([name, reason]) => `${variableOf(program, name)} has no effect: ${reason}`),
    ...meant.map(
      ({ name, near }) =>
        `The environment variable ${name} is none of ${program}'s, and has no effect.${didYouMean(`${prefix}${near}`)}`,
    ),
  ];
}
