/**
 * What hangs on the pages of one unit: children are asked while further pages come, and a piece is
 * marked only when all of its rows are out with everything below them. A page also brings rows of the
 * second in which it ends; that second belongs to the next piece, and so does the work below them.
 */
import type { Range } from './progress.js';

/** The work below some rows, and who has failed in it. */
export class Below {
  readonly failed = new Set<object>();
  readonly #tasks: Promise<void>[] = [];

  add(tasks: readonly Promise<void>[]): void {
    this.#tasks.push(...tasks);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}

/** A page: the piece that it completes of one of the unit's queries (undefined: none yet), and the work below the rows inside. */
export class PageDelivery {
  readonly inside = new Below();

  constructor(readonly query: number, readonly piece: Range | undefined) {}
}

interface Early {
  query: number;
  time: number;
  below: Below;
}

export class Delivery {
  readonly #open = new Set<Promise<void>>();
  readonly #early = new Map<string, Early>();
  #error: { error: unknown } | undefined;

  /** Where the work below a row of a page belongs: to the page's piece, or to a later one. */
  below({ query, piece, inside }: PageDelivery, time = piece?.start ?? -Infinity): Below {
    if (piece && time >= piece.start) return inside;
    const key = `${query} ${time}`;
    const early = this.#early.get(key) ?? { query, time, below: new Below() };
    this.#early.set(key, early);
    return early.below;
  }

  /** When a page is settled, and all that came early for its piece, `mark` is told who failed. */
  end({ query, piece, inside }: PageDelivery, mark: (piece: Range, failed: ReadonlySet<object>) => Promise<void>): void {
    if (!piece) return;
    const parts = [inside];
    for (const [key, early] of this.#early) {
      if (early.query !== query || early.time >= piece.end || (early.time < piece.start && early.time !== -Infinity)) continue;
      parts.push(early.below);
      this.#early.delete(key);
    }
    this.#add(Promise.all(parts.map((part) => part.settled())).then(() => mark(piece, new Set(parts.flatMap(({ failed }) => [...failed])))));
  }

  /** Resolves when everything is settled. */
  async finished(): Promise<void> {
    for (const { below } of this.#early.values()) this.#add(below.settled());
    await Promise.all(this.#open);
    if (this.#error) throw this.#error.error;
  }

  #add(work: Promise<void>): void {
    const kept = work.catch((error: unknown) => {
      this.#error ??= { error };
    }).finally(() => this.#open.delete(kept));
    this.#open.add(kept);
  }
}
