/**
 * STATE messages: every few seconds while bookmarks move, never more often than their size is worth, never the same
 * twice, and once at the end, whatever ended the run.
 */
import { StoppedError } from '../errors.js';
import { stateMessage } from '../singer/messages.js';
import type { State } from '../singer/state.js';
import type { Writer } from '../singer/writer.js';
import { type Clock, second } from '../time.js';

const interval = 3 * second; // at the latest so long after the last STATE, if anything moved
const batchInterval = 30 * second;
const sizeShare = 20; // or as soon as a STATE is at most 1/20 of what was written since,
const rereadShare = 0.03; // and that is 3 % of all: what a kill may cost

export class StateWriter {
  #written = '';
  #at: number;
  #bytes: number;

  constructor(
    private readonly state: State,
    private readonly writer: Writer,
    private readonly clock: Clock,
    /** For records in files, which are handed out before each STATE: so one comes more rarely. */
    private readonly batches?: { flush(): void },
  ) {
    this.#at = clock.now();
    this.#bytes = writer.bytes;
  }

  /** Writes a STATE if it is time for one. */
  async checkpoint(): Promise<void> {
    if (!this.#isDue()) return;
    this.batches?.flush();
    const message = stateMessage(this.state.toJSON());
    if (message !== this.#written) await this.writer.write(this.#next(message));
  }

  #isDue(): boolean {
    const waited = this.clock.now() - this.#at;
    if (this.batches) return waited >= batchInterval;
    const since = this.writer.bytes - this.#bytes;
    const worth = Math.max(this.#written.length * sizeShare, this.writer.bytes * rereadShare);
    return since >= worth || waited >= interval;
  }

  /** The STATE at the end of a run. */
  last(): void {
    try {
      this.batches?.flush();
      const message = stateMessage(this.state.toJSON());
      if (message !== this.#written) this.writer.put(this.#next(message));
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
    }
  }

  #next(message: string): string {
    this.#written = message;
    this.#at = this.clock.now();
    this.#bytes = this.writer.bytes + message.length;
    return message;
  }
}
