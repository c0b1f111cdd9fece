/** Singer messages as text (the Singer specification, in the Python SDK's key order). */
import { writeExact } from '../json/write-exact.js';
import type { JsonSchema } from './json-schema.js';

export interface SchemaMessage {
  stream: string;
  schema: JsonSchema;
  keyProperties: readonly string[];
  /** Undefined: the stream has no bookmark. */
  bookmarkProperties?: readonly string[] | undefined;
}

export function schemaMessage({ stream, schema, keyProperties, bookmarkProperties }: SchemaMessage): string {
  return line({
    type: 'SCHEMA',
    stream,
    schema,
    key_properties: keyProperties,
    bookmark_properties: bookmarkProperties,
  });
}

export function stateMessage(value: unknown): string {
  return line({ type: 'STATE', value });
}

export function activateVersionMessage(stream: string, version: number): string {
  return line({ type: 'ACTIVATE_VERSION', stream, version });
}

export interface BatchMessage {
  stream: string;
  encoding: unknown;
  /** URLs of the files. */
  manifest: readonly string[];
  version?: number | undefined;
}

/** Tells the target to load files. */
export function batchMessage({ stream, encoding, manifest, version }: BatchMessage): string {
  return line({ type: 'BATCH', stream, encoding, manifest, version });
}

/** The text before and after a record's own: the same for every record of a page. `extracted`: epoch milliseconds. */
export function recordFrame(stream: string, extracted: number, version?: number): { before: string; after: string } {
  const versionPart = version === undefined ? '' : `,"version":${version}`;
  return {
    before: `{"type":"RECORD","stream":${JSON.stringify(stream)},"record":`,
    after: `${versionPart},"time_extracted":"${extractedText(extracted)}"}\n`,
  };
}

/** UTC as the Python SDK writes it: six fraction digits, none on a whole second. */
function extractedText(ms: number): string {
  const micros = Math.round(ms * 1000);
  const seconds = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  const fraction = micros % 1e6;
  return `${seconds}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}+00:00`;
}

/** What is undefined is left out. */
const line = (message: unknown): string => `${writeExact(message)}\n`;
