/**
 * What one stream's rows say about another's: a context in which the first has no row in a range
 * holds nothing of the second there either, so that nobody needs to ask.
 */
import { type Context, contextKey } from './singer/state.js';

export class Hint {
  readonly #shown = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  /** Where each context was read from, once everything has been read and believed. */
  #covered: ReadonlyMap<string, number> | undefined;
  #finished = false;

  show(context: Context): void {
    const key = contextKey(context);
    if (this.#shown.has(key)) return;
    this.#shown.add(key);
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
  }

  finish(covered: ReadonlyMap<string, number>): void {
    this.#covered = covered;
    this.#finished = true;
    for (const resolve of this.#waiting.values()) resolve();
    this.#waiting.clear();
  }

  /** Whether nothing can be there from `start` on. Answers as soon as it is known. */
  async nothing(context: Context, start: number): Promise<boolean> {
    const key = contextKey(context);
    if (!this.#finished && !this.#shown.has(key)) await new Promise<void>((resolve) => this.#waiting.set(key, resolve));
    const covered = this.#covered?.get(key);
    return !this.#shown.has(key) && covered !== undefined && covered <= start;
  }
}
