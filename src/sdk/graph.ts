/**
 * The streams of a run as a graph: those that are selected, and the unselected parents that they
 * need. A parent is read once and feeds all its children.
 */
import type { StreamDefinition } from './define-stream.js';
import type { Stream } from './stream.js';
import type { RESTStream } from './rest-stream.js';
import type { Row } from './singer/record-shape.js';
import { WindowReader } from './window-reader.js';
import { WorkQueue } from './work-queue.js';

export class Node {
  readonly children: Node[] = [];
  readonly queue: WorkQueue;
  readonly reader: WindowReader | undefined;
  /** Keys that have left in this run, where several queries may show the same row. */
  readonly seen = new Set<string>();

  constructor(readonly rest: RESTStream, /** Undefined: read for its children only. */ readonly stream: Stream | undefined, pageSize: number) {
    this.queue = new WorkQueue(() => rest.lanes, () => rest.usefulLanes);
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
