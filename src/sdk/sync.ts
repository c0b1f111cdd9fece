/**
 * One run: every root of the graph at the same time, children while their parents are being read.
 * Whatever is read comes by `#deliver`, which writes rows, sends for children, and lets bookmarks
 * follow once a part is out with everything below it.
 */
import type { Bookmarks, Track } from './bookmarks.js';
import { type Asked, Children, everyone, gone } from './children.js';
import type { Logger } from './log/logger.js';
import type { Params } from './define-stream.js';
import { Delivery } from './delivery.js';
import { FatalError, SkippableError, StoppedError, StreamError } from './errors.js';
import type { Node } from './graph.js';
import { Hint, confirmBy, mostTogether } from './hint.js';
import { add, chunks } from './lists.js';
import type { Range } from './interval-set.js';
import type { Page, PageRow, Place } from './rest-stream.js';
import { type Context, contextKey } from './singer/state.js';
import { readUnit } from './unit-reading.js';

export interface SyncOptions {
  roots: readonly Node[];
  bookmarks: Bookmarks;
  config: unknown;
  log: Logger;
  /** Called when bookmarks have moved. */
  checkpoint: () => Promise<void>;
}

/** What one question is about: the partitions it covers, the place it is asked at. */
interface Errand {
  contexts: readonly (Context | undefined)[];
  place: Place;
  params: Params;
}

export class Sync {
  readonly #options: SyncOptions;
  readonly #hints = new Map<string, Hint>();
  readonly #children: Children;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#children = new Children(options);
  }

  /** Reads everything. @throws FatalError, StoppedError; all other failures are in the outcomes. */
  async run(): Promise<void> {
    const { roots } = this.#options;
    const nodes = roots.flatMap((root) => root.subtree);
    for (const node of nodes) if (node.definition.scope.kind === 'together') this.#hints.set(node.name, new Hint());
    await Promise.all(
      roots.map((root) =>
        this.#guard(root, () =>
          root.reader
            ? this.#units(root, [{ contexts: [undefined], place: { context: {} }, params: {} }])
            : this.#table(root),
        ),
      ),
    );
    for (const { rest, stream } of nodes) {
      await stream?.announce();
      if (!rest.answered && stream?.outcome.remarks.has(gone))
        stream.outcome.refuse(
          stream.name,
          `${rest.path} answered 404 for every row: the server may not have it`,
          this.#options.bookmarks.before.knows(stream.name),
        );
      for (const remark of rest.remarks) stream?.outcome.refused.push(remark);
    }
  }

  /** Runs a stream; what stops it alone becomes its outcome, and that of the streams below it. */
  async #guard(node: Node, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof StoppedError || error instanceof FatalError) throw error;
      node.failed(this.#options.bookmarks.before, [undefined], error);
      return false;
    }
  }

  // Full tables ------------------------------------------------------------------------------

  /** A stream without window: every page, each row once; then what is asked for all its rows. */
  async #table(node: Node): Promise<void> {
    const rows: PageRow[] = [];
    const complete = await this.#guard(node, async () => {
      await this.#pages(node, (page) => {
        rows.push(...page);
        for (const child of node.children) if (!child.reader) this.#lane(child, node, page);
      });
      await this.#findNamed(node, rows);
    });
    if (complete && rows.length > 0) this.#settlePartitions(node, rows);
    await Promise.all(
      node.children.map((child) =>
        this.#guard(child, () => (child.reader ? this.#partitions(child, node, rows) : child.queue.drained())),
      ),
    );
    // What the settings leave out exists all the same.
    if (complete && rows.every(({ kept }) => kept) && node.stream?.outcome.status === 'ok')
      await node.stream.activate();
  }

  /** Every page of a list, the next one under way while one is written. */
  async #pages(node: Node, take: (rows: PageRow[]) => void): Promise<void> {
    const seen = new Set<string>();
    let page: Page | undefined = await this.#firstPage(node);
    while (page) {
      const repeated: boolean = page.next !== undefined && !add(seen, `next ${page.next.href}`);
      const doubtful: boolean = page.silent || (repeated && page.full);
      const upcoming: Promise<Page> | undefined =
        page.next && !repeated && !node.enough ? node.rest.follow(page.next) : undefined;
      upcoming?.catch(() => undefined);
      const fresh: PageRow[] = page.rows.filter((row) => add(seen, node.key(row)));
      await node.write(fresh, page.received);
      take(fresh);
      // Thrown, so that every stream below says it, and no context is taken for gone.
      if (doubtful)
        throw new StreamError(
          `${node.name}: a full page came without a link that leads on; whether more follows cannot be told`,
          { code: 'ERR_PAGING' },
        );
      page = node.enough ? undefined : await upcoming;
    }
  }

  /** Rows that a setting names and that no row of the list is called: renamed, or not there. */
  async #findNamed(node: Node, rows: readonly PageRow[]): Promise<void> {
    const { named } = node.definition;
    if (!named || node.enough) return;
    const names = rows.flatMap(({ row }) => named.names(row as never));
    for (const name of named.wanted(this.#options.config).filter((one) => !names.includes(one))) {
      const found = await node.rest.find(named.path, name);
      const row = found && rows.find((one) => node.key(one) === node.key({ row: found }));
      if (!row) {
        const listed = rows.map((one) => named.names(one.row as never)[0]);
        const told = node.subtree.find(({ stream }) => stream)?.stream;
        told?.outcome.fail(
          `${named.setting} names ${JSON.stringify(name)}, which is not among the ${node.name}: ${listed.slice(0, 20).join(', ')}${listed.length > 20 ? ', …' : ''}.`,
        );
        continue;
      }
      this.#options.log.warning(
        `${named.setting}: ${JSON.stringify(name)} is called ${JSON.stringify(named.names(row.row as never)[0])} now; set it to that.`,
      );
      if (row.kept) continue;
      row.kept = true;
      await node.write([row], Date.now());
      for (const child of node.children) if (!child.reader) this.#lane(child, node, [row]);
    }
  }

  async #firstPage(node: Node): Promise<Page> {
    try {
      return await node.rest.first({ context: {} });
    } catch (error) {
      if (!this.#fallBack(node, error)) throw error;
      return node.rest.first({ context: {} });
    }
  }

  #fallBack(node: Node, error: unknown): boolean {
    if (!node.rest.fallBack(error)) return false;
    this.#options.log.warning(
      `${node.name}: the server does not know ${node.definition.path}; ${node.rest.path} is asked instead.`,
    );
    return true;
  }

  /** A context leaves the state only when the complete list of a parent has it no more. */
  #settlePartitions(node: Node, rows: readonly PageRow[]): void {
    const { state } = this.#options.bookmarks;
    for (const child of node.children) {
      if (!child.reader) continue;
      const contexts = rows.flatMap(({ row }): Context[] => {
        const context = child.definition.scope.context?.(row);
        return context ? [context] : [];
      });
      const listed = new Set(contexts.map(contextKey));
      for (const { name, stream } of child.subtree) {
        if (!stream) continue;
        state.forget(name, (context) => !listed.has(contextKey(context)));
        state.divide(name, contexts);
      }
    }
  }

  /** One question per row of a parent that is read as a whole. */
  #lane(node: Node, parent: Node, rows: readonly PageRow[]): void {
    for (const place of this.#children.places(node, parent, rows)) {
      node.queue.push(async () => {
        await this.#children.single(node, place, undefined, new Set());
      }, 'last');
    }
  }

  // Ranges of time ---------------------------------------------------------------------------

  /** A stream with a window below a full table: asked per row, or for many rows together. */
  async #partitions(node: Node, parent: Node, rows: readonly PageRow[]): Promise<void> {
    const places = this.#children.places(node, parent, rows);
    if (node.definition.scope.kind === 'each') {
      await this.#units(
        node,
        places.map((place) => ({ contexts: [place.context], place, params: {} })),
      );
      return;
    }
    const covered = new Map<string, number>();
    try {
      await this.#together(
        node,
        places,
        rows.every(({ kept }) => kept),
        covered,
      );
    } finally {
      const { reader, definition } = node;
      const believed = reader?.mode === 'window' && (reader.trust === 'proved' || !definition.window?.proof);
      await this.#hints
        .get(node.name)
        ?.finish(believed ? covered : new Map(), confirmBy(node, this.#options.bookmarks.end));
    }
  }

  /** Contexts that stand at the same place share a query. `covered` tells from where each was read. */
  async #together(
    node: Node,
    places: readonly Place[],
    everything: boolean,
    covered: Map<string, number>,
  ): Promise<void> {
    const { select } = node.definition.scope;
    const groups = new Map<string, Place[]>();
    for (const place of places) {
      const key = this.#options.bookmarks.placeOf(node, place.context);
      const group = groups.get(key);
      if (group) group.push(place);
      else groups.set(key, [place]);
    }
    const [largest] = [...groups.values()].sort((a, b) => b.length - a.length);
    const errands = [...groups.values()].flatMap((group) =>
      everything && group === largest
        ? [{ contexts: group.map(({ context }) => context), place: { context: {} }, params: select?.('all') ?? {} }]
        : chunks(group, mostTogether).map((part) => ({
            contexts: part.map(({ context }) => context),
            place: { context: {} },
            params: select?.(part.map(({ context }) => context)) ?? {},
          })),
    );
    const alone: Place[] = [];
    await this.#units(node, errands, covered, (errand, error) => {
      // One context that is refused refuses all: each is asked alone, on the fallback path if that is the reason.
      const fell = this.#fallBack(node, error) || node.rest.fellBack;
      if (fell && node.reader) node.reader.mode = 'walk';
      const own = new Set(errand.contexts.map((context) => contextKey(context ?? {})));
      alone.push(...places.filter(({ context }) => own.has(contextKey(context))));
      return true;
    });
    await this.#units(
      node,
      alone.map((place) => ({
        contexts: [place.context],
        place,
        params: node.rest.fellBack ? {} : (select?.([place.context]) ?? {}),
      })),
      covered,
    );
  }

  /** Reads ranges; `refused` may take over an errand that the server will not answer. */
  async #units(
    node: Node,
    errands: readonly Errand[],
    covered?: Map<string, number>,
    refused?: (errand: Errand, error: SkippableError) => boolean,
  ): Promise<void> {
    const { bookmarks, config, checkpoint } = this.#options;
    const { definition, reader, subtree } = node;
    if (!reader || errands.length === 0) return;
    const queries = definition.queries?.(config).length ?? 1;
    const limits = node.limits(config);
    let whole = true;
    await Promise.all(
      errands.map(async (errand) => {
        const { contexts, place, params } = errand;
        const range = { start: bookmarks.start(node, contexts), end: bookmarks.end };
        if (range.start >= range.end) return;
        const track = bookmarks.track(node, contexts, range, queries);
        if (await this.#nothingThere(node, contexts, range.start)) {
          track.markAll();
          for (const { stream } of subtree) if (stream) stream.outcome.skipped++;
          return;
        }
        const errors: Error[] = [];
        const gaps = limits.newest === undefined ? track.gaps : [range];
        const delivery = new Delivery(range);
        // A page whose rows have children holds up the next one: what a kill leaves half done stays small.
        const inTurn = node.children.length > 0 ? node.inTurn.bind(node) : (task: () => Promise<void>) => task();
        await readUnit(reader, {
          place,
          params,
          range,
          gaps,
          ...limits,
          failed: (error) => errors.push(error),
          deliver: (rows, query, piece, received) =>
            inTurn(() => this.#deliver(node, { contexts, track, delivery }, { rows, query, piece, received })),
        });
        await delivery.finished();
        const error = errors.find((one) => !(one instanceof SkippableError)) ?? errors[0]; // a failure weighs more than a refusal
        if (!error) {
          // Only what this run has looked at wholly says that nothing is there.
          if (gaps.length === 1 && gaps[0]?.start === range.start && gaps[0].end === range.end)
            for (const context of contexts) if (context) covered?.set(contextKey(context), range.start);
        } else if (!(error instanceof SkippableError && refused?.(errand, error))) {
          whole = false;
          node.failed(this.#options.bookmarks.before, contexts, error);
        }
      }),
    );
    if (reader.mode === 'walk')
      node.stream?.outcome.remarkOnce('the server ignores time ranges: every page was looked through');
    if (
      reader.mode === 'window' &&
      reader.trust === 'consistent' &&
      definition.window?.unproved &&
      node.stream &&
      node.stream.outcome.rows > 0
    )
      node.stream.outcome.remarkOnce(definition.window.unproved);
    if (whole) for (const member of subtree) if (member.stream?.outcome.failures.length === 0) bookmarks.passed(member);
    await checkpoint();
  }

  async #nothingThere(node: Node, [context]: readonly (Context | undefined)[], start: number): Promise<boolean> {
    const { within } = node.definition;
    const hint = within?.when(this.#options.config) ? this.#hints.get(within.stream.name) : undefined;
    return hint !== undefined && context !== undefined && hint.nothing(context, start);
  }

  // Delivery ---------------------------------------------------------------------------------

  /** Writes a page and sends for its children. Resolves when there is room for more. */
  async #deliver(
    node: Node,
    { contexts, track, delivery }: { contexts: Errand['contexts']; track: Track; delivery: Delivery },
    {
      rows,
      query,
      piece,
      received,
    }: { rows: readonly PageRow[]; query: number; piece: Range | undefined; received: number },
  ): Promise<void> {
    const { checkpoint } = this.#options;
    const { scope } = node.definition;
    const hint = this.#hints.get(node.name);
    const isParent = node.children.length > 0;
    const own: PageRow[] = [];
    const below: { row: PageRow; context: Context | undefined; asked: readonly Asked[] }[] = [];
    for (const row of rows) {
      const context = scope.contextOf?.(row.raw) ?? contexts[0];
      if (hint && context) hint.show(context, row.time);
      // A query for all contexts also shows rows of those that stand elsewhere: they come with their own.
      if (context && !track.covers(context)) continue;
      if (scope.kind === 'together' && !add(node.seen, node.key(row))) continue;
      if (row.time === undefined || !track.isOut(row.time)) own.push(row);
      if (isParent) below.push({ row, context, asked: this.#children.asked(node, row, context) });
    }
    const written = await node.write(own, received);
    if (written && piece) track.markRows(query, piece);
    if (!isParent) {
      await checkpoint();
      return;
    }
    let sent: Promise<unknown> = Promise.resolve();
    for (const { row, context, asked } of below) {
      if (written && asked.length === 0) continue;
      const work = delivery.below(query, piece, row.time);
      if (!written) work.failed.add(node);
      const tasks = sent.then(() => this.#children.send(asked, context, work.failed));
      work.add(tasks.then(everyone));
      sent = tasks;
    }
    if (piece) {
      delivery.end(query, piece, async (part, failed) => {
        track.mark(query, part, failed);
        await checkpoint();
      });
    }
    await sent;
  }
}
