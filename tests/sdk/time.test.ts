import { describe, expect, test } from 'vitest';
import { day, floorSecond, isoSeconds, parseDate, parseDuration, systemClock } from '../../src/sdk/time.js';

describe('parseDate', () => {
  test.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T10:11', '2026-11-22T10:11:00.000Z'],
    ['2026-11-22T10:11:12', '2026-11-22T10:11:12.000Z'],
    ['2026-11-22 10:11:12Z', '2026-11-22T10:11:12.000Z'],
    ['2026-11-22t10:11:12z', '2026-11-22T10:11:12.000Z'],
    ['2026-11-22T10:11:12.5Z', '2026-11-22T10:11:12.500Z'],
    ['2026-11-22T10:11:12,123456789Z', '2026-11-22T10:11:12.123Z'],
    ['2026-11-22T10:11:12+01:00', '2026-11-22T09:11:12.000Z'],
    ['2026-11-22T10:11:12-0330', '2026-11-22T13:41:12.000Z'],
    ['2026-11-22T10:11:12+01', '2026-11-22T09:11:12.000Z'],
    [' 2024-02-29 ', '2024-02-29T00:00:00.000Z'],
    ['0099-01-01', '0099-01-01T00:00:00.000Z'],
  ])('reads %j', (text, instant) => {
    expect(new Date(parseDate(text) ?? NaN).toISOString()).toBe(instant);
  });

  test.each([
    '',
    'yesterday',
    '2026',
    '2026-11',
    '2026-02-30',
    '2023-02-29',
    '2026-13-01',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:11:60Z',
    '0000-01-01',
    '1700000000',
    '2026-11-22T10:11:12.1234567890Z',
    '22.11.2026',
  ])('refuses %j', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});

describe('parseDuration', () => {
  test.each([
    ['PT1H', 3_600_000],
    ['P1D', 86_400_000],
    ['PT0S', 0],
    ['P1W', 604_800_000],
    ['P1DT2H3M4S', 93_784_000],
    ['pt30m', 1_800_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 'P', 'PT', 'P1DT', '1H', 'P1Y', 'P1M', 'PT1.5H', '-PT1H', '3600'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('seconds', () => {
  test('are cut, before 1970 too', () => {
    expect(floorSecond(1999)).toBe(1000);
    expect(floorSecond(-1)).toBe(-1000);
    expect(isoSeconds(Date.UTC(2026, 0, 2, 3, 4, 5, 999))).toBe('2026-01-02T03:04:05Z');
  });
});

describe('the system clock', () => {
  test('wakes at once with the reason when the run is stopped', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');

    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort(reason);

    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(60_000, stop.signal)).rejects.toBe(reason);
  });

  test('sleeps longer than a timer of Node lasts', async () => {
    const stop = new AbortController();
    let awake = false;
    const sleeping = systemClock.sleep(30 * day, stop.signal).then(() => (awake = true));

    await systemClock.sleep(5); // a timer that is too long for Node fires after one millisecond
    expect(awake).toBe(false);
    stop.abort(new Error('enough'));

    await expect(sleeping).rejects.toThrow('enough');
  });
});
