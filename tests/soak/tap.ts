/**
 * The tap as a process whose time runs faster: what it sleeps and what it measures are scaled, so that a
 * retry of seconds takes milliseconds. All else is as in src/cli.ts. With JUMP (milliseconds) in the
 * environment the clock is set forth by so much, and back again, every second of it. ORIGIN is the machine's time
 * (epoch ms) at which the clock showed its start, for a clock that is shared with another process.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../../src/sdk/cli/command.js';
import type { StopSignal, System } from '../../src/sdk/cli/program.js';
import type { Clock } from '../../src/sdk/time.js';
import { tap } from '../../src/tap/tap-sentry.js';

const [start = '0', scale = '1', ...argv] = process.argv.slice(2);

const jump = Number(process.env['JUMP'] ?? 0);

/** Begins at `start` (epoch ms) and runs `scale` times as fast as the day. */
function fastClock(from: number, factor: number): Clock {
  const began = Number(process.env['ORIGIN'] ?? performance.timeOrigin + performance.now()) - performance.timeOrigin;
  return {
    now: () => {
      const time = from + (performance.now() - began) * factor;
      return time + (Math.floor(time / 1000) % 2 === 0 ? 0 : jump);
    },
    async sleep(ms, signal) {
      try {
        await delay(ms / factor, undefined, signal ? { signal } : {});
      } catch (error) {
        throw signal?.aborted ? signal.reason : error;
      }
    },
  };
}

const stopSignals: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

const system: System = {
  argv,
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  clock: fastClock(Number(start), Number(scale)),
  random: Math.random,
  readFile: (path) => readFileSync(path, 'utf8'),
  onSignal: (handler) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        handler(signal);
        setTimeout(() => process.exit(stopSignals[signal]), 900).unref();
      });
    }
  },
  onCrash: (handler) => {
    process.on('uncaughtException', handler);
    process.on('unhandledRejection', handler);
  },
};
const code = await runCommand(tap, system);
process.exitCode = code;
process.stdout.write('', () => process.exit(code));
