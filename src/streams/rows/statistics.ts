/**
 * Statistics as rows. An answer holds groups, each with totals and with a series of one number for each interval, in
 * parallel lists: every group becomes a row for each interval.
 */
import { type Row, isoSeconds } from '../../sdk/index.js';
import { wordOf } from './words.js';

/** What a column is called in the answer. */
type Names = Readonly<Record<string, string>>;

export interface Statistics {
  /** Columns that tell the groups apart. */
  readonly by: Names;
  /** Columns of numbers. */
  readonly numbers: Names;
}

/** Rows of the series: each number belongs to the interval at the same place. */
export const perInterval =
  ({ by, numbers }: Statistics) =>
  ({ intervals, groups }: Row): Row[] =>
    listOf(groups).flatMap((group) =>
      (Array.isArray(intervals) ? intervals : []).map((start: unknown, place) => ({
        interval_start: start,
        ...columns(by, (name) => wordOf(valueOf(group['by'], name))),
        ...columns(numbers, (name) => (valueOf(group['series'], name) as unknown[] | undefined)?.[place]),
      })),
    );

/** Rows of the totals: the whole range is one interval. */
export const perRange =
  ({ by, numbers }: Statistics) =>
  ({ start, groups }: Row): Row[] =>
    listOf(groups).map((group) => ({
      interval_start: start,
      ...columns(by, (name) => wordOf(valueOf(group['by'], name))),
      ...columns(numbers, (name) => valueOf(group['totals'], name)),
    }));

/** A time as numbers have it, in seconds or milliseconds; anything else as it is. */
export function timeOf(value: unknown): unknown {
  const number = Number(value);
  if (value === null || value === undefined || Number.isNaN(number)) return value;
  return isoSeconds(number < firstMilliseconds ? number * 1000 : number);
}

const firstMilliseconds = 1e11; // as seconds it would lie in the year 5138

/** The objects of a list. */
export const listOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isObject) : []);

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null;

const valueOf = (object: unknown, name: string): unknown => (isObject(object) ? object[name] : undefined);

const columns = (names: Names, read: (name: string) => unknown): Row =>
  Object.fromEntries(Object.entries(names).map(([column, name]) => [column, read(name)]));
