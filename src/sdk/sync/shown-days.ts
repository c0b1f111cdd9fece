/**
 * Days that a server may not have shown: the rows of a partition end long before those of another stream say that they
 * began. Retention explains most of that; a few days only are a limit of what the server shows.
 */
import type { Range } from '../interval-set.js';
import { endsLikeLimit, shownDays } from '../range/depth.js';
import { day, isoSeconds } from '../time.js';
import type { StreamNode } from './stream-node.js';

const lateDays = 30 * day; // rows may come so much later than they are dated

/** What was read of a partition: the range, and the time of its oldest row (`Infinity`: no row). */
export interface ReadDays {
  readonly range: Range;
  readonly oldest: number;
  /** Since when there are rows, as far as another stream says. */
  readonly since: number | undefined;
}

/** The days to ask for by themselves, in parts, newest first. */
export function hiddenDays({ range, oldest, since }: ReadDays): Range[] {
  if (since === undefined || !endsLikeLimit(range, oldest)) return [];
  if (oldest - since < day) return []; // the rows go back to where they are said to begin
  const from = Math.max(since - lateDays, range.start);
  const parts = Math.max(0, Math.ceil((oldest - from) / shownDays));
  const cut = (part: number): number => Math.max(from, oldest - part * shownDays);
  return Array.from({ length: parts }, (_, part) => ({ start: cut(part + 1), end: cut(part) }));
}

/** Says in the outcome which days were not shown. */
export function noteHiddenDays(node: StreamNode, { range, oldest, since }: ReadDays): void {
  if (since === undefined || oldest === Infinity || oldest - Math.max(since, range.start) < day) return;
  for (const { outcome } of node.outputs) outcome.noteShown(isoSeconds(oldest).slice(0, 10));
  if (endsLikeLimit(range, oldest)) node.lacks('partitions of which the server shows the latest days only');
}
