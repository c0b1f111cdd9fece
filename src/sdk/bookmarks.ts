/**
 * Where each stream of a run begins, and how its bookmark follows what is out. A bookmark only
 * moves forward, to the end of what has been read without a gap; a context that failed keeps its own.
 */
import type { Node } from './graph.js';
import { IntervalSet, type Range } from './interval-set.js';
import type { PageRow } from './rest-stream.js';
import { type Context, State, contextKey } from './singer/state.js';
import { floorSecond, parseDate } from './time.js';

export interface BookmarkOptions {
  state: State;
  config: unknown;
  /** Epoch milliseconds: nothing before is read. */
  startDate: number;
  /** Epoch milliseconds, whole second: nothing from here on is read. */
  end: number;
  /** Streams that the catalog wants to be read wholly each time. */
  fullTable: ReadonlySet<string>;
}

export class Bookmarks {
  readonly state: State;
  /** The state as it came: where a stream begins does not change while its bookmark moves. */
  readonly before: State;
  readonly end: number;
  readonly #options: BookmarkOptions;
  /** Streams whose full pass is due in this run, decided once. */
  readonly #due = new Map<string, boolean>();

  constructor(options: BookmarkOptions) {
    this.#options = options;
    this.state = options.state;
    this.before = new State(JSON.parse(JSON.stringify(options.state)));
    this.end = options.end;
  }

  /** Whether everything is read again, because of changes that no window shows. */
  passDue(node: Node): boolean {
    const decided = this.#options.fullTable.has(node.name) ? true : this.#due.get(node.name);
    if (decided !== undefined) return decided;
    const interval = this.#interval(node);
    const last = this.before.fullPass(node.name);
    const due = interval > 0 && this.before.knows(node.name) && (last === undefined || this.end - last >= interval);
    // The first sync is a full pass, as of its beginning: what is interrupted goes on from there.
    if (interval > 0 && !this.before.knows(node.name) && node.stream) this.state.setFullPass(node.name, this.end);
    this.#due.set(node.name, due);
    return due;
  }

  /** Everything of the stream has been read again. */
  passed(node: Node): void {
    if (node.stream && this.#due.get(node.name)) this.state.setFullPass(node.name, this.end);
  }

  /** From which second on the stream's own rows are wanted. */
  from(node: Node, context: Context | undefined): number {
    const whole = this.#options.fullTable.has(node.name) || (node.definition.fullPass && this.passDue(node));
    return floorSecond(whole ? this.#options.startDate : this.#back(node, context, this.#lookback(node)));
  }

  /** The second where the reading for a unit begins: early enough for every selected stream below `root`. */
  start(root: Node, contexts: readonly (Context | undefined)[]): number {
    const begins = root.subtree
      .filter(({ stream }) => stream)
      .flatMap((node) => contexts.map((context) => this.#begin(root, node, context)));
    return Math.min(floorSecond(this.end), ...begins);
  }

  /** Whether a child is asked for a row of its parent. */
  wants(child: Node, parent: Node, { raw }: PageRow, context: Context | undefined): boolean {
    const { movedAt } = child.definition;
    const key = parent.definition.replicationKey;
    const times = movedAt ? movedAt(raw) : key ? [raw[key]] : [];
    const dated = times
      .flatMap((value) => (typeof value === 'string' ? [parseDate(value)] : []))
      .filter((time) => time !== undefined);
    return dated.length === 0 || Math.max(...dated) >= this.from(child, context);
  }

  /** Equal for contexts that may share a query: each stream begins at the same place, and lacks the same pieces. */
  placeOf(root: Node, context: Context | undefined): string {
    return JSON.stringify(root.subtree.filter(({ stream }) => stream).map((node) => this.done(root, node, context)));
  }

  /** What need not be read for a stream: everything before its bookmark, and what an interrupted run had finished, unless all is read again. */
  done(root: Node, node: Node, context: Context | undefined): Range[] {
    const goesOn = !root.subtree.some((one) => this.passDue(one));
    return [
      { start: -Infinity, end: this.#begin(root, node, context) },
      ...(goesOn ? this.before.done(node.name, context) : []),
    ];
  }

  track(root: Node, contexts: readonly (Context | undefined)[], range: Range, queries: number): Track {
    return new Track(this, root, contexts, range, queries);
  }

  /** What an interrupted run has read need not be looked at for late rows: it was old enough. */
  settledBefore(root: Node): number {
    return this.end - this.#lookback(root);
  }

  /** From which second on a stream needs the rows of `root`: they may be seen to change for as long as the root's lookback. */
  #begin(root: Node, node: Node, context: Context | undefined): number {
    return floorSecond(
      this.passDue(node)
        ? this.#options.startDate
        : this.#back(node, context, Math.max(this.#lookback(node), this.#lookback(root))),
    );
  }

  #interval({ definition }: Node): number {
    const { fullPass, scope } = definition;
    return (fullPass ?? (definition.movedAt ? scope.parent?.fullPass : undefined))?.(this.#options.config) ?? 0;
  }

  #lookback({ definition }: Node): number {
    return definition.lookback?.(this.#options.config) ?? 0;
  }

  #back(node: Node, context: Context | undefined, lookback: number): number {
    const { startDate } = this.#options;
    const start = this.before.start(node.name, context);
    return start === undefined ? startDate : Math.max(startDate, start - lookback);
  }
}

/** How far each stream below a root has come with one unit. */
export class Track {
  readonly #progress: Map<Node, IntervalSet[]>;
  readonly #out: readonly Range[];
  readonly #covered: ReadonlySet<string>;

  constructor(
    private readonly bookmarks: Bookmarks,
    private readonly root: Node,
    private readonly contexts: readonly (Context | undefined)[],
    readonly range: Range,
    queries: number,
  ) {
    const [first] = contexts; // the others stand at the same place
    this.#progress = new Map(
      root.subtree
        .filter(({ stream }) => stream)
        .map((node) => [
          node,
          Array.from({ length: queries }, () => new IntervalSet(range, bookmarks.done(root, node, first))),
        ]),
    );
    this.#out = [{ start: -Infinity, end: bookmarks.from(root, first) }, ...bookmarks.done(root, root, first)];
    this.#covered = new Set(contexts.flatMap((context) => (context ? [contextKey(context)] : [])));
  }

  /** Whether rows of this context belong to the unit. */
  covers(context: Context): boolean {
    return this.#covered.has(contextKey(context));
  }

  /** Whether an earlier run has sent the root's rows of this time; they come again for the sake of what is below them. */
  isOut(time: number): boolean {
    return this.#out.some(({ start, end }) => time >= start && time < end);
  }

  /** What at least one stream has not read yet. */
  get gaps(): Range[] {
    return this.#missing([...this.#progress.values()].flat());
  }

  /** A piece is out, for all streams but the failed ones. */
  mark(query: number, piece: Range, failed: ReadonlySet<object>): void {
    for (const [node, progress] of this.#progress) {
      const own = progress[query];
      if (!own || failed.has(node)) continue;
      own.mark(piece);
      this.#save(node, progress);
    }
  }

  /** The root's own rows of a piece are out, whatever becomes of those below them. */
  markRows(query: number, piece: Range): void {
    this.mark(query, piece, new Set(this.root.subtree.slice(1)));
  }

  markAll(): void {
    for (const progress of this.#progress.values())
      progress.forEach((_, query) => this.mark(query, this.range, new Set()));
  }

  #save(node: Node, progress: readonly IntervalSet[]): void {
    const common = new IntervalSet(this.range, new IntervalSet(this.range, this.#missing(progress)).gaps);
    const waits = this.#hasOtherTimes(node) && !common.complete;
    const settled = this.bookmarks.settledBefore(this.root);
    const ahead = (waits ? common.done : common.ahead)
      .map(({ start, end }) => ({ start, end: Math.min(end, settled) }))
      .filter(({ start, end }) => start < end);
    for (const context of this.contexts)
      this.bookmarks.state.advance(node.name, context, waits ? this.range.start : common.watermark, ahead);
  }

  /** What is missing in one of them, or in several. */
  #missing(progress: readonly IntervalSet[]): Range[] {
    const missing = new IntervalSet(this.range);
    for (const one of progress) for (const gap of one.gaps) missing.mark(gap);
    return [...missing.done];
  }

  /**
   * A child with a range of its own has rows of all times below each row of its parent: its bookmark waits for the last
   * piece, and `done` tells whose rows are out: those below the parent's rows of these times.
   */
  #hasOtherTimes(node: Node): boolean {
    return node !== this.root && node.reader !== undefined;
  }
}
