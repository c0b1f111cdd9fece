/** The tap as users run it: a process, with files for its config, catalog and state. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Demo } from '../../demo/index.js';
import { Target } from './target.js';

export const executable = fileURLToPath(new URL('../../bin/tap-sentry', import.meta.url));

export interface TapRun {
  config?: Record<string, unknown>;
  catalog?: unknown;
  state?: unknown;
  args?: readonly string[];
  env?: Record<string, string>;
  /** Milliseconds after which the process is killed, so that a run without end fails. */
  timeout?: number;
  /** Called with each piece of stdout, e.g. to kill the process in the middle. */
  onOutput?: (tap: ChildProcess, bytes: number) => void;
}

export interface TapResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The settings that reach a demo. */
export function configFor(demo: Demo, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    api_token: demo.token,
    organization: demo.organization,
    base_url: demo.url,
    start_date: '2020-01-01T00:00:00Z',
    ...more,
  };
}

/** Runs the tap to its end. */
export async function runTap({
  config,
  catalog,
  state,
  args = [],
  env = {},
  timeout = 0,
  onOutput,
}: TapRun): Promise<TapResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tap-test-'));
  const file = (name: string, value: unknown): string[] => {
    if (value === undefined) return [];
    const path = join(folder, `${name}.json`);
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return [`--${name}`, path];
  };
  const tap = spawn(
    process.execPath,
    [executable, ...file('config', config), ...file('catalog', catalog), ...file('state', state), ...args],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
    },
  );
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let bytes = 0;
  tap.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    bytes += chunk.length;
    onOutput?.(tap, bytes);
  });
  tap.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    tap.on('close', (...end) => resolve(end)),
  );
  rmSync(folder, { recursive: true, force: true });
  const result = { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  refuseLeak(result, config?.['api_token'] ?? env['TAP_SENTRY_API_TOKEN']);
  return result;
}

/** Whatever a test is about: no token in anything that it prints. */
export function refuseLeak({ stdout, stderr }: Pick<TapResult, 'stdout' | 'stderr'>, token: unknown): void {
  if (typeof token === 'string' && token.length >= 16 && (stdout.includes(token) || stderr.includes(token)))
    throw new Error(`The token is in the output: ${stderr.replaceAll(token, '<TOKEN>').slice(-500)}`);
}

/** A run into a target, from the state that the target holds. */
export async function syncInto(target: Target, run: TapRun): Promise<TapResult> {
  const result = await runTap({ ...(target.state === undefined ? {} : { state: target.state }), ...run });
  target.load(result.stdout);
  return result;
}
