/**
 * The entry of the bundle: the one place that reads `process`. `--version` and a plain
 * `--discover` are answered before the tap is loaded: nothing of it is needed for them.
 */
import { readFileSync } from 'node:fs';
import { asksForCatalogAlone, asksForVersion } from './sdk/cli/options.js';
import type { StopSignal, System } from './sdk/cli/program.js';
import { builtCatalog, version } from './built.js';

const patience = 900; // ms after a signal: Meltano waits for us without end, people do not

const stopSignals: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

async function main(argv: readonly string[]): Promise<void> {
  if (asksForVersion(argv)) {
    process.stdout.on('error', () => process.exit(1));
    process.stdout.write(`tap-sentry v${version}\n`);
    return;
  }
  const catalog = asksForCatalogAlone(argv) ? builtCatalog() : undefined;
  if (catalog !== undefined) {
    process.stdout.on('error', () => process.exit(1));
    process.stdout.write(catalog);
    return;
  }
  const [{ runCommand }, { tap }, { systemClock }] = await Promise.all([import('./sdk/cli/command.js'), import('./tap/tap-sentry.js'), import('./sdk/time.js')]);
  const system: System = {
    argv,
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    random: Math.random,
    readFile: (path) => readFileSync(path, 'utf8'),
    onSignal: (handler) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          handler(signal);
          setTimeout(() => process.exit(stopSignals[signal]), patience).unref();
        });
      }
    },
    onCrash: (handler) => {
      process.on('uncaughtException', handler);
      process.on('unhandledRejection', handler);
    },
  };
  const code = await runCommand(tap, system);
  // An idle connection would keep the process alive; what was written must be out before it ends.
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
}

await main(process.argv.slice(2));
