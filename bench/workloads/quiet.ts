/** Memory where there are many projects and little news: what is kept for each of them must be small. */
import { startServer } from '../server.js';
import { atMost, rowOf, type Workload } from '../workload.js';
import { eight } from './latency.js';

const hour = 3600;

export const quiet: Workload = {
  name: 'quiet',
  async run(bench) {
    await using server = await startServer({ seed: 7, projects: 10_000, issues: 200, events: 2000, teams: 40 });
    const work = { server, streams: eight };
    bench.say('first run');
    const first = await bench.tap(work);
    await server.post('clock', { advance: 6 * hour });
    bench.say('second run');
    const second = await bench.tap({ ...work, state: first.state });
    return {
      work: 'Memory: 10,000 projects, most of them quiet; a first run and the next one',
      rows: [rowOf('first', [first]), rowOf('second', [second])],
      figures: [
        atMost('memory of the first run, MB', first.memory, 150),
        atMost('memory of the second run, MB', second.memory, 150),
      ],
    };
  },
};
