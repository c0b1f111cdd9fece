/**
 * Settings as data, for everything that is generated from them. The zod object is the only source:
 * `.meta({ label, secret, group, preset })` and `.describe()` of a field, `.meta({ leftOut })` of the whole.
 */
import * as z from 'zod';
import { type JsonSchema, propertiesOf, typesOf } from '../singer/json-schema.js';

declare module 'zod' {
  interface GlobalMeta {
    label?: string;
    /** The value is never shown. */
    secret?: boolean;
    group?: string;
    /** The value that a plugin definition proposes for a setting that has no default. */
    preset?: string | number | boolean;
    /** Settings of other taps that people bring along, and why they have no effect here. */
    leftOut?: Readonly<Record<string, string>>;
  }
}

/**
 * Words that Meltano knows. Not `decimal`: a value from the environment makes Meltano 4.4 crash. Not `password`:
 * deprecated.
 */
export type Kind = 'string' | 'integer' | 'boolean' | 'array' | 'object' | 'date_iso8601';

export interface Setting {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly kind: Kind;
  /** As it is written in a config file; undefined: none. */
  readonly default: unknown;
  readonly preset: unknown;
  readonly required: boolean;
  readonly secret: boolean;
  readonly group: string | undefined;
  readonly env: string;
}

/** `tap-toy`, `page-size` → `TAP_TOY_PAGE_SIZE`. */
export const variableOf = (program: string, setting: string): string =>
  `${program}_${setting}`.toUpperCase().replaceAll('-', '_');

/** JSON Schema (2020-12) of what a config file may hold. */
export function settingsJsonSchema(settings: z.ZodObject): JsonSchema {
  const { leftOut: _leftOut, ...schema } = inputSchema(settings);
  const properties = propertiesOf(schema).map(
    ([
      name,
      { label, secret, group: _group, preset: _preset, propertyNames: _names, mayBeEmpty: _empty, ...property },
    ]) =>
      [
        name,
        {
          ...(label === undefined ? {} : { title: label }),
          ...property,
          ...(secret ? { secret, writeOnly: true } : {}),
        },
      ] as const,
  );
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** The same with our own words still in it. */
export function inputSchema(settings: z.ZodObject): JsonSchema {
  return z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
}

export function describeSettings(settings: z.ZodObject, program = ''): Setting[] {
  const schema = inputSchema(settings);
  const required = new Set(schema['required'] as readonly string[] | undefined);
  return propertiesOf(schema).map(([name, property]) => ({
    name,
    label: textOf(property['label']) ?? name,
    description: property.description ?? '',
    kind: kindOf(property),
    default: property['default'],
    preset: property['preset'],
    required: required.has(name),
    secret: property['secret'] === true,
    group: textOf(property['group']),
    env: variableOf(program, name),
  }));
}

function kindOf(property: JsonSchema): Kind {
  const type = typesOf(property).find((name) => name !== 'null');
  switch (type) {
    case 'integer':
    case 'boolean':
    case 'array':
    case 'object':
      return type;
    case 'string':
      return property.format === 'date-time' ? 'date_iso8601' : 'string';
    default:
      return 'string';
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The names of the settings, in their order. */
export const namesOf = (schema: JsonSchema): string[] => propertiesOf(schema).map(([name]) => name);
