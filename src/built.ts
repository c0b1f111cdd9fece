/** What the build has made: the version of package.json, and the catalog of all streams. */
import { readFileSync } from 'node:fs';

declare const PACKAGE_VERSION: string | undefined;
declare const BUILT: boolean | undefined;

export const version: string = typeof PACKAGE_VERSION === 'string' ? PACKAGE_VERSION : readVersion();

function readVersion(): string {
  const { version: found } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return found;
}

/**
 * The text of the catalog as discovery prints it; undefined when the sources are run. Bundled code lies in dist/ or
 * dist/chunks/.
 */
export function builtCatalog(): string | undefined {
  if (typeof BUILT === 'undefined') return undefined;
  const folder = new URL('.', import.meta.url);
  return readFileSync(
    new URL(folder.pathname.endsWith('/chunks/') ? '../catalog.json' : 'catalog.json', folder),
    'utf8',
  );
}
