/**
 * A tap as this process: the one file of the layer that reads `process`, and the last line of a
 * tap's own entry, `await runProcess(tap)`. It ends the process.
 */
import { readFileSync } from 'node:fs';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { systemClock } from '../time.js';
import { runCommand } from './command.js';
import type { Terminal } from '../log/live-line.js';
import type { Program, StopSignal, System } from './program.js';

const patience = 900; // ms after a signal: Meltano waits for us without end, people do not

const stopSignals: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

const parentLook = 2000; // ms
const youngSpace = 15_000_000; // bytes; V8 would double it once more, for memory that buys little speed
const youngLook = 50; // ms

/** Runs the command line that this process was started with. */
export async function runProcess(program: Program): Promise<void> {
  boundYoungSpace();
  const code = await runCommand(program, systemOfProcess());
  // An idle connection would keep the process alive; what was written must be out before it ends.
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
}

/** Meltano's own end is no signal to a tap that is asleep: when the parent is gone, so is the reader. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, parentLook);
  timer.unref();
}

/**
 * Stops the space for young objects from growing when it is large enough: pages die young, and the space counts as
 * memory.
 */
function boundYoungSpace(): void {
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (young && young.space_size < youngSpace) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, youngLook);
  timer.unref();
}

/** Where records go to the same terminal, or where lines are for a program, a live line would be in the way. */
function terminalOfProcess(): Terminal | undefined {
  const { stderr, stdout, env } = process;
  if (!stderr.isTTY || stdout.isTTY || env['TERM'] === 'dumb') return undefined;
  return { columns: () => stderr.columns, color: !env['NO_COLOR'] };
}

function systemOfProcess(): System {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    terminal: terminalOfProcess(),
    clock: systemClock,
    random: Math.random,
    readFile: (path) => readFileSync(path, 'utf8'),
    onSignal: (handler) => {
      if (process.env['MELTANO_PROJECT_ROOT']) stopWithParent(() => handler('SIGTERM'));
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
}
