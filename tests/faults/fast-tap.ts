/** The tap as a process whose time runs a hundred times as fast, so that five minutes of retries take three seconds. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Demo } from '../../demo/index.js';
import { buildPrograms } from '../soak/programs.js';
import { keepPace } from '../support/pace.js';
import { type TapResult, configFor, refuseLeak } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const scale = 100;
const programs = buildPrograms();

export interface FastRun {
  config?: Record<string, unknown>;
  catalog?: unknown;
  env?: Record<string, string>;
  /** Milliseconds by which the tap's clock is wrong. */
  skew?: number;
}

/** Runs the tap against a demo and loads what it writes; the demo's clock keeps pace with the tap's. */
export async function fastSync(
  demo: Demo,
  target: Target,
  { config = {}, catalog, env = {}, skew = 0 }: FastRun = {},
): Promise<TapResult> {
  const { tap: program } = await programs;
  const folder = mkdtempSync(join(tmpdir(), 'fast-tap-'));
  const file = (name: string, value: unknown): string[] => {
    if (value === undefined) return [];
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(value));
    return [`--${name}`, path];
  };
  const tap = spawn(
    process.execPath,
    [
      program,
      String(demo.clock.now() + skew),
      String(scale),
      ...file('config', configFor(demo, config)),
      ...file('catalog', catalog),
      ...file('state', target.state),
    ],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const stopPace = keepPace(demo, scale);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  tap.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  tap.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    tap.on('close', (...end) => resolve(end)),
  );
  stopPace();
  rmSync(folder, { recursive: true, force: true });
  const result = { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  refuseLeak(result, demo.token);
  target.load(result.stdout);
  return result;
}
