/** The version of package.json: put in by the build, read from the file when the sources are run. */
import { readFileSync } from 'node:fs';

declare const PACKAGE_VERSION: string | undefined;

export const version: string = typeof PACKAGE_VERSION === 'string' ? PACKAGE_VERSION : readVersion();

function readVersion(): string {
  const { version: found } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return found;
}
