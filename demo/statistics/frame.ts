/** The intervals of a statistics request: of one length, from the one in which its range begins to the last. */
import { badRequest } from '../answer.js';
import { daySeconds } from '../clock.js';
import type { State } from '../state.js';
import { readPeriod, readWindow, usualWindow, type Window } from '../times.js';

export interface Frame {
  /** Unix seconds of the first interval. */
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** More numbers than this are refused. */
const mostIntervals = 10_000;

/** The frame of a request; its range is widened to whole intervals. */
export function readFrame(query: URLSearchParams, state: State, usual: string): Frame {
  const interval = query.get('interval') ?? usual;
  const step = readPeriod(interval) ?? Number(interval) / 1000;
  if (!(step >= 60)) throw badRequest(`Invalid interval: ${interval}`);
  const frame = frameOf(readWindow(query, state) ?? usualWindow(state), step);
  if (frame.length > mostIntervals)
    throw badRequest('Your interval and date range would create too many results. Use a larger interval.');
  return frame;
}

function frameOf({ start, end }: Window, step: number): Frame {
  const first = Math.floor(start / step) * step;
  return { start: first, step, length: Math.ceil((end - first) / step) };
}

/** All that retention shows. */
export const wholeFrame = (state: State, step = daySeconds): Frame =>
  frameOf({ start: state.oldest(), end: state.clock.now() / 1000 }, step);

/** The beginning of each interval. */
export const startsOf = ({ start, step, length }: Frame): number[] =>
  Array.from({ length }, (_, n) => start + n * step);

export const endOf = ({ start, step, length }: Frame): number => start + step * length;
