/**
 * Where our layer answers otherwise than Meltano's Python SDK, and on purpose. Each entry names the cases, and the
 * number under which the contract lists the deviation. A deviation may only be used for cases that are tagged as
 * questionable, as Python's alone, or as random; `untagged` says why an entry is used for others.
 */
import type { Case } from './cases.js';

export interface Deviation {
  readonly topic: string;
  /** Names of cases. */
  readonly cases: RegExp;
  /** Number in the contract; `none`: the input has no counterpart here. */
  readonly number: `D${number}` | `D${number}, D${number}` | 'none';
  readonly untagged?: string;
}

const allowingTags = ['quirk', 'python-only', 'faker'];

export const deviations: readonly Deviation[] = [
  { topic: 'config', cases: /^env-(integer|object)-/, number: 'D8, D39' },
  {
    topic: 'config',
    cases: /^env-boolean-/,
    number: 'D9',
    untagged: 'D9 refuses words that are neither yes nor no: a typo would switch a feature off in silence',
  },
  { topic: 'config', cases: /^env-number-/, number: 'D10' },
  { topic: 'config', cases: /^env-string-array-/, number: 'D39' },
  { topic: 'config', cases: /^env-schema-/, number: 'D25' },
  { topic: 'config', cases: /^dotenv-beats-real-environment$/, number: 'D6' },
  { topic: 'config', cases: /^file-invalid-json$/, number: 'D3' },
  { topic: 'config', cases: /^invalid-date-/, number: 'D11' },
  { topic: 'flattening', cases: /^(any-of-|description-before-any-of)/, number: 'D30' },
  { topic: 'flattening', cases: /^(null-object-leaves-parent-key|required-list-is-not-rewritten)/, number: 'D40' },
  { topic: 'selection', cases: /^metadata-without-root-entry/, number: 'D15' },
  { topic: 'selection', cases: /^any-of-object-children-deselected/, number: 'D41' },
  { topic: 'selection', cases: /^catalog-schema-keywords-lost/, number: 'D13' },
  { topic: 'stream_maps', cases: /^else-null-/, number: 'D27' },
  { topic: 'stream_maps', cases: /^rename-order-|-gets-string-type$/, number: 'D28' },
  { topic: 'stream_maps', cases: /^alias-of-digits/, number: 'D28' },
  { topic: 'stream_maps', cases: /^decimal-/, number: 'D26, D43' },
  { topic: 'stream_maps', cases: /^fake-/, number: 'none' },
  { topic: 'typing', cases: /^boolean-from-/, number: 'D24' },
  { topic: 'typing', cases: /^list-where-/, number: 'D25' },
  { topic: 'typing', cases: /^(bytes|timedelta)-/, number: 'none' },
  {
    topic: 'state',
    cases: /./,
    number: 'D23',
    untagged:
      'bookmarks are the ends of ranges that were read completely, not the greatest value seen; topics/state.ts and ' +
      'topics/state-sync.ts throw where what holds all the same does not',
  },
];

/** The deviation that a case may use; undefined: the case must come out as the SDK has it. */
export function deviationOf({ topic, name, tags }: Case): Deviation | undefined {
  const isTagged = tags.some((tag) => allowingTags.includes(tag));
  return deviations.find(
    (one) => one.topic === topic && one.cases.test(name) && (isTagged || one.untagged !== undefined),
  );
}
