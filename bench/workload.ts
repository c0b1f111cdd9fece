/** What a workload is, what it finds, and the ways of running that several of them share. */
import type { Runner, Sample, Work } from './contender.js';
import { byRoute } from './timeline.js';

export interface Bench {
  tap: Runner;
  /** The tap's command, for a shell. */
  command: string;
  floor: Runner;
  /** A word on how far it is. */
  say: (text: string) => void;
}

/** A number that the project promises, or only wants to know. */
export interface Figure {
  name: string;
  value: string;
  wanted: string;
  /** Undefined: nothing is promised. */
  ok: boolean | undefined;
}

export interface Row {
  who: string;
  wall: number;
  cpu: number;
  memory: number;
  rows: number;
  requests: number;
  tooMany: number;
  serverShare: number;
}

export interface Result {
  work: string;
  rows: Row[];
  /** The least possible requests. */
  least?: number;
  figures: Figure[];
}

export interface Workload {
  name: string;
  /** Left to `npm run bench:full`. */
  long?: boolean;
  run: (bench: Bench) => Promise<Result>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Both in turn, first the one and then the other at the beginning of a pair. */
export async function pairs(
  count: number,
  { tap, floor, say }: Bench,
  work: Work,
): Promise<[tap: Sample, floor: Sample][]> {
  const done: [Sample, Sample][] = [];
  for (let n = 0; n < count; n += 1) {
    say(`pair ${n + 1} of ${count}`);
    if (n % 2 === 0) done.push([await tap(work), await floor(work)]);
    else done.push(((one) => [one[1], one[0]] as [Sample, Sample])([await floor(work), await tap(work)]));
  }
  return done;
}

/** The median of each pair's ratio: noise that both feel cancels out. */
export const ratio = (all: readonly [Sample, Sample][], of: (tap: Sample, floor: Sample) => number): number =>
  median(all.map(([tap, floor]) => of(tap, floor)));

/** One row of the table for several runs. */
export function rowOf(who: string, samples: readonly Sample[]): Row {
  const middle = (of: (sample: Sample) => number): number => median(samples.map(of));
  return {
    who,
    wall: middle(({ wall }) => wall),
    cpu: middle(({ cpu }) => cpu),
    memory: middle(({ memory }) => memory),
    rows: middle(({ rows }) => rows),
    requests: middle(({ entries }) => entries.length),
    tooMany: middle(({ tooMany }) => tooMany),
    serverShare: middle(({ serverShare }) => serverShare),
  };
}

export const rowsOfPairs = (all: readonly [Sample, Sample][]): Row[] => [
  rowOf(
    'tap',
    all.map(([tap]) => tap),
  ),
  rowOf(
    'floor',
    all.map(([, floor]) => floor),
  ),
];

const text = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1);

export function atMost(name: string, value: number, most: number | undefined, unit = ''): Figure {
  return {
    name,
    value: text(value) + unit,
    wanted: most === undefined ? '' : `<= ${text(most)}${unit}`,
    ok: most === undefined ? undefined : value <= most,
  };
}

export function atLeast(name: string, value: number, least: number | undefined, unit = ''): Figure {
  return {
    name,
    value: text(value) + unit,
    wanted: least === undefined ? '' : `>= ${text(least)}${unit}`,
    ok: least === undefined ? undefined : value >= least,
  };
}

/** The server must not be what is measured. */
export const serverShare = (samples: readonly Sample[]): Figure =>
  atMost(
    "server's share of the CPU time",
    Math.round(median(samples.map((sample) => sample.serverShare)) * 100),
    25,
    ' %',
  );

export const routes = ({ entries }: Pick<Sample, 'entries'>): string =>
  [...byRoute(entries)].map(([name, { length }]) => `${name} ${length}`).join(', ');

export const noted = (name: string, value: string): Figure => ({ name, value, wanted: '', ok: undefined });

/** Speed is worth nothing without the rows. */
export function allRows(samples: readonly Sample[], expected: Readonly<Record<string, number>>): Figure {
  const short = samples.flatMap(({ records, code }) => [
    ...(code === 0 ? [] : [`exit code ${code}`]),
    ...Object.entries(expected).flatMap(([stream, rows]) =>
      (records.get(stream) ?? 0) === rows ? [] : [`${stream} ${records.get(stream) ?? 0} of ${rows}`],
    ),
  ]);
  return {
    name: 'every row, once',
    value: short.length === 0 ? 'yes' : [...new Set(short)].join(', '),
    wanted: 'yes',
    ok: short.length === 0,
  };
}
