/**
 * The program around a tap: from the command line to an exit code. stdout carries what was asked
 * for and nothing else; whatever goes wrong ends as a sentence on stderr, the last line, which is
 * what Meltano shows. Heavy modules are imported when they are needed.
 */
import type { Writable } from 'node:stream';
import { ConfigError, messageOf, StoppedError, TapError, UsageError } from '../errors.js';
import { type Catalog, parseCatalog } from '../singer/catalog.js';
import { Writer } from '../singer/writer.js';
import type { Configuration } from './config.js';
import { LiveLine } from '../log/live-line.js';
import { Logger } from '../log/logger.js';
import type { Options } from './options.js';
import { asksForDetail, asksForTest, asksForVersion, helpText, parseOptions } from './options.js';
import type { Mode, Program, Run, System } from './program.js';

export const exitCodes = { ok: 0, failed: 1, usage: 2, EPIPE: 1, SIGINT: 130, SIGTERM: 143 } as const;

/** The text of `--version`. */
export const versionText = (name: string, version: string): string => `${name} v${version}\n`;

/** Whether a target has passed a STATE on, no tap can see. */
const afterStop =
  'The next run goes on from the last STATE that the target passed on; some targets pass it on only at their end.';

/** Runs the program; never rejects. */
export async function runCommand(tap: Program, system: System): Promise<number> {
  const stop = new AbortController();
  const write = (text: string): void => void system.stderr.write(text);
  const live = system.terminal && new LiveLine(write, system.terminal);
  const log = Logger.create({
    name: tap.name,
    write: (line) => (live ? live.print(line) : write(line)),
    now: () => system.clock.now(),
    env: system.env,
    verbose: asksForDetail(system.argv),
    isForPeople: asksForTest(system.argv),
  });
  system.stderr.on('error', () => undefined); // nobody reads it any more: nothing can be said
  system.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that went away has its reasons; a full disk is news.
    if (error.code !== 'EPIPE' && !stop.signal.aborted) log.error(`The output cannot be written: ${error.message}.`);
    stop.abort(new StoppedError('EPIPE'));
  });
  system.onSignal((signal) => stop.abort(new StoppedError(signal))); // a second one changes nothing
  const unlessStopped = (code: () => number): number => {
    const { reason } = stop.signal as { reason: unknown };
    return reason instanceof StoppedError ? outcomeOf(reason, tap, log) : code();
  };
  const crashed = new Promise<number>((resolve) => system.onCrash?.((error) => resolve(outcomeOf(error, tap, log))));
  const finished = perform(tap, system, { log, live }, stop.signal).then(
    (code) => unlessStopped(() => code),
    (error: unknown) => unlessStopped(() => outcomeOf(error, tap, log)),
  );
  return Promise.race([finished, crashed]);
}

/** Where a run says how it goes. */
type Said = Pick<Run, 'log' | 'live'>;

async function perform(tap: Program, system: System, said: Said, signal: AbortSignal): Promise<number> {
  if (asksForVersion(system.argv)) return print(system.stdout, versionText(tap.name, tap.version));
  const options = await parseOptions(system.argv, tap);
  switch (options.command) {
    case 'version':
      return print(system.stdout, versionText(tap.name, tap.version));
    case 'help':
      return print(system.stdout, await helpText(tap));
    case 'about':
      return print(system.stdout, (await import('./about.js')).about(tap, options.format));
    case 'discover':
      return discover(tap, system, said.log, options);
    case 'test':
    case 'sync':
      return sync(tap, system, said, signal, options);
  }
}

/** Meltano asks for the catalog before anything else, also to list streams: no setting may stand in its way. */
async function discover(tap: Program, system: System, log: Logger, options: Options): Promise<number> {
  const config = await configure(tap, system, log, options).catch((error: unknown) => {
    if (!(error instanceof TapError)) throw error;
    const level = options.config.length > 0 ? 'warning' : 'debug';
    const problems = error instanceof ConfigError ? error.problems : [error.message];
    for (const problem of problems) log[level](problem);
    log[level]('The catalog is printed without these settings; reading will need them to be right.');
    return undefined;
  });
  // Two spaces: Meltano reads discovery line by line, and not more than 64 KiB of a line.
  return print(system.stdout, `${JSON.stringify(tap.discover(config?.config), null, 2)}\n`);
}

async function sync(tap: Program, system: System, said: Said, signal: AbortSignal, options: Options): Promise<number> {
  const { log, live } = said;
  const mode = modeOf(options);
  const { config, defaulted, warnings } = await configure(tap, system, log, options);
  const { readOptionFile } = await import('./sources.js');
  const catalog = readCatalog(options, mode !== 'sync', log, (path) => readOptionFile('--catalog', path, system));
  const state =
    mode === 'sync' && options.state !== undefined ? await readState(options.state, system, log) : undefined;
  for (const warning of warnings) log.warning(warning);
  return tap.sync({
    config,
    defaulted,
    catalog,
    state,
    mode,
    log,
    live,
    writer: new Writer(system.stdout, signal),
    signal,
    system,
  });
}

function modeOf({ command, test }: Options): Mode {
  if (command === 'sync') return 'sync';
  return test === 'schema' ? 'schema' : 'test';
}

async function configure(
  tap: Program,
  { env, cwd, readFile }: System,
  log: Logger,
  options: Options,
): Promise<Configuration<unknown>> {
  const { readConfig } = await import('./config.js');
  return readConfig({
    name: tap.name,
    settings: tap.settings,
    sources: options.config,
    env,
    cwd,
    readFile,
    hide: (secret) => log.hide(secret),
  });
}

/** A test goes on without a catalog that it cannot read: Meltano passes whatever an earlier run left behind. */
function readCatalog(
  { catalog }: Options,
  optional: boolean,
  log: Logger,
  read: (path: string) => string,
): Catalog | undefined {
  if (catalog === undefined) return undefined;
  try {
    return parseCatalog(read(catalog), catalog);
  } catch (error) {
    if (!optional || !(error instanceof TapError)) throw error;
    log.warning(`The test goes on without the catalog. ${error.message}`);
    return undefined;
  }
}

async function readState(path: string, system: System, log: Logger): Promise<unknown> {
  const [{ parseState }, { readOptionFile }] = await Promise.all([import('./inputs.js'), import('./sources.js')]);
  const { state, warnings } = parseState(readOptionFile('--state', path, system), path);
  for (const warning of warnings) log.warning(warning);
  return state;
}

/** Resolves when the text is handed over. @throws StoppedError when nobody reads it. */
function print(stdout: Writable, text: string): Promise<0> {
  return new Promise((resolve, reject) =>
    stdout.write(text, (error) => (error ? reject(new StoppedError('EPIPE')) : resolve(exitCodes.ok))),
  );
}

/** Says what ended the run, last line last, and gives the exit code. */
function outcomeOf(error: unknown, { name }: Program, log: Logger): number {
  if (error instanceof StoppedError) {
    if (error.reason !== 'EPIPE') log.warning(`Stopped by ${error.reason}. ${afterStop}`);
    return exitCodes[error.reason];
  }
  if (error instanceof UsageError) {
    log.error(`${error.message} '${name} --help' lists the options.`, error);
    return exitCodes.usage;
  }
  if (error instanceof ConfigError) {
    const { problems } = error;
    if (problems.length > 1) for (const problem of problems) log.error(problem);
    const [first = ''] = problems;
    const reason =
      problems.length === 1
        ? `a setting is not right: ${first}`
        : `${problems.length} settings are not right (above). The first: ${first}`;
    log.error(`Nothing was read, because ${reason}`, error);
    return exitCodes.failed;
  }
  if (error instanceof TapError) log.error(error.message, error);
  else
    log.error(
      `This should not have happened, and is an error of ${name}: ${oneLine(messageOf(error))} (-v shows where.)`,
      error,
    );
  return exitCodes.failed;
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');
