/**
 * Where the pages of a range go: records are written, requests for children are queued, and the bookmark advances once
 * a part is complete.
 */
import type { Range } from '../interval-set.js';
import type { Delivered } from '../range/range-query.js';
import type { PageRecord, RequestContext } from '../rest/page.js';
import type { Context } from '../singer/state.js';
import { completed } from './bodies.js';
import type { ChildRequest, ChildStreams } from './child-streams.js';
import { CompletionTracker } from './completion.js';
import type { ReadProgress } from './read-progress.js';
import type { StreamNode } from './stream-node.js';
import type { SyncRun } from './sync-run.js';

interface Target {
  readonly node: StreamNode;
  readonly at: RequestContext;
  /** The partitions that the query covers. */
  readonly contexts: readonly (Context | undefined)[];
  readonly progress: ReadProgress;
  /** Whether rows of a context belong to the query. */
  readonly covers: (context: Context) => boolean;
  /** Whether what is empty may be so because the server does not know this way of asking. */
  readonly isDoubted: () => boolean;
}

/** A record of the page with the partition that it belongs to, and the children that are asked for it. */
interface Placed {
  readonly record: PageRecord;
  readonly context: Context | undefined;
  /** Whether an earlier run has written it: it comes again for the sake of what is below it. */
  readonly isOut: boolean;
  readonly requests: readonly ChildRequest[];
}

export class RangeDelivery {
  readonly #completion: CompletionTracker;
  /** Time of the oldest row (epoch ms). */
  oldest = Infinity;
  #isHeld = false;
  /** Empty parts that count as finished only once the server has shown rows to this way of asking. */
  readonly #doubted: Delivered[] = [];

  constructor(
    private readonly run: SyncRun,
    private readonly children: ChildStreams,
    private readonly target: Target,
    range: Range,
  ) {
    this.#completion = new CompletionTracker(range);
  }

  /** Writes a page. Resolves when there is room for more; answers how many records were new. */
  async deliver(part: Delivered): Promise<number> {
    const { node, isDoubted } = this.target;
    if (part.finished && isDoubted()) {
      this.#doubted.push(part);
      return 0;
    }
    // A page whose rows have children holds up the next one: what a kill leaves half done stays small.
    return node.children.length > 0 ? node.inTurn(() => this.#deliver(part)) : this.#deliver(part);
  }

  /** Resolves when everything below the pages is written. */
  async finished(): Promise<void> {
    if (!this.target.isDoubted()) for (const part of this.#doubted) await this.#deliver(part);
    await this.#completion.finished();
  }

  async #deliver({ records, query, finished, received }: Delivered): Promise<number> {
    const { node, at, progress } = this.target;
    const placed = this.#place(records);
    for (const { record } of placed) if (record.time !== undefined) this.oldest = Math.min(this.oldest, record.time);
    const own = placed.filter(({ isOut }) => !isOut).map(({ record }) => record);
    const { records: whole, isComplete } = await completed(node, own, at);
    const written = (await node.write(whole, received)) && isComplete;
    if (!written) this.#hold(query, finished, own);
    if (finished && node.children.length > 0 && !this.#isHeld) progress.markRows(query, finished);
    await this.#askChildren(placed, query, finished);
    if (finished) this.#complete(query, finished);
    await this.run.checkpoint();
    return placed.length;
  }

  /** The records that belong to this query, each once. */
  #place(records: readonly PageRecord[]): Placed[] {
    const { node, contexts, progress, covers } = this.target;
    const isBatched = node.definition.scope.kind === 'batched';
    const quiet = this.run.quiet.get(node.name);
    return records.flatMap((record) => {
      const context = node.definition.scope.contextOf?.(record.raw) ?? contexts[0];
      if (quiet && context) {
        quiet.show(context, record.time);
        quiet.tellSince(context, this.run.sinceOf(node.name, record.row));
      }
      // A query for all contexts also shows rows of those that another query reads.
      if (context && !covers(context)) return [];
      if (isBatched && !node.claim(context, record)) return [];
      const dates = node.reader?.support?.datesOf(record) ?? [];
      const isOut = dates.length > 0 && dates.every((date) => progress.isOut(date));
      return [{ record, context, isOut, requests: this.#requestsFor(record, context) }];
    });
  }

  /** A list that cannot be asked for in parts also shows rows whose children an earlier run has written. */
  #requestsFor(record: PageRecord, context: Context | undefined): ChildRequest[] {
    const { node, at, progress } = this.target;
    const { time } = record;
    const requests = this.children.requestsFor(node, record, context, at);
    if (time === undefined) return requests;
    return requests.filter(({ child }) => child.definition.changedAt || !progress.isDoneBelow(child, time));
  }

  /** Asks for the children of a page, one row after the other; resolves when the last of them is queued. */
  async #askChildren(placed: readonly Placed[], query: number, finished: Range | undefined): Promise<void> {
    let asked: Promise<unknown> = Promise.resolve();
    for (const { record, context, requests } of placed) {
      if (requests.length === 0) continue;
      const pending = this.#completion.below(query, finished, record.time);
      const tasks = asked.then(() => this.children.ask(requests, context, pending.failed));
      pending.add(tasks.then(async (all) => void (await Promise.all(all))));
      asked = tasks;
    }
    await asked;
  }

  /** A page that could not be written wholly holds the bookmark before its rows. */
  #hold(query: number, finished: Range | undefined, records: readonly PageRecord[]): void {
    this.#isHeld = true;
    for (const { time } of records) this.#completion.below(query, finished, time).failed.add(this.target.node);
  }

  #complete(query: number, finished: Range): void {
    this.#completion.end(query, finished, async (part, failed) => {
      this.target.progress.mark(query, part, failed);
      await this.run.checkpoint();
    });
  }
}
