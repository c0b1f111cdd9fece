/** Memory must not grow with what is read. */
import { startServer } from '../server.js';
import { allRows, atMost, rowOf, type Bench, type Workload } from '../workload.js';
import type { Sample } from '../contender.js';

async function read(bench: Bench, events: number, times: number): Promise<[taps: Sample[], floor: Sample]> {
  bench.say(`${events} events`);
  await using server = await startServer({
    seed: 7,
    projects: 20,
    issues: 2000,
    events,
    rowBytes: 2000,
    prerender: true,
    behaviour: { eventOffsetLimit: 0 },
  });
  const taps: Sample[] = [];
  for (let n = 0; n < times; n += 1) taps.push(await bench.tap({ server, streams: ['issues', 'events'] }));
  return [taps, await bench.floor({ server, streams: ['events'] })];
}

export const million: Workload = {
  name: 'million',
  long: true,
  async run(bench) {
    const [few, floorFew] = await read(bench, 100_000, 3);
    const [many, floorMany] = await read(bench, 1_000_000, 1);
    const [some, most] = [rowOf('100,000', few), rowOf('1,000,000', many)];
    return {
      work: 'Memory: 1,000,000 events of 2 KB against 100,000, with 2,000 issues',
      rows: [some, rowOf('floor', [floorFew]), most, rowOf('floor', [floorMany])],
      figures: [
        atMost('memory, of 100,000', most.memory / some.memory, 1.2),
        atMost('memory of 1,000,000, MB', most.memory, 200),
        allRows(few, { events: 100_000 }),
        allRows(many, { events: 1_000_000 }),
      ],
    };
  },
};
