/** 100 ms an answer: what counts is that as many requests are under way as may be. */
import type { Sample } from '../contender.js';
import { leastRequests } from '../least.js';
import { startServer, type Server } from '../server.js';
import { byRoute, meanInFlight, ofRoute } from '../timeline.js';
import {
  allRows,
  atLeast,
  atMost,
  median,
  pairs,
  ratio,
  rowOf,
  rowsOfPairs,
  noted,
  routes,
  serverShare,
  type Workload,
} from '../workload.js';

const latencyMs = 100;
/** What the tap keeps in flight where the server names no number. */
const concurrency = 8;
export const eight = ['projects', 'issues', 'events', 'teams', 'users', 'releases', 'project_detail', 'release'];
/** Asked one at a time, as the README says. */
export const lanes = ['project', 'release'];

/** The stream that a list of true rows belongs to: users are read from the list of members. */
const streamOf = (truth: string): string => (truth === 'members' ? 'users' : truth);

const start = (events: number): Promise<Server> =>
  startServer({
    seed: 7,
    projects: 12,
    issues: 1500,
    events,
    releases: 60,
    rowBytes: 2000,
    prerender: true,
    latencyMs,
    behaviour: { eventOffsetLimit: 0 },
  });

/** Seconds: each route with what it may have in flight, the slowest of them counts. */
function least({ entries }: Sample): number {
  return Math.max(
    ...[...byRoute(entries)].map(
      ([name, { length }]) => (length * latencyMs) / 1000 / (lanes.includes(name) ? 1 : concurrency),
    ),
  );
}

/** One stream, so that the floor can come along. */
export const latency: Workload = {
  name: 'latency',
  async run(bench) {
    const events = 100_000;
    await using server = await start(events);
    const all = await pairs(3, bench, { server, streams: ['events'] });
    const taps = all.map(([tap]) => tap);
    return {
      work: '100 ms: 100,000 events of 2 KB in 12 projects',
      rows: rowsOfPairs(all),
      least: await leastRequests(server, ['events']),
      figures: [
        atMost(
          'wall: of requests x latency / 8, after 0.5 s',
          median(taps.map((tap) => (tap.wall - 0.5) / least(tap))),
          1.15,
        ),
        noted('the same of the floor', median(all.map(([, floor]) => (floor.wall - 0.5) / least(floor))).toFixed(2)),
        atMost(
          'wall, of the floor',
          ratio(all, (tap, floor) => tap.wall / floor.wall),
          undefined,
        ),
        atLeast(
          'in flight, of 8, last 95 % of the run',
          median(taps.map((tap) => meanInFlight(ofRoute(tap.entries, 'events'), tap.entries) / concurrency)),
          undefined,
        ),
        serverShare(taps),
        allRows(taps, { events }),
      ],
    };
  },
};

/** The eight streams of a fresh installation, side by side. */
export const streams: Workload = {
  name: 'streams',
  async run(bench) {
    const events = 100_000;
    await using server = await start(events);
    const truth = await server.truth('projects', 'issues', 'teams', 'members', 'releases', 'release');
    const taps: Sample[] = [];
    for (let n = 0; n < 3; n += 1) taps.push(await bench.tap({ server, streams: eight }));
    const tap = taps[0]!;
    return {
      work: '100 ms: the eight usual streams, 100,000 events of 2 KB, 1,500 issues in 12 projects',
      rows: [rowOf('tap', taps)],
      least: await leastRequests(server, eight),
      figures: [
        atMost(
          'wall: of the longest route, after 0.5 s',
          median(taps.map((one) => (one.wall - 0.5) / least(one))),
          1.15,
        ),
        noted('requests by route', routes(tap)),
        serverShare(taps),
        allRows(taps, {
          events,
          ...Object.fromEntries(Object.entries(truth).map(([name, keys]) => [streamOf(name), keys.length])),
        }),
      ],
    };
  },
};
