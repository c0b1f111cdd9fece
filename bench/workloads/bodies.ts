/** Whole events: rows of 30 KB. */
import { leastRequests } from '../least.js';
import { startServer } from '../server.js';
import { allRows, atLeast, atMost, pairs, ratio, rowsOfPairs, serverShare, type Workload } from '../workload.js';

const events = 10_000;

export const bodies: Workload = {
  name: 'bodies',
  async run(bench) {
    await using server = await startServer({
      seed: 7,
      projects: 8,
      issues: 300,
      events,
      bodyBytes: 30_000,
      prerender: 'bodies',
      behaviour: { eventOffsetLimit: 0, fullPageSize: 0 }, // bytes are measured here, not pages
    });
    const work = { server, streams: ['events'], config: { fetch_event_details: true } };
    await bench.floor(work);
    const all = await pairs(3, bench, work);
    return {
      work: 'No latency: 10,000 whole events of 30 KB in 8 projects',
      rows: rowsOfPairs(all),
      least: await leastRequests(server, work.streams),
      figures: [
        atMost(
          'memory, of the floor',
          ratio(all, (tap, floor) => tap.memory / floor.memory),
          1.2,
        ),
        atLeast(
          'rows per CPU second, of the floor',
          ratio(all, (tap, floor) => tap.rows / tap.cpu / (floor.rows / floor.cpu)),
          undefined,
        ),
        atMost(
          'wall, of the floor',
          ratio(all, (tap, floor) => tap.wall / floor.wall),
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
