/** Starting up, beside a Node.js that does nothing. */
import { spawn } from 'node:child_process';
import { root } from '../server.js';
import { atMost, median, type Workload } from '../workload.js';

const times = 15;

export const start: Workload = {
  name: 'start',
  async run({ command }) {
    const commands = {
      node: `${process.execPath} -e 0`,
      version: `${command} --version`,
      discover: `${command} --discover`,
    };
    const taken: Record<keyof typeof commands, number[]> = { node: [], version: [], discover: [] };
    for (let n = 0; n <= times; n += 1) {
      for (const name of ['node', 'version', 'discover'] as const) {
        const ms = await time(commands[name]);
        if (n > 0) taken[name].push(ms); // the first one brings the files into memory
      }
    }
    const of = (name: 'version' | 'discover'): number => median(taken[name].map((ms, n) => ms / taken.node[n]!));
    return {
      work:
        `Starting: every stream registered, ${times} times in turn with node -e 0 ` +
        `(${Math.round(median(taken.node))} ms)`,
      rows: [],
      figures: [
        atMost('--version, of node -e 0', of('version'), 1.5, ' x'),
        atMost('--discover, of node -e 0', of('discover'), 2, ' x'),
      ],
    };
  },
};

/** Milliseconds until all output has been read. */
async function time(command: string): Promise<number> {
  const began = performance.now();
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.resume();
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return performance.now() - began;
}
