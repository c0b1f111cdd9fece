import { describe, expect, test } from 'vitest';
import { runBounds } from '../../../src/sdk/sync/run-bounds.js';
import { hour, minute, second } from '../../../src/sdk/time.js';
import { someday } from '../../support/clock.js';

const server = someday;

describe('a run reads', () => {
  test('up to the second that has begun: what the server shows when the run begins is in it', () => {
    expect(runBounds({ server, own: someday + 400 }, undefined, hour)).toEqual({
      end: someday + second,
      latest: someday,
      now: someday,
      warning: undefined,
    });
  });

  test('up to the later of the two clocks', () => {
    expect(runBounds({ server, own: someday - 3 * hour }, undefined, hour).end).toBe(someday + second);
    expect(runBounds({ server, own: someday + 3 * hour }, undefined, hour).end).toBe(someday + 3 * hour + second);
  });

  test('by its own clock where the server does not say what time it is', () => {
    expect(runBounds({ server: undefined, own: someday + 400 }, undefined, hour)).toEqual({
      end: someday + second,
      latest: someday,
      now: someday,
      warning: undefined,
    });
  });

  test('up to a minute ago where the next run looks back by less than a minute', () => {
    const bounds = (lookback: number) => runBounds({ server, own: someday }, undefined, lookback);

    expect(bounds(minute - 1)).toMatchObject({ end: someday - minute, latest: someday - minute });
    expect(bounds(minute)).toMatchObject({ end: someday + second, latest: someday });
  });

  test('up to now where no stream looks back, since none has a range', () => {
    expect(runBounds({ server, own: someday }).end).toBe(someday + second);
  });

  test('up to the end that a setting names, if that is earlier, in whole seconds', () => {
    const earlier = someday - 5 * hour;

    expect(runBounds({ server, own: someday }, earlier + 999, hour)).toMatchObject({ end: earlier, latest: earlier });
    expect(runBounds({ server, own: someday }, someday + hour, hour).end).toBe(someday + second);
  });
});

describe('no bookmark', () => {
  test('passes the earlier of the two clocks', () => {
    expect(runBounds({ server, own: someday - 3 * hour }, undefined, hour).latest).toBe(someday - 3 * hour);
    expect(runBounds({ server, own: someday + 3 * hour }, undefined, hour).latest).toBe(someday);
  });

  test('holds a fraction of a second', () => {
    expect(runBounds({ server: undefined, own: someday + 999 }, undefined, hour).latest).toBe(someday);
  });
});

describe('clocks that differ', () => {
  test('by more than a minute are said, whichever is ahead', () => {
    for (const apart of [minute + 1, -minute - 1]) {
      const { warning } = runBounds({ server, own: someday + apart }, undefined, hour);
      expect(warning).toMatch(/^The server's clock says 2026-11-22T12:00:00Z, this machine's 2026-11-22T1[12]:/);
    }
  });

  test('by a minute are not', () => {
    expect(runBounds({ server, own: someday + minute }, undefined, hour).warning).toBeUndefined();
    expect(runBounds({ server, own: someday - minute }, undefined, hour).warning).toBeUndefined();
  });
});
