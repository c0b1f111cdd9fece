/** How far each stream below a root has come with one query, and so how far its bookmark may go. */
import { IntervalSet, type Range } from '../interval-set.js';
import type { Context } from '../singer/state.js';
import type { Bookmarks } from './bookmarks.js';
import type { StreamNode } from './stream-node.js';

export class ReadProgress {
  /** By stream: what is finished of each of the root's queries. */
  readonly #finished: Map<StreamNode, IntervalSet[]>;
  /** By stream: what earlier runs have finished. */
  readonly #before: Map<StreamNode, readonly Range[]>;
  /** What an earlier run has written of the root. */
  readonly #out: Range[];

  constructor(
    private readonly bookmarks: Bookmarks,
    private readonly root: StreamNode,
    private readonly contexts: readonly (Context | undefined)[],
    readonly range: Range,
  ) {
    const [first] = contexts; // the others stand at the same place
    const { queries } = root.rest.stream;
    const selected = root.subtree.filter(({ output }) => output);
    this.#before = new Map(selected.map((node) => [node, bookmarks.done(root, node, first)]));
    this.#finished = new Map(
      selected.map((node) => [node, queries.map(() => new IntervalSet(range, this.#before.get(node)))]),
    );
    this.#out = [{ start: -Infinity, end: bookmarks.from(root, first) }, ...bookmarks.done(root, root, first)];
  }

  /** Nothing behind a bookmark counts as finished by earlier runs any more. Answers what that was of the range. */
  forget(): readonly Range[] {
    const unread = this.#missing([...this.#before.values()].map((done) => new IntervalSet(this.range, done)));
    const forgotten = new IntervalSet(this.range, unread).gaps;
    for (const sets of this.#finished.values())
      sets.forEach((own, query) => {
        const missing = new IntervalSet(this.range, [...own.gaps, ...forgotten]);
        sets[query] = new IntervalSet(this.range, missing.gaps);
      });
    this.#out.splice(1);
    for (const [node, [beforeBookmark]] of this.#before) this.#before.set(node, beforeBookmark ? [beforeBookmark] : []);
    return forgotten;
  }

  /** Whether an earlier run has written the root's rows of this time. */
  isOut(time: number): boolean {
    return this.#out.some(({ start, end }) => time >= start && time < end);
  }

  /** Whether earlier runs have written everything that a child, and what is below it, has of a row of this time. */
  isDoneBelow(child: StreamNode, time: number): boolean {
    const members = child.subtree.filter(({ output }) => output);
    return members.every((node) => this.#before.get(node)?.some(({ start, end }) => time >= start && time < end));
  }

  /** What at least one stream has not read yet. */
  get gaps(): Range[] {
    return this.#missing([...this.#finished.values()].flat());
  }

  /** A part is complete for all streams but the failed ones. */
  mark(query: number, part: Range, failed: ReadonlySet<object>): void {
    for (const [node, finished] of this.#finished) {
      const own = finished[query];
      if (!own || failed.has(node)) continue;
      own.mark(part);
      this.#save(node, finished);
    }
  }

  /** The root's own rows of a part are written, whatever becomes of those below them. */
  markRows(query: number, part: Range): void {
    this.mark(query, part, new Set(this.root.subtree.slice(1)));
  }

  markAll(): void {
    for (const finished of this.#finished.values())
      finished.forEach((_, query) => this.mark(query, this.range, new Set()));
  }

  #save(node: StreamNode, finished: readonly IntervalSet[]): void {
    const { state, latest } = this.bookmarks;
    const common = new IntervalSet(this.range, new IntervalSet(this.range, this.#missing(finished)).gaps);
    const waits = this.#hasOtherTimes(node) && !common.complete;
    const cutoff = this.bookmarks.lateDataCutoff(this.root);
    const ahead = (waits ? common.done : common.ahead)
      .map(({ start, end }) => ({ start, end: Math.min(end, cutoff) }))
      .filter(({ start, end }) => start < end);
    const bookmark = Math.min(latest, waits ? this.range.start : common.watermark);
    for (const context of this.contexts) state.advance(node.name, context, bookmark, ahead);
  }

  /** What is missing in one of them, or in several. */
  #missing(finished: readonly IntervalSet[]): Range[] {
    const missing = new IntervalSet(this.range);
    for (const one of finished) for (const gap of one.gaps) missing.mark(gap);
    return [...missing.done];
  }

  /**
   * A child with a range of its own has rows of all times below each row of its parent. So its bookmark waits for the
   * last part, and `done` holds the times of those rows of the parent below which everything is written.
   */
  #hasOtherTimes(node: StreamNode): boolean {
    return node !== this.root && node.reader !== undefined;
  }
}
