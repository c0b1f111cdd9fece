/**
 * Up to when a run reads, and how far its bookmarks may go. It reads up to now by the later of the two clocks: what
 * the server shows when the run begins is in the run. No bookmark passes the earlier of the two.
 */
import { ConfigError } from '../errors.js';
import { floorSecond, isoSeconds, minute, second } from '../time.js';

export interface ClockReading {
  /** The server's time (epoch ms, whole second) in its first answer; undefined: it did not say. */
  readonly server: number | undefined;
  /** Our time (epoch ms) then. */
  readonly own: number;
}

export interface RunBounds {
  /** Nothing from here on is read (epoch ms, whole second). */
  readonly end: number;
  /** No bookmark passes this (epoch ms, whole second). */
  readonly latest: number;
  /** When the run begins (epoch ms, whole second), by the earlier of the two clocks. */
  readonly now: number;
  /** What is worth a word about the clocks. */
  readonly warning: string | undefined;
}

/** `endDate`: a setting that ends the run earlier. `lookback`: the shortest of the selected streams (ms). */
export function runBounds({ server, own }: ClockReading, endDate = Infinity, lookback = Infinity): RunBounds {
  const theirs = server ?? own;
  // Rows become visible some time after they arrive: where the next run does not look back, this one holds a minute
  // back.
  const held = lookback < minute ? minute : -second;
  const now = Math.max(theirs, own);
  const end = Math.min(floorSecond(now) - held, floorSecond(endDate));
  const earlier = floorSecond(Math.min(theirs, own));
  const latest = Math.min(earlier, end);
  return { end, latest, now: earlier, warning: warningOf(theirs, own) };
}

function warningOf(server: number, own: number): string | undefined {
  const apart = Math.abs(server - own);
  if (apart <= minute) return undefined;
  return (
    `The server's clock says ${isoSeconds(server)}, this machine's ${isoSeconds(own)}. ` +
    'Rows are read up to the later of them, and bookmarks stay at the earlier. Set the clock that is wrong.'
  );
}

/** @throws ConfigError for a date to read from that has not come yet. */
export function refuseFutureStart(name: string, startDate: number, now: number): void {
  if (startDate <= now) return;
  throw new ConfigError([
    `${name} is ${isoSeconds(startDate)}, which lies in the future (it is ${isoSeconds(now)}). Set it to a ` +
      'date that has passed.',
  ]);
}
