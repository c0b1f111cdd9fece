/**
 * Tasks of one stream, as many at a time as its route allows, the newest first: children before their parent's next
 * page, slices before the next partition. Tells when workers have nothing to do: then a long range is worth splitting.
 */
interface Waiting {
  task: () => Promise<void>;
  onRefused: (error: unknown) => void;
}

export interface AddOptions {
  /** `last`: behind everything that waits. Default: next. */
  order?: 'next' | 'last';
  /** Told when the queue has failed before the task could run. */
  onRefused?: (error: unknown) => void;
}

export class WorkQueue {
  readonly #capacity: () => number;
  readonly #useful: () => number;
  readonly #waiting: Waiting[] = [];
  #pending = 0;
  #failure: { error: unknown } | undefined;
  #listeners: (() => void)[] = [];
  /** Called when a task has ended and more would be worth having than there are. */
  onSpare: () => void = () => undefined;

  /** `capacity` tasks run at a time; more than `useful` of them bring nothing. */
  constructor(capacity: () => number, useful = capacity) {
    this.#capacity = capacity;
    this.#useful = useful;
  }

  /** How many more tasks would be worth having. */
  get spare(): number {
    return Math.max(0, this.#useful() - this.#pending - this.#waiting.length);
  }

  /** Adds a task. What a task throws ends the queue: it runs no others. */
  add(task: () => Promise<void>, { order = 'next', onRefused = () => undefined }: AddOptions = {}): void {
    if (this.#failure) {
      onRefused(this.#failure.error);
      return;
    }
    if (order === 'next') this.#waiting.push({ task, onRefused });
    else this.#waiting.unshift({ task, onRefused });
    this.#run();
  }

  /** Adds a task behind all others. Resolves when it has ended, rejects when it, or the queue before it, has failed. */
  addAndWait(task: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const told = async (): Promise<void> => {
        try {
          await task();
          resolve();
        } catch (error) {
          reject(error as Error);
          throw error;
        }
      };
      this.add(told, { order: 'last', onRefused: reject });
    });
  }

  /** Resolves when at most `limit` tasks wait; by default as many as could run twice over. */
  async onSizeAtMost(limit?: number): Promise<void> {
    while (this.#waiting.length > (limit ?? this.#capacity() * 2)) await this.#change();
    this.#check();
  }

  /** Resolves when nothing is left to do. */
  async onIdle(): Promise<void> {
    while (this.#pending + this.#waiting.length > 0) await this.#change();
    this.#check();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #change(): Promise<void> {
    this.#check();
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  #run(): void {
    while (this.#pending < this.#capacity() && this.#waiting.length > 0 && !this.#failure) {
      const next = this.#waiting.pop();
      if (!next) return;
      this.#pending++;
      next
        .task()
        .catch((error: unknown) => this.#fail(error))
        .finally(() => this.#ended());
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { onRefused } of this.#waiting.splice(0)) onRefused(error);
  }

  #ended(): void {
    this.#pending--;
    this.#run();
    if (this.spare > 0 && !this.#failure) this.onSpare();
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
