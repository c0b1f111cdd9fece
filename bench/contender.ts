/** Who is measured: a Singer tap, ours or another, and the floor. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../demo/index.js';
import { measure, type Usage } from './measure.js';
import { root, type Server } from './server.js';

export interface Work {
  server: Server;
  /** Streams to select. */
  streams: readonly string[];
  /** More settings of the tap. */
  config?: Record<string, unknown>;
  state?: unknown;
}

export interface Sample extends Usage {
  who: string;
  rows: number;
  entries: JournalEntry[];
  tooMany: number;
  /** Share of the CPU time that was the server's. */
  serverShare: number;
}

export type Runner = (work: Work) => Promise<Sample>;

interface Catalog {
  streams: { tap_stream_id: string; metadata?: { breadcrumb: string[]; metadata: Record<string, unknown> }[] }[];
}

/** A Singer tap as a shell command. `extra` are settings, in which {url}, {token} and {organization} are filled in. */
export function tapRunner(command: string, extra: Record<string, unknown>): Runner {
  const shell = (...args: string[]): string[] => ['bash', '-c', `exec ${command} "$@"`, 'tap', ...args];
  const discover = (args: string[]): Catalog | undefined => {
    const [file, ...rest] = shell(...args, '--discover');
    try {
      return JSON.parse(
        execFileSync(file!, rest, {
          cwd: root,
          encoding: 'utf8',
          maxBuffer: 2 ** 28,
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ) as Catalog;
    } catch {
      return undefined; // a tap without catalogs reads what it reads
    }
  };
  return async (work) => {
    const { server, streams } = work;
    const { url, token, organization } = server;
    const own = { base_url: url, api_token: token, organization, start_date: '2020-01-01T00:00:00Z', ...work.config };
    const filled = JSON.stringify({ ...own, ...extra }).replaceAll(
      /\{(url|token|organization)\}/g,
      (_, name: 'url' | 'token' | 'organization') => server[name],
    );
    const args = ['--config', save(server, 'config.json', filled)];
    const catalog = discover(args);
    if (catalog) args.push('--catalog', save(server, 'catalog.json', JSON.stringify(select(catalog, streams))));
    if (work.state !== undefined) args.push('--state', save(server, 'state.json', JSON.stringify(work.state)));
    return runProgram('tap', shell(...args), server);
  };
}

/** floor.mjs on the same events. */
export const floorRunner: Runner = async ({ server, config }) => {
  const { url, token, organization } = server;
  const settings = { base_url: url, api_token: token, organization, full: config?.['fetch_event_details'] === true };
  const projects = [...(await eventsPerProject(server))].map(([project, rows]) => `${project}:${rows}`);
  const command = [
    process.execPath,
    'bench/floor.mjs',
    save(server, 'floor.json', JSON.stringify(settings)),
    ...projects,
  ];
  return runProgram('floor', command, server);
};

const counted = new WeakMap<Server, Map<string, number>>();

/** How many events each project had when this was first asked. */
export async function eventsPerProject(server: Server): Promise<Map<string, number>> {
  const counts = counted.get(server) ?? new Map<string, number>();
  if (counted.has(server)) return counts;
  for (const key of (await server.truth('events')).events) {
    const project = key.split('/')[0]!;
    counts.set(project, (counts.get(project) ?? 0) + 1);
  }
  counted.set(server, counts);
  return counts;
}

/** One run of a program on what the server has. */
export async function runProgram(who: string, command: readonly string[], server: Server): Promise<Sample> {
  await server.clear();
  const usage = await measure(command, join(server.folder, `${who}.log`));
  const { gauges, entries } = await server.journal();
  const rows = [...usage.records.values()].reduce((sum, count) => sum + count, 0);
  const serverCpu = gauges.cpuMs / 1000;
  return { ...usage, who, rows, entries, tooMany: gauges.tooMany, serverShare: serverCpu / (serverCpu + usage.cpu) };
}

function select({ streams }: Catalog, wanted: readonly string[]): Catalog {
  return {
    streams: streams.map((stream) => {
      const [root, rest] = [
        (stream.metadata ?? []).filter(isRoot),
        (stream.metadata ?? []).filter((one) => !isRoot(one)),
      ];
      const selected = wanted.includes(stream.tap_stream_id);
      return { ...stream, metadata: [{ breadcrumb: [], metadata: { ...root[0]?.metadata, selected } }, ...rest] };
    }),
  };
}

const isRoot = ({ breadcrumb }: { breadcrumb: string[] }): boolean => breadcrumb.length === 0;

/** Writes a file into the server's folder; answers its path. */
export function save({ folder }: Server, name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
