/** What the first pages of the same list say of each other: the plain list's, and that of a range. */
import type { Range } from '../interval-set.js';
import { type Page, type PageRecord, timesOf } from '../rest/page.js';
import { second } from '../time.js';

export const isInside = (time: number | undefined, { start, end }: Range): boolean =>
  time !== undefined && time >= start && time < end;

export const leastOf = (times: readonly number[], otherwise: number): number =>
  times.reduce((least, time) => Math.min(least, time), otherwise);

export const mostOf = (times: readonly number[], otherwise: number): number =>
  times.reduce((most, time) => Math.max(most, time), otherwise);

export const keysOf = (records: readonly PageRecord[]): Set<string> => new Set(records.map(({ key }) => key));

/** The rows that an answer to a range should have shown, and has not. */
export function missing(rows: readonly PageRecord[], ranged: Page, part: Range): readonly PageRecord[] {
  const shown = keysOf(ranged.records);
  const isWhole = ranged.next === 'end' || (ranged.size === 0 && ranged.next === 'unknown');
  const from = isWhole ? part.start : leastOf(timesOf(ranged.records), part.end) + second;
  const covered = { start: Math.max(part.start, from), end: part.end };
  return rows.filter(({ key, time }) => isInside(time, covered) && !shown.has(key));
}

/** Whether a plain page, newest first, goes back behind an instant, so that it would have shown what is later. */
export function reaches({ records, next }: Page, start: number): boolean {
  return next === 'end' || timesOf(records).filter((time) => time < start).length > 1;
}

/** A range that holds some rows of a page, but neither its newest nor its oldest; undefined when there is none. */
export function middleOf(records: readonly PageRecord[]): Range | undefined {
  const times = timesOf(records).sort((a, b) => a - b);
  const [start, end] = [times[Math.floor(times.length / 4)], times[Math.floor((times.length * 3) / 4)]];
  const [oldest, newest] = [times[0], times.at(-1)];
  if (start === undefined || end === undefined || oldest === undefined || newest === undefined) return undefined;
  return oldest < start && start < end && end <= newest ? { start, end } : undefined;
}
