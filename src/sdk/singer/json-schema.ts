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
  const properties = Object.entries(raw.properties ?? {}).map(
    ([name, property]) => [name, convert(property, !keys.includes(name))] as const,
  );
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function convert(raw: JsonSchema, nullable: boolean): JsonSchema {
  const { type, format, properties, items, description } = unwrap(raw);
  const kind = typeof type === 'string' ? type : 'string';
  return {
    type: nullable ? [kind, 'null'] : kind,
    ...(format === 'date-time' ? { format } : {}),
    ...((raw.description ?? description) ? { description: raw.description ?? description } : {}),
    ...(kind === 'object' && properties && Object.keys(properties).length > 0
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, convert(property, true)]),
          ),
        }
      : {}),
    ...(kind === 'object' ? { additionalProperties: true } : {}),
    ...(kind === 'array' && items ? { items: convert(items, true) } : {}),
  };
}

/** The non-null option of a nullable. */
function unwrap(raw: JsonSchema): JsonSchema {
  const option = raw.anyOf?.find(({ type }) => type !== 'null');
  if (option) return unwrap(option);
  return Array.isArray(raw.type)
    ? { ...raw, type: (raw.type as string[]).find((type) => type !== 'null') ?? 'string' }
    : raw;
}

/** The types that a schema names, anyOf included. */
export function typesOf(schema: JsonSchema): string[] {
  const own = schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : [...schema.type];
  return [...own, ...(schema.anyOf ?? []).flatMap(typesOf)];
}

/** Whether the texts of a schema are date-times, anyOf included. */
export function isDateTime(schema: JsonSchema): boolean {
  if (schema.format === 'date-time') return true;
  const texts = (schema.anyOf ?? []).filter((option) => typesOf(option).includes('string'));
  return texts.length > 0 && texts.every(isDateTime);
}
