/**
 * Flattening: objects become columns of their own, as Meltano's SDK does it. What lies deeper than the depth that is
 * set, and every list, becomes compact JSON text.
 */
import { codePoints } from './code-points.js';
import { isRecord, setMember } from '../json/objects.js';
import type { Row } from '../json/source-rows.js';
import type { JsonSchema } from '../singer/json-schema.js';
import { compactJson } from './json-text.js';
import type { LayerConfig } from './settings.js';

/** How a run flattens. */
export interface Flattening {
  readonly depth: number;
  readonly separator: string;
  readonly maxKeyLength: number;
}

/** The problem of settings that enable flattening without a depth. */
export const depthMissing =
  'flattening_max_depth is missing; it should be a number of levels, such as 2, since flattening_enabled is true';

type FlatteningSettings = Partial<LayerConfig>;

/** What the settings ask for; undefined: nothing is flattened. */
export function flatteningOf(settings: FlatteningSettings): Flattening | undefined {
  const depth = settings.flattening_max_depth ?? 0;
  if (settings.flattening_enabled !== true || depth <= 0) return undefined;
  return {
    depth,
    separator: settings.flattening_separator ?? '__',
    maxKeyLength: settings.flattening_max_key_length ?? 255,
  };
}

/** Two properties of a schema got the same name. */
export class DuplicateNameError extends Error {
  constructor(name: string) {
    super(`flattening gives two properties the name ${name}`);
  }
}

/** The flattened schema. @throws DuplicateNameError */
export function flattenSchema(schema: JsonSchema, how: Flattening): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, property] of flatProperties(schema, how, [])) {
    if (Object.hasOwn(properties, name)) throw new DuplicateNameError(name);
    setMember(properties, name, property);
  }
  return { ...schema, properties };
}

function flatProperties(
  { properties = {} }: JsonSchema,
  how: Flattening,
  parents: readonly string[],
): [name: string, property: JsonSchema][] {
  return Object.entries(properties).flatMap(([name, declared]): [string, JsonSchema][] => {
    const property = declared.type === undefined ? withoutOptions(declared) : declared;
    const path = [...parents, name];
    const isEntered = hasType(property, 'object') && property.properties && parents.length < how.depth;
    if (isEntered) return flatProperties(property, how, path);
    return [[flatName(path, how), isNested(property) && property === declared ? textColumn(property) : property]];
  });
}

const textColumn = (property: JsonSchema): JsonSchema => ({
  type: hasType(property, 'null') ? ['string', 'null'] : 'string',
});

const hasType = ({ type }: JsonSchema, name: string): boolean =>
  type === name || (Array.isArray(type) && type.includes(name));

const isNested = (property: JsonSchema): boolean => hasType(property, 'object') || hasType(property, 'array');

/** A property without a type: the first option of anyOf or oneOf that is more than null; text where there is none. */
function withoutOptions(property: JsonSchema): JsonSchema {
  const { anyOf, oneOf, allOf } = property;
  const options = [anyOf, oneOf, allOf].find(Array.isArray);
  const option = Array.isArray(options) ? options.find((one: JsonSchema) => typeNames(one).length > 0) : undefined;
  if (option === undefined) return { type: ['null', 'string'] };
  return { ...option, type: ['null', ...typeNames(option as JsonSchema)] };
}

function typeNames({ type }: JsonSchema): string[] {
  const names = typeof type === 'string' ? [type] : [...(type ?? [])];
  return names.filter((name) => name !== 'null');
}

/** The flattened record. */
export function flattenRecord(record: Row, schema: JsonSchema, how: Flattening): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  flattenInto(flat, record, { known: schema.properties ?? {}, how, parents: [] });
  return flat;
}

interface Place {
  known: Readonly<Record<string, JsonSchema>>;
  how: Flattening;
  parents: readonly string[];
}

function flattenInto(flat: Record<string, unknown>, record: Row, { known, how, parents }: Place): void {
  for (const [member, value] of Object.entries(record)) {
    const path = [...parents, member];
    const name = flatName(path, how);
    const isEntered = isRecord(value) && parents.length < how.depth && !Object.hasOwn(known, name);
    if (isEntered) flattenInto(flat, value, { known, how, parents: path });
    else setMember(flat, name, Array.isArray(value) || isRecord(value) ? compactJson(value) : value);
  }
}

/** The name of a column: shortened from the left, part by part, until it is shorter than the limit. */
function flatName(path: readonly string[], { separator, maxKeyLength }: Flattening): string {
  const parts = [...path];
  let name = parts.join(separator);
  for (const [index, part] of path.entries()) {
    // No UTF-16 length is smaller than the number of characters.
    if (name.length < maxKeyLength || codePoints(name).length < maxKeyLength) break;
    parts[index] = shortened(part);
    name = parts.join(separator);
  }
  return name;
}

/** The capitals of a name in camel case; its first three characters where it has no more than one. */
function shortened(part: string): string {
  const camelCase = part.replace(/(?:^|_)(.)/gu, (_, letter: string) => letter.toUpperCase());
  const capitals = camelCase.replace(/[a-z]/g, '');
  const isEnough = codePoints(capitals).length > 1;
  return (isEnough ? capitals : codePoints(part).slice(0, 3).join('')).toLowerCase();
}

/** A flattened schema in which every column has a type that targets can fill, and `required` names columns only. */
export function targetSchema(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    return [name, isNested(property) ? textColumn(property) : property] as const;
  });
  const known = new Set(properties.map(([name]) => name));
  const { required } = schema;
  const isListed = (name: unknown): boolean => typeof name === 'string' && known.has(name);
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    ...(Array.isArray(required) ? { required: required.filter(isListed) } : {}),
  };
}
