/** The work on which the tap and its peers are compared: a server for each, and all three on it in turn. */
import type { DemoOptions } from '../../demo/index.js';
import type { Sample } from '../contender.js';
import { type Server, startServer } from '../server.js';
import type { Peers } from './contenders.js';

export const sizes = { projects: 8, issues: 300, events: 10_000, rowBytes: 2000 };
const streams = ['projects', 'issues', 'events'];
const newEvents = 100;
const hour = 3600;

/** What each of them needed for the same work. */
export type Round = Record<keyof Peers, Sample>;

export interface Comparison {
  work: string;
  rounds: Round[];
  /** Rows that each must have at least, by stream. */
  least: Record<string, number>;
}

interface Place {
  work: string;
  options?: DemoOptions;
  /** Requests in a second. */
  limit?: number;
  /** The share of answers that are 503. */
  faults?: number;
  hasSecondRun?: boolean;
}

const places: readonly Place[] = [
  { work: 'no latency', hasSecondRun: true },
  { work: 'latency of 100 ms', options: { latencyMs: 100 } },
  { work: '15 requests a second for each route', limit: 15 },
  { work: '2 % of the answers are 503', faults: 0.02 },
];

/** Every comparison, as it is done. */
export async function* compareAll(peers: Peers, rounds: number): AsyncGenerator<Comparison> {
  for (const place of places) yield* compareAt(place, peers, rounds);
}

async function* compareAt(place: Place, peers: Peers, count: number): AsyncGenerator<Comparison> {
  const { work, options, hasSecondRun = false } = place;
  const behaviour = { eventOffsetLimit: 0 };
  await using server = await startServer({ seed: 7, ...sizes, prerender: true, behaviour, ...options });
  await peers.tap({ server, streams }); // the server warms up
  const { projects } = await server.truth('projects');
  const rounds: Round[] = [];
  for (let n = 0; n < count; n += 1) rounds.push(await compareOnce(place, peers, server));
  yield { work, rounds, least: { projects: sizes.projects, events: sizes.events } };
  if (!hasSecondRun) return;
  for (const project of projects.slice(0, 2))
    await server.post('act', { action: 'addEvents', project, count: newEvents / 2, spacing: 1 });
  await server.post('clock', { advance: hour });
  const again: Round[] = [];
  for (const first of rounds) again.push(await compareOnce(place, peers, server, first));
  yield { work: `second run, with ${newEvents} new events`, rounds: again, least: { events: newEvents } };
}

/** All three, one after the other. `first`: the run whose bookmarks they go on from. */
async function compareOnce(place: Place, peers: Peers, server: Server, first?: Round): Promise<Round> {
  const run = async (who: keyof Peers): Promise<Sample> => {
    await prepare(place, server);
    return peers[who]({ server, streams, state: first?.[who].state });
  };
  return { tap: await run('tap'), dlt: await run('dlt'), singer: await run('singer') };
}

/** Limits and faults begin anew for each. */
async function prepare({ limit, faults }: Place, server: Server): Promise<void> {
  if (limit !== undefined) await server.post('limits', { rules: [{ route: '*', limit, seconds: 1, concurrent: 25 }] });
  if (faults === undefined) return;
  await fetch(new URL('/_demo/faults', server.url), { method: 'DELETE' });
  await server.post('faults', { kind: 'status', status: 503, probability: faults });
}
