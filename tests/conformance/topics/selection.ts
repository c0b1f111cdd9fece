/** What a catalog selects, and what discovery says that there is to select. */
import { type Described, catalogEntry, parseCatalog } from '../../../src/sdk/singer/catalog.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import type { Row } from '../../../src/sdk/json/source-rows.js';
import {
  type Metadata,
  deselected,
  selectedSchema,
  selection as selectionOf,
  withoutDeselected,
} from '../../../src/sdk/singer/selection.js';
import { type Json, type Runner, compare } from '../cases.js';

export const selection: Runner = ({ input, expected }) => {
  const answer = kinds[String(input['kind'])];
  if (!answer) throw new Error(`unknown kind ${String(input['kind'])}`);
  return compare(answer(input, expected), expected);
};

const kinds: Readonly<Record<string, (input: Json, expected: Json) => Json>> = {
  mask,
  standard_metadata: standardMetadata,
  catalog_schema: ({ schema }) => {
    const text = JSON.stringify({ streams: [{ tap_stream_id: 's', schema }] });
    return { schema: parseCatalog(text, 'catalog').streams[0]?.schema };
  },
};

function mask(input: Json, expected: Json): Json {
  const [schema, record] = [input['schema'] as JsonSchema, input['record'] as Row];
  const chosen = selectionOf(input['metadata'] as Metadata[]);
  const breadcrumbs = (expected['mask'] as { breadcrumb: string[] }[]).map(({ breadcrumb }) => breadcrumb);
  const isSelected = chosen([]);
  return {
    stream_selected: isSelected,
    mask: breadcrumbs.map((breadcrumb) => ({ breadcrumb, selected: chosen(breadcrumb) })),
    schema: selectedSchema(schema, chosen),
    record: isSelected ? withoutDeselected(record, deselected(schema, chosen) ?? {}) : {},
  };
}

function standardMetadata(input: Json): Json {
  const valid = (input['valid_replication_keys'] ?? undefined) as string[] | undefined;
  const { metadata } = catalogEntry({
    name: 's',
    schema: input['schema'] as JsonSchema,
    keyProperties: input['key_properties'] as string[],
    replicationKey: valid?.length === 1 ? valid[0] : undefined,
    validReplicationKeys: valid,
    forcedMethod: (input['replication_method'] ?? undefined) as string | undefined,
    schemaName: (input['schema_name'] ?? undefined) as string | undefined,
    selectedByDefault: (input['selected_by_default'] ?? undefined) as boolean | undefined,
  } satisfies Described);
  return { metadata };
}
