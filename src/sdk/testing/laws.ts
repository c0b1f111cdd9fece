/** What servers do, by the law that a run keeps all the same: a run has every row, or says that it has not. */
import { hour } from '../time.js';
import type { Behaviour } from './behaviour.js';

export interface Law {
  readonly name: string;
  /** The server in each run, one after the other. A run against a good server follows, and must be whole. */
  readonly runs: readonly Behaviour[];
  /** The last of them must end with exit code 1. Default: with all rows, or with exit code 1. */
  readonly mustFail?: boolean;
  /** Only for taps that have such streams. */
  readonly needs?: 'parents' | 'lists';
  /** Numbers and texts that are hard to carry. */
  readonly isOdd?: boolean;
  readonly isCrowded?: boolean;
  readonly mostRows?: number;
}

export const laws: readonly Law[] = [
  { name: 'end: pages are smaller than asked for', runs: [{ largestPage: 3 }] },
  { name: 'end: some answers say nothing of a next page', runs: [{ wordless: 0.2, largestPage: 5 }] },
  { name: 'progress: lists go on for ever', runs: [{ endless: true }], mustFail: true, needs: 'lists' },
  { name: 'order: lists come in no order', runs: [{ shuffled: true, largestPage: 5 }] },
  { name: 'range: ranges have no effect', runs: [{}, { ranges: 'ignored', largestPage: 5 }] },
  { name: 'range: nothing is found in a range', runs: [{ ranges: 'empty' }] },
  { name: 'offset: rows go while pages are read', runs: [{ removes: 0.2, largestPage: 5 }] },
  { name: 'late: rows change while pages are read', runs: [{ changes: 0.2, largestPage: 5 }] },
  { name: 'whose row: a parent that is new has old rows', runs: [{}] },
  { name: "clocks: the server's is an hour ahead", runs: [{ ahead: hour }] },
  { name: "clocks: the server's is an hour behind", runs: [{ ahead: -hour }] },
  {
    name: 'waits: answers are refused, fail and break off',
    runs: [{ throttled: 0.1, unavailable: 0.1, broken: 0.05 }],
  },
  { name: 'size: all rows are of one second', runs: [{}], isCrowded: true, mostRows: 150 },
  { name: 'bytes: marks, exact numbers and odd texts', runs: [{ marked: true }], isOdd: true },
  { name: 'failure: one list always fails', runs: [{ failing: true }], mustFail: true },
  {
    name: 'vanished: lists of parents are empty for once',
    runs: [{}, { vanished: true }],
    mustFail: true,
    needs: 'parents',
  },
];
