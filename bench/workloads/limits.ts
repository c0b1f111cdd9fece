/** Servers that allow so many requests in a window: all of them are to be used, and none refused. */
import type { DemoOptions, LimitRule } from '../../demo/index.js';
import type { Sample } from '../contender.js';
import { leastRequests, leastTime } from '../least.js';
import { startServer } from '../server.js';
import { byRoute, lateRefusals, span } from '../timeline.js';
import {
  allRows,
  atMost,
  noted,
  routes,
  rowOf,
  serverShare,
  type Bench,
  type Result,
  type Workload,
} from '../workload.js';
import { eight, lanes } from './latency.js';

interface Limited {
  work: string;
  options: DemoOptions & { latencyMs: number; events: number };
  rules: readonly LimitRule[];
}

async function run(bench: Bench, { work, options, rules }: Limited): Promise<Result> {
  await using server = await startServer({ seed: 7, prerender: true, ...options });
  const taps: Sample[] = [];
  for (let n = 0; n < 3; n += 1) {
    bench.say(`run ${n + 1} of 3`);
    await server.post('limits', { rules }); // forgets what the run before has used
    taps.push(await bench.tap({ server, streams: eight }));
  }
  const parts = taps.map((tap) => [...leastByRoute(tap, rules, options.latencyMs)].sort(([, a], [, b]) => b - a));
  const slowest = parts[0]![0]!;
  return {
    work,
    rows: [rowOf('tap', taps)],
    least: await leastRequests(server, eight),
    figures: [
      atMost(
        `wall, of the least for its requests (${slowest[0]}, ${slowest[1].toFixed(1)} s)`,
        Math.max(...taps.map((tap, n) => tap.wall / parts[n]![0]![1])),
        1.1,
      ),
      atMost('429s after the first headers', Math.max(...taps.map(({ entries }) => lateRefusals(entries))), 0),
      noted('requests by route', routes(taps[0]!)),
      serverShare(taps),
      allRows(taps, { events: options.events }),
    ],
  };
}

/** Seconds from the start of the run to each route's last answer, had nothing been wasted after its first request. */
function leastByRoute({ entries, wall }: Sample, rules: readonly LimitRule[], latency: number): Map<string, number> {
  const began = span(entries).end - wall * 1000;
  return new Map(
    [...byRoute(entries)].map(([name, asked]) => {
      const rule = rules.find(({ route }) => route === name) ?? rules.find(({ route }) => route === '*');
      const concurrent = lanes.includes(name) ? 1 : (rule?.concurrent ?? 8);
      const { start } = span(asked);
      return [name, (start - began + leastTime(asked.length, start, { latency, ...rule, concurrent })) / 1000];
    }),
  );
}

export const budget: Workload = {
  name: 'budget',
  run: (bench) =>
    run(bench, {
      work: '15 a second and 10 at once for each route, 100 ms: the eight usual streams',
      options: { projects: 8, issues: 600, events: 25_000, releases: 40, latencyMs: 100 },
      rules: [{ route: '*', limit: 15, seconds: 1, concurrent: 10 }],
    }),
};

/** As on sentry.io, where a minute of the events' window lasts six seconds here. */
export const sentryIo: Workload = {
  name: 'sentry.io',
  run: (bench) =>
    run(bench, {
      work: 'sentry.io, ten times as fast: events 60 in 6 s and one at a time, issues 5 a second, others 40; 20 ms',
      options: { projects: 8, issues: 600, events: 15_000, releases: 40, latencyMs: 20 },
      rules: [
        { route: 'events', limit: 60, seconds: 6, concurrent: 1 },
        { route: 'issues', limit: 5, seconds: 1, concurrent: 5 },
        { route: '*', limit: 40, seconds: 1, concurrent: 25 },
      ],
    }),
};
