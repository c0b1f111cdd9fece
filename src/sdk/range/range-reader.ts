/**
 * Reads ranges of time of one stream, and shares the work: one list is read as a whole, and split only where that
 * pays, which is when workers have nothing to do.
 */
import type { Window } from '../define/window.js';
import type { RestStream } from '../rest/rest-stream.js';
import { QueryReading } from './query-reading.js';
import type { RangeQuery } from './range-query.js';
import { RangeSupport } from './range-support.js';
import { type Divisible, fewestPages } from './sharing.js';
import type { WorkQueue } from './work-queue.js';

export class RangeReader {
  readonly support: RangeSupport;
  /** Everything that is being read, of all queries. */
  readonly open = new Set<Divisible>();

  constructor(
    readonly rest: RestStream,
    readonly queue: WorkQueue,
    window: Window,
  ) {
    this.support = new RangeSupport(rest, window);
    queue.onSpare = () => this.share();
  }

  /** Resolves when the range has been read, or has failed: `query` is told what, and how. */
  async read(query: RangeQuery): Promise<void> {
    const [first = {}, ...others] = this.rest.stream.queries;
    const main = new QueryReading(this, query, first, 0);
    const further = others.map((own, index) => new QueryReading(this, query, own, index + 1, main));
    const readings = [main, ...further];
    await Promise.all(readings.map((reading) => reading.run()));
    await Promise.all(readings.map((reading) => reading.scanIfDoubted()));
  }

  /** Whether there is nobody to share with. */
  get isBusy(): boolean {
    return this.queue.spare === 0 || this.support.scans;
  }

  /** While workers have nothing to do, the longest of what is open is split. */
  share(): void {
    if (!this.support.splittable) return;
    while (!this.isBusy) {
      let longest: Divisible | undefined;
      for (const part of this.open) if (!longest || part.pages() > longest.pages()) longest = part;
      if (!longest || longest.pages() < fewestPages) return;
      longest.split();
    }
  }
}
