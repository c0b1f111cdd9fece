import { describe, expect, test } from 'vitest';
import { Outcome } from '../../../src/sdk/sync/outcome.js';
import type { OutputStream } from '../../../src/sdk/sync/output-stream.js';
import { reportProgress, summarize } from '../../../src/sdk/sync/summary.js';
import { second } from '../../../src/sdk/time.js';
import { ManualClock } from '../../support/clock.js';
import { keepLog } from '../../support/log.js';

const kept = () => {
  const { log, said, lines } = keepLog();
  const outputOf = (name: string, rows = 0): OutputStream => {
    const outcome = new Outcome(name, log);
    outcome.rows = rows;
    return { name, outcome } as OutputStream;
  };
  return { log, said, lines, outputOf };
};

describe('a run', () => {
  test('that read everything says so, with a line for each stream before', () => {
    const { log, said, outputOf } = kept();
    const outputs = [outputOf('events', 1234), outputOf('teams')];

    const code = summarize({ tap: 'tap-toy', outputs, requests: 5678, isTest: false }, log);

    expect(code).toBe(0);
    expect(said('INFO')).toEqual([
      expect.stringMatching(/^events +ok +1,234 rows$/),
      expect.stringMatching(/^teams +empty +0 rows$/),
      'Done: 1,234 rows of 2 streams in 5,678 requests; nothing was left out.',
    ]);
  });

  test('that left something out says that it did', () => {
    const { log, said, outputOf } = kept();
    const events = outputOf('events', 3);
    events.outcome.lacks('rows without their body');

    expect(summarize({ tap: 'tap-toy', outputs: [events], requests: 2, isTest: false }, log)).toBe(0);
    expect(said('INFO').at(-1)).toBe('Done: 3 rows of 1 streams in 2 requests; what was left out is named above.');
  });

  test('that failed names each stream with its reason, and the others not', () => {
    const { log, said, outputOf } = kept();
    const outputs = [outputOf('events', 3), outputOf('issues', 2), outputOf('teams', 1)];
    outputs[0]?.outcome.fail('HTTP 500');
    outputs[1]?.outcome.refuse('web', { message: 'HTTP 403', status: 403, wasKnown: true, permission: undefined });

    expect(summarize({ tap: 'tap-toy', outputs, requests: 9, isTest: false }, log)).toBe(1);
    expect(said('ERROR').at(-1)).toBe(
      'tap-toy could not read everything: events (HTTP 500); issues (withdrawn since an earlier run: web). ' +
        '6 rows of 3 streams in 9 requests. Bookmarks of what is missing stay, so the next run tries again.',
    );
    expect(said('INFO').join()).not.toContain('Done');
  });

  test('that is a test says that the connection works', () => {
    const { log, said, outputOf } = kept();

    expect(summarize({ tap: 'tap-toy', outputs: [outputOf('events', 1)], requests: 3, isTest: true }, log)).toBe(0);
    expect(said('INFO').at(-1)).toBe('The connection works: 1 rows of 1 streams in 3 requests.');
  });

  test('counts the records and the requests of each stream as metrics', () => {
    const { log, lines, outputOf } = kept();
    const requestsOf = new Map([['events', new Map([['/events/', 3]])]]);

    summarize({ tap: 'tap-toy', outputs: [outputOf('events', 12)], requests: 3, requestsOf, isTest: false }, log);

    const metrics = lines.filter((line) => line.includes('METRIC')).map((line) => line.split('METRIC: ')[1]);
    const { pid } = process;
    expect(metrics.map((line) => JSON.parse(line ?? '') as unknown)).toEqual([
      {
        type: 'counter',
        metric: 'http_request_count',
        value: 3,
        tags: { stream: 'events', endpoint: '/events/', pid },
      },
      { type: 'counter', metric: 'record_count', value: 12, tags: { stream: 'events', pid, context: {} } },
    ]);
  });
});

describe('on the way', () => {
  test('a counter carries the rows since its last line', async () => {
    const { log, lines, outputOf } = kept();
    const clock = new ManualClock();
    const events = outputOf('events', 5);
    const stop = reportProgress([events], clock, log, new AbortController().signal);
    const counted = (): string[] => lines.flatMap((line) => /"record_count","value":(\d+)/.exec(line)?.[1] ?? []);

    await clock.advance(30 * second);
    await clock.advance(30 * second);
    events.outcome.rows = 7;
    await clock.advance(30 * second);
    stop();

    expect(counted()).toEqual(['5', '2']);
  });

  test('a line every thirty seconds tells the streams that have rows, until the run ends', async () => {
    const { log, said, outputOf } = kept();
    const clock = new ManualClock();
    const outputs = [outputOf('events'), outputOf('teams')];
    const stop = reportProgress(outputs, clock, log, new AbortController().signal);

    await clock.advance(30 * second - 1);
    expect(said('INFO')).toEqual([]);
    await clock.advance(1);
    expect(said('INFO')).toEqual(['So far: no rows.']);
    if (outputs[0]) outputs[0].outcome.rows = 1500;
    await clock.advance(30 * second);
    expect(said('INFO').at(-1)).toBe('So far: events 1,500.');
    stop();
    await clock.advance(60 * second);

    expect(said('INFO')).toHaveLength(2);
    expect(clock.sleepers).toBe(0);
  });

  test('nothing is said any more when the run is stopped', async () => {
    const { log, said, outputOf } = kept();
    const clock = new ManualClock();
    const stopped = new AbortController();
    reportProgress([outputOf('events')], clock, log, stopped.signal);

    stopped.abort(new Error('SIGTERM'));
    await clock.advance(60 * second);

    expect(said('INFO')).toEqual([]);
  });
});
