/**
 * The catalog: what discovery prints, and what an incoming one asks for. An incoming entry's
 * schema, keys and replication replace the stream's; a stream without an entry is not selected.
 */
import { InputError } from '../errors.js';
import { isRecord as isObject } from '../json/objects.js';
import { parseJsonExactly } from '../json/parse-exact.js';
import { type JsonSchema, propertiesOf } from './json-schema.js';
import type { Metadata } from './selection.js';

export { isRecord as isObject } from '../json/objects.js';

export interface CatalogEntry {
  tap_stream_id: string;
  replication_key?: string | undefined;
  replication_method?: string | undefined;
  key_properties?: readonly string[] | undefined;
  schema: JsonSchema;
  stream: string;
  metadata: readonly Metadata[];
}

export interface Catalog {
  streams: readonly CatalogEntry[];
}

export interface Described {
  name: string;
  schema: JsonSchema;
  keyProperties: readonly string[];
  replicationKey?: string | undefined;
  /** Where a catalog may choose between several; default: the replication key alone. */
  validReplicationKeys?: readonly string[] | undefined;
  /** Set when no other method will do. */
  forcedMethod?: string | undefined;
  /** Of a database. */
  schemaName?: string | undefined;
  selectedByDefault?: boolean | undefined;
}

/** The entry that discovery prints for a stream. */
export function catalogEntry(described: Described): CatalogEntry {
  const { name, schema, keyProperties, replicationKey, forcedMethod } = described;
  const replication = replicationKey
    ? { replication_key: replicationKey, replication_method: 'INCREMENTAL' }
    : { replication_method: 'FULL_TABLE' };
  return {
    tap_stream_id: name,
    ...replication,
    ...(forcedMethod ? { replication_method: forcedMethod } : {}),
    key_properties: keyProperties,
    schema,
    stream: name,
    metadata: standardMetadata(described),
  };
}

function standardMetadata(described: Described): Metadata[] {
  const { schema, keyProperties, replicationKey } = described;
  const { validReplicationKeys = [...automaticNames([], replicationKey)] } = described;
  const automatic = new Set([...keyProperties, ...validReplicationKeys]);
  const properties = (from: JsonSchema, breadcrumb: readonly string[]): Metadata[] =>
    propertiesOf(from).flatMap(([name, property]) => {
      const path = [...breadcrumb, 'properties', name];
      const inclusion = breadcrumb.length === 0 && automatic.has(name) ? 'automatic' : 'available';
      return [{ breadcrumb: path, metadata: { inclusion } }, ...properties(property, path)];
    });
  return [...properties(schema, []), { breadcrumb: [], metadata: rootEntry(described, validReplicationKeys) }];
}

/** The metadata of a stream as a whole; what is not known is left out. */
function rootEntry(described: Described, validKeys: readonly string[]): Record<string, unknown> {
  const { keyProperties, forcedMethod, schemaName, selectedByDefault } = described;
  const entries: [string, unknown][] = [
    ['inclusion', 'available'],
    ['selected-by-default', selectedByDefault],
    ['table-key-properties', keyProperties],
    ['replication-key', validKeys.length === 1 ? validKeys[0] : undefined],
    ['forced-replication-method', forcedMethod],
    ['valid-replication-keys', validKeys.length > 0 ? validKeys : undefined],
    ['schema-name', schemaName],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The properties that are always selected. */
export function automaticNames(keys: readonly string[], replicationKey: string | undefined): Set<string> {
  const names = new Set(keys);
  if (replicationKey) names.add(replicationKey);
  return names;
}

/** @throws InputError when the text is no catalog. `source` names the file. */
export function parseCatalog(text: string, source: string): Catalog {
  const value = parseJsonFile(text, source, 'catalog', parseJsonExactly);
  const streams = isObject(value) ? value['streams'] : undefined;
  if (!Array.isArray(streams))
    throw new InputError(
      `${source}: this is no catalog: an object with a list "streams" is expected. Make one with --discover.`,
    );
  return { streams: streams.map((entry: unknown, index) => checkEntry(entry, `${source}: streams[${index}]`)) };
}

function checkEntry(entry: unknown, where: string): CatalogEntry {
  if (!isObject(entry)) throw new InputError(`${where}: an object is expected.`);
  const id = entry['tap_stream_id'] ?? entry['stream'];
  if (typeof id !== 'string') throw new InputError(`${where}: "tap_stream_id" is missing.`);
  const { schema = {} } = entry;
  if (!isObject(schema)) throw new InputError(`${where} (${id}): "schema" is not an object.`);
  const metadata = entry['metadata'] ?? [];
  if (!Array.isArray(metadata)) throw new InputError(`${where} (${id}): "metadata" is not a list.`);
  for (const [index, item] of metadata.entries()) {
    if (!isMetadata(item))
      throw new InputError(`${where} (${id}): metadata[${index}] needs a list "breadcrumb" and an object "metadata".`);
  }
  if (!isNames(entry['key_properties'] ?? []))
    throw new InputError(`${where} (${id}): "key_properties" is not a list of names.`);
  return {
    ...(entry as unknown as CatalogEntry),
    tap_stream_id: id,
    stream: id,
    schema,
    metadata: metadata as Metadata[],
  };
}

const isMetadata = (item: unknown): boolean =>
  isObject(item) && Array.isArray(item['breadcrumb']) && isObject(item['metadata']);

/** Root metadata of an entry. */
export function rootMetadata(entry: CatalogEntry): Readonly<Record<string, unknown>> {
  return entry.metadata.find(({ breadcrumb }) => breadcrumb.length === 0)?.metadata ?? {};
}

/** Whether a value is a list of names. */
export const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** The value of a JSON file. @throws InputError that names file, line and column. */
export function parseJsonFile(
  text: string,
  source: string,
  what: string,
  parse: (text: string) => unknown = JSON.parse,
): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const [, position = firstOffence(text)] = /position (\d+)/.exec((error as Error).message) ?? [];
    const before = text.slice(0, Number(position));
    const [line, column] = [before.split('\n').length, before.length - before.lastIndexOf('\n')];
    const place = text.trim() === '' ? ': it is empty' : ` at line ${line}, column ${column}`;
    const comment = /(^|[\s,{])\/\/|\/\*/.test(text) ? ' JSON has no comments: take the // … ones out.' : '';
    throw new InputError(`${source}: the ${what} is not valid JSON${place}.${comment}`);
  }
}

/**
 * Where JSON ends to be JSON, which Node 20 does not always tell: after the longest beginning that only lacks its end.
 */
function firstOffence(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as Error;
    return (
      /end of JSON input|Unterminated/.test(message) || Number(/position (\d+)/.exec(message)?.[1]) >= beginning.length
    );
  }
}
