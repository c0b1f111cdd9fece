/**
 * The catalog: what discovery prints, and what an incoming one asks for. An incoming entry's
 * schema, keys and replication replace the stream's; a stream without an entry is not selected.
 */
import { InputError } from '../errors.js';
import type { JsonSchema } from './json-schema.js';
import type { Metadata } from './selection.js';

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
  selectedByDefault: boolean;
}

export function catalogEntry({
  name,
  schema,
  keyProperties,
  replicationKey,
  selectedByDefault,
}: Described): CatalogEntry {
  return {
    tap_stream_id: name,
    ...(replicationKey ? { replication_key: replicationKey } : {}),
    replication_method: replicationKey ? 'INCREMENTAL' : 'FULL_TABLE',
    key_properties: keyProperties,
    schema,
    stream: name,
    metadata: standardMetadata({ name, schema, keyProperties, replicationKey, selectedByDefault }),
  };
}

function standardMetadata({ schema, keyProperties, replicationKey, selectedByDefault }: Described): Metadata[] {
  const automatic = new Set([...keyProperties, ...(replicationKey ? [replicationKey] : [])]);
  const properties = (from: JsonSchema, breadcrumb: readonly string[]): Metadata[] =>
    Object.entries(from.properties ?? {}).flatMap(([name, property]) => {
      const path = [...breadcrumb, 'properties', name];
      const inclusion = breadcrumb.length === 0 && automatic.has(name) ? 'automatic' : 'available';
      return [{ breadcrumb: path, metadata: { inclusion } }, ...properties(property, path)];
    });
  const root = {
    inclusion: 'available',
    'selected-by-default': selectedByDefault,
    'table-key-properties': keyProperties,
    ...(replicationKey ? { 'replication-key': replicationKey, 'valid-replication-keys': [replicationKey] } : {}),
  };
  return [...properties(schema, []), { breadcrumb: [], metadata: root }];
}

/** @throws InputError when the text is no catalog. `source` names the file. */
export function parseCatalog(text: string, source: string): Catalog {
  const value = parseJsonFile(text, source, 'catalog');
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
  if (entry['schema'] !== undefined && !isObject(entry['schema']))
    throw new InputError(`${where} (${id}): "schema" is not an object.`);
  const metadata = entry['metadata'] ?? [];
  if (!Array.isArray(metadata)) throw new InputError(`${where} (${id}): "metadata" is not a list.`);
  for (const [index, item] of metadata.entries()) {
    if (!isObject(item) || !Array.isArray(item['breadcrumb']) || !isObject(item['metadata']))
      throw new InputError(`${where} (${id}): metadata[${index}] needs a list "breadcrumb" and an object "metadata".`);
  }
  for (const name of ['key_properties'] as const) {
    const value = entry[name];
    if (
      value !== undefined &&
      value !== null &&
      !(Array.isArray(value) && value.every((item) => typeof item === 'string'))
    )
      throw new InputError(`${where} (${id}): "${name}" is not a list of names.`);
  }
  return {
    ...(entry as unknown as CatalogEntry),
    tap_stream_id: id,
    stream: id,
    schema: (entry['schema'] ?? {}) as JsonSchema,
    metadata: metadata as Metadata[],
  };
}

/** Root metadata of an entry. */
export function rootMetadata(entry: CatalogEntry): Readonly<Record<string, unknown>> {
  return entry.metadata.find(({ breadcrumb }) => breadcrumb.length === 0)?.metadata ?? {};
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws InputError that names file, line and column. */
export function parseJsonFile(text: string, source: string, what: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    const before = text
      .slice(0, Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? firstOffence(text)))
      .split('\n');
    const place =
      text.trim() === '' ? ': it is empty' : ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    const comment = /(^|[\s,{])\/\/|\/\*/.test(text) ? ' JSON has no comments: take the // … ones out.' : '';
    throw new InputError(`${source}: the ${what} is not valid JSON${place}.${comment}`);
  }
}

/** Where JSON ends to be JSON, which Node 20 does not always tell: after the longest beginning that only lacks its end. */
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

export function mergeEntry(own: CatalogEntry, given: CatalogEntry, _warn: (text: string) => void): CatalogEntry {
  const tableKeys = rootMetadata(given)['table-key-properties'];
  const overridden = Array.isArray(tableKeys) && JSON.stringify(tableKeys) !== JSON.stringify(own.key_properties);
  const keys = overridden ? (tableKeys as readonly string[]) : (given.key_properties ?? own.key_properties);
  const root = rootMetadata(given);
  const method = [root['forced-replication-method'], root['replication-method'], given.replication_method].find(
    (one) => typeof one === 'string',
  ) as string | undefined;
  return {
    ...own,
    schema: given.schema.properties ? given.schema : own.schema,
    key_properties: keys,
    metadata: given.metadata,
    replication_method: method ?? own.replication_method,
  };
}
