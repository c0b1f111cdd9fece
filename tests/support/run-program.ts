/** A whole run of any tap in this process: settings and state go in; messages, log and exit code come out. */
import { Writable } from 'node:stream';
import type { Program, Run, System } from '../../src/sdk/cli/program.js';
import { Writer } from '../../src/sdk/singer/writer.js';
import type { Clock } from '../../src/sdk/time.js';
import { withoutReports } from './clock.js';
import { keepLog } from './log.js';

export interface ProgramRun {
  readonly config: Record<string, unknown>;
  readonly state?: unknown;
  readonly clock: Clock;
}

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly lines: readonly string[];
}

/** Runs a program to its end. Sleeping takes no time. */
export async function runProgram(program: Program, { config, state, clock }: ProgramRun): Promise<ProgramResult> {
  let stdout = '';
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      stdout += chunk.toString();
      done();
    },
  });
  const { log, lines } = keepLog();
  const { signal } = new AbortController();
  const run: Run = {
    config: program.settings.parse(config),
    defaulted: new Set(),
    catalog: undefined,
    state,
    mode: 'sync',
    log,
    writer: new Writer(out, signal),
    signal,
    system: systemWith(out, clock),
  };
  const code = await program.sync(run);
  return { code, stdout, lines };
}

function systemWith(out: Writable, clock: Clock): System {
  return {
    argv: [],
    env: {},
    cwd: '/',
    stdout: out,
    stderr: out,
    clock: withoutReports(clock),
    random: () => 0.5,
    readFile: () => '',
    onSignal: () => undefined,
  };
}
