/** The run after the first: most of a large organization has no news. */
import type { Sample } from '../contender.js';
import { startServer } from '../server.js';
import { atMost, routes, rowOf, type Figure, type Workload } from '../workload.js';
import { eight } from './latency.js';

const hour = 3600;

export const second: Workload = {
  name: 'second',
  async run(bench) {
    await using server = await startServer({
      seed: 7,
      projects: 1000,
      issues: 3000,
      events: 30_000,
      releases: 300,
      teams: 40,
      members: 60,
      days: 1095,
      retentionDays: 1095,
    });
    const work = { server, streams: eight };
    bench.say('first run');
    const first = await bench.tap(work);
    await server.post('clock', { advance: 6 * hour });
    bench.say('no news');
    const quiet = await bench.tap({ ...work, state: first.state });
    const projects = (await server.truth('projects')).projects;
    for (let n = 0; n < 10; n += 1)
      await server.post('act', { action: 'addEvents', project: projects[n * 97], count: 20, spacing: 1 });
    await server.post('clock', { advance: 6 * hour });
    bench.say('news in 10 projects');
    const news = await bench.tap({ ...work, state: quiet.state });
    await server.post('clock', { advance: 24 * hour });
    bench.say('a day later');
    const daily = await bench.tap({ ...work, state: news.state });
    return {
      work: 'Second runs: 1,000 projects, 3 years, 3,000 issues, 30,000 events; requests without project_detail',
      rows: [rowOf('first', [first]), rowOf('quiet', [quiet]), rowOf('news', [news]), rowOf('daily', [daily])],
      figures: [
        counted('news in 10 projects', news, 60),
        counted('no news', quiet, 27),
        counted('a day later, issues read over the whole range', daily, undefined),
        {
          name: 'new events',
          value: String(news.records.get('events') ?? 0),
          wanted: '>= 200',
          ok: (news.records.get('events') ?? 0) >= 200,
        },
      ],
    };
  },
};

function counted(name: string, { entries }: Sample, most: number | undefined): Figure {
  const asked = entries.filter((entry) => entry.name !== 'project');
  return atMost(`requests, ${name} (${routes({ entries: asked })})`, asked.length, most);
}
