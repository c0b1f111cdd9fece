/** One run: every root of the tree at the same time, children while their parents are being read. */
import { endsRun } from '../errors.js';
import { ChildStreams } from './child-streams.js';
import { FullTables, type TableReading } from './full-table.js';
import { IncrementalStreams } from './incremental.js';
import { QuietPartitions } from './quiet-partitions.js';
import type { StreamNode } from './stream-node.js';
import type { SyncRun } from './sync-run.js';

export class Sync {
  readonly #tables: FullTables;
  readonly #incremental: IncrementalStreams;

  constructor(
    private readonly run: SyncRun,
    private readonly roots: readonly StreamNode[],
  ) {
    const children = new ChildStreams(run);
    this.#tables = new FullTables(run, children);
    this.#incremental = new IncrementalStreams(run, children);
  }

  /** Reads everything. @throws FatalError, StoppedError; all other failures are in the outcomes. */
  async readAll(): Promise<void> {
    const nodes = this.roots.flatMap((root) => root.subtree);
    for (const { name, definition } of nodes)
      if (definition.scope.kind === 'batched') this.run.quiet.set(name, new QuietPartitions());
    await Promise.all(
      this.roots.map((root) =>
        root.reader ? this.#guard(root, () => this.#incremental.readOnce(root)) : this.#readTable(root),
      ),
    );
    for (const node of nodes) await this.#conclude(node);
  }

  /** A full table, then what is asked for all its rows. */
  async #readTable(node: StreamNode): Promise<void> {
    let reading: TableReading | undefined;
    await this.#guard(node, async () => {
      reading = await this.#tables.read(node);
      if (reading.isComplete) await this.#tables.settlePartitions(node, reading);
    });
    await Promise.all(node.children.map((child) => this.#guard(child, () => this.#readChild(child, node, reading))));
    // What the settings leave out exists all the same.
    const mayActivate = reading?.isComplete === true && reading.isAll && node.output?.outcome.status === 'ok';
    if (mayActivate) await node.output?.activate();
  }

  async #readChild(child: StreamNode, { name }: StreamNode, reading: TableReading | undefined): Promise<void> {
    if (!child.reader) return child.queue.onIdle();
    const places = reading?.places.get(child) ?? [];
    const isAll = reading?.isAll === true && this.run.shard?.stream !== name;
    await this.#incremental.readPartitions(child, places, isAll);
  }

  /** What stops a stream alone becomes its outcome, and that of the streams below it. */
  async #guard(node: StreamNode, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (endsRun(error)) throw error;
      node.failed(this.run.bookmarks, [undefined], error);
    }
  }

  async #conclude({ name, output, rest, reader }: StreamNode): Promise<void> {
    if (!output) return;
    await output.announce();
    const { outcome } = output;
    if (!rest.answered && outcome.hasGone) {
      const message = `${rest.path} answered 404 for every row: the server may not have it`;
      outcome.refuse(name, { message, status: 404, wasKnown: this.run.bookmarks.knows(name), permission: undefined });
    }
    if (outcome.rows === 0) return;
    if (rest.remark !== undefined) outcome.note(rest.remark);
    const { window, scans, proved } = reader?.support ?? {};
    if (window?.unprovenRemark !== undefined && !scans && !proved) outcome.note(window.unprovenRemark);
  }
}
