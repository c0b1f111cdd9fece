/**
 * When a part of a range is complete: its rows are written, and so is everything below them. Children are asked while
 * further pages come. A finished part is marked second by second, so that a row whose children take long holds up no
 * other. A page also brings rows of the second in which it ends; that second belongs to the next page's part.
 */
import type { Range } from '../interval-set.js';

/** The requests below the rows of one second, and what failed among them. */
export class PendingChildren {
  readonly failed = new Set<object>();
  readonly #tasks: Promise<void>[] = [];

  add(task: Promise<void>): void {
    task.catch(() => undefined); // `settled` tells
    this.#tasks.push(task);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}

interface Second {
  readonly query: number;
  readonly time: number;
  readonly pending: PendingChildren;
}

/** Told of a part that is complete, and of the streams that failed in it. */
export type OnComplete = (part: Range, failed: ReadonlySet<object>) => Promise<void>;

export class CompletionTracker {
  readonly #open = new Set<Promise<void>>();
  readonly #seconds = new Map<string, Second>();
  #error: { error: unknown } | undefined;

  constructor(private readonly range: Range) {}

  /**
   * Where the requests below a row belong. `finished` is what its page completes, if anything. A row without a date, or
   * one that has moved past the part it came with, counts for the beginning.
   */
  below(query: number, finished: Range = this.range, time = finished.start): PendingChildren {
    const at = time >= this.range.start && time < finished.end ? time : finished.start;
    const key = `${query} ${at}`;
    const second = this.#seconds.get(key) ?? { query, time: at, pending: new PendingChildren() };
    this.#seconds.set(key, second);
    return second.pending;
  }

  /** The page that completes a part has been written. */
  end(query: number, finished: Range, onComplete: OnComplete): void {
    let { end } = finished;
    for (const [key, { time, pending }] of this.#within(query, finished)) {
      this.#seconds.delete(key);
      const part = { start: time, end };
      this.#add(pending.settled().then(() => onComplete(part, pending.failed)));
      end = time;
    }
    if (finished.start < end) this.#add(onComplete({ start: finished.start, end }, new Set()));
  }

  /** Resolves when everything is settled. @throws the first error. */
  async finished(): Promise<void> {
    for (const { pending } of this.#seconds.values()) this.#add(pending.settled());
    await Promise.all(this.#open);
    if (this.#error) throw this.#error.error;
  }

  /** The seconds of a part that have requests below them, newest first. */
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
