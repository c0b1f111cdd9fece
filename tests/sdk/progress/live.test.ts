/** How far a run is said to be. */
import { describe, expect, test } from 'vitest';
import { Activity } from '../../../src/sdk/http/activity.js';
import { Limiter } from '../../../src/sdk/http/limiter.js';
import { LiveLine } from '../../../src/sdk/log/live-line.js';
import { progressDetails, showLive } from '../../../src/sdk/progress/live.js';
import type { StreamNode } from '../../../src/sdk/sync/stream-node.js';
import { second } from '../../../src/sdk/time.js';
import { ManualClock, settle } from '../../support/clock.js';

function setUp(partitions: { done: number; total: number }) {
  const clock = new ManualClock();
  const stopped = new AbortController();
  const limiter = new Limiter({ clock, signal: stopped.signal });
  const activity = new Activity(clock);
  const output = { outcome: { rows: 1234 } };
  const node = { name: 'events', definition: { path: '/events/' }, partitions, output } as unknown as StreamNode;
  const sources = { nodes: [node], activity, limiter, requests: () => 56, clock };
  return { clock, stopped, limiter, activity, sources };
}

/** A request that the server refuses for so long, so that the next one waits. */
async function blocked({ limiter, activity }: ReturnType<typeof setUp>, ms: number): Promise<void> {
  await limiter.start('/events/');
  limiter.block('/events/', ms);
  limiter.finish('/events/', { answered: true, refused: true });
  activity.during('events', () => limiter.start('/events/')).catch(() => undefined);
  await settle();
}

describe('a line of the log', () => {
  test('tells for what a stream waits, how long yet, and how many partitions are done', async () => {
    const run = setUp({ done: 3, total: 12 });
    await blocked(run, 60 * second);
    await run.clock.advance(18 * second);

    expect(progressDetails(run.sources)).toEqual([
      "events: waiting 42 s for the server's limit, 3 of 12 partitions done",
    ]);
    run.stopped.abort(new Error('over'));
  });

  test('says nothing of short waits, and of streams that are read in one piece', async () => {
    const run = setUp({ done: 0, total: 1 });
    await blocked(run, 2 * second);

    expect(progressDetails(run.sources)).toEqual([]);
    run.stopped.abort(new Error('over'));
  });

  test('says nothing of a stream that has no request under way', () => {
    expect(progressDetails(setUp({ done: 3, total: 12 }).sources)).toEqual([]);
  });
});

test('the live line changes four times a second, and is erased when the run ends', async () => {
  const run = setUp({ done: 3, total: 12 });
  const written: string[] = [];
  const live = new LiveLine((text) => written.push(text.replace('\r\u001B[K', '')), {
    columns: () => 80,
    color: false,
  });
  await blocked(run, 60 * second);

  const end = showLive(live, run.sources, run.stopped.signal);
  await run.clock.advance(second);
  end();
  await run.clock.advance(second);

  expect(written).toEqual([
    ...Array<string>(4).fill('1,234 rows, 56 requests | events 3/12'),
    '1,234 rows, 1,234/s, 56 requests, ~3 s left | events 3/12',
    '',
  ]);
  run.stopped.abort(new Error('over'));
});
