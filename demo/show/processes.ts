/** Other programs, run with an environment of our own and read line by line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Running {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onStdout?: (line: string) => void;
  readonly onStderr?: (line: string) => void;
}

/** Resolves with the exit code, once all output has been read. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, signal, onStdout, onStderr }: Running,
): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  createInterface({ input: child.stdout }).on('line', (line) => signal.aborted || onStdout?.(line));
  createInterface({ input: child.stderr }).on('line', (line) => signal.aborted || onStderr?.(line));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }
}

/**
 * The caller's environment without what would reach a real Sentry or another Meltano project; loopback needs no proxy.
 */
export function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(TAP_SENTRY|SENTRY|MELTANO|TARGET_JSONL|SINGER)_|^LOGLEVEL$|^NO_PROXY$/i.test(name))
      kept[name] = value;
  }
  const direct = [process.env['NO_PROXY'] ?? process.env['no_proxy'], '127.0.0.1'].filter(Boolean).join(',');
  return { ...kept, NO_PROXY: direct, no_proxy: direct, ...extra };
}
