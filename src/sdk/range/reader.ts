/** What reads the ranges of a stream: rows by their times, or numbers of whole intervals. */
import type { Window } from '../define/window.js';
import type { RestStream } from '../rest/rest-stream.js';
import { IntervalReader } from './interval-reader.js';
import type { RangeQuery } from './range-query.js';
import { RangeReader } from './range-reader.js';
import type { RangeSupport } from './range-support.js';
import type { WorkQueue } from './work-queue.js';

export interface Reader {
  /** What the server understands of ranges; undefined: that does not matter. */
  readonly support?: RangeSupport;
  /** Resolves when the range has been read, or has failed: the query is told what, and how. */
  read(query: RangeQuery): Promise<void>;
}

export const readerOf = (window: Window, rest: RestStream, queue: WorkQueue): Reader =>
  window.intervals ? new IntervalReader(rest, queue, window, window.intervals) : new RangeReader(rest, queue, window);
