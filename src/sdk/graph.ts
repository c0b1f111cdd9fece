/**
 * The streams of a run as a graph: those that are selected, and the unselected parents that they
 * need. A parent is read once and feeds all its children.
 */
import type { StreamDefinition } from './define-stream.js';
import { SkippableError, messageOf } from './errors.js';
import type { PageRow, RESTStream } from './rest-stream.js';
import type { Row } from './singer/record-shape.js';
import { type Context, type State, describeContext } from './singer/state.js';
import type { Stream } from './stream.js';
import { type Unit, WindowReader } from './window-reader.js';
import { WorkQueue } from './work-queue.js';

export class Node {
  readonly children: Node[] = [];
  readonly queue: WorkQueue;
  readonly reader: WindowReader | undefined;
  /** Keys that have left in this run, where several queries may show the same row. */
  readonly seen = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly rest: RESTStream,
    /** Undefined: read for its children only. */ readonly stream: Stream | undefined,
    pageSize: number,
  ) {
    this.queue = new WorkQueue(
      () => rest.lanes,
      () => rest.usefulLanes,
    );
    this.reader = rest.definition.window ? new WindowReader(rest, this.queue, pageSize) : undefined;
  }

  get definition(): StreamDefinition {
    return this.rest.definition;
  }

  get name(): string {
    return this.definition.name;
  }

  /** Whether a connection test has seen what it wanted of this stream and all below it. */
  get enough(): boolean {
    return this.subtree.every(({ stream }) => stream?.enough ?? true) && this.subtree.some(({ stream }) => stream);
  }

  /** One task after the other. @throws what the task throws; the next one runs all the same. */
  async inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Writes the kept rows; false when one of them could not be written. */
  async write(rows: readonly PageRow[], received: number): Promise<boolean> {
    const { stream } = this;
    if (!stream) return true;
    const kept = rows.filter((row) => row.kept);
    if (kept.length < rows.length) stream.outcome.remark('left out by settings', rows.length - kept.length);
    return stream.write(kept, received);
  }

  /** Says for the stream and all below it what could not be read, and why. `before`: what earlier runs knew. */
  failed(before: State, contexts: readonly (Context | undefined)[], error: unknown): void {
    for (const { stream, name } of this.subtree) {
      for (const context of contexts) {
        const where = context ? describeContext(context) : name;
        if (error instanceof SkippableError)
          stream?.outcome.refuse(
            where,
            messageOf(error),
            context ? before.knowsPartition(name, context) : before.knows(name),
          );
        else stream?.outcome.fail(context ? `${where}: ${messageOf(error)}` : messageOf(error), error);
      }
    }
  }

  /** How much of a unit is read. */
  limits(config: unknown): Pick<Unit, 'newest' | 'enough' | 'onCapped'> {
    const newest = this.definition.newest?.(config);
    return {
      newest,
      enough: () => this.enough,
      onCapped: () => this.stream?.outcome.remark(`only the newest ${newest ?? 0} rows of a context were read`),
    };
  }

  /** What makes a row one. */
  key({ row }: { readonly row: Row }): string {
    return this.definition.primaryKey.map((name) => String(row[name])).join('\u0000');
  }

  /** The node and everything below it. */
  get subtree(): Node[] {
    return [this, ...this.children.flatMap((child) => child.subtree)];
  }
}

/** Definitions that must be read so that the selected ones can be: parents before children. */
export function needed(definitions: readonly StreamDefinition[], selected: ReadonlySet<string>): StreamDefinition[] {
  const found = new Set<StreamDefinition>();
  const add = (definition: StreamDefinition): void => {
    if (definition.scope.parent) add(definition.scope.parent);
    found.add(definition);
  };
  for (const definition of definitions) if (selected.has(definition.name)) add(definition);
  return [...found];
}
