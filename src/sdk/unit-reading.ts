/**
 * Reads a range of time from a list that comes newest first. The range is asked for as a whole, and
 * cut only where that pays: when requests lie idle, or when a query grows longer than the server
 * answers well. Pieces are disjoint, and each page is reported with the interval that it completes.
 */
import type { Params } from './define-stream.js';
import { SkippableError, StreamError, TooLargeError } from './errors.js';
import type { Range } from './interval-set.js';
import type { Page, PageRow } from './rest-stream.js';
import { Slice } from './slice.js';
import { floorSecond, second } from './time.js';
import { type Unit, type WindowReader, fewestPages, isAtEnd, isOutside } from './window-reader.js';

const mostHalvings = 16; // in a row, without a row: a server that cannot answer for an hour will not answer at all
const crowdShare = 10; // rows that come twice are at most a tenth of a page

/** Resolves when the unit has been read, or has failed. */
export async function readUnit(reader: WindowReader, unit: Unit): Promise<void> {
  const queries = reader.rest.definition.queries?.(reader.rest.config) ?? [{}];
  await Promise.all(queries.map((query, index) => new UnitReading(reader, unit, query, index).run()));
}

/** One query of one unit: its slices, and how many of them are still open. */
class UnitReading {
  #open = 0;
  #walking = false;
  #finished: () => void = () => undefined;
  #ended: (error: unknown) => void = () => undefined;
  #count = 0;
  /** The rows that were seen, from here to there. */
  #newest = -Infinity;
  #oldest = Infinity;
  /** A slice older than all of them that has not been answered: one at a time, since it may be empty. */
  #guess: Slice | undefined;
  #halvings = 0;

  constructor(
    private readonly reader: WindowReader,
    private readonly unit: Unit,
    private readonly query: Params,
    private readonly index: number,
  ) {}

  async run(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#finished = resolve;
      this.#ended = reject;
    });
    this.#open++; // holds the door while the gaps are put in
    if (this.reader.mode === 'walk') this.#walk();
    else if (this.#isWhole() || !this.reader.window.cut || this.reader.cuttable)
      for (const gap of this.unit.gaps) this.#add(new Slice(gap), 'last');
    else this.#push(() => this.#resume(), 'last');
    this.#close();
    await finished;
  }

  #isWhole(): boolean {
    const {
      gaps: [gap, ...others],
      range,
    } = this.unit;
    return others.length === 0 && gap?.start === range.start && gap.end === range.end;
  }

  /** Goes on in the gaps that an earlier run has left, if they can be asked for; else everything is read. */
  async #resume(): Promise<void> {
    const { rest } = this.reader;
    const page = await rest.first(this.unit.place, this.reader.paramsOf(this.unit, this.unit.range, this.query));
    const cuttable = await this.reader.canCut(this.unit, page, this.query);
    for (const gap of cuttable ? this.unit.gaps : [this.unit.range]) this.#add(new Slice(gap), 'last');
  }

  #add(slice: Slice, order: 'next' | 'last' = 'next'): void {
    if (slice.start >= slice.end) return;
    const part = {
      pages: () => (this.#guess && this.#uncertain(slice) ? 0 : slice.pagesAbove(this.reader.horizon)),
      cut: () => this.#cut(slice),
    };
    if (this.unit.newest === undefined) this.reader.open.add(part);
    this.#push(() => this.#slice(slice).finally(() => this.reader.open.delete(part)), order);
  }

  #push(task: () => Promise<void>, order: 'next' | 'last' = 'next'): void {
    this.#open++;
    this.reader.queue.push(
      async () => {
        try {
          await task();
        } catch (error) {
          if (!(error instanceof StreamError || error instanceof SkippableError || error instanceof TooLargeError)) {
            this.#ended(error); // the queue runs nothing more, so nobody else would tell
            throw error;
          }
          this.unit.failed(error);
        } finally {
          this.#close();
        }
      },
      order,
      this.#ended,
    );
  }

  #close(): void {
    if (--this.#open === 0) this.#finished();
  }

  /** One slice, page after page; the next page is under way while this one is written. */
  async #slice(slice: Slice): Promise<void> {
    if (this.#walking || this.unit.enough()) return;
    if (this.reader.mode === 'walk') {
      this.#walk();
      return;
    }
    const { rest } = this.reader;
    if (slice.end <= this.reader.horizon) {
      await this.#deliver([], slice, 0);
      return;
    }
    let upper = slice.end;
    let known = slice.known;
    let edge = { time: NaN, keys: new Set<string>() }; // what has been read of the oldest second
    let oldest = slice.end;
    let read = 0;
    const followed = new Set<string>();
    let asked: Range = { start: slice.start, end: slice.end }; // the slice may lose its older part meanwhile
    let page: Page;
    try {
      page = await rest.first(this.unit.place, this.reader.paramsOf(this.unit, asked, this.query));
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      this.#halve(slice, upper, known, error);
      return;
    }
    if (this.#guess === slice) this.#guess = undefined;
    if (page.void && this.reader.window.expires) this.reader.horizon = Math.max(this.reader.horizon, slice.end);
    if (!(await this.reader.believes(page, this.unit, asked, this.query))) {
      this.reader.mode = 'walk';
      this.#walk();
      return;
    }
    for (;;) {
      const times = page.rows.map((row) => row.time);
      const keys = page.rows.map((row) => this.reader.key(row));
      const dated = times.filter((time) => time !== undefined);
      oldest = Math.min(oldest, ...dated); // an empty page in between tells nothing
      read += page.rows.length;
      if (page.rows.length > 0) this.#halvings = 0;
      const fresh = page.rows.filter(
        (_, at) =>
          (times[at] ?? slice.start) >= slice.start && !isAtEnd(times[at], asked.end) && !known.has(keys[at] ?? ''),
      );
      const oldestKeys = keys.filter((_, at) => times[at] === oldest);
      edge = { time: oldest, keys: new Set([...(edge.time === oldest ? edge.keys : []), ...oldestKeys]) };
      const past = dated.some((time) => time < slice.start);
      const repeated = page.next !== undefined && followed.has(page.next.href);
      if (page.next) followed.add(page.next.href);
      const more = !past && (page.next !== undefined || page.silent);
      const capped = this.#cap(fresh, more);
      let next = more && !capped && !repeated ? page.next : undefined;
      let below: Slice | undefined;
      this.#newest = Math.max(this.#newest, ...dated);
      this.#oldest = Math.min(this.#oldest, ...dated);
      slice.show(dated, oldest, this.reader.pageSize);

      if (more && !capped) {
        const long = next === undefined || read + this.reader.pageSize > this.reader.window.most;
        if (
          long &&
          oldest >= slice.start &&
          oldest + second < slice.end &&
          (await this.reader.canCut(this.unit, page, this.query))
        ) {
          // Too long for one query, or no usable link: go on below, in a query of its own.
          below = slice.cut(oldest + second, [...slice.known, ...edge.keys]);
          next = undefined;
        } else if (next === undefined) this.#cannotGoOn(page, repeated);
        else await this.#offer(slice, page);
      }

      const following =
        next && slice.start < oldest + second
          ? this.#following(
              next,
              { start: slice.start, end: Math.min(oldest + second, upper) },
              oldest + second < upper,
              edge.keys.size,
            )
          : undefined;
      const upcoming = following && settled(following.page);
      if (!upcoming) slice.position = slice.start;
      const done =
        upcoming === undefined
          ? { start: capped ? this.unit.range.start : slice.start, end: upper }
          : { start: oldest + second, end: upper };
      await this.#deliver(fresh, done, page.received);
      if (below) this.#add(below); // not before the rows that it need not send again are out
      if (!following || !upcoming || this.unit.enough()) return;
      upper = Math.min(upper, oldest + second);
      asked = following.asked ?? asked;
      known = new Set([...slice.known, ...edge.keys, ...keys]);
      const answer = await upcoming;
      if ('error' in answer) {
        if (!(answer.error instanceof TooLargeError)) throw answer.error;
        this.#halve(slice, upper, known, answer.error);
        return;
      }
      page = answer.page;
      const [first] = page.rows;
      if (following.overlaps && !(first && known.has(this.reader.key(first)))) {
        // Rows have moved up, and some are in no page of this query: what is left is asked for anew.
        this.#add(slice.cut(oldest + second, [...slice.known, ...edge.keys]));
        return;
      }
    }
  }

  /**
   * The next page. Where links count rows it is the first page of what is `left`; if the `crowd` in its newest second would
   * come again with every page, it overlaps with this one by a row, which shows whether rows have moved.
   */
  #following(
    next: URL,
    left: Range,
    shorter: boolean,
    crowd: number,
  ): { page: Promise<Page>; asked?: Range; overlaps: boolean } {
    const { rest, window, pageSize } = this.reader;
    if (window.counts && shorter && crowd * crowdShare <= pageSize)
      return {
        page: rest.first(this.unit.place, this.reader.paramsOf(this.unit, left, this.query)),
        asked: left,
        overlaps: false,
      };
    const earlier = pageSize > 1 ? window.counts?.(next) : undefined; // a page of one row has none to spare
    return { page: rest.follow(earlier ?? next), overlaps: earlier !== undefined };
  }

  /** Lets idle lanes have a part of what is left, as soon as it is known that the server takes parts. */
  async #offer(slice: Slice, page: Page): Promise<void> {
    const { reader, unit } = this;
    if (unit.newest !== undefined || reader.satisfied) return;
    if (slice.pagesAbove(reader.horizon) >= fewestPages && (await reader.canCut(unit, page, this.query)))
      reader.share();
  }

  /** Whether nothing has been seen as old as its start: rows may end at any time. */
  #uncertain({ start }: Slice): boolean {
    return start < this.#oldest;
  }

  /** Half of what a slice still has becomes a slice of its own; where rows may end, the newer part is no longer than all that is newer than it. */
  #cut(slice: Slice): void {
    const floor = Math.max(slice.start, this.reader.horizon);
    const from = slice.position - slice.perPage;
    const half = (from - floor) / 2;
    const uncertain = this.#uncertain(slice);
    const kept = uncertain ? Math.min(half, Math.max((slice.perPage * fewestPages) / 2, this.#newest - from)) : half;
    const older = slice.cut(floorSecond(from - kept));
    if (uncertain) this.#guess = older;
    this.#add(older);
  }

  /** A range that was too much for the server, in two halves. */
  #halve({ start, perPage }: Slice, end: number, known: ReadonlySet<string>, error: Error): void {
    const middle = floorSecond((start + end) / 2);
    if (middle <= start || this.reader.cuttable === false || ++this.#halvings > mostHalvings)
      throw new StreamError(`${error.message}; and less than this cannot be asked for`, { cause: error });
    this.#add(new Slice({ start: middle, end }, known, perPage));
    this.#add(new Slice({ start, end: middle }, new Set(), perPage));
  }

  /** Cuts a page at the number of rows that a context may have; true when that is reached. */
  #cap(rows: PageRow[], more: boolean): boolean {
    const { newest, onCapped } = this.unit;
    if (newest === undefined) return false;
    const left = newest - this.#count;
    this.#count += Math.min(rows.length, left);
    if (rows.length > left || (rows.length === left && more)) onCapped?.();
    rows.splice(left);
    return this.#count >= newest;
  }

  #cannotGoOn(page: Page, repeated: boolean): void {
    const { definition } = this.reader.rest;
    if (repeated && page.size < this.reader.pageSize) return; // old servers repeat their last cursor
    throw new StreamError(
      repeated
        ? `${definition.name}: the server repeats the cursor of a full page; what follows cannot be read`
        : `${definition.name}: a full page came without a Link header; whether more follows cannot be told`,
      { code: 'ERR_PAGING' },
    );
  }

  /** The whole unit by plain pages, newest first, until they are older than the range. */
  #walk(): void {
    if (this.#walking) return;
    this.#walking = true;
    this.#push(async () => {
      const { rest } = this.reader;
      const { range } = this.unit;
      const followed = new Set<string>();
      let known = new Set<string>();
      let page = await rest.first(this.unit.place, { ...this.unit.params, ...this.query });
      for (;;) {
        const times = page.rows.map((row) => row.time);
        const fresh = page.rows.filter(
          (row, at) => !known.has(this.reader.key(row)) && (times[at] === undefined || !isOutside(times[at], range)),
        );
        const past = page.rows.length > 0 && times.every((time) => time !== undefined && time < range.start);
        if (!past && (page.silent || (page.next && followed.has(page.next.href))))
          this.#cannotGoOn(page, page.next !== undefined);
        const capped = this.#cap(fresh, page.next !== undefined);
        const next = past || capped || (page.next && followed.has(page.next.href)) ? undefined : page.next;
        await this.#deliver(fresh, next ? undefined : range, page.received);
        if (!next || this.unit.enough()) return;
        followed.add(next.href);
        known = new Set(page.rows.map((row) => this.reader.key(row)));
        page = await rest.follow(next);
      }
    });
  }

  async #deliver(rows: PageRow[], piece: Range | undefined, received: number): Promise<void> {
    const complete = await this.reader.rest.complete(rows, this.unit.place);
    await this.unit.deliver(complete, this.index, piece, received);
  }
}

/** A promise that never rejects: it is looked at later. */
function settled(promise: Promise<Page>): Promise<{ page: Page } | { error: unknown }> {
  return promise.then(
    (page) => ({ page }),
    (error: unknown) => ({ error }),
  );
}
