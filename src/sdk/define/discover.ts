/** The catalog of a tap, made from its definitions, or taken from what the build has made. */
import { type Catalog, type CatalogEntry, catalogEntry } from '../singer/catalog.js';
import { rowSchema } from '../singer/json-schema.js';
import type { StreamDefinition } from './stream-definition.js';

/** An entry for each stream, by name. `built`: the text of a catalog whose entries need not be made again. */
export function discover(built: string | undefined, streams: readonly StreamDefinition[]): CatalogEntry[] {
  const made = built === undefined ? [] : (JSON.parse(built) as Catalog).streams;
  const known = new Map(made.map((entry) => [entry.tap_stream_id, entry]));
  const entries = streams.map((stream) => known.get(stream.name) ?? describe(stream));
  return entries.sort((a, b) => (a.tap_stream_id < b.tap_stream_id ? -1 : 1));
}

function describe({ name, schema, primaryKey, replicationKey, optional }: StreamDefinition): CatalogEntry {
  return catalogEntry({
    name,
    schema: rowSchema(schema, primaryKey),
    keyProperties: primaryKey,
    replicationKey,
    selectedByDefault: !optional,
  });
}
