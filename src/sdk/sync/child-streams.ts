/** Requests for what belongs to single rows of a parent: an object, a list, or a range of time of each. */
import { isOwn } from '../define/shard.js';
import { SkippableError, StreamError, endsRun } from '../errors.js';
import type { PageRecord, RequestContext } from '../rest/page.js';
import { steadyPages } from '../rest/pages.js';
import type { Context } from '../singer/state.js';
import { completed } from './bodies.js';
import { EmptyLists } from './empty-lists.js';
import { notAsked } from './outcome.js';
import type { StreamNode } from './stream-node.js';
import { Survivors } from './survivors.js';
import type { SyncRun } from './sync-run.js';

/** A child that is asked for a row of its parent, and where. */
export interface ChildRequest {
  readonly child: StreamNode;
  readonly at: RequestContext;
}

const mostSerialWaiting = 100; // rows of a parent that wait for a child which is asked one by one

/** Where a child is asked for a row of its parent; empty: not at all. Refused rows are reported. */
export function placesOf(
  run: SyncRun,
  child: StreamNode,
  parent: StreamNode,
  record: PageRecord,
  at?: RequestContext,
): RequestContext[] {
  if (!record.kept || parent.output?.keepsBelow(record.row) === false) return [];
  const { scope, emptyIf } = child.definition;
  const made = child.rest.stream.contextsOf(record.row);
  const contexts = made.filter((context) => isOwn(run.shard, parent.name, context));
  const own = scope.alias?.(record.row);
  const alias = own ?? at?.alias;
  for (const context of contexts) run.bookmarks.names.learn(context, own);
  if (scope.refused?.(record.row)) {
    for (const context of contexts) {
      const name = run.bookmarks.names.of(context);
      const message = `${parent.name} lists ${name}, but the token has no access to it: give it access`;
      child.failed(run.bookmarks, [context], new SkippableError(message, { status: notAsked }));
    }
    return [];
  }
  const hasNothing = emptyIf?.never(record.row) ?? false;
  const wasRead = (key: string): boolean => parent.hasClaimed(key);
  const { key: parentKey, time: parentTime } = record;
  return contexts.map((context) => ({ context, alias, hasNothing, parentTime, parentKey, wasRead }));
}

export class ChildStreams {
  readonly #emptyLists = new EmptyLists();
  readonly #survivors = new Survivors();

  constructor(private readonly run: SyncRun) {}

  /** Which children are asked for a row. `partition`: the context of the parent's query. */
  requestsFor(
    parent: StreamNode,
    record: PageRecord,
    partition: Context | undefined,
    at?: RequestContext,
  ): ChildRequest[] {
    if (!record.kept) return [];
    return parent.children.flatMap((child) => {
      if (!this.run.bookmarks.shouldRequestChild(child, parent, record, partition)) return [];
      if (this.#survivors.isBrought(child.definition, record)) return [];
      return placesOf(this.run, child, parent, record, at).map((place) => ({ child, at: place }));
    });
  }

  /** Asks as there is room. The promises end when the rows are written, or their streams are marked as failed. */
  async ask(
    requests: readonly ChildRequest[],
    partition: Context | undefined,
    failed: Set<object>,
  ): Promise<Promise<void>[]> {
    const tasks: Promise<void>[] = [];
    for (const { child, at } of requests) {
      await child.queue.onSizeAtMost(child.definition.serial ? mostSerialWaiting : undefined);
      const task = child.reader
        ? this.#readRange(child, at, partition, failed)
        : child.queue.addAndWait(() => this.readAll(child, at, partition, failed));
      task.catch(() => undefined); // whoever waits for all of them is told
      tasks.push(task);
    }
    return tasks;
  }

  /** Reads what belongs to one row of a parent, without a range. */
  async readAll(
    node: StreamNode,
    at: RequestContext,
    partition: Context | undefined,
    failed: Set<object>,
  ): Promise<void> {
    if (node.isEnough) return;
    const onUnsteady = (): void => {
      const message = `${node.name}: rows moved each time that the list was read; some may be missing.`;
      this.#failed(node, at, failed, new StreamError(message, { code: 'ERR_PAGING' }));
    };
    try {
      for await (const { page, fresh } of steadyPages(this.#emptyLists.checked(node.rest, at), onUnsteady)) {
        await this.#write(node, at, fresh, page.received, partition, failed);
        if (node.isEnough) return;
      }
    } catch (error) {
      this.#failed(node, at, failed, error);
    }
  }

  /** Reads the rows of a range that belong to one row of a parent. */
  async #readRange(
    node: StreamNode,
    at: RequestContext,
    partition: Context | undefined,
    failed: Set<object>,
  ): Promise<void> {
    const { bookmarks } = this.run;
    const range = { start: bookmarks.from(node, partition), end: bookmarks.end };
    if (range.start >= range.end) return;
    await node.reader?.read({
      ...node.limits(),
      at,
      range,
      gaps: [range],
      takesNewer: this.run.endsNow,
      onFailed: (error) => this.#failed(node, at, failed, error),
      deliver: async ({ records, received }) => {
        await this.#write(node, at, records, received, partition, failed);
        return records.length;
      },
    });
  }

  /** Writes rows, and everything below them. */
  async #write(
    node: StreamNode,
    at: RequestContext,
    records: readonly PageRecord[],
    received: number,
    partition: Context | undefined,
    failed: Set<object>,
  ): Promise<void> {
    const own = this.#survivors.own(node.definition, at, records);
    const { records: whole, isComplete } = await completed(node, own, at);
    const written = await node.write(whole, received);
    if (!written || !isComplete) failed.add(node);
    for (const record of whole) {
      await Promise.all(await this.ask(this.requestsFor(node, record, partition, at), partition, failed));
    }
  }

  #failed(node: StreamNode, at: RequestContext, failed: Set<object>, error: unknown): void {
    if (endsRun(error)) throw error;
    const isAbsent = node.isAbsent(this.run.bookmarks, at.context, error);
    if (!isAbsent && error instanceof SkippableError && error.status === 404) {
      node.output?.outcome.gone(at.context);
      if (!node.rest.answered) failed.add(node); // it may be the route that is not there
      return;
    }
    for (const member of node.subtree) failed.add(member);
    node.failed(this.run.bookmarks, [at.context], error);
  }
}
