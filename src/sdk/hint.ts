/**
 * What one stream's rows say about another's: a context in which the first has no row as late as a
 * range holds nothing of the second in that range, so that nobody needs to ask. A row can move while
 * its list is paged, and be missed; so what was not shown is asked for once more, in one page.
 */
import { FatalError, StoppedError } from './errors.js';
import type { Node } from './graph.js';
import { chunks } from './lists.js';
import { type Context, contextKey } from './singer/state.js';
import { isoSeconds } from './time.js';

/** Of these contexts, the keys of those that do have rows from `start` on; undefined when that cannot be told. */
export type Confirm = (contexts: readonly Context[], start: number) => Promise<ReadonlySet<string> | undefined>;

export const mostTogether = 100; // contexts in one query: their ids must fit into a URL

interface Waiting {
  context: Context;
  start: number;
  resolve: () => void;
}

export class Hint {
  /** Time of the newest row of each context. */
  readonly #newest = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting[]>();
  /** Contexts and starts of which it is known that nothing is there. */
  readonly #empty = new Set<string>();
  #finished = false;

  /** A row of the first stream; without a time it may be as late as any. */
  show(context: Context, time: number | undefined): void {
    const key = contextKey(context);
    const newest = Math.max(this.#newest.get(key) ?? -Infinity, time ?? Infinity);
    this.#newest.set(key, newest);
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.set(
      key,
      waiting.filter(({ start }) => start > newest),
    );
    for (const { start, resolve } of waiting) if (start <= newest) resolve();
  }

  /** Everything has been read: `covered` tells from where on, and believed. Who waits is answered. */
  async finish(covered: ReadonlyMap<string, number>, confirm: Confirm): Promise<void> {
    this.#finished = true;
    const groups = new Map<number, Context[]>();
    for (const [key, waiting] of this.#waiting) {
      for (const { context, start } of waiting)
        if ((covered.get(key) ?? Infinity) <= start) groups.set(start, [...(groups.get(start) ?? []), context]);
    }
    try {
      for (const [start, contexts] of groups) {
        for (const part of chunks(contexts, mostTogether)) {
          const filled = await confirm(part, start);
          for (const context of part)
            if (filled && !filled.has(contextKey(context))) this.#empty.add(placeKey(context, start));
        }
      }
    } finally {
      for (const waiting of this.#waiting.values()) for (const { resolve } of waiting) resolve();
      this.#waiting.clear();
    }
  }

  /** Whether nothing can be there from `start` on. Answers as soon as it is known. */
  async nothing(context: Context, start: number): Promise<boolean> {
    const key = contextKey(context);
    if (!this.#finished && !this.#shown(key, start)) {
      await new Promise<void>((resolve) =>
        this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), { context, start, resolve }]),
      );
    }
    return this.#empty.has(placeKey(context, start));
  }

  #shown(key: string, start: number): boolean {
    return (this.#newest.get(key) ?? -Infinity) >= start;
  }
}

const placeKey = (context: Context, start: number): string => `${contextKey(context)} ${start}`;

/** Asks a stream's own list about contexts, up to `end`. A second page would be open to the same doubt. */
export function confirmBy({ definition: { scope, window, queries }, rest }: Node, end: number): Confirm {
  return async (contexts, start) => {
    const filled = new Set<string>();
    try {
      const [query = {}] = queries?.(rest.config) ?? [];
      const page = await rest.first(
        { context: {} },
        {
          ...scope.select?.(contexts),
          ...query,
          ...window?.params({ start: isoSeconds(start), end: isoSeconds(end) }),
        },
      );
      if (page.next) return undefined;
      for (const { raw } of page.rows) filled.add(contextKey(scope.contextOf?.(raw) ?? {}));
    } catch (error) {
      if (error instanceof StoppedError || error instanceof FatalError) throw error;
      return undefined;
    }
    return filled;
  };
}
