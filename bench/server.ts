/** The demo's Sentry in a process of its own, pages rendered before it listens, and its controls. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DemoOptions, Gauges, JournalEntry } from '../demo/index.js';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Server {
  readonly url: string;
  readonly token: string;
  readonly organization: string;
  /** A folder for configurations and logs; gone when the server is. */
  readonly folder: string;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  /** Every request since the journal was cleared. */
  journal(): Promise<{ gauges: Gauges; entries: JournalEntry[] }>;
  clear(): Promise<void>;
  /** Keys of the rows that a perfect client would hold now; `projectID/eventID` for events. */
  truth<Stream extends string>(...streams: Stream[]): Promise<Record<Stream, string[]>>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startServer(options: DemoOptions): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'tap-sentry-bench-'));
  const file = join(folder, 'demo.json');
  writeFileSync(file, JSON.stringify(options));
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', '--options', file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stopped = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const [line] = await Promise.race([
    createInterface({ input: child.stdout })
      [Symbol.asyncIterator]()
      .next()
      .then(({ value }) => [value as string]),
    stopped.then((): string[] => []),
  ]);
  if (line === undefined) throw new Error('the demo did not start; its message is above');
  const { url, token, organization } = JSON.parse(line) as Pick<Server, 'url' | 'token' | 'organization'>;

  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await fetch(new URL(`/_demo/${path}`, url), init);
    if (!answer.ok) throw new Error(`the demo's ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    token,
    organization,
    folder,
    get: ask,
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    journal: async () => (await ask('journal')) as { gauges: Gauges; entries: JournalEntry[] },
    clear: async () => void (await ask('journal', { method: 'DELETE' })),
    truth: async <Stream extends string>(...streams: Stream[]) =>
      (await ask(`truth?ids=1&streams=${streams.join(',')}`)) as Record<Stream, string[]>,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await stopped;
      rmSync(folder, { recursive: true });
    },
  };
}
