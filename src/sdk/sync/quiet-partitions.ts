/**
 * Partitions that need no request, because the rows of another stream show that nothing is there. The word of that
 * stream is doubted: a row may move while its list is read, and be missed, so what was not shown is asked for once
 * more, in one page; and in every full pass each partition is asked all the same.
 */
import { endsRun } from '../errors.js';
import { chunks, groupBy } from '../lists.js';
import type { RequestContext } from '../rest/page.js';
import { type Context, contextKey } from '../singer/state.js';
import { isoSeconds } from '../time.js';
import type { StreamNode } from './stream-node.js';

/** Of these contexts, the keys of those that do have rows from `start` on; undefined when that cannot be told. */
export type Confirm = (contexts: readonly Context[], start: number) => Promise<ReadonlySet<string> | undefined>;

/** A partition that would be asked from `start` on. */
export interface PartitionRequest {
  readonly at: RequestContext;
  readonly start: number;
}

export const mostBatched = 100; // contexts in one query: their ids must fit into a URL
/**
 * The same of a query that confirms: some servers take no URL of 8 KB, but then the partitions are asked themselves. It
 * names them, since what stands for all may leave some out.
 */
const mostConfirmed = 250;

export class QuietPartitions {
  /** Time of the newest row of each context. */
  readonly #newest = new Map<string, number>();
  /** Since when each context has rows, as far as the other stream's rows say. */
  readonly #since = new Map<string, number>();
  /** Contexts that were shown since somebody looked. */
  #shown: string[] = [];
  #covered: { from: ReadonlyMap<string, number>; confirm: Confirm } | undefined;
  #wake: () => void = () => undefined;

  /** A row of the other stream. Without a time it may be as new as any. */
  show(context: Context, time = Infinity): void {
    const key = contextKey(context);
    if (time <= this.#newestOf(key)) return;
    this.#newest.set(key, time);
    this.#shown.push(key);
    this.#wake();
  }

  #newestOf(key: string): number {
    return this.#newest.get(key) ?? -Infinity;
  }

  /** A row says since when its context has rows of the stream that is asked. */
  tellSince(context: Context, time: number | undefined): void {
    const key = contextKey(context);
    if (time !== undefined) this.#since.set(key, Math.min(time, this.#since.get(key) ?? Infinity));
  }

  since(context: Context): number | undefined {
    return this.#since.get(contextKey(context));
  }

  /** The other stream has been read; `from` tells from where on, for each context whose word can be believed. */
  finish(from: ReadonlyMap<string, number>, confirm: Confirm): void {
    this.#covered = { from, confirm };
    this.#wake();
  }

  /** The requests in the order in which something is known of them, each with whether nothing can be there. */
  async *sort(requests: readonly PartitionRequest[]): AsyncGenerator<PartitionRequest & { readonly isQuiet: boolean }> {
    const waiting = new Map(requests.map((request) => [contextKey(request.at.context), request]));
    this.#shown = [...this.#newest.keys()];
    for (;;) {
      for (const key of this.#shown.splice(0)) {
        const request = waiting.get(key);
        if (!request || this.#newestOf(key) < request.start) continue;
        waiting.delete(key);
        yield { ...request, isQuiet: false };
      }
      if (this.#shown.length > 0) continue;
      if (this.#covered || waiting.size === 0) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const quiet = await this.#confirmed([...waiting.values()]);
    for (const request of waiting.values()) yield { ...request, isQuiet: quiet.has(request) };
  }

  /** The requests that the other stream's server says once more to be empty. */
  async #confirmed(requests: readonly PartitionRequest[]): Promise<ReadonlySet<PartitionRequest>> {
    const quiet = new Set<PartitionRequest>();
    if (!this.#covered) return quiet;
    const { from, confirm } = this.#covered;
    const covered = requests.filter(({ at, start }) => (from.get(contextKey(at.context)) ?? Infinity) <= start);
    for (const [start, group] of groupBy(covered, (request) => request.start)) {
      for (const part of chunks(group, mostConfirmed)) {
        const contexts = part.map(({ at }) => at.context);
        const filled = await confirm(contexts, start);
        for (const request of part) if (filled && !filled.has(contextKey(request.at.context))) quiet.add(request);
      }
    }
    return quiet;
  }
}

/** Asks a stream's own list about contexts, up to `end`. A second page would be open to the same doubt. */
export function confirmBy({ definition: { scope, window }, rest }: StreamNode, end: number): Confirm {
  return async (contexts, start) => {
    const filled = new Set<string>();
    try {
      const [query = {}] = rest.stream.queries;
      const range = { start: isoSeconds(start), end: isoSeconds(end) };
      const params = { ...query, ...window?.params?.(range) };
      const page = await rest.first({ at: { context: {} }, params, select: scope.select?.(contexts) });
      if (page.next !== 'end') return undefined;
      for (const { raw } of page.records) filled.add(contextKey(scope.contextOf?.(raw) ?? {}));
    } catch (error) {
      if (endsRun(error)) throw error;
      return undefined;
    }
    return filled;
  };
}
