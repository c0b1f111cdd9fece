/** One run of the tap, as a process whose clock is the case's; what it wrote, and what it said. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scale } from './clock.js';

export interface RunOptions {
  /** The program, a bundle. */
  tap: string;
  config: unknown;
  streams: readonly string[];
  state: unknown;
  /** The tap's clock: what it showed when the machine's clock was at `origin`. */
  clock: { start: number; origin: number };
  /** Gets a function that ends the process. */
  started: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Milliseconds, of the machine. */
  longest: number;
}

export interface RecordLine {
  stream: string;
  record: Record<string, unknown>;
  /** The line as it was written. */
  text: string;
}

export interface RunOutput {
  code: number | null;
  signal: NodeJS.Signals | null;
  records: RecordLine[];
  states: unknown[];
  activated: string[];
  stderr: string;
  /** What is wrong with the output itself. */
  broken: string[];
  timedOut: boolean;
}

/** The part of a message that matters here. */
interface Message {
  type?: string;
  stream?: string;
  record?: Record<string, unknown>;
  value?: unknown;
}

export async function runTap({ tap, config, streams, state, clock, started, longest }: RunOptions): Promise<RunOutput> {
  const folder = mkdtempSync(join(tmpdir(), 'server-case-'));
  const file = (name: string, value: unknown): string[] => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(value));
    return [`--${name}`, path];
  };
  const files = [
    ...file('config', config),
    ...file('catalog', catalogOf(streams)),
    ...(state === undefined ? [] : file('state', state)),
  ];
  const child = spawn(process.execPath, [tap, String(clock.start), String(scale), ...files], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', ORIGIN: String(clock.origin) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  started((signal) => child.kill(signal));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, longest);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...end) => resolve(end)),
  );
  clearTimeout(timer);
  rmSync(folder, { recursive: true, force: true });
  return { ...read(Buffer.concat(out)), code, signal, stderr: Buffer.concat(err).toString(), timedOut };
}

const catalogOf = (streams: readonly string[]): unknown => ({
  streams: streams.map((name) => ({
    tap_stream_id: name,
    stream: name,
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  })),
});

/** The messages of a run. A last line that was cut off never was. */
function read(bytes: Buffer): Pick<RunOutput, 'records' | 'states' | 'activated' | 'broken'> {
  const found: ReturnType<typeof read> = { records: [], states: [], activated: [], broken: [] };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; start = end + 1, end = bytes.indexOf(0x0a, start)) {
    let text: string;
    let message: Message;
    try {
      text = decoder.decode(bytes.subarray(start, end));
      message = JSON.parse(text) as Message;
    } catch (error) {
      found.broken.push(
        `a line that no target can read: ${String(error)}: ${bytes.toString('latin1', start, start + 120)}`,
      );
      continue;
    }
    const { type, stream = '', record = {}, value } = message;
    if (type === 'RECORD') found.records.push({ stream, record, text });
    else if (type === 'STATE') found.states.push(value);
    else if (type === 'ACTIVATE_VERSION') found.activated.push(stream);
  }
  return found;
}
