/**
 * Real Meltano in an empty folder: the tap as an installation without node_modules, the demo as its
 * Sentry, and a hub that nobody answers at, so that a command that needs one fails.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDemo, type Demo } from '../../demo/index.js';
import { compare, defaultStreams } from '../../demo/show/compare.js';
import { createProject } from '../../demo/show/meltano-project.js';
import { run } from '../../demo/show/processes.js';
import { type Held, readTarget } from '../../demo/show/target.js';
import { bundle } from '../../scripts/build.js';
import { NoMeltano, prepareMeltano } from '../../scripts/meltano-venv.js';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The command, or why there is none. */
export async function findMeltano(): Promise<
  { command: string; reason?: never } | { command?: never; reason: string }
> {
  try {
    return { command: await prepareMeltano() };
  } catch (error) {
    if (!(error instanceof NoMeltano)) throw error;
    return { reason: error.message };
  }
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Lab {
  readonly project: string;

  private constructor(
    private readonly command: string,
    readonly folder: string,
    readonly executable: string,
    readonly demo: Demo,
  ) {
    this.project = join(folder, 'project');
  }

  static async open(command: string): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), 'tap-sentry-meltano-'));
    const executable = await install(join(folder, 'tap-sentry'));
    const demo = await createDemo({
      seed: 11,
      projects: 4,
      issues: 30,
      events: 900,
      releases: 8,
      members: 6,
      days: 40,
    });
    demo.clock.advance(120); // some time between two runs
    const lab = new Lab(command, folder, executable, demo);
    createProject({ folder: lab.project, executable, env: { TAP_SENTRY_BASE_URL: demo.url } });
    return lab;
  }

  async close(): Promise<void> {
    await this.demo.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A Meltano command in the project, or in another folder. */
  meltano(...args: string[]): Promise<Answer> {
    return this.meltanoIn(this.project, ...args);
  }

  /** A Meltano command in the project, with variables of the environment. */
  meltanoWith(env: Record<string, string>, ...args: string[]): Promise<Answer> {
    return this.#run({ cwd: this.project, env }, args);
  }

  meltanoIn(cwd: string, ...args: string[]): Promise<Answer> {
    return this.#run({ cwd, env: {} }, args);
  }

  async #run({ cwd, env }: { cwd: string; env: Record<string, string> }, args: string[]): Promise<Answer> {
    const stdout: string[] = [];
    const stderr: string[] = [];
    const code = await run(this.command, args, {
      cwd,
      env: { ...env, MELTANO_HUB_URL: 'http://127.0.0.1:9', NO_COLOR: '1' },
      signal: new AbortController().signal,
      onStdout: (line) => stdout.push(line),
      onStderr: (line) => stderr.push(line),
    });
    return { code, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
  }

  get held(): Promise<Held> {
    return readTarget(join(this.project, 'output'));
  }

  /** The target's rows from now on only. */
  emptyTarget(): void {
    const output = join(this.project, 'output');
    rmSync(output, { recursive: true });
    mkdirSync(output);
  }

  /** What the target lacks or has wrong, of the eight streams; empty when it holds what the server has. */
  async faults(): Promise<string[]> {
    const held = await this.held;
    const truth = this.demo.truth();
    return defaultStreams
      .map((stream) => compare(stream, held, truth))
      .flatMap(({ stream, missing, stale }) => [
        ...missing.map((key) => `${stream} ${key} is missing`),
        ...stale.map((key) => `${stream} ${key} is out of date`),
      ]);
  }

  /** Rows by stream since the target was emptied. */
  async rows(): Promise<Record<string, number>> {
    return Object.fromEntries([...(await this.held).streams].map(([stream, rows]) => [stream, rows.size]));
  }
}

/** What a user has after installing: bin/ and dist/, and no node_modules. */
async function install(folder: string): Promise<string> {
  await bundle({ outdir: relative(repository, join(folder, 'dist')) });
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}\n');
  const executable = join(folder, 'bin/tap-sentry');
  copyFileSync(join(repository, 'bin/tap-sentry'), executable);
  chmodSync(executable, 0o755);
  return executable;
}
