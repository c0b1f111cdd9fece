/** Whether schemas are JSON Schema, and values fit them: each problem is a sentence that begins with its place. */
import { isRecord } from '../json/objects.js';
import { type JsonSchema, isDateTime, propertiesOf, typesOf } from '../singer/json-schema.js';
import { isOfType } from '../singer/values.js';
import { parseDate } from '../time.js';

const knownTypes = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object', 'null']);

/** What is wrong with a schema itself. */
export function schemaProblems(schema: unknown, place: string): string[] {
  if (!isRecord(schema)) return [`${place}: the schema is not an object`];
  const { type = [], format, properties = {}, items, anyOf = [] } = schema;
  if (!isRecord(properties)) return [`${place}: properties is not an object`];
  const types = [type].flat().map(String);
  return [
    ...types.filter((one) => !knownTypes.has(one)).map((one) => `${place}: ${one} is no type`),
    ...(['string', 'undefined'].includes(typeof format) ? [] : [`${place}: the format is no text`]),
    ...Object.entries(properties).flatMap(([name, one]) => schemaProblems(one, `${place}.${name}`)),
    ...[anyOf].flat().flatMap((one, index) => schemaProblems(one, `${place}.anyOf[${index}]`)),
    ...(items === undefined ? [] : schemaProblems(items, `${place}[]`)),
  ];
}

/** Why a value does not fit its schema. */
export function misfits(schema: JsonSchema, value: unknown, place: string): string[] {
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return [`${place} is ${JSON.stringify(value)?.slice(0, 80)}, and not ${types.join(' or ')}`];
  if (typeof value === 'string')
    return isDateTime(schema) && parseDate(value) === undefined
      ? [`${place} is ${JSON.stringify(value)}, no date`]
      : [];
  if (Array.isArray(value))
    return schema.items ? value.flatMap((item) => misfits(schema.items ?? {}, item, `${place}[]`)) : [];
  return isRecord(value) ? misfitsInside(schema, value, place) : [];
}

function misfitsInside(schema: JsonSchema, value: Record<string, unknown>, place: string): string[] {
  const known = new Map(propertiesOf(schema));
  return Object.entries(value).flatMap(([name, item]) => {
    const property = known.get(name);
    if (property) return misfits(property, item, `${place}.${name}`);
    return schema.additionalProperties || known.size === 0 ? [] : [`${place}.${name} is not in the schema`];
  });
}

const isOf = (type: string, value: unknown): boolean => (type === 'null' ? value === null : isOfType(value, type));
