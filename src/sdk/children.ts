/** Asks for what belongs to single rows of a parent: an object, a list, or a range of time of each. */
import type { Bookmarks } from './bookmarks.js';
import { FatalError, SkippableError, StoppedError } from './errors.js';
import type { Node } from './graph.js';
import type { Page, PageRow, Place } from './rest-stream.js';
import { type Context, describeContext } from './singer/state.js';
import { readUnit } from './unit-reading.js';

/** A child that is asked for a row of its parent, and where. */
export interface Asked {
  readonly child: Node;
  readonly place: Place;
}

export const gone = 'gone since it was listed';
export const everyone = async (tasks: readonly Promise<void>[]): Promise<void> => void (await Promise.all(tasks));

const mostLaneWaiting = 100; // rows of a windowed parent that wait for a serial child

export class Children {
  readonly #bookmarks: Bookmarks;
  readonly #config: unknown;

  constructor({ bookmarks, config }: { bookmarks: Bookmarks; config: unknown }) {
    this.#bookmarks = bookmarks;
    this.#config = config;
  }

  /** The places that rows of a parent lead to; refused ones are said. */
  places(node: Node, parent: Node, rows: readonly PageRow[]): Place[] {
    const { scope } = node.definition;
    return rows.flatMap(({ row, kept }): Place[] => {
      const context = kept ? scope.context?.(row) : undefined;
      if (!context) return [];
      if (scope.refused?.(row)) {
        node.failed(
          this.#bookmarks.before,
          [context],
          new SkippableError(`${parent.name} lists ${describeContext(context)}, but the token has no access to it`, {
            status: 403,
          }),
        );
        return [];
      }
      return [{ context, alias: scope.alias?.(row) }];
    });
  }

  /** Which children are asked for a row. `context`: that of the parent. */
  asked(parent: Node, row: PageRow, context: Context | undefined): Asked[] {
    if (!row.kept) return [];
    return parent.children
      .filter((child) => this.#bookmarks.wants(child, parent, row, context))
      .flatMap((child) => this.places(child, parent, [row]).map((place) => ({ child, place })));
  }

  /** Sends for them as there is room; the promises end when their rows are out, or they are marked as failed. */
  async send(asked: readonly Asked[], context: Context | undefined, failed: Set<object>): Promise<Promise<void>[]> {
    const tasks: Promise<void>[] = [];
    for (const { child, place } of asked) {
      await child.queue.room(child.definition.serial ? mostLaneWaiting : undefined);
      const task = child.reader
        ? this.#range(child, place, context, failed)
        : child.queue.ended(() => this.single(child, place, context, failed));
      task.catch(() => undefined); // whoever waits for all of them is told
      tasks.push(task);
    }
    return tasks;
  }

  /** Asks for what belongs to one row of a parent, without a range. */
  async single(node: Node, place: Place, context: Context | undefined, failed: Set<object>): Promise<void> {
    if (node.enough) return;
    try {
      for (
        let page: Page | undefined = await node.rest.first(place);
        page;
        page = page.next && (await node.rest.follow(page.next))
      )
        await this.#out(node, page.rows, page.received, context, failed);
    } catch (error) {
      this.#failed(node, place, failed, error);
    }
  }

  /** The rows of a range that belong to one row of a parent. */
  async #range(node: Node, place: Place, context: Context | undefined, failed: Set<object>): Promise<void> {
    const range = { start: this.#bookmarks.from(node, context), end: this.#bookmarks.end };
    if (range.start >= range.end) return;
    if (!node.reader) return;
    await readUnit(node.reader, {
      place,
      params: {},
      range,
      gaps: [range],
      ...node.limits(this.#config),
      failed: (error) => this.#failed(node, place, failed, error),
      deliver: (rows, _query, _piece, received) => this.#out(node, rows, received, context, failed),
    });
  }

  /** Writes rows, and everything below them. */
  async #out(
    node: Node,
    rows: readonly PageRow[],
    received: number,
    context: Context | undefined,
    failed: Set<object>,
  ): Promise<void> {
    if (!(await node.write(rows, received))) failed.add(node);
    for (const row of rows) await everyone(await this.send(this.asked(node, row, context), context, failed));
  }

  #failed(node: Node, { context }: Place, failed: Set<object>, error: unknown): void {
    if (error instanceof StoppedError || error instanceof FatalError) throw error;
    if (error instanceof SkippableError && error.status === 404) {
      node.stream?.outcome.remark(gone);
      if (!node.rest.answered) failed.add(node); // the route may be what is not there
      return;
    }
    for (const member of node.subtree) failed.add(member);
    node.failed(this.#bookmarks.before, [context], error);
  }
}
