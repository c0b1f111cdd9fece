/**
 * The entry of the bundle. `--version` and a plain `--discover` are answered before the tap is
 * loaded: nothing of it is needed for them, unless the environment asks for more streams.
 */
import { readFileSync } from 'node:fs';
import { findDotenv } from './sdk/cli/dotenv.js';
import { asksForCatalogAlone, asksForVersion } from './sdk/cli/options.js';
import { builtCatalog, version } from './built.js';

const variable = 'TAP_SENTRY_QUERIES';

/** Whether the environment, or the nearest `.env`, has queries: each is a stream. */
function hasQueries(): boolean {
  if (process.env[variable] !== undefined) return true;
  return findDotenv(process.cwd(), (path) => readFileSync(path, 'utf8'))?.includes(variable) === true;
}

async function main(argv: readonly string[]): Promise<void> {
  const answer = asksForVersion(argv)
    ? `tap-sentry v${version}\n`
    : asksForCatalogAlone(argv) && !hasQueries()
      ? builtCatalog()
      : undefined;
  if (answer !== undefined) {
    process.stdout.on('error', () => process.exit(1));
    process.stdout.write(answer);
    return;
  }
  const [{ runProcess }, { tap }] = await Promise.all([import('./sdk/cli/process.js'), import('./tap/tap-sentry.js')]);
  await runProcess(tap);
}

await main(process.argv.slice(2));
