/** No latency: what the tap itself costs, beside the floor. */
import { leastRequests } from '../least.js';
import { startServer } from '../server.js';
import { allRows, atLeast, atMost, pairs, ratio, rowsOfPairs, serverShare, type Workload } from '../workload.js';

const events = 50_000;

export const cpu: Workload = {
  name: 'cpu',
  async run(bench) {
    await using server = await startServer({
      seed: 7,
      projects: 8,
      issues: 300,
      events,
      rowBytes: 2000,
      prerender: true,
      behaviour: { eventOffsetLimit: 0 },
    });
    const work = { server, streams: ['events'] };
    await bench.floor(work); // the server warms up
    const all = await pairs(5, bench, work);
    return {
      work: 'No latency: 50,000 events of 2 KB in 8 projects',
      rows: rowsOfPairs(all),
      least: await leastRequests(server, work.streams),
      figures: [
        atLeast(
          'rows per CPU second, of the floor',
          ratio(all, (tap, floor) => tap.rows / tap.cpu / (floor.rows / floor.cpu)),
          0.65,
        ),
        atMost(
          'wall, of the floor',
          ratio(all, (tap, floor) => tap.wall / floor.wall),
          undefined,
        ),
        atMost(
          'memory, of the floor',
          ratio(all, (tap, floor) => tap.memory / floor.memory),
          undefined,
        ),
        serverShare(all.map(([tap]) => tap)),
        allRows(
          all.map(([tap]) => tap),
          { events },
        ),
      ],
    };
  },
};
