/** The stream maps of a run: checked for every selected stream before anything is asked of the server. */
import { ConfigError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Problem } from '../maps/map-errors.js';
import { type LayerConfig, changesRecords } from '../maps/settings.js';
import type { World } from '../maps/work.js';
import type { CatalogEntry } from '../singer/catalog.js';
import type { JsonSchema } from '../singer/json-schema.js';
import { selectedSchema, selection } from '../singer/selection.js';
import type { Mapping } from './mapped-records.js';

/** What the settings make of the selected streams. */
export interface MappedSelection {
  /** Undefined when the settings ask for nothing. */
  readonly mapping: Mapping | undefined;
  /** Without the streams that are dropped. */
  readonly selected: ReadonlyMap<string, CatalogEntry>;
}

/** The parser of expressions is loaded when it is needed. @throws ConfigError naming every one that is refused. */
export async function mapSelection(
  settings: unknown,
  selected: ReadonlyMap<string, CatalogEntry>,
  { names, world, log }: { names: readonly string[]; world: World; log: Logger },
): Promise<MappedSelection> {
  const given = (settings ?? {}) as Partial<LayerConfig>;
  if (!changesRecords(given)) return { mapping: undefined, selected };
  const { StreamMaps } = await import('../maps/stream-maps.js');
  const problems: Problem[] = [];
  const maps = new StreamMaps(given, world, problems);
  const kept = new Map<string, CatalogEntry>();
  for (const [name, entry] of selected) {
    const schema = selectedSchema(entry.schema as JsonSchema, selection(entry.metadata));
    const outputs = maps.outputs({ name, schema, keyProperties: entry.key_properties ?? [] }, problems);
    if (!outputs?.every((output) => 'removed' in output)) kept.set(name, entry);
  }
  if (problems.length > 0) throw new ConfigError([...new Set(problems.map(({ message }) => message))]);
  for (const warning of maps.warnings(names)) log.warning(warning);
  return { mapping: (source) => maps.outputs(source, []), selected: kept };
}
