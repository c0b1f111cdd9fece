/** How a run ended: as a table for a terminal of 80 columns, or a line per stream. Bookmarks are told to the minute. */
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
}

const head = ['stream', 'rows', 'requests', 'time', 'bookmark', 'outcome'];
const numeric = new Set([1, 2, 3]);
const longestName = 18;

/** The lines of the table, the last one for the whole run. */
export function runTable({ outputs, requests, duration, ...figures }: TableOptions): string[] {
  const rows = outputs.map(({ name, outcome }) => {
    const { asked, took, bookmark = '-' } = figuresOf(name, figures);
    return [short(name), count(outcome.rows), count(asked), clockText(took), bookmark, outcome.status];
  });
  const all = sum(outputs.map(({ outcome }) => outcome.rows));
  const last = ['all', count(all), count(requests), clockText(duration), '', ''];
  return aligned([head, ...rows, last]);
}

/** The outcome of a stream with the same figures: `teams  ok  4 rows; 1 request in 0:01`. */
export function streamLine({ name, outcome }: OutputStream, figures: Figures): string {
  const { asked, took, bookmark } = figuresOf(name, figures);
  const at = bookmark === undefined ? '' : `; bookmark ${bookmark}`;
  return `${outcome.describe()}; ${count(asked)} ${asked === 1 ? 'request' : 'requests'} in ${clockText(took)}${at}`;
}

type Figures = Pick<TableOptions, 'requestsOf' | 'activity' | 'state'>;

function figuresOf(name: string, { requestsOf, activity, state }: Figures) {
  const { began = 0, ended = 0 } = activity.of(name) ?? {};
  const bookmark = earliest(state, name);
  return {
    asked: sum([...(requestsOf.get(name)?.values() ?? [])]),
    took: ended - began,
    bookmark: bookmark === undefined ? undefined : isoSeconds(bookmark).replace(/:\d\dZ$/, 'Z'),
  };
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
