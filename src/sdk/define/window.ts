/** How a range of time is asked for, and what is known of the list that answers. */
import type { Row } from '../json/source-rows.js';
import type { Params } from './stream-definition.js';

/** A range as it is sent: UTC, whole seconds, half open. */
export type SentRange = Readonly<Record<'start' | 'end', string>>;

/** Intervals of a fixed length, such as days, to which the server rounds a range outwards. */
export interface Intervals {
  /** Milliseconds: of one interval. They count from midnight UTC. */
  readonly length: number;
  /** At most this many in one query. */
  readonly most: number;
  /** Milliseconds that the server keeps: what is older is not asked for. */
  readonly kept: number;
  /** Rows have times of their own: what has more rows than this is asked for in halves, down to one interval. */
  readonly mostRows?: number;
}

export interface Window {
  /** The parameters of the whole range. Unset: the list takes none, and is read from its newest row. */
  readonly params?: (range: SentRange) => Params;
  /**
   * Rows are numbers of whole intervals: these are asked for, oldest first. The newest are read again for as long as
   * the stream looks back, until they are settled.
   */
  readonly intervals?: Intervals;
  /** How a part of the range is asked for, where `params` cannot be split into disjoint parts. */
  readonly split?: (part: SentRange, params: Params) => Params;
  /** `newest` (default): newest first, so that reading may stop early. `any`: the list is read to its end. */
  readonly order?: 'newest' | 'any';
  /** Every date by which the server may choose a row. Default: the replication key. */
  readonly dates?: (row: Row) => readonly unknown[];
  /** A row's time moves while the list is read: one that is newer than the range is written too. */
  readonly moves?: boolean;
  /** When what moves began: some servers choose rows by that date. */
  readonly began?: (row: Row) => unknown;
  /** Whether a row can only come from a server that understands the range. */
  readonly provesFilter?: (row: Row) => boolean;
  /** What is said when no row was such a proof. */
  readonly unprovenRemark?: string;
  /** The server forgets old rows: where it says so, nothing older is asked for. */
  readonly expires?: boolean;
  /** At most this many rows from one query. */
  readonly maxRows: number;
  /** Milliseconds before the run begins that are left to the next run: rows become visible late. */
  readonly lag?: number;
}
