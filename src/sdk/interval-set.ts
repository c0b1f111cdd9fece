/**
 * What has been read of one range of time. Pieces finish in any order; the bookmark may only
 * follow the gap-free prefix (`watermark`), and what is finished behind a gap is remembered as
 * intervals, so that an interrupted run reads nothing twice.
 */
export interface Range {
  /** Epoch milliseconds, inclusive. */
  readonly start: number;
  /** Epoch milliseconds, exclusive. */
  readonly end: number;
}

export class IntervalSet {
  #done: Range[] = [];

  constructor(
    readonly range: Range,
    done: readonly Range[] = [],
  ) {
    for (const piece of done) this.mark(piece);
  }

  /** Adds a finished piece; neighbours melt into one. */
  mark({ start, end }: Range): void {
    const from = Math.max(start, this.range.start);
    const to = Math.min(end, this.range.end);
    if (from >= to) return;
    const apart = this.#done.filter((piece) => piece.end < from || piece.start > to);
    const touching = this.#done.filter((piece) => piece.end >= from && piece.start <= to);
    const merged = {
      start: Math.min(from, ...touching.map((piece) => piece.start)),
      end: Math.max(to, ...touching.map((piece) => piece.end)),
    };
    this.#done = [...apart, merged].sort((a, b) => a.start - b.start);
  }

  /** Everything before this instant is read. */
  get watermark(): number {
    const [first] = this.#done;
    return first && first.start <= this.range.start ? first.end : this.range.start;
  }

  get complete(): boolean {
    return this.watermark >= this.range.end;
  }

  /** The finished pieces, oldest first. */
  get done(): readonly Range[] {
    return this.#done;
  }

  /** The finished pieces behind a gap. */
  get ahead(): readonly Range[] {
    return this.#done.filter((piece) => piece.start > this.watermark);
  }

  /** Whether an instant lies in a finished piece. */
  covers(time: number): boolean {
    return this.#done.some(({ start, end }) => time >= start && time < end);
  }

  /** What is still to be read, oldest first. */
  get gaps(): Range[] {
    const gaps: Range[] = [];
    let from = this.range.start;
    for (const piece of this.#done) {
      if (piece.start > from) gaps.push({ start: from, end: piece.start });
      from = piece.end;
    }
    if (from < this.range.end) gaps.push({ start: from, end: this.range.end });
    return gaps;
  }
}
