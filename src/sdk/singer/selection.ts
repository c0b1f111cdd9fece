/**
 * Which streams and properties the catalog selects: the rules of Meltano's Python SDK, in which a
 * deselected parent hides everything below, `unsupported` is never and `automatic` always selected.
 */
import { isRecord, setMember } from '../json/objects.js';
import type { Row } from '../json/source-rows.js';
import { type JsonSchema, propertiesOf } from './json-schema.js';

export interface Metadata {
  breadcrumb: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
}

/** Answers whether a breadcrumb is selected. */
export interface Selection {
  (breadcrumb: readonly string[]): boolean;
  /** The breadcrumbs that the catalog names, also those of properties that the schema does not. */
  readonly named?: readonly (readonly string[])[];
}

const key = (breadcrumb: readonly string[]): string => JSON.stringify(breadcrumb);

/** The selection that a catalog's metadata describes. */
export function selection(metadata: readonly Metadata[] = []): Selection {
  if (metadata.length === 0) return () => true;
  const root: Metadata = { breadcrumb: [], metadata: { 'selected-by-default': true } };
  const entries = new Map([root, ...metadata].map(({ breadcrumb, metadata: entry }) => [key(breadcrumb), entry]));
  const known = new Map<string, boolean>();
  const decide = (breadcrumb: readonly string[]): boolean => {
    const isRoot = breadcrumb.length === 0;
    if (!isRoot && !selected(breadcrumb.slice(0, -2))) return false;
    const entry = entries.get(key(breadcrumb)) ?? {};
    if (entry['inclusion'] === 'unsupported') return false;
    if (entry['inclusion'] === 'automatic') return true;
    // Without a word of its own a property is selected, as its parent is; a stream is not.
    return flag(entry['selected']) ?? flag(entry['selected-by-default']) ?? !isRoot;
  };
  const selected: Selection = (breadcrumb) => {
    const cached = known.get(key(breadcrumb));
    if (cached !== undefined) return cached;
    const result = decide(breadcrumb);
    known.set(key(breadcrumb), result);
    return result;
  };
  return Object.assign(selected, { named: metadata.map(({ breadcrumb }) => breadcrumb) });
}

const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** The schema without what is not selected. */
export function selectedSchema(
  schema: JsonSchema,
  selected: Selection,
  breadcrumb: readonly string[] = [],
): JsonSchema {
  const options = Object.fromEntries(
    (['anyOf', 'oneOf'] as const)
      .map((word) => [word, schema[word]] as const)
      .filter((entry): entry is ['anyOf' | 'oneOf', JsonSchema[]] => Array.isArray(entry[1]))
      .map(([word, list]) => [word, list.map((option) => selectedSchema(option, selected, breadcrumb))]),
  );
  if (!schema.properties) return { ...schema, ...options };
  const properties = Object.entries(schema.properties)
    .filter(([name]) => selected([...breadcrumb, 'properties', name]))
    .map(
      ([name, property]) => [name, selectedSchema(property, selected, [...breadcrumb, 'properties', name])] as const,
    );
  const required = Array.isArray(schema['required'])
    ? { required: schema['required'].filter((name: string) => selected([...breadcrumb, 'properties', name])) }
    : {};
  return { ...schema, ...options, properties: Object.fromEntries(properties), ...required };
}

/** The deselected properties of a schema, as a tree: `true` where a whole property goes. */
export interface Deselected {
  [name: string]: true | Deselected;
}

export function deselected(schema: JsonSchema, selected: Selection): Deselected | undefined {
  const found = emptyTree();
  const { named = [] } = selected;
  for (const breadcrumb of [...breadcrumbs(schema), ...named].sort((a, b) => a.length - b.length))
    if (breadcrumb.length > 0 && breadcrumb.length % 2 === 0 && !selected(breadcrumb)) insert(found, breadcrumb);
  return Object.keys(found).length > 0 ? found : undefined;
}

const emptyTree = (): Deselected => Object.create(null) as Deselected;

function breadcrumbs(schema: JsonSchema, breadcrumb: readonly string[] = []): string[][] {
  return propertiesOf(schema).flatMap(([name, property]) => {
    const path = [...breadcrumb, 'properties', name];
    return [path, ...breadcrumbs(property, path)];
  });
}

/** Puts `properties, a, properties, b` into the tree, unless something above is in it already. */
function insert(tree: Deselected, breadcrumb: readonly string[]): void {
  const names = breadcrumb.filter((_, index) => index % 2 === 1);
  let at = tree;
  for (const name of names.slice(0, -1)) {
    const below = (at[name] ??= emptyTree());
    if (below === true) return;
    at = below;
  }
  at[names.at(-1) ?? ''] = true;
}

/** The record without what is deselected. */
export function withoutDeselected(row: Row, gone: Deselected): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const below = Object.hasOwn(gone, name) ? gone[name] : undefined;
    if (below === true) continue;
    setMember(out, name, below && isRecord(value) ? withoutDeselected(value, below) : value);
  }
  return out;
}
