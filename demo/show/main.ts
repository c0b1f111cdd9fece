/**
 * The show: a Sentry of our own, a first run, a day that passes, a second run, and a report that
 * compares the target with the server. `npm run demo` (start.mjs) comes here once node_modules is there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from '../../scripts/build.js';
import { isMeltanoReady, meltanoVersion, NoMeltano, prepareMeltano } from '../../scripts/meltano-venv.js';
import { createDemo, serverNames, type Demo, type ServerName } from '../index.js';
import { liveADay, simulated } from './changes.js';
import { MeltanoPipeline, type Pipeline, type Place, TapAlone } from './pipelines.js';
import { report, type RunFacts } from './report.js';
import { readTarget } from './target.js';
import { count, plural, seconds, Terminal } from './terminal.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.demo');

const usage = `Usage: npm run demo -- [options]

  --events <number>  size of the demo's organization (default 4000)
  --server <name>    what the demo acts like: ${serverNames.join(', ')} (the first by default)
  --no-meltano       the tap by itself, without Python and Meltano
  --keep             leave the demo's Sentry running at the end, until Ctrl-C
`;

interface Choices {
  readonly server: ServerName;
  readonly events: number;
  readonly meltano: boolean;
  readonly keep: boolean;
  /** Milliseconds that npm ci took before this process began. */
  readonly installed: number;
}

function choose(args: string[]): Choices | undefined {
  const { values } = parseArgs({
    args,
    options: {
      events: { type: 'string', default: '4000' },
      server: { type: 'string', default: serverNames[0] },
      'no-meltano': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      'installed-in': { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const events = Number(values.events);
  if (!Number.isInteger(events) || events < 100) throw new RangeError('--events: a whole number from 100 on.');
  const server = serverNames.find((name) => name === values.server);
  if (server === undefined) throw new RangeError(`--server: one of ${serverNames.join(', ')}.`);
  if (values.help) return undefined;
  const { keep } = values;
  return { events, server, meltano: !values['no-meltano'], keep, installed: Number(values['installed-in']) };
}

async function show(
  { events, server, meltano, keep, installed }: Choices,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now() - installed;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.gitignore'), '*\n');

  terminal.heading("tap-sentry: Sentry's data, moved by Meltano");
  if (installed > 1000) terminal.done('node modules', 'installed', installed);
  await terminal.step(
    'the tap',
    async () => `built: dist/, ${plural(Object.keys((await bundle()).outputs).length, 'file')}`,
  );
  const started = performance.now();
  const demo = await createDemo({
    server,
    seed: 7,
    projects: 5,
    issues: 60,
    events,
    releases: 25,
    members: 14,
    days: 60,
    latencyMs: 15,
    now: Date.now() - simulated * 1000, // the second run is now: bookmarks keep to both clocks
  });
  try {
    terminal.done(
      'a Sentry of our own',
      `${demo.origin}, like ${server}, ${plural(demo.truth().count('events'), 'event')}`,
      performance.now() - started,
    );
    const pipeline = await prepare(demo, meltano, terminal, signal);

    terminal.heading('First run: everything');
    terminal.line("  This Sentry's clock starts a day ago, which the tap remarks on.");
    const first = await once(pipeline, demo, terminal);

    const changes = liveADay(demo, first.at - 60_000);
    terminal.heading('A day passes in Sentry');
    for (const { says } of changes) terminal.line(`  · ${says}`);

    terminal.heading('Second run: only what is new');
    const second = await once(pipeline, demo, terminal);

    const held = await readTarget(pipeline.output);
    const bookmarks = join(folder, 'bookmarks.json');
    writeFileSync(bookmarks, `${await pipeline.state()}\n`);
    const isComplete = report({ terminal, demo, held, first, second, changes, output: pipeline.output, bookmarks });
    terminal.line();
    terminal.line(`All this took ${seconds(performance.now() - began)}.`);
    if (!isComplete) throw new Error('The target does not hold what the server has: see the tables above.');
    if (keep) await stay(demo, pipeline, terminal, signal);
  } finally {
    await demo.close();
  }
}

/** Meltano where it can be had; otherwise the tap alone, and why. */
async function prepare(demo: Demo, meltano: boolean, terminal: Terminal, signal: AbortSignal): Promise<Pipeline> {
  const tap = join(root, 'bin/tap-sentry');
  const settings = { api_token: demo.token, base_url: demo.url, organization: demo.organization };
  const place = (name: string): Place => ({ folder: join(folder, name), tap, settings, signal });
  if (meltano) {
    try {
      const isReady = isMeltanoReady();
      let command = '';
      await terminal.step(`Meltano ${meltanoVersion}`, async () => {
        command = await prepareMeltano(signal);
        return isReady ? 'is in .venv/' : 'installed in .venv/';
      });
      const pipeline = new MeltanoPipeline(command, place('project'));
      await terminal.step('a Meltano project', () => pipeline.prepare());
      return pipeline;
    } catch (error) {
      if (!(error instanceof NoMeltano)) throw error;
      terminal.line(`  ${terminal.paint('yellow', '!')} ${error.message}`);
      terminal.line(
        '    The same is shown with the tap alone: it writes to files what Meltano would pass to a target.',
      );
    }
  }
  return new TapAlone(place('alone'));
}

/** One run, shown while it goes on. */
async function once(pipeline: Pipeline, demo: Demo, terminal: Terminal): Promise<RunFacts> {
  demo.journal.clear();
  const at = demo.clock.now();
  const started = performance.now();
  terminal.command(pipeline.command);
  const ticker = setInterval(() => {
    const { requests, rows } = demo.journal.gauges();
    if (requests > 0)
      terminal.live(`  the server has answered ${plural(requests, 'request')} with ${plural(rows, 'row')}`);
  }, 100);
  try {
    const code = await pipeline.run((line) => terminal.line(`  ${terminal.paint('dim', line)}`));
    if (code !== 0) throw new Error(`${pipeline.command} ended with exit code ${code}.`);
  } finally {
    clearInterval(ticker);
  }
  const { requests, rows, routes } = demo.journal.gauges();
  const ms = performance.now() - started;
  terminal.line(
    `  ${terminal.paint('green', '✓')} ${plural(requests, 'request')}, ${count(rows)} rows in the answers, ` +
      `${seconds(ms)}`,
  );
  return { at, requests, rows, routes };
}

async function stay(demo: Demo, pipeline: Pipeline, terminal: Terminal, signal: AbortSignal): Promise<void> {
  terminal.line();
  terminal.line(`The demo's Sentry stays at ${demo.origin} until Ctrl-C. In another terminal:`);
  terminal.line();
  for (const line of pipeline.next(demo.origin)) terminal.line(`  ${line}`);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
}

const controller = new AbortController();
process.stdout.on('error', () => process.exit(1)); // the reader of a pipe has left
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => (controller.signal.aborted ? process.exit(130) : controller.abort()));
const terminal = new Terminal(process.stdout, process.env);
try {
  const choices = choose(process.argv.slice(2));
  if (choices) await show(choices, terminal, controller.signal);
  else process.stdout.write(usage);
} catch (error) {
  terminal.line();
  terminal.line(
    controller.signal.aborted
      ? 'Stopped. Nothing is left running.'
      : terminal.paint('red', error instanceof Error ? error.message : String(error)),
  );
  process.exitCode = controller.signal.aborted ? 130 : 1;
}
