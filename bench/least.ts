/** The fewest requests that the rows take, and the shortest time that a server's limits permit for them. */
import { eventsPerProject } from './contender.js';
import type { Server } from './server.js';

export interface Allowance {
  /** Requests in flight at once. */
  concurrent: number;
  /** Milliseconds that an answer takes. */
  latency: number;
  /** Requests in a window of so many seconds; windows begin at multiples of it. */
  limit?: number;
  seconds?: number;
}

/** Milliseconds from `start` to the last answer when each request leaves as early as it may. */
export function leastTime(
  requests: number,
  start: number,
  { concurrent, latency, limit = Infinity, seconds = 1 }: Allowance,
): number {
  const free = Array.from({ length: concurrent }, () => start);
  const length = seconds * 1000;
  let window = Math.floor(start / length);
  let used = 0;
  for (let n = 0; n < requests; n += 1) {
    const lane = n % concurrent; // equal latencies: lanes become free in turn
    let time = free[lane]!;
    const into = Math.floor(time / length);
    if (into > window) [window, used] = [into, 0];
    if (used >= limit) [window, used] = [window + 1, 0];
    time = Math.max(time, window * length);
    used += 1;
    free[lane] = time + latency;
  }
  return Math.max(...free) - start;
}

/** Requests for so many rows: a page of 100 each, and one to learn that there is none. */
export const pages = (rows: number): number => Math.max(1, Math.ceil(rows / 100));

/** The fewest requests for streams: the organization once, the list of projects, and full pages of everything. */
export async function leastRequests(server: Server, streams: readonly string[]): Promise<number> {
  const truth = await server.truth('projects', 'teams', 'members', 'releases', 'issues');
  const each: Readonly<Record<string, number>> = {
    teams: pages(truth.teams.length),
    users: pages(truth.members.length),
    releases: pages(truth.releases.length),
    release: truth.releases.length + (streams.includes('releases') ? 0 : pages(truth.releases.length)),
    project_detail: truth.projects.length,
    issues: pages(truth.issues.length) + 1, // feedback has a query of its own
    events: [...(await eventsPerProject(server)).values()].reduce((sum, rows) => sum + pages(rows), 0),
  };
  return 1 + pages(truth.projects.length) + streams.reduce((sum, stream) => sum + (each[stream] ?? 0), 0);
}
