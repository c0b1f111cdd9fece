/** One project with everything in one range of time: it has to be cut for requests to run side by side. */
import { leastRequests } from '../least.js';
import { startServer } from '../server.js';
import { meanInFlight } from '../timeline.js';
import { allRows, atLeast, atMost, median, rowOf, serverShare, type Workload } from '../workload.js';
import type { Sample } from '../contender.js';

const allowed = 10;
const events = 100_000;

export const giant: Workload = {
  name: 'giant',
  async run(bench) {
    await using server = await startServer({
      seed: 7,
      projects: 1,
      issues: 200,
      events,
      rowBytes: 2000,
      prerender: true,
      latencyMs: 100,
      limits: [{ route: '*', limit: 10_000, seconds: 1, concurrent: allowed }],
    });
    const taps: Sample[] = [];
    for (let n = 0; n < 3; n += 1) taps.push(await bench.tap({ server, streams: ['events'] }));
    return {
      work: 'One project, one range of time: 100,000 events, 100 ms, 10 at once',
      rows: [rowOf('tap', taps)],
      least: await leastRequests(server, ['events']),
      figures: [
        atLeast(
          'in flight, of the allowed, last 95 % of the run',
          median(taps.map(({ entries }) => meanInFlight(entries, entries) / allowed)),
          0.9,
        ),
        atMost(
          'wall: of requests x latency / 10, after 0.5 s',
          median(taps.map(({ wall, entries }) => (wall - 0.5) / (entries.length / 100))),
          1.15,
        ),
        atMost('refused with 429', Math.max(...taps.map(({ tooMany }) => tooMany)), undefined),
        serverShare(taps),
        allRows(taps, { events }),
      ],
    };
  },
};
