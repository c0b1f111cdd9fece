/** The table at the end of a run: a line per stream, bookmarks to the minute. */
import type { Activity } from '../http/activity.js';
import type { State } from '../singer/state.js';
import { isoSeconds, second } from '../time.js';
import { earliest } from './opening.js';
import type { OutputStream } from '../sync/output-stream.js';

export interface TableOptions {
  readonly outputs: readonly OutputStream[];
  /** Requests by stream, then by route. */
  readonly requestsOf: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly requests: number;
  readonly activity: Activity;
  readonly state: State;
  /** Milliseconds that the run took. */
  readonly duration: number;
  /** Whether names are cut, so that the table fits a terminal of 80 columns. */
  readonly isNarrow: boolean;
}

const head = ['stream', 'rows', 'requests', 'time', 'bookmark', 'outcome'];
const numeric = new Set([1, 2, 3]);
const longestName = 18; // on a terminal

/** The lines of the table, the last one for the whole run. */
export function runTable({
  outputs,
  requestsOf,
  requests,
  activity,
  state,
  duration,
  isNarrow,
}: TableOptions): string[] {
  const rows = outputs.map(({ name, outcome }) => {
    const { began = 0, ended = 0 } = activity.of(name) ?? {};
    const asked = sum([...(requestsOf.get(name)?.values() ?? [])]);
    const bookmark = earliest(state, name);
    const at = bookmark === undefined ? '-' : isoSeconds(bookmark).replace(/:\d\dZ$/, 'Z');
    return [
      isNarrow ? short(name) : name,
      count(outcome.rows),
      count(asked),
      clockText(ended - began),
      at,
      outcome.status,
    ];
  });
  const all = sum(outputs.map(({ outcome }) => outcome.rows));
  const last = ['all', count(all), count(requests), clockText(duration), '', ''];
  return aligned([head, ...rows, last]);
}

/** `0:07`, `12:07`, `1:02:07`. */
export function clockText(ms: number): string {
  const seconds = Math.round(ms / second);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        numeric.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

const short = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName - 1)}~` : name);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const count = (number: number): string => number.toLocaleString('en-US');
