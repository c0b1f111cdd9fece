/** Singer messages as text (the Singer specification, in the Python SDK's key order). */
import { writeExact } from '../json/write-exact.js';
import type { JsonSchema } from './json-schema.js';

export interface SchemaMessage {
  stream: string;
  schema: JsonSchema;
  keyProperties: readonly string[];
  bookmarkProperties?: readonly string[] | undefined;
}

export function schemaMessage({ stream, schema, keyProperties, bookmarkProperties }: SchemaMessage): string {
  return line({
    type: 'SCHEMA',
    stream,
    schema,
    key_properties: keyProperties,
    ...(bookmarkProperties?.length ? { bookmark_properties: bookmarkProperties } : {}),
  });
}

/** `value` may write itself with toJSON. */
export function stateMessage(value: unknown): string {
  return line({ type: 'STATE', value: writesItself(value) ? value.toJSON() : value });
}

export function activateVersionMessage(stream: string, version: number): string {
  return line({ type: 'ACTIVATE_VERSION', stream, version });
}

/** The text before and after a record's own: the same for every record of a page. */
export function recordFrame(stream: string, extracted: number, version?: number): { before: string; after: string } {
  const versionPart = version === undefined ? '' : `,"version":${version}`;
  return {
    before: `{"type":"RECORD","stream":${JSON.stringify(stream)},"record":`,
    after: `${versionPart},"time_extracted":"${new Date(extracted).toISOString()}"}\n`,
  };
}

const line = (message: unknown): string => `${writeExact(message)}\n`;

const writesItself = (value: unknown): value is { toJSON(): unknown } =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';
