/** Tap and target as two processes with a pipe between them that can be cut at any byte. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Programs } from './programs.js';

/** How a run is ended before its time. `bytes`: of the tap's output; `ms`: after its start. */
export interface Cut {
  readonly who: 'tap' | 'target';
  readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT';
  readonly when: { readonly bytes: number } | { readonly ms: number };
}

export interface PipelineOptions {
  programs: Programs;
  folder: string;
  config: unknown;
  catalog: unknown;
  /** Where the tap's clock starts (epoch ms), and how fast it runs. */
  now: number;
  scale: number;
  /** The target stores at every so many-th STATE. */
  statesPerStore: number;
  cut?: Cut | undefined;
}

export interface PipelineResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  cut: boolean;
  stderr: string;
  targetError: string;
  bytes: number;
  /** Milliseconds from a SIGTERM or SIGINT to the end of the tap. */
  patience: number | undefined;
}

export async function runPipeline({
  programs,
  folder,
  config,
  catalog,
  now,
  scale,
  statesPerStore,
  cut,
}: PipelineOptions): Promise<PipelineResult> {
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('config.json'), JSON.stringify(config));
  writeFileSync(path('catalog.json'), JSON.stringify(catalog));
  const state = existsSync(path('state.json')) ? ['--state', path('state.json')] : [];
  const env = { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC' };
  const tap = spawn(
    process.execPath,
    [
      programs.tap,
      String(now),
      String(scale),
      '--config',
      path('config.json'),
      '--catalog',
      path('catalog.json'),
      ...state,
    ],
    { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const target = spawn(process.execPath, [programs.target, folder, String(statesPerStore)], {
    cwd: folder,
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const result: PipelineResult = {
    code: null,
    signal: null,
    cut: false,
    stderr: '',
    targetError: '',
    bytes: 0,
    patience: undefined,
  };
  tap.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  target.stderr.on('data', (chunk: Buffer) => (result.targetError += chunk.toString()));
  const over = new AbortController();
  let signalled = 0;
  const strike = ({ who, signal }: Cut): void => {
    if (result.cut || tap.exitCode !== null) return;
    result.cut = true;
    signalled = performance.now();
    (who === 'tap' ? tap : target).kill(signal);
  };
  if (cut && 'ms' in cut.when)
    void delay(cut.when.ms, undefined, { signal: over.signal }).then(
      () => strike(cut),
      () => undefined,
    );
  target.stdin.on('error', () => tap.stdout.destroy()); // nobody reads: the tap's pipe is closed, too
  tap.stdout.on('data', (chunk: Buffer) => {
    const limit = cut && 'bytes' in cut.when ? cut.when.bytes : Infinity;
    const before = result.bytes;
    result.bytes += chunk.length;
    if (cut && before < limit && result.bytes >= limit) {
      strike(cut);
      // What a killed process had written behind this byte never was.
      if (cut.who === 'tap' && cut.signal === 'SIGKILL') chunk = chunk.subarray(0, limit - before);
    } else if (cut?.who === 'tap' && cut.signal === 'SIGKILL' && before >= limit) return;
    if (!target.stdin.write(chunk) && !target.stdin.destroyed) {
      tap.stdout.pause();
      target.stdin.once('drain', () => tap.stdout.resume());
    }
  });
  tap.stdout.on('end', () => target.stdin.end());
  tap.stdout.on('close', () => target.stdin.end());
  const targetGone = ended(target).then(() => tap.stdout.destroy());
  [result.code, result.signal] = await ended(tap);
  if (signalled > 0 && cut?.signal !== 'SIGKILL') result.patience = performance.now() - signalled;
  target.stdin.end();
  await targetGone;
  over.abort();
  return result;
}

const ended = (child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> =>
  new Promise((resolve) => child.on('close', (...end) => resolve(end)));

export interface Arrival {
  stream: string;
  key: string;
  /** The project of an event: two of them may share an id. */
  twin: string;
  /** The target had it before this run. */
  held: boolean;
}

/** What a target holds: it is read on from where the last look ended. */
export class Stored {
  readonly rows = new Map<string, Map<string, Record<string, unknown>>>();
  #offset = 0;

  constructor(private readonly folder: string) {}

  /** Records that came since the last look, oldest first. */
  look(): Arrival[] {
    const file = join(this.folder, 'stored.jsonl');
    if (!existsSync(file)) return [];
    const text = readFileSync(file);
    const end = text.lastIndexOf(0x0a) + 1;
    const before = new Map([...this.rows].map(([stream, rows]) => [stream, new Set(rows.keys())] as const));
    const fresh: Arrival[] = [];
    for (const line of text.subarray(this.#offset, end).toString().split('\n')) {
      if (!line) continue;
      const [stream, key, record] = JSON.parse(line) as [string, string, Record<string, unknown>];
      fresh.push({ stream, key, twin: String(record['projectID'] ?? ''), held: before.get(stream)?.has(key) ?? false });
      const rows = this.rows.get(stream) ?? new Map<string, Record<string, unknown>>();
      this.rows.set(stream, rows);
      rows.set(key, record);
    }
    this.#offset = end;
    return fresh;
  }
}
