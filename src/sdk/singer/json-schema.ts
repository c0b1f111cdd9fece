/**
 * zod to JSON Schema, in the one dialect that loads in every target: draft-07 words, nullable as
 * `type: [T, "null"]`, typed `items`, `format` for date-times alone. No anyOf, $ref, required,
 * enum, pattern: each of them breaks at least one target.
 */
import * as z from 'zod';

export interface JsonSchema {
  type?: string | readonly string[];
  format?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  anyOf?: readonly JsonSchema[];
  [keyword: string]: unknown;
}

/** The schema of a row. `keys` are plain typed, everything else may be null. */
export function rowSchema(row: z.ZodObject, keys: readonly string[]): JsonSchema {
  const raw = z.toJSONSchema(row, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as JsonSchema;
  return { type: 'object', properties: convertEach(raw, (name) => !keys.includes(name)) };
}

function convert(raw: JsonSchema, nullable: boolean): JsonSchema {
  const bare = unwrap(raw);
  const { description = bare.description } = raw;
  const kind = typeof bare.type === 'string' ? bare.type : 'string';
  return {
    type: nullable ? [kind, 'null'] : kind,
    ...(bare.format === 'date-time' ? { format: bare.format } : {}),
    ...(description ? { description } : {}),
    ...contentOf(kind, bare),
  };
}

/** What a schema says of the values inside an object or a list. */
function contentOf(kind: string, schema: JsonSchema): JsonSchema {
  switch (kind) {
    case 'object': {
      const properties = convertEach(schema, () => true);
      return { ...(Object.keys(properties).length > 0 ? { properties } : {}), additionalProperties: true };
    }
    case 'array':
      return schema.items ? { items: convert(schema.items, true) } : {};
    default:
      return {};
  }
}

function convertEach(schema: JsonSchema, nullable: (name: string) => boolean): Record<string, JsonSchema> {
  const converted = propertiesOf(schema).map(([name, property]) => [name, convert(property, nullable(name))] as const);
  return Object.fromEntries(converted);
}

/** The non-null option of a nullable. */
function unwrap(raw: JsonSchema): JsonSchema {
  const option = raw.anyOf?.find(({ type }) => type !== 'null');
  if (option) return unwrap(option);
  if (!Array.isArray(raw.type)) return raw;
  return { ...raw, type: (raw.type as string[]).find((type) => type !== 'null') ?? 'string' };
}

/** The properties that a schema names, each with its own schema. */
export const propertiesOf = ({ properties }: JsonSchema): [string, JsonSchema][] => Object.entries(properties ?? {});

/** The types that a schema names, anyOf included. */
export function typesOf({ type = [], anyOf }: JsonSchema): string[] {
  const own = typeof type === 'string' ? [type] : type;
  return [...own, ...(anyOf ?? []).flatMap(typesOf)];
}

/** Whether the texts of a schema are date-times, anyOf included. */
export function isDateTime({ format, anyOf }: JsonSchema): boolean {
  if (format === 'date-time') return true;
  const texts = (anyOf ?? []).filter((option) => typesOf(option).includes('string'));
  return texts.length > 0 && texts.every(isDateTime);
}
