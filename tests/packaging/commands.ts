/** Commands as a user types them, each in a folder and an environment of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { environment } from '../../demo/show/processes.js';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Also what takes minutes: `npm run test:all`. */
export const everything = process.env['TEST_ALL'] === '1';

export interface Answer {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Where {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of stdout. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds until the command is killed. */
  readonly patience?: number;
}

/** Runs a command to its end, whatever that is. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, onLine, patience = 600_000 }: Where = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: environment({ NO_COLOR: '1', ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
    });
    let [stdout, stderr, rest] = ['', '', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (!onLine) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The same, for commands that must succeed: their stdout. */
export async function succeed(command: string, args: readonly string[], where: Where = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, where);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`);
  return stdout;
}

/** A folder that goes when the test file ends. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'tap-sentry-packaging-'));

  in(...names: string[]): string {
    return join(this.path, ...names);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A PATH with what shell scripts need, with `programs`, and without Node.js, wherever that is installed. */
export async function pathWithoutNode(folder: string, programs: readonly string[] = []): Promise<string> {
  for (const name of ['sh', 'env', 'dirname', 'uname', 'ldd', 'getconf', ...programs]) {
    const { stdout } = await run('/bin/sh', ['-c', `command -v ${name}`]);
    if (stdout.trim()) symlinkSync(stdout.trim(), join(folder, name));
  }
  return folder;
}

export const withFirst = (folder: string): string => [folder, process.env['PATH']].join(delimiter);

/** The lines of a stream. Not readline's: it also ends a line at U+2028, and text may hold that. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** The middle of the numbers. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}
