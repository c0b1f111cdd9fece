/** Selection in a catalog, as Meltano writes it. */
import type { CatalogEntry } from '../singer/catalog.js';
import type { Metadata } from '../singer/selection.js';

/** The entry with the stream selected, or not. */
export const standardRoot = (entry: CatalogEntry, selected: boolean): CatalogEntry => withSelected(entry, [], selected);

/** The entry with a column deselected. */
export const withoutColumn = (entry: CatalogEntry, column: string): CatalogEntry =>
  withSelected(entry, ['properties', column], false);

/** The columns that a user may leave out. */
export const optionalColumns = ({ metadata }: CatalogEntry): string[] =>
  metadata.flatMap(({ breadcrumb, metadata: { inclusion } }) =>
    breadcrumb.length === 2 && breadcrumb[1] !== undefined && inclusion === 'available' ? [breadcrumb[1]] : [],
  );

function withSelected(entry: CatalogEntry, breadcrumb: readonly string[], selected: boolean): CatalogEntry {
  const isMeant = (one: Metadata): boolean => JSON.stringify(one.breadcrumb) === JSON.stringify(breadcrumb);
  const metadata = entry.metadata.map((one) =>
    isMeant(one) ? { ...one, metadata: { ...one.metadata, selected } } : one,
  );
  return { ...entry, metadata };
}
