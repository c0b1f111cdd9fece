/**
 * One run of one command: wall and CPU time as bash's `time` gives them (so with whatever the command
 * starts and waits for), peak memory from /proc, and the Singer messages that came out.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { environment } from '../demo/show/processes.js';
import { root } from './server.js';

export interface Usage {
  /** Seconds. */
  wall: number;
  /** Seconds, user and system. */
  cpu: number;
  /** VmHWM in MiB; of several processes the sum. */
  memory: number;
  bytes: number;
  records: Map<string, number>;
  /** The value of the last STATE message. */
  state: unknown;
  code: number;
}

const pollEvery = 20; // ms

/** What the command says for people goes to the file `log`. */
export async function measure(command: readonly string[], log: string): Promise<Usage> {
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%3R %3U %3S"; time "$@" 2>"$0"', log, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: root,
    env: environment({ LC_ALL: 'C' }),
  });
  const peaks = new Map<string, number>();
  const poll = setInterval(() => {
    for (const pid of below(String(child.pid))) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peak(pid)));
  }, pollEvery);
  const output = new Output();
  child.stdout.on('data', (chunk: Buffer) => output.take(chunk));
  let times = '';
  child.stderr.on('data', (chunk: Buffer) => (times += chunk.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  clearInterval(poll);
  const [wall = NaN, user = NaN, system = NaN] = (times.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const memory = [...peaks.values()].reduce((sum, kib) => sum + kib, 0) / 1024;
  return { wall, cpu: user + system, memory, bytes: output.bytes, records: output.records, state: output.state, code };
}

/** The processes that a process has started, and theirs. */
function below(pid: string): string[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return children.flatMap((child) => [child, ...below(child)]);
}

function peak(pid: string): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty when the process has gone meanwhile, or where there is no /proc. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const typeAndStream = /^\{"type": ?"(?:(STATE)"|RECORD", ?"stream": ?"([^"]+)")/;

/** Counts Singer messages by how their lines begin. */
class Output {
  bytes = 0;
  records = new Map<string, number>();
  state: unknown;
  #rest: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): void {
    this.bytes += chunk.length;
    const text = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let from = 0;
    for (let to = text.indexOf(10, this.#rest.length); to >= 0; to = text.indexOf(10, from)) {
      this.#line(text, from, to);
      from = to + 1;
    }
    this.#rest = text.subarray(from);
  }

  #line(text: Buffer, from: number, to: number): void {
    const [, state, stream] = typeAndStream.exec(text.toString('latin1', from, Math.min(to, from + 100))) ?? [];
    if (stream !== undefined) this.records.set(stream, (this.records.get(stream) ?? 0) + 1);
    if (state !== undefined) this.state = (JSON.parse(text.toString('utf8', from, to)) as { value: unknown }).value;
  }
}
