/** A start date long before the first row. */
import { startServer } from '../server.js';
import { allRows, atMost, noted, routes, rowOf, type Workload } from '../workload.js';
import { eight } from './latency.js';

export const history: Workload = {
  name: 'history',
  async run(bench) {
    const events = 20_000;
    const options = { seed: 7, projects: 8, issues: 1200, events, releases: 60, prerender: true, latencyMs: 20 };
    // Releases reach twenty days further back than events: 90 days of data in all.
    await using server = await startServer({ ...options, days: 69.9, retentionDays: 3000 });
    const near = new Date(Date.now() - 90 * 86_400_000).toISOString();
    const late = await bench.tap({ server, streams: eight, config: { start_date: near } });
    const early = await bench.tap({ server, streams: eight, config: { start_date: '2020-01-01T00:00:00Z' } });
    return {
      work: 'start_date 2020 against 90 days ago, on 90 days of data',
      rows: [rowOf('90 days', [late]), rowOf('2020', [early])],
      figures: [
        atMost('more requests', early.entries.length - late.entries.length, 10),
        noted('90 days', routes(late)),
        noted('2020', routes(early)),
        allRows([early, late], { events }),
      ],
    };
  },
};
