/**
 * Streams that are read by ranges of time: which partitions share a query, from where each is read, and what becomes of
 * a query that the server refuses.
 */
import type { Params } from '../define/stream-definition.js';
import { SkippableError } from '../errors.js';
import { chunks, groupBy } from '../lists.js';
import type { RangeQuery } from '../range/range-query.js';
import type { Reader } from '../range/reader.js';
import type { RequestContext } from '../rest/page.js';
import { type Context, contextKey } from '../singer/state.js';
import type { ChildStreams } from './child-streams.js';
import { type PartitionRequest, type QuietPartitions, confirmBy, mostBatched } from './quiet-partitions.js';
import { RangeDelivery } from './range-delivery.js';
import { hiddenDays, noteHiddenDays } from './shown-days.js';
import type { StreamNode } from './stream-node.js';
import type { SyncRun } from './sync-run.js';

/** One query: the partitions that it covers, and where it is asked. */
interface PartitionQuery {
  readonly contexts: readonly (Context | undefined)[];
  readonly at: RequestContext;
  readonly select?: Params | undefined;
  /** Set for the query for all: keys of the contexts that other queries read. All other rows are its own. */
  readonly others?: ReadonlySet<string>;
}

export class IncrementalStreams {
  constructor(
    private readonly run: SyncRun,
    private readonly children: ChildStreams,
  ) {}

  /** A stream that is asked once. */
  async readOnce(node: StreamNode): Promise<void> {
    const isWhole = await this.#readAll(node, [{ contexts: [undefined], at: { context: {} } }]);
    await this.#end(node, isWhole);
  }

  /** A stream below a full table. `isAll`: no row of the parent is left out. */
  async readPartitions(node: StreamNode, places: readonly RequestContext[], isAll: boolean): Promise<void> {
    const isBatched = node.definition.scope.kind === 'batched';
    node.partitions.total += places.length;
    await this.#end(
      node,
      isBatched ? await this.#readBatched(node, places, isAll) : await this.#readEach(node, places),
    );
  }

  /** Everything has been asked for. `isWhole`: and nothing was left out. */
  async #end(node: StreamNode, isWhole: boolean): Promise<void> {
    if (isWhole)
      for (const member of node.subtree)
        if (member.output?.outcome.failures.length === 0) this.run.bookmarks.passed(member);
    await this.run.checkpoint();
  }

  /** One query per partition; those of which another stream says that nothing is there are not asked. */
  async #readEach(node: StreamNode, places: readonly RequestContext[]): Promise<boolean> {
    const quiet = this.#quietOf(node);
    if (!quiet) return this.#readAll(node, places.map(queryFor));
    const requests = places.map((at) => ({ at, start: this.run.bookmarks.start(node, [at.context]) }));
    return this.#readAll(node, this.#notQuiet(node, quiet, requests));
  }

  /** The queries of the partitions that are to be asked, in the order in which that is known. */
  async *#notQuiet(
    node: StreamNode,
    quiet: QuietPartitions,
    requests: readonly PartitionRequest[],
  ): AsyncGenerator<PartitionQuery> {
    let skipped = 0;
    for await (const { at, isQuiet } of quiet.sort(requests)) {
      // In a full pass the other stream's word is not enough.
      if (!isQuiet || (this.run.bookmarks.isFullPass(node) && !at.hasNothing)) yield queryFor(at);
      else {
        skipped++;
        node.partitions.done++;
        this.#skip(node, at);
      }
    }
    if (skipped === 0) return;
    const what =
      'partitions not asked, since ' + `${node.rest.stream.emptyIf?.name ?? 'its parent'} shows nothing new there`;
    for (const { outcome } of node.outputs) outcome.count(what, skipped);
  }

  /** What need not be asked counts as read. */
  #skip(node: StreamNode, { context }: RequestContext): void {
    const { bookmarks } = this.run;
    const range = { start: bookmarks.start(node, [context]), end: bookmarks.end };
    if (range.start < range.end) bookmarks.progress(node, [context], range).markAll();
  }

  /** Contexts that stand at the same place share a query. */
  async #readBatched(node: StreamNode, places: readonly RequestContext[], isAll: boolean): Promise<boolean> {
    const from = new Map<string, number>();
    const onRead: QueryHooks['onRead'] = (contexts, start) => this.#cover(from, contexts, start);
    try {
      const { select } = node.definition.scope;
      const refused: RequestContext[] = [];
      const isWhole = await this.#readAll(node, this.#batches(node, places, isAll), {
        onRead,
        takesOver: ({ contexts }, error) => this.#asksAlone(node, contexts, places, error, refused),
      });
      // Some servers do not know what stands for all: where nothing at all was shown, the contexts are named.
      const isUnshown = node.rest.answered && !node.rest.hasShown(select?.('all'));
      if (isAll && places.length > 0 && refused.length === 0 && isUnshown)
        return (await this.#readAll(node, this.#batches(node, places, false))) && isWhole;
      return (await this.#readAlone(node, refused, onRead)) && isWhole;
    } finally {
      const support = node.reader?.support;
      const isBelieved = support && !support.scans && (support.proved || !support.window.provesFilter);
      this.run.quiet.get(node.name)?.finish(isBelieved ? from : new Map(), confirmBy(node, this.run.bookmarks.end));
    }
  }

  /** A query for each context. The first one finds out in which way the server answers, if none has yet. */
  async #readAlone(
    node: StreamNode,
    places: readonly RequestContext[],
    onRead: QueryHooks['onRead'],
  ): Promise<boolean> {
    const { select } = node.definition.scope;
    const queries = places.map((at) => ({ contexts: [at.context], at, select: select?.([at.context]) }));
    const first = node.rest.answered ? 0 : 1;
    const isWhole = await this.#readAll(node, queries.slice(0, first), { onRead });
    return (await this.#readAll(node, queries.slice(first), { onRead })) && isWhole;
  }

  #cover(from: Map<string, number>, contexts: PartitionQuery['contexts'], start: number): void {
    for (const key of keysOf(contexts)) from.set(key, start);
  }

  /** The queries for a list of contexts: the largest group that stands at one place is asked for as `all`. */
  #batches(node: StreamNode, places: readonly RequestContext[], isAll: boolean): PartitionQuery[] {
    const { select } = node.definition.scope;
    const cohorts = groupBy(places, ({ context }) => this.run.bookmarks.cohortKey(node, context));
    const largest = [...cohorts.values()].reduce<readonly RequestContext[]>(
      (most, one) => (one.length > most.length ? one : most),
      [],
    );
    return [...cohorts.values()].flatMap((cohort): PartitionQuery[] => {
      if (isAll && cohort === largest) {
        const others = new Set(places.map(({ context }) => contextKey(context)));
        for (const { context } of cohort) others.delete(contextKey(context));
        return [{ contexts: contextsOf(cohort), at: { context: {} }, select: select?.('all'), others }];
      }
      return chunks(cohort, mostBatched).map((part) => ({
        contexts: contextsOf(part),
        at: { context: {} },
        select: select?.(contextsOf(part)),
      }));
    });
  }

  /** One context that is refused refuses all: each is then asked alone, in whatever way the server knows. */
  #asksAlone(
    node: StreamNode,
    contexts: PartitionQuery['contexts'],
    places: readonly RequestContext[],
    error: Error,
    alone: RequestContext[],
  ): boolean {
    if (!(error instanceof SkippableError) && !node.rest.mayBeElsewhere) return false;
    const own = keysOf(contexts);
    alone.push(...places.filter(({ context }) => own.has(contextKey(context))));
    return true;
  }

  /** Since when a partition has rows, as far as another stream says. */
  #sinceOf(node: StreamNode, [context]: PartitionQuery['contexts']): number | undefined {
    return context && this.#quietOf(node)?.since(context);
  }

  /** What the stream that shows which partitions have rows has told. */
  #quietOf({ rest: { stream } }: StreamNode): QuietPartitions | undefined {
    return stream.emptyIf && this.run.quiet.get(stream.emptyIf.name);
  }

  // Queries ------------------------------------------------------------------------------------

  /** Reads the queries as there is room for them; answers whether each was read wholly, or is somebody else's now. */
  async #readAll(
    node: StreamNode,
    queries: Iterable<PartitionQuery> | AsyncIterable<PartitionQuery>,
    hooks: QueryHooks = {},
  ): Promise<boolean> {
    const { reader } = node;
    if (!reader) return true;
    const pass = { isWhole: true };
    const open = new Set<Promise<void>>();
    const failure: { error?: unknown } = {};
    for await (const query of queries) {
      await node.queue.onSizeAtMost();
      while (open.size >= mostOpen(node)) await Promise.race(open);
      if ('error' in failure) break;
      const reading: Promise<void> = this.#read(node, reader, query, hooks, pass)
        .catch((error: unknown) => void (failure.error = error))
        .finally(() => {
          open.delete(reading);
          node.partitions.done += query.contexts.length;
        });
      open.add(reading);
    }
    await Promise.all(open);
    if ('error' in failure) throw failure.error;
    return pass.isWhole;
  }

  async #read(
    node: StreamNode,
    reader: Reader,
    query: PartitionQuery,
    hooks: QueryHooks,
    pass: { isWhole: boolean },
  ): Promise<void> {
    const { bookmarks } = this.run;
    const { contexts, at, select } = query;
    const lag = node.definition.window?.lag ?? 0;
    const range = { start: bookmarks.start(node, contexts), end: bookmarks.endBefore(lag) };
    if (range.start >= range.end) return;
    const progress = bookmarks.progress(node, contexts, range);
    const limits = node.limits();
    const gaps = limits.maxNewest === undefined ? progress.gaps : [range];
    const covers = coverOf(query);
    // Contexts that are asked for as all are named where that showed nothing: until then they have not been read.
    const isDoubted = (): boolean => query.others !== undefined && !node.rest.hasShown(select);
    const target = { node, at, contexts, progress, covers, isDoubted };
    const delivery = new RangeDelivery(this.run, this.children, target, range);
    const errors: Error[] = [];
    const rangeQuery: RangeQuery = {
      ...limits,
      at,
      select,
      range,
      gaps,
      takesNewer: this.run.endsNow,
      onFailed: (error) => errors.push(error),
      onDisorder: () => progress.forget(),
      deliver: (part) => delivery.deliver(part),
    };
    await reader.read(rangeQuery);
    if (limits.maxNewest === undefined && errors.length === 0) {
      const days = { range, oldest: delivery.oldest, since: this.#sinceOf(node, contexts) };
      const hidden = hiddenDays(days);
      if (hidden.length > 0) await reader.read({ ...rangeQuery, gaps: hidden, isOnTrial: true, takesNewer: false });
      noteHiddenDays(node, { ...days, oldest: delivery.oldest });
    }
    await delivery.finished();
    // a failure weighs more than a refusal
    const error = errors.find((one) => !(one instanceof SkippableError)) ?? errors[0];
    if (!error) {
      const isLookedAtWholly = gaps.length === 1 && gaps[0]?.start === range.start && gaps[0].end === range.end;
      if (isLookedAtWholly) hooks.onRead?.(contexts, range.start);
    } else if (!hooks.takesOver?.(query, error)) {
      pass.isWhole = false;
      node.failed(bookmarks, contexts, error);
    }
  }
}

interface QueryHooks {
  /** A query was read wholly, from `start` on. */
  onRead?: ((contexts: PartitionQuery['contexts'], start: number) => void) | undefined;
  /** Whether somebody else reads what a query could not. */
  takesOver?: (query: PartitionQuery, error: Error) => boolean;
}

const queryFor = (at: RequestContext): PartitionQuery => ({ contexts: [at.context], at });

/** Whether a context belongs to a query: one for all also shows rows of contexts that no list names. */
function coverOf({ contexts, others }: PartitionQuery): (context: Context) => boolean {
  if (others) return (context) => !others.has(contextKey(context));
  const own = keysOf(contexts);
  return (context) => own.size === 0 || own.has(contextKey(context));
}

const keysOf = (contexts: PartitionQuery['contexts']): Set<string> =>
  new Set(contexts.filter((context) => context !== undefined).map(contextKey));

const contextsOf = (places: readonly RequestContext[]): Context[] => places.map(({ context }) => context);

/** So many queries are open at once: more than there are workers, so that short ones do not hold up long ones. */
const mostOpen = ({ rest }: StreamNode): number => rest.workers * 4;
