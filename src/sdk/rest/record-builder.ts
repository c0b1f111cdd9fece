/**
 * From the rows of an answer to records: the definition's changes, the key, the time, and whether the settings want it.
 */
import type { ResolvedStream, RowContext } from '../define/resolve.js';
import type { Params, StreamDefinition } from '../define/stream-definition.js';
import type { Row, SourceRow } from '../json/source-rows.js';
import { plainText } from '../json/write-exact.js';
import { floorSecond, parseDate, unixTime } from '../time.js';
import type { PageRecord } from './page.js';

/** The records of a page, which was asked for at one place. */
export function recordsOf(
  stream: ResolvedStream,
  rows: readonly SourceRow[],
  at: RowContext,
  params: Params = {},
): PageRecord[] {
  const { shape } = stream.definition.schema;
  const columns = Object.entries(at.context).filter(([name]) => name in shape);
  return rows.map((row) => recordOf(stream, row, columns, (raw) => stream.change(raw, at, params)));
}

function recordOf(
  { definition, keep }: ResolvedStream,
  { row: raw, text }: SourceRow,
  columns: readonly (readonly [string, string])[],
  change: (raw: Row) => Row,
): PageRecord {
  const row = withColumns(change(raw), columns);
  const key = definition.replicationKey;
  return {
    raw,
    row,
    key: keyOf(row, definition),
    text: row === raw ? text : undefined,
    time: timeOf(key === undefined ? undefined : (raw[key] ?? row[key])),
    kept: keep(row),
  };
}

/** The row with the columns of its context that it lacks; the same object where it lacks none. */
function withColumns(row: Row, columns: readonly (readonly [string, string])[]): Row {
  let full = row;
  for (const [name, value] of columns) if (isMissing(full[name])) full = { ...full, [name]: value };
  return full;
}

let keyless = 0;

/** What makes a row one. A row without a key is like no other: it is reported where it is written. */
export function keyOf(
  row: Row,
  { primaryKey, alternateKey = [] }: Pick<StreamDefinition, 'primaryKey' | 'alternateKey'>,
): string {
  for (const names of [primaryKey, alternateKey]) {
    const [only = '', ...others] = names;
    if (names.length === 0 || names.some((name) => isMissing(row[name]))) continue;
    return others.length === 0 ? plainText(row[only]) : names.map((name) => plainText(row[name])).join('\u0000');
  }
  return `\u0000${++keyless}`;
}

export const isMissing = (value: unknown): boolean => value === undefined || value === null;

/** Whole second (epoch ms) of a date-time, or of an integer that counts seconds or milliseconds since 1970. */
export function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? parseDate(value) : unixTime(value);
  return time === undefined ? undefined : floorSecond(time);
}
