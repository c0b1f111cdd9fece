/**
 * What a catalog that comes in makes of a stream's own entry: its schema, keys and metadata replace the stream's. What
 * would lose rows is not done: keys and the replication key stay selected and of their type, with a warning. What
 * cannot be done at all is refused.
 */
import { InputError } from '../errors.js';
import { type CatalogEntry, automaticNames, isNames, rootMetadata } from './catalog.js';
import { type JsonSchema, isDateTime, typesOf } from './json-schema.js';
import { type Metadata, selection } from './selection.js';
import { numberTypes } from './values.js';

/**
 * The entry of a stream when the catalog brings one. `warn` is told of what the catalog asked for in vain.
 * @throws InputError when it wants a selected stream to be read in a way that is not possible.
 */
export function mergeEntry(own: CatalogEntry, given: CatalogEntry, warn: (message: string) => void): CatalogEntry {
  const keys = keysOf(own, given);
  const schema = given.schema.properties ? given.schema : own.schema;
  const method = methodOf(given) ?? own.replication_method;
  if (selection(given.metadata)([])) {
    refuseMethod(own, given, method);
    refuseKeys(own, schema, keys);
  }
  const automatic = automaticNames(keys, own.replication_key);
  return {
    ...own,
    schema: schema === own.schema ? schema : withKeys(own, schema, automatic, warn),
    key_properties: keys,
    metadata: withSelected(own, given.metadata, automatic, warn),
    replication_method: method,
  };
}

/** Meltano overrides keys in the metadata, and leaves key_properties as they were. */
function keysOf(own: CatalogEntry, given: CatalogEntry): readonly string[] {
  const tableKeys = rootMetadata(given)['table-key-properties'];
  if (isNames(tableKeys) && JSON.stringify(tableKeys) !== JSON.stringify(own.key_properties)) return tableKeys;
  return given.key_properties ?? own.key_properties ?? [];
}

/** The method that a catalog, or Meltano's metadata, asks for. */
function methodOf(given: CatalogEntry): string | undefined {
  const root = rootMetadata(given);
  const methods = [root['forced-replication-method'], root['replication-method'], given.replication_method];
  return methods.find((method): method is string => typeof method === 'string');
}

/** The server is asked for ranges of one property of a stream, or for everything: no catalog can change that. */
function refuseMethod(own: CatalogEntry, given: CatalogEntry, method: string | undefined): void {
  const { tap_stream_id: name, replication_key: key } = own;
  if (method === 'FULL_TABLE') return;
  if (method !== 'INCREMENTAL')
    throw new InputError(
      `${name}: the catalog asks for the replication method ${method}. This tap has FULL_TABLE and INCREMENTAL.`,
    );
  if (key === undefined)
    throw new InputError(
      `${name}: the catalog asks for the replication method INCREMENTAL, but the stream has no replication key. ` +
        'It can only be read as FULL_TABLE.',
    );
  const named = [rootMetadata(given)['replication-key'], given.replication_key].filter(
    (one) => typeof one === 'string',
  );
  const asked = named.find((one) => one !== key);
  if (asked !== undefined)
    throw new InputError(
      `${name}: the catalog asks for the replication key ${JSON.stringify(asked)}, but the server can only be asked ` +
        `for ranges of ${key}. Leave the key as it is, or set the replication method to FULL_TABLE.`,
    );
}

function refuseKeys(
  { tap_stream_id: name, schema: own }: CatalogEntry,
  given: JsonSchema,
  keys: readonly string[],
): void {
  const known = { ...own.properties, ...given.properties };
  const unknown = keys.find((key) => !Object.hasOwn(known, key));
  if (unknown === undefined) return;
  throw new InputError(
    `${name}: the catalog names the key ${unknown}, which is none of the stream's properties. A row without its key ` +
      'cannot be written.',
  );
}

/** The given schema, with the stream's own property where a key is missing or has a type that loses keys. */
function withKeys(
  { tap_stream_id, schema: { properties: before = {} } }: CatalogEntry,
  schema: JsonSchema,
  keys: ReadonlySet<string>,
  warn: (message: string) => void,
): JsonSchema {
  const properties = { ...schema.properties };
  for (const key of keys) {
    const own = before[key];
    if (own === undefined) continue;
    const problem = keyProblem(key, own, properties[key]);
    if (problem === undefined) continue;
    properties[key] = own;
    warn(`${tap_stream_id}: the catalog's ${problem}`);
  }
  return { ...schema, properties };
}

/** What is wrong with the schema that a catalog gives for a key. */
function keyProblem(key: string, own: JsonSchema, given: JsonSchema | undefined): string | undefined {
  if (given === undefined) return `schema lacks the key ${key}; it is added.`;
  if (mayHoldKeys(own, given)) return undefined;
  return `type for the key ${key} cannot hold keys; it stays ${typesOf(own).join(' or ')}.`;
}

/** Whether values of one schema may survive as values of another. Texts of digits may become numbers. */
function mayHoldKeys(own: JsonSchema, given: JsonSchema): boolean {
  const types = typesOf(given);
  if (types.length === 0) return true;
  if (types.includes('string')) return !isDateTime(given) || isDateTime(own);
  if (isDateTime(own)) return false;
  const intoNumbers = types.some((type) => numberTypes.has(type)) ? ['string', ...numberTypes] : [];
  const surviving = new Set(['null', ...types, ...intoNumbers]);
  return typesOf(own).every((type) => surviving.has(type));
}

/** The metadata, with the keys and the replication key selected. */
function withSelected(
  { tap_stream_id }: CatalogEntry,
  metadata: readonly Metadata[],
  automatic: ReadonlySet<string>,
  warn: (message: string) => void,
): readonly Metadata[] {
  const selected = selection(metadata);
  if (!selected([])) return metadata;
  const lost = [...automatic].filter((name) => !selected(['properties', name]));
  for (const name of lost) warn(`${tap_stream_id}: the catalog deselects the key ${name}; it stays selected.`);
  const others = metadata.filter(
    ({ breadcrumb: [, name = ''], breadcrumb }) => breadcrumb.length !== 2 || !lost.includes(name),
  );
  return [
    ...others,
    ...lost.map((name) => ({ breadcrumb: ['properties', name], metadata: { inclusion: 'automatic' } })),
  ];
}
