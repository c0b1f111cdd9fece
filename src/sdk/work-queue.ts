/**
 * Tasks of one stream, so many at a time as its route allows, the newest first (children before
 * their parent's next page, pieces before the next partition). Knows when some of them lie idle: that
 * is when a long range is worth cutting.
 */
interface Waiting {
  task: () => Promise<void>;
  refused: (error: unknown) => void;
}

export class WorkQueue {
  readonly #capacity: () => number;
  readonly #useful: () => number;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #failure: { error: unknown } | undefined;
  #listeners: (() => void)[] = [];
  /** Called when a task has ended and more would be worth having than there are. */
  onIdle: () => void = () => undefined;

  /** `capacity` tasks run at a time; more than `useful` of them bring nothing. */
  constructor(capacity: () => number, useful = capacity) {
    this.#capacity = capacity;
    this.#useful = useful;
  }

  /** How many more tasks would be worth having. */
  get idle(): number {
    return Math.max(0, this.#useful() - this.#running - this.#waiting.length);
  }

  /** Adds a task. What a task throws ends the queue: it runs no others, and those are `refused`. */
  push(
    task: () => Promise<void>,
    order: 'next' | 'last' = 'next',
    refused: (error: unknown) => void = () => undefined,
  ): void {
    if (this.#failure) {
      refused(this.#failure.error);
      return;
    }
    if (order === 'next') this.#waiting.push({ task, refused });
    else this.#waiting.unshift({ task, refused });
    this.#run();
  }

  /** Adds a task behind all others; resolves when it has ended, rejects when it, or the queue before it, has failed. */
  ended(task: () => Promise<void>): Promise<void> {
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
      this.push(told, 'last', reject);
    });
  }

  /** Resolves when at most `most` tasks wait; by default as many as could run twice over. */
  async room(most?: number): Promise<void> {
    while (this.#waiting.length > (most ?? this.#capacity() * 2)) await this.#change();
    this.#check();
  }

  /** Resolves when nothing is left to do. */
  async drained(): Promise<void> {
    while (this.#running + this.#waiting.length > 0) await this.#change();
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
    while (this.#running < this.#capacity() && this.#waiting.length > 0 && !this.#failure) {
      const next = this.#waiting.pop();
      if (!next) return;
      this.#running++;
      next
        .task()
        .catch((error: unknown) => {
          this.#failure ??= { error };
          for (const { refused } of this.#waiting.splice(0)) refused(error);
        })
        .finally(() => {
          this.#running--;
          this.#run();
          if (this.idle > 0 && !this.#failure) this.onIdle();
          for (const listener of this.#listeners.splice(0)) listener();
        });
    }
  }
}
