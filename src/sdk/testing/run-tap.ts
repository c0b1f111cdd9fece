/** One run of a tap in this process, by its own command line: files, clock and signals are handed in. */
import { basename } from 'node:path';
import { Writable } from 'node:stream';
import { runCommand } from '../cli/command.js';
import type { Program, StopSignal } from '../cli/program.js';
import { type Clock, systemClock } from '../time.js';

export interface TapRun {
  readonly args?: readonly string[];
  readonly config?: unknown;
  readonly catalog?: unknown;
  readonly state?: unknown;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Called after each line of stdout with how many there were, e.g. to stop the run in the middle. */
  readonly onLine?: (lines: number, stop: (signal: StopSignal) => void) => void;
}

export interface EndedRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command of a tap to its end. Never rejects. */
export async function runTap(tap: Program, run: TapRun): Promise<EndedRun> {
  const { args = [], config, catalog, state, clock = systemClock, onLine } = run;
  const files = Object.entries({ config, catalog, state }).filter(([, value]) => value !== undefined);
  const texts = new Map(files.map(([name, value]) => [`${name}.json`, JSON.stringify(value)]));
  let stop: (signal: StopSignal) => void = () => undefined;
  let lines = 0;
  const stdout = new TextSink((text) => {
    for (const _ of text.matchAll(/\n/g)) onLine?.(++lines, stop);
  });
  const stderr = new TextSink();
  const code = await runCommand(tap, {
    argv: [...files.flatMap(([name]) => [`--${name}`, `${name}.json`]), ...args],
    env: {},
    cwd: '/',
    stdout,
    stderr,
    clock,
    random: Math.random,
    readFile: (path) => texts.get(basename(path)) ?? notFound(path),
    onSignal: (handler) => {
      stop = handler;
    },
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

function notFound(path: string): never {
  throw Object.assign(new Error(`There is no ${path}.`), { code: 'ENOENT' });
}

/** Keeps what is written to it. */
class TextSink extends Writable {
  text = '';

  constructor(private readonly onText: (text: string) => void = () => undefined) {
    super({ decodeStrings: false, defaultEncoding: 'utf8' });
  }

  override _write(chunk: Buffer | string, _: BufferEncoding, done: () => void): void {
    const text = chunk.toString();
    this.text += text;
    this.onText(text);
    done();
  }
}
