/**
 * What one stream's rows say about another's: a context in which the first has no row as late as a
 * range holds nothing of the second in that range, so that nobody needs to ask.
 */
import { type Context, contextKey } from './singer/state.js';

interface Waiting {
  start: number;
  resolve: () => void;
}

export class Hint {
  /** Time of the newest row of each context. */
  readonly #newest = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting[]>();
  /** Where each context was read from, once everything has been read and believed. */
  #covered: ReadonlyMap<string, number> | undefined;
  #finished = false;

  /** A row of the first stream; without a time it may be as late as any. */
  show(context: Context, time: number | undefined): void {
    const key = contextKey(context);
    const newest = Math.max(this.#newest.get(key) ?? -Infinity, time ?? Infinity);
    this.#newest.set(key, newest);
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.set(key, waiting.filter(({ start }) => start > newest));
    for (const { start, resolve } of waiting) if (start <= newest) resolve();
  }

  finish(covered: ReadonlyMap<string, number>): void {
    this.#covered = covered;
    this.#finished = true;
    for (const waiting of this.#waiting.values()) for (const { resolve } of waiting) resolve();
    this.#waiting.clear();
  }

  /** Whether nothing can be there from `start` on. Answers as soon as it is known. */
  async nothing(context: Context, start: number): Promise<boolean> {
    const key = contextKey(context);
    if (!this.#finished && !this.#shown(key, start)) {
      await new Promise<void>((resolve) => this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), { start, resolve }]));
    }
    const covered = this.#covered?.get(key);
    return !this.#shown(key, start) && covered !== undefined && covered <= start;
  }

  #shown(key: string, start: number): boolean {
    return (this.#newest.get(key) ?? -Infinity) >= start;
  }
}
