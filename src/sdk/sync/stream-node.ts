/**
 * A stream of the run, with the streams below it. A parent is read once and feeds all its children, also when it is
 * not selected itself.
 */
import type { StreamDefinition } from '../define/stream-definition.js';
import { SkippableError, messageOf } from '../errors.js';
import type { RangeQuery } from '../range/range-query.js';
import { type Reader, readerOf } from '../range/reader.js';
import { WorkQueue } from '../range/work-queue.js';
import type { PageRecord } from '../rest/page.js';
import type { RestStream } from '../rest/rest-stream.js';
import { type Context, contextKey } from '../singer/state.js';
import { isAbsence } from './absence.js';
import type { Bookmarks } from './bookmarks.js';
import type { OutputStream } from './output-stream.js';

export class StreamNode {
  readonly children: StreamNode[] = [];
  readonly queue: WorkQueue;
  /** How many partitions there are to read, and how many of them are read. */
  readonly partitions = { done: 0, total: 0 };
  readonly reader: Reader | undefined;
  /** Records that were written in this run, by context: several queries may show the same one. */
  readonly #written = new Map<string, Set<string>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly rest: RestStream,
    /** Undefined: read for its children only. */
    readonly output: OutputStream | undefined,
  ) {
    this.queue = new WorkQueue(
      () => rest.workers,
      () => rest.usefulWorkers,
    );
    const { window } = this.definition;
    this.reader = window && readerOf(window, rest, this.queue);
  }

  get definition(): StreamDefinition {
    return this.rest.stream.definition;
  }

  get name(): string {
    return this.definition.name;
  }

  /** The node and everything below it. */
  get subtree(): StreamNode[] {
    return [this, ...this.children.flatMap((child) => child.subtree)];
  }

  /** The selected streams of the subtree. */
  get outputs(): OutputStream[] {
    return this.subtree.map(({ output }) => output).filter((output) => output !== undefined);
  }

  /** Whether a connection test has seen what it wanted of this stream and all below it. */
  get isEnough(): boolean {
    const { outputs } = this;
    return outputs.length > 0 && outputs.every(({ isEnough }) => isEnough);
  }

  /** One task after the other. @throws what the task throws; the next one runs all the same. */
  async inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Whether a record was written for a context before; from now on it was. */
  claim(context: Context | undefined, { key }: PageRecord): boolean {
    const partition = context ? contextKey(context) : '';
    const written = this.#written.get(partition) ?? new Set<string>();
    this.#written.set(partition, written);
    if (written.has(key)) return false;
    written.add(key);
    return true;
  }

  /** Whether a record with this key was claimed for any context. */
  hasClaimed(key: string): boolean {
    return [...this.#written.values()].some((keys) => keys.has(key));
  }

  /** Writes the records that the settings want; false when one of them could not be written. */
  async write(records: readonly PageRecord[], received: number): Promise<boolean> {
    const { output } = this;
    if (!output) return true;
    const kept = records.filter((record) => record.kept);
    if (kept.length < records.length) output.outcome.count('left out by settings', records.length - kept.length);
    return output.write(kept, received);
  }

  /** How much is read at most. */
  limits(): Pick<RangeQuery, 'maxNewest' | 'onCapped' | 'isEnough' | 'onLack' | 'onRemark'> {
    const { maxNewest } = this.rest.stream;
    const remark = (text: string): void => this.output?.outcome.note(text);
    return {
      maxNewest,
      isEnough: () => this.isEnough,
      onCapped: () => this.output?.outcome.count(`only the newest ${maxNewest ?? 0} rows of a partition were read`),
      onLack: (text) => this.lacks(text),
      onRemark: remark,
    };
  }

  /** Reports for the selected streams that depend on it what they lack. */
  lacks(text: string): void {
    for (const { outcome } of this.outputs) outcome.lacks(text);
  }

  /** Reports for the stream and all below it what could not be read, and why. */
  failed(bookmarks: Bookmarks, contexts: readonly (Context | undefined)[], error: unknown): void {
    for (const context of contexts) {
      if (this.isAbsent(bookmarks, context, error)) this.#absent(bookmarks, context, error);
      else
        for (const { output, name, definition } of this.subtree) {
          const where = placeOf(bookmarks, context, name);
          if (error instanceof SkippableError) {
            const wasKnown = context ? bookmarks.knowsPartition(name, context) : bookmarks.knows(name);
            const { status, message } = error;
            output?.outcome.refuse(where, { message, status, wasKnown, permission: definition.permission });
          } else {
            const message = messageOf(error);
            const kind = message.replace(/GET \S+/, 'GET');
            output?.outcome.fail(context ? `${where}: ${message}` : message, error, kind);
          }
        }
    }
  }

  /** Whether a refusal means that the stream has nothing there. */
  isAbsent(bookmarks: Bookmarks, context: Context | undefined, error: unknown): boolean {
    if (!isAbsence(bookmarks, this.definition, context, error)) return false;
    const below = this.outputs.filter(({ name }) => name !== this.name);
    return !below.some(({ name }) => bookmarks.knows(name));
  }

  #absent(bookmarks: Bookmarks, context: Context | undefined, error: unknown): void {
    const where = placeOf(bookmarks, context, this.name);
    for (const { outcome } of this.outputs) outcome.absent(where, messageOf(error));
  }
}

/** What people know a context by; without one, it is the whole stream. */
const placeOf = ({ names }: Bookmarks, context: Context | undefined, stream: string): string =>
  context ? names.of(context) : stream;
