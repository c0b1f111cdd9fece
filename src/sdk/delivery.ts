/**
 * What hangs on the rows of one unit: children are asked while further pages come, and a piece of the
 * unit is marked only when its rows are out with everything below them. The piece that a page
 * completes is marked second by second, so that a row whose children take long holds up no other. A page
 * also brings rows of the second in which it ends; that second belongs to the next page's piece.
 */
import type { Range } from './interval-set.js';

/** The work below the rows of one second, and who has failed in it. */
export class Below {
  readonly failed = new Set<object>();
  readonly #tasks: Promise<void>[] = [];

  add(task: Promise<void>): void {
    task.catch(() => undefined); // whoever waits for all of them is told
    this.#tasks.push(task);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}

interface Second {
  query: number;
  time: number;
  below: Below;
}

export class Delivery {
  readonly #open = new Set<Promise<void>>();
  readonly #seconds = new Map<string, Second>();
  #error: { error: unknown } | undefined;

  constructor(private readonly range: Range) {}

  /**
   * Where the work below a row of one of the unit's queries belongs; `piece` is what its page completes, if anything. A row
   * without a date, or that has moved past the piece it came with, counts for the beginning.
   */
  below(query: number, piece: Range = this.range, time = piece.start): Below {
    const at = time < piece.end ? time : piece.start;
    const key = `${query} ${at}`;
    const second = this.#seconds.get(key) ?? { query, time: at, below: new Below() };
    this.#seconds.set(key, second);
    return second.below;
  }

  /** A page that completes `piece` is out: `mark` is told each part of it that is settled, and who failed there. */
  end(query: number, piece: Range, mark: (part: Range, failed: ReadonlySet<object>) => Promise<void>): void {
    let { end } = piece;
    for (const [key, { time, below }] of this.#within(query, piece)) {
      this.#seconds.delete(key);
      const part = { start: time, end };
      this.#add(below.settled().then(() => mark(part, below.failed)));
      end = time;
    }
    if (piece.start < end) this.#add(mark({ start: piece.start, end }, new Set()));
  }

  /** Resolves when everything is settled. */
  async finished(): Promise<void> {
    for (const { below } of this.#seconds.values()) this.#add(below.settled());
    await Promise.all(this.#open);
    if (this.#error) throw this.#error.error;
  }

  /** The seconds of a piece that have work below them, newest first. */
  #within(query: number, { start, end }: Range): [string, Second][] {
    return [...this.#seconds]
      .filter(([, second]) => second.query === query && second.time >= start && second.time < end)
      .sort(([, a], [, b]) => b.time - a.time);
  }

  #add(work: Promise<void>): void {
    const kept = work
      .catch((error: unknown) => {
        this.#error ??= { error };
      })
      .finally(() => this.#open.delete(kept));
    this.#open.add(kept);
  }
}
