/** From the rows of an answer to records: the definition's changes, the key, the time, and whether the settings want it. */
import type { ResolvedStream } from '../define/resolve.js';
import type { Row, SourceRow } from '../json/source-rows.js';
import type { Context } from '../singer/state.js';
import { floorSecond, parseDate } from '../time.js';
import type { PageRecord } from './page.js';

export function recordOf(
  { definition, keep }: ResolvedStream,
  { row: raw, text }: SourceRow,
  context: Context,
): PageRecord {
  const row = definition.row ? definition.row(raw as never, context) : raw;
  const key = definition.replicationKey;
  return {
    raw,
    row,
    key: keyOf(row, definition.primaryKey),
    text: row === raw ? text : undefined,
    time: timeOf(key === undefined ? undefined : (raw[key] ?? row[key])),
    kept: keep(row),
  };
}

export function keyOf(row: Row, primaryKey: readonly string[]): string {
  const [only = '', ...others] = primaryKey;
  if (others.length === 0) return String(row[only]);
  return primaryKey.map((name) => String(row[name])).join('\u0000');
}

/** Whole second (epoch ms) of a date-time; undefined for everything else. */
export function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? parseDate(value) : undefined;
  return time === undefined ? undefined : floorSecond(time);
}
