/** A range of time that is to be read, and where its records go. */
import type { Params } from '../define/stream-definition.js';
import type { Range } from '../interval-set.js';
import type { PageRecord, RequestContext } from '../rest/page.js';

export interface Delivered {
  readonly records: readonly PageRecord[];
  /** Which of the definition's queries showed them. */
  readonly query: number;
  /** The part of that query that is complete with them; undefined: none yet. */
  readonly finished: Range | undefined;
  /** When the page came, on our clock. */
  readonly received: number;
}

export interface RangeQuery {
  readonly at: RequestContext;
  /** Parameters that name the contexts. */
  readonly select?: Params | undefined;
  /** Both ends are whole seconds. */
  readonly range: Range;
  /** What of it is still to be read. */
  readonly gaps: readonly Range[];
  /** Whether gaps are asked for, though the server may not take parts: what else it sends is dropped. */
  readonly isOnTrial?: boolean;
  /** Whether a row newer than the range is written: not when a setting ends it. */
  readonly takesNewer: boolean;
  /** At most this many rows, the newest; `onCapped` is told when there are more. */
  readonly maxNewest?: number | undefined;
  readonly onCapped: () => void;
  /** Whether nothing more is wanted (a connection test). */
  readonly isEnough: () => boolean;
  /** Writes records; answers how many of them had not been written before. */
  deliver(part: Delivered): Promise<number>;
  /** A part could not be read. */
  onFailed(error: Error): void;
  /** Rows are missing that another run may not bring either. */
  onLack(text: string): void;
  /**
   * Rows do not come in order of time, on which earlier runs relied. Answers what those had finished of the range,
   * which counts as unread from now on.
   */
  onDisorder?(): readonly Range[];
  /** Something is worth a word in the outcome. */
  onRemark(text: string): void;
}
