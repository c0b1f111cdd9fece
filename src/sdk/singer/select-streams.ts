/** The streams that a catalog selects, each with what the catalog says of it. */
import type { Logger } from '../log/logger.js';
import type { Catalog, CatalogEntry } from './catalog.js';
import { mergeEntry } from './merge-entry.js';
import { selection } from './selection.js';

/** By name. `catalog`: undefined when none was given, and then everything that is on by default is selected. */
export function selectStreams(
  discovered: readonly CatalogEntry[],
  catalog: Catalog | undefined,
  log: Logger,
): Map<string, CatalogEntry> {
  const given = new Map(catalog?.streams.map((entry) => [entry.tap_stream_id, entry]));
  const chosen = new Map<string, CatalogEntry>();
  for (const own of discovered) {
    const name = own.tap_stream_id;
    const other = given.get(name);
    given.delete(name);
    if (catalog && !other) continue;
    const entry = other ? mergeEntry(own, other, (text) => log.child(name).warning(text)) : own;
    if (selection(entry.metadata)([])) chosen.set(name, entry);
  }
  for (const name of given.keys()) {
    log.warning(
      `The catalog names a stream that this tap does not have: ${name}. It is ignored; --discover lists the streams.`,
    );
  }
  if (chosen.size === 0)
    log.warning('No stream is selected: nothing will be read. Select some in the catalog, with Meltano by `select`.');
  return chosen;
}
