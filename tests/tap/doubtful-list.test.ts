/** A list of parents that may have broken off. */
import { expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

test('a doubtful list of projects is said by the streams below it, even unselected, and forgets no bookmark', async () => {
  await using demo = await createDemo({
    seed: 3,
    projects: 120,
    issues: 130,
    events: 200,
    frozen: true,
    now: '2026-11-22T12:00:00Z',
  });
  const catalog = {
    streams: [
      {
        tap_stream_id: 'events',
        stream: 'events',
        schema: {},
        metadata: [{ breadcrumb: [], metadata: { selected: true } }],
      },
    ],
  };
  const target = new Target();
  await syncInto(target, { config: configFor(demo), catalog });
  const before = (target.state!.bookmarks['events']!['partitions'] as unknown[]).length;
  demo.faults.add({ kind: 'noLink', match: 'projects', times: 1 });

  const { code, stderr } = await syncInto(target, { config: configFor(demo), catalog });

  expect(code).toBe(1);
  expect(stderr).toMatch(/events +failed .*without a link that leads on/);
  expect((target.state!.bookmarks['events']!['partitions'] as unknown[]).length).toBe(before);
});
