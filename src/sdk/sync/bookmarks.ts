/**
 * Where each stream of a run begins, and how far its bookmark may go. A bookmark only moves forward, to the end of
 * what has been read without a gap, and never past the clocks; a context that failed keeps its own.
 */
import type { Range } from '../interval-set.js';
import type { Logger } from '../log/logger.js';
import type { PageRecord } from '../rest/page.js';
import { timeOf } from '../rest/record-builder.js';
import type { Context, State } from '../singer/state.js';
import { floorSecond, isoSeconds } from '../time.js';
import { ContextNames } from './context-names.js';
import { ReadProgress } from './read-progress.js';
import type { StreamNode } from './stream-node.js';

export interface BookmarkOptions {
  readonly state: State;
  /** Epoch milliseconds: nothing before is read. */
  readonly startDate: number;
  /** Epoch milliseconds, whole second: nothing from here on is read. */
  readonly end: number;
  /** Epoch milliseconds, whole second: no bookmark passes it. */
  readonly latest: number;
  /** Epoch milliseconds, whole second: when the run begins. Default: `latest`. */
  readonly now?: number;
  /** Streams that the catalog wants to be read wholly each time. */
  readonly fullTable: ReadonlySet<string>;
  readonly log: Logger;
}

export class Bookmarks {
  readonly state: State;
  readonly names = new ContextNames();
  readonly #options: BookmarkOptions;
  /** The state as it came: where a stream begins does not change while its bookmark moves. */
  readonly #before: State;
  /** Streams whose full pass is due in this run, decided once. */
  readonly #due = new Map<string, boolean>();
  readonly #warned = new Set<string>();

  constructor(options: BookmarkOptions) {
    this.#options = options;
    this.state = options.state;
    this.#before = options.state.copy();
  }

  get end(): number {
    return this.#options.end;
  }

  /** Where reading ends, if rows of the last `lag` milliseconds are left to the next run. */
  endBefore(lag: number): number {
    const { end, latest, now = latest } = this.#options;
    return lag === 0 ? end : Math.min(end, floorSecond(now - lag));
  }

  get latest(): number {
    return this.#options.latest;
  }

  /** Whether an earlier run has read anything of a stream. */
  knows(stream: string): boolean {
    return this.#before.knows(stream);
  }

  knowsPartition(stream: string, context: Context): boolean {
    return this.#before.knowsPartition(stream, context);
  }

  /** Whether an earlier run has read a partition, by its own bookmark or by one that stands for all. */
  hasRead(stream: string, context: Context): boolean {
    return this.knowsPartition(stream, context) || this.#before.start(stream, context) !== undefined;
  }

  /** The partitions that the state has for a stream or those below it, and a list has not. */
  partitionsWithout(node: StreamNode, listed: ReadonlyMap<string, Context>): Context[] {
    const missing = node.subtree.flatMap(({ name }) => [...this.#before.partitions(name)]);
    return [...new Map(missing.filter(([key]) => !listed.has(key))).values()];
  }

  // Full passes --------------------------------------------------------------------------------

  /** Whether everything is read again, because of changes that no range shows. */
  passDue(node: StreamNode): boolean {
    if (this.#options.fullTable.has(node.name)) return true;
    const decided = this.#due.get(node.name);
    if (decided !== undefined) return decided;
    const due = this.#decide(node);
    this.#due.set(node.name, due);
    return due;
  }

  #decide({ name, rest, output }: StreamNode): boolean {
    const interval = rest.stream.fullPass;
    if (interval <= 0) return false;
    if (this.knows(name)) return this.latest - (this.#before.fullPass(name) ?? -Infinity) >= interval;
    // The first sync is a full pass, as of its beginning: what is interrupted goes on from there.
    if (output) this.state.setFullPass(name, this.latest);
    return false;
  }

  /**
   * Whether this run looks at everything of a stream: in its first sync, and when the stream that it depends on does.
   */
  isFullPass(node: StreamNode): boolean {
    const { emptyIf } = node.rest.stream;
    if (!this.knows(node.name)) return true;
    if (!emptyIf) return false;
    return this.#due.get(emptyIf.name) === true || this.#before.fullPass(emptyIf.name) === undefined;
  }

  /** Everything of the stream has been read again. */
  passed(node: StreamNode): void {
    if (node.output && this.#due.get(node.name)) this.state.setFullPass(node.name, this.latest);
  }

  // Where reading begins -----------------------------------------------------------------------

  /** From which second on the stream's own rows are wanted. */
  from(node: StreamNode, context: Context | undefined): number {
    const isWhole = node.definition.fullPass ? this.passDue(node) : this.#options.fullTable.has(node.name);
    return floorSecond(isWhole ? this.#options.startDate : this.#resume(node, context, node.rest.stream.lookback));
  }

  /** The second where the reading of a query begins: early enough for every selected stream below `root`. */
  start(root: StreamNode, contexts: readonly (Context | undefined)[]): number {
    let start = this.end;
    for (const node of root.subtree) {
      if (!node.output) continue;
      for (const context of contexts) start = Math.min(start, this.#begin(root, node, context));
    }
    return floorSecond(start);
  }

  /** Whether a child is asked for a row of its parent. */
  shouldRequestChild(child: StreamNode, parent: StreamNode, record: PageRecord, context: Context | undefined): boolean {
    const times = changesOf(child, parent, record)
      .map(timeOf)
      .filter((time) => time !== undefined);
    return times.length === 0 || Math.max(...times) >= this.from(child, context);
  }

  /** Equal for contexts that may share a query: each stream begins at the same place, and lacks the same parts. */
  cohortKey(root: StreamNode, context: Context | undefined): string {
    return JSON.stringify(root.subtree.filter(({ output }) => output).map((node) => this.done(root, node, context)));
  }

  /** What need not be read: everything before the bookmark, and what an interrupted run had finished. */
  done(root: StreamNode, node: StreamNode, context: Context | undefined): Range[] {
    const goesOn = !root.subtree.some((one) => this.passDue(one));
    const before = { start: -Infinity, end: this.#begin(root, node, context) };
    return [before, ...(goesOn ? this.#before.done(node.name, context) : [])];
  }

  progress(root: StreamNode, contexts: readonly (Context | undefined)[], range: Range): ReadProgress {
    return new ReadProgress(this, root, contexts, range);
  }

  /** What an interrupted run has read before this instant need not be looked at for late rows: it was old enough. */
  lateDataCutoff(root: StreamNode): number {
    return this.latest - root.rest.stream.lookback;
  }

  /**
   * From which second on a stream needs the rows of `root`: they may be seen to change for as long as the root's
   * lookback.
   */
  #begin(root: StreamNode, node: StreamNode, context: Context | undefined): number {
    const lookback = Math.max(node.rest.stream.lookback, root.rest.stream.lookback);
    return floorSecond(this.passDue(node) ? this.#options.startDate : this.#resume(node, context, lookback));
  }

  #resume(node: StreamNode, context: Context | undefined, lookback: number): number {
    const { startDate, latest } = this.#options;
    const start = this.#before.start(node.name, context);
    if (start === undefined) return startDate;
    if (start > latest) this.#warn(node.name, start);
    return Math.max(startDate, Math.min(start, latest) - lookback);
  }

  #warn(stream: string, start: number): void {
    if (this.#warned.has(stream)) return;
    this.#warned.add(stream);
    const { log, latest } = this.#options;
    log
      .child(stream)
      .warning(
        `${stream}: the bookmark ${isoSeconds(start)} lies in the future. ${isoSeconds(latest)} is used instead.`,
      );
  }
}

/** The dates at which a child of this row may have changed: the definition's, else the row's own. */
function changesOf(child: StreamNode, parent: StreamNode, { raw, row }: PageRecord): readonly unknown[] {
  const { changedAt } = child.definition;
  if (changedAt) return changedAt(raw);
  const { replicationKey: key } = parent.definition;
  return key === undefined ? [] : [raw[key] ?? row[key]];
}
