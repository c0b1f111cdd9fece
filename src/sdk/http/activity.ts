/** When each stream had requests under way: for the progress of a run, and its table at the end. */
import type { Clock } from '../time.js';

export interface StreamActivity {
  /** When its first request was wanted (ms). */
  readonly began: number;
  /** When its last request was over (ms). */
  readonly ended: number;
  /** Requests that are wanted or under way. */
  readonly open: number;
}

export class Activity {
  readonly #streams = new Map<string, StreamActivity>();

  constructor(private readonly clock: Clock) {}

  of(stream: string): StreamActivity | undefined {
    return this.#streams.get(stream);
  }

  /** Does the work of a request of this stream. */
  async during<T>(stream: string, work: () => Promise<T>): Promise<T> {
    this.#change(stream, 1);
    try {
      return await work();
    } finally {
      this.#change(stream, -1);
    }
  }

  #change(stream: string, more: number): void {
    const ended = this.clock.now();
    const { began, open } = this.#streams.get(stream) ?? { began: ended, open: 0 };
    this.#streams.set(stream, { began, ended, open: open + more });
  }
}
