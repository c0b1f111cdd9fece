/**
 * One run: every root of the graph at the same time, children while their parents are being read.
 * Whatever is read comes by `#deliver`, which writes rows, sends for children, and lets bookmarks
 * follow once a part is out with everything below it.
 */
import type { Bookmarks, Track } from './bookmarks.js';
import type { Logger } from './cli/logger.js';
import type { Params } from './define-stream.js';
import { Delivery, PageDelivery } from './delivery.js';
import { FatalError, SkippableError, StoppedError, StreamError, messageOf } from './errors.js';
import type { Node } from './graph.js';
import { Hint, confirmBy, mostTogether } from './hint.js';
import { add, chunks } from './lists.js';
import type { Page, PageRow, Place } from './rest-stream.js';
import { type Context, contextKey, describeContext } from './singer/state.js';
import { floorSecond } from './time.js';
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

const gone = 'gone since it was listed';
const mostLaneWaiting = 100; // rows of a windowed parent that wait for a serial child

export class Sync {
  readonly #options: SyncOptions;
  readonly #hints = new Map<string, Hint>();

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Reads everything. @throws FatalError, StoppedError; all other failures are in the outcomes. */
  async run(): Promise<void> {
    const { roots } = this.#options;
    const nodes = roots.flatMap((root) => root.subtree);
    for (const node of nodes) if (node.definition.scope.kind === 'together') this.#hints.set(node.name, new Hint());
    await Promise.all(roots.map((root) => this.#guard(root, () => (root.reader ? this.#units(root, [{ contexts: [undefined], place: { context: {} }, params: {} }]) : this.#table(root)))));
    for (const { rest, stream } of nodes) {
      await stream?.announce();
      if (!rest.answered && stream?.outcome.remarks.has(gone)) stream.outcome.refuse(stream.name, `${rest.path} answered 404 for every row: the server may not have it`, this.#options.bookmarks.before.knows(stream.name));
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
      this.#failed(node, [undefined], error);
      return false;
    }
  }

  /** Says for a stream and all below it what could not be read, and why. */
  #failed(node: Node, contexts: readonly (Context | undefined)[], error: unknown): void {
    const { before } = this.#options.bookmarks;
    for (const { stream, name } of node.subtree) {
      for (const context of contexts) {
        const where = context ? describeContext(context) : name;
        if (error instanceof SkippableError) stream?.outcome.refuse(where, messageOf(error), context ? before.knowsPartition(name, context) : before.knows(name));
        else stream?.outcome.fail(context ? `${where}: ${messageOf(error)}` : messageOf(error), error);
      }
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
    await Promise.all(node.children.map((child) => this.#guard(child, () => (child.reader ? this.#partitions(child, node, rows) : child.queue.drained()))));
    // What the settings leave out exists all the same.
    if (complete && rows.every(({ kept }) => kept) && node.stream?.outcome.status === 'ok') await node.stream.activate();
  }

  /** Every page of a list, the next one under way while one is written. */
  async #pages(node: Node, take: (rows: PageRow[]) => void): Promise<void> {
    const seen = new Set<string>();
    let page: Page | undefined = await this.#firstPage(node);
    while (page) {
      const repeated: boolean = page.next !== undefined && !add(seen, `next ${page.next.href}`);
      const doubtful: boolean = page.silent || (repeated && page.full);
      const upcoming: Promise<Page> | undefined = page.next && !repeated && !node.enough ? node.rest.follow(page.next) : undefined;
      upcoming?.catch(() => undefined);
      const fresh: PageRow[] = page.rows.filter((row) => add(seen, node.key(row)));
      await this.#write(node, fresh, page.received);
      take(fresh);
      // Thrown, so that every stream below says it, and no context is taken for gone.
      if (doubtful) throw new StreamError(`${node.name}: a full page came without a link that leads on; whether more follows cannot be told`, { code: 'ERR_PAGING' });
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
        told?.outcome.fail(`${named.setting} names ${JSON.stringify(name)}, which is not among the ${node.name}: ${listed.slice(0, 20).join(', ')}${listed.length > 20 ? ', …' : ''}.`);
        continue;
      }
      this.#options.log.warning(`${named.setting}: ${JSON.stringify(name)} is called ${JSON.stringify(named.names(row.row as never)[0])} now; set it to that.`);
      if (row.kept) continue;
      row.kept = true;
      await this.#write(node, [row], Date.now());
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
    this.#options.log.warning(`${node.name}: the server does not know ${node.definition.path}; ${node.rest.path} is asked instead.`);
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
    for (const place of this.#places(node, parent, rows)) {
      node.queue.push(async () => {
        await this.#single(node, place, undefined, new Set());
      }, 'last');
    }
  }

  /** The places that rows of a parent lead to; refused ones are said. */
  #places(node: Node, parent: Node, rows: readonly PageRow[]): Place[] {
    const { scope } = node.definition;
    return rows.flatMap(({ row, kept }): Place[] => {
      const context = kept ? scope.context?.(row) : undefined;
      if (!context) return [];
      if (scope.refused?.(row)) {
        this.#failed(node, [context], new SkippableError(`${parent.name} lists ${describeContext(context)}, but the token has no access to it`, { status: 403 }));
        return [];
      }
      return [{ context, alias: scope.alias?.(row) }];
    });
  }

  // Ranges of time ---------------------------------------------------------------------------

  /** A stream with a window below a full table: asked per row, or for many rows together. */
  async #partitions(node: Node, parent: Node, rows: readonly PageRow[]): Promise<void> {
    const places = this.#places(node, parent, rows);
    if (node.definition.scope.kind === 'each') {
      await this.#units(node, places.map((place) => ({ contexts: [place.context], place, params: {} })));
      return;
    }
    const covered = new Map<string, number>();
    try {
      await this.#together(node, places, rows.every(({ kept }) => kept), covered);
    } finally {
      const { reader, definition } = node;
      const believed = reader?.mode === 'window' && (reader.trust === 'proved' || !definition.window?.proof);
      await this.#hints.get(node.name)?.finish(believed ? covered : new Map(), confirmBy(node, this.#options.bookmarks.end));
    }
  }

  /** Contexts that stand at the same place share a query. `covered` tells from where each was read. */
  async #together(node: Node, places: readonly Place[], everything: boolean, covered: Map<string, number>): Promise<void> {
    const { select } = node.definition.scope;
    const groups = new Map<string, Place[]>();
    for (const place of places) {
      const key = this.#options.bookmarks.placeOf(node, place.context);
      const group = groups.get(key);
      if (group) group.push(place);
      else groups.set(key, [place]);
    }
    const largest = Math.max(0, ...[...groups.values()].map(({ length }) => length));
    const errands = [...groups.values()].flatMap((group) =>
      everything && group.length === largest
        ? [{ contexts: group.map(({ context }) => context), place: { context: {} }, params: select?.('all') ?? {} }]
        : chunks(group, mostTogether).map((part) => ({ contexts: part.map(({ context }) => context), place: { context: {} }, params: select?.(part.map(({ context }) => context)) ?? {} })));
    const alone: Place[] = [];
    await this.#units(node, errands, covered, (errand, error) => {
      // One context that is refused refuses all: each is asked alone, on the fallback path if that is the reason.
      const fell = this.#fallBack(node, error) || node.rest.fellBack;
      if (fell && node.reader) node.reader.mode = 'walk';
      const own = new Set(errand.contexts.map((context) => contextKey(context ?? {})));
      alone.push(...places.filter(({ context }) => own.has(contextKey(context))));
      return true;
    });
    await this.#units(node, alone.map((place) => ({ contexts: [place.context], place, params: node.rest.fellBack ? {} : (select?.([place.context]) ?? {}) })), covered);
  }

  /** Reads ranges; `refused` may take over an errand that the server will not answer. */
  async #units(node: Node, errands: readonly Errand[], covered?: Map<string, number>, refused?: (errand: Errand, error: SkippableError) => boolean): Promise<void> {
    const { bookmarks, config, checkpoint } = this.#options;
    const { definition, reader, subtree } = node;
    if (!reader || errands.length === 0) return;
    const queries = definition.queries?.(config).length ?? 1;
    const newest = definition.newest?.(config);
    let whole = true;
    await Promise.all(errands.map(async (errand) => {
      const { contexts, place, params } = errand;
      const range = { start: floorSecond(bookmarks.start(node, contexts)), end: bookmarks.end };
      if (range.start >= range.end) return;
      const track = bookmarks.track(node, contexts, range, queries);
      if (await this.#nothingThere(node, contexts, range.start)) {
        track.markAll();
        for (const { stream } of subtree) if (stream) stream.outcome.skipped++;
        return;
      }
      const errors: Error[] = [];
      const gaps = newest === undefined ? track.gaps : [range];
      const delivery = new Delivery();
      await readUnit(reader, {
        place,
        params,
        range,
        gaps,
        newest,
        enough: () => node.enough,
        onCapped: () => node.stream?.outcome.remark(`only the newest ${newest ?? 0} rows of a context were read`),
        failed: (error) => errors.push(error),
        deliver: (rows, query, piece, received) => this.#deliver(node, { contexts, track, delivery }, rows, new PageDelivery(query, piece), received),
      });
      await delivery.finished();
      const error = errors.find((one) => !(one instanceof SkippableError)) ?? errors[0]; // a failure weighs more than a refusal
      if (!error) {
        // Only what this run has looked at wholly says that nothing is there.
        if (gaps.length === 1 && gaps[0]?.start === range.start && gaps[0].end === range.end) for (const context of contexts) if (context) covered?.set(contextKey(context), range.start);
      } else if (!(error instanceof SkippableError && refused?.(errand, error))) {
        whole = false;
        this.#failed(node, contexts, error);
      }
    }));
    if (reader.mode === 'walk') node.stream?.outcome.remarkOnce('the server ignores time ranges: every page was looked through');
    if (reader.mode === 'window' && reader.trust === 'consistent' && definition.window?.unproved && node.stream && node.stream.outcome.rows > 0) node.stream.outcome.remarkOnce(definition.window.unproved);
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
  async #deliver(node: Node, { contexts, track, delivery }: { contexts: Errand['contexts']; track: Track; delivery: Delivery }, rows: readonly PageRow[], page: PageDelivery, received: number): Promise<void> {
    const { bookmarks, checkpoint } = this.#options;
    const { scope } = node.definition;
    const once = scope.kind === 'together' ? rows.filter((row) => add(node.seen, node.key(row))) : rows;
    const hint = this.#hints.get(node.name);
    const own: PageRow[] = [];
    const below: { row: PageRow; context: Context | undefined }[] = [];
    for (const row of once) {
      const context = contexts.length === 1 ? contexts[0] : (scope.contextOf?.(row.raw) ?? contexts[0]);
      if (hint && context) hint.show(context, row.time);
      if (row.time === undefined || row.time >= floorSecond(bookmarks.from(node, context))) own.push(row);
      below.push({ row, context });
    }
    const written = await this.#write(node, own, received);
    for (const { row, context } of written && node.children.length === 0 ? [] : below) {
      const work = delivery.below(page, row.time);
      if (!written) work.failed.add(node);
      work.add(await this.#send(node, row, context, work.failed));
    }
    delivery.end(page, async (piece, failed) => {
      track.mark(page.query, piece, failed);
      await checkpoint();
    });
  }

  /** Sends for the children of one row; the promises end when they are out, or marked as failed. */
  async #send(parent: Node, row: PageRow, context: Context | undefined, failed: Set<object>): Promise<Promise<void>[]> {
    const { bookmarks } = this.#options;
    const tasks: Promise<void>[] = [];
    for (const child of parent.children) {
      if (!row.kept || !bookmarks.wants(child, parent, row, context)) continue;
      const [place] = this.#places(child, parent, [row]);
      if (!place) continue;
      await child.queue.room(child.definition.serial ? mostLaneWaiting : undefined);
      const task = child.reader ? this.#childRange(child, place, context, failed) : child.queue.ended(() => this.#single(child, place, context, failed));
      task.catch(() => undefined); // whoever waits for all of them is told
      tasks.push(task);
    }
    return tasks;
  }

  /** Asks for what belongs to one row of a parent, without a range. */
  async #single(node: Node, place: Place, context: Context | undefined, failed: Set<object>): Promise<void> {
    if (node.enough) return;
    try {
      for (let page: Page | undefined = await node.rest.first(place); page; page = page.next && (await node.rest.follow(page.next))) {
        if (!(await this.#write(node, page.rows, page.received))) failed.add(node);
        for (const row of page.rows) await Promise.all(await this.#send(node, row, context, failed));
      }
    } catch (error) {
      this.#childFailed(node, place, failed, error);
    }
  }

  /** The rows of a range that belong to one row of a parent. */
  async #childRange(node: Node, place: Place, context: Context | undefined, failed: Set<object>): Promise<void> {
    const { bookmarks, config } = this.#options;
    const range = { start: floorSecond(bookmarks.from(node, context)), end: bookmarks.end };
    if (range.start >= range.end) return;
    const newest = node.definition.newest?.(config);
    if (!node.reader) return;
    await readUnit(node.reader, {
      place,
      params: {},
      range,
      gaps: [range],
      newest,
      enough: () => node.enough,
      onCapped: () => node.stream?.outcome.remark(`only the newest ${newest ?? 0} rows of a context were read`),
      failed: (error) => this.#childFailed(node, place, failed, error),
      deliver: async (rows, _query, _piece, received) => {
        if (!(await this.#write(node, rows, received))) failed.add(node);
        for (const row of rows) await Promise.all(await this.#send(node, row, context, failed));
      },
    });
  }

  #childFailed(node: Node, { context }: Place, failed: Set<object>, error: unknown): void {
    if (error instanceof StoppedError || error instanceof FatalError) throw error;
    if (error instanceof SkippableError && error.status === 404) {
      node.stream?.outcome.remark(gone);
      if (!node.rest.answered) failed.add(node); // the route may be what is not there
      return;
    }
    for (const member of node.subtree) failed.add(member);
    this.#failed(node, [context], error);
  }

  /** Writes the kept rows; false when one of them could not be written. */
  async #write(node: Node, rows: readonly PageRow[], received: number): Promise<boolean> {
    const { stream } = node;
    if (!stream) return true;
    const kept = rows.filter((row) => row.kept);
    if (kept.length < rows.length) stream.outcome.remark('left out by settings', rows.length - kept.length);
    return stream.write(kept, received);
  }
}
