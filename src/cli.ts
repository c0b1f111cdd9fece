/**
 * The entry of the bundle. `--version` and a plain `--discover` are answered before the tap is
 * loaded: nothing of it is needed for them.
 */
import { asksForCatalogAlone, asksForVersion } from './sdk/cli/options.js';
import { builtCatalog, version } from './built.js';

async function main(argv: readonly string[]): Promise<void> {
  const answer = asksForVersion(argv)
    ? `tap-sentry v${version}\n`
    : asksForCatalogAlone(argv)
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
