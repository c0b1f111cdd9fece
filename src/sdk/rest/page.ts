/** A page of a list, as it comes from the server: records, and what is said of the next page. */
import type { Params } from '../define/stream-definition.js';
import type { Guess } from '../http/paginator.js';
import type { Row } from '../json/source-rows.js';
import type { Context } from '../singer/state.js';
import type { Way } from './ways.js';

/** Where a stream is asked: the context, and other values that its variables may take. */
export interface RequestContext {
  readonly context: Context;
  readonly alias?: Context | undefined;
  /** Whether the parent's row says that nothing was ever there. */
  readonly hasNothing?: boolean;
  /** The time of the parent's row (epoch ms, whole second): what is asked for is expected to have a row then. */
  readonly parentTime?: number | undefined;
  /** The key of the parent's row. */
  readonly parentKey?: string;
  /** Whether the parent's row with this key was read in this run. */
  readonly wasRead?: (key: string) => boolean;
}

export interface PageRequest {
  readonly at: RequestContext;
  readonly params: Params;
  /** Parameters that name contexts; the fallback path has no use for them. */
  readonly select?: Params | undefined;
  /** Whether the list is asked for its rows only, and not for their bodies. */
  readonly withoutBodies?: boolean;
  /** Rows in a page, when it is not the usual number. */
  readonly pageSize?: number;
}

export interface PageRecord {
  /** As it came. */
  readonly raw: Row;
  /** As it leaves. */
  readonly row: Row;
  /** What makes it one: its primary key. */
  readonly key: string;
  /** Its bytes, when it leaves as it came. */
  readonly text?: Buffer | undefined;
  /** Whole second (epoch ms) of its replication key, if it has one. */
  readonly time?: number | undefined;
  /** Whether the settings want it. */
  kept: boolean;
}

/** The times of the records that have one. */
export const timesOf = (records: readonly PageRecord[]): number[] =>
  records.flatMap(({ time }) => (time === undefined ? [] : [time]));

export interface Page {
  readonly records: readonly PageRecord[];
  /** Elements of the answer, nulls included. */
  readonly size: number;
  /** Where the next page is: the list may also have ended, or the answer may not say. */
  readonly next: { readonly url: URL; readonly overlap: URL | undefined } | 'end' | 'unknown';
  /** Where the next page might be, when the answer does not say. */
  readonly guesses: (read: number) => readonly Guess[];
  /** When it came, on our clock. */
  readonly received: number;
  /** The way in which it was asked for. */
  readonly way: Way;
  /** The server said that there is nothing at all where we asked. */
  readonly nothingThere: boolean;
  /** How many rows the server says the list has. */
  readonly total: number | undefined;
  /** What falls when rows of earlier pages go, where the server says it. */
  readonly length?: number | undefined;
}
