/**
 * stdout: Singer messages in order, with backpressure. A write resolves when the pipe has room
 * again, so that a slow target slows the tap and memory stays flat.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { StoppedError } from '../errors.js';

export class Writer {
  readonly #stdout: Writable;
  readonly #signal: AbortSignal;
  #draining: Promise<void> | undefined;
  #closed = false;
  bytes = 0;

  constructor(stdout: Writable, signal: AbortSignal) {
    this.#stdout = stdout;
    this.#signal = signal;
  }

  /** Appends messages. @throws StoppedError when the run was stopped or nobody reads any more. */
  async write(messages: string | Uint8Array): Promise<void> {
    if (this.#signal.aborted) throw this.#signal.reason;
    if (this.#closed) throw new StoppedError('EPIPE');
    if (this.put(messages)) return;
    this.#draining ??= this.#drain();
    await this.#draining;
  }

  /** A turn of the event loop in which the pipe has room. @throws StoppedError as `write`. */
  async turn(): Promise<void> {
    await immediate();
    while (this.#draining) {
      await this.#draining;
      await immediate();
    }
  }

  /** Nothing is written any more: what is still under way when a run fails comes too late. */
  close(): void {
    this.#closed = true;
  }

  /** Appends without waiting: the last STATE of a run that is being stopped. False: the pipe is full. */
  put(messages: string | Uint8Array): boolean {
    if (this.#stdout.destroyed || this.#stdout.errored) throw new StoppedError('EPIPE');
    this.bytes += messages.length;
    return this.#stdout.write(messages);
  }

  async #drain(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        const done = (): void => settle(resolve);
        const failed = (): void => settle(() => reject(new StoppedError('EPIPE')));
        const stopped = (): void => settle(() => reject(this.#signal.reason as Error));
        const settle = (then: () => void): void => {
          this.#stdout.off('drain', done).off('error', failed).off('close', failed);
          this.#signal.removeEventListener('abort', stopped);
          then();
        };
        this.#stdout.on('drain', done).on('error', failed).on('close', failed);
        this.#signal.addEventListener('abort', stopped);
      });
    } finally {
      this.#draining = undefined;
    }
  }
}
