/**
 * The testing kit: what every tap of the layer should keep, as checks for any test runner:
 * `for (const { name, run } of tapChecks(tap, { config })) test(name, run);`
 */
import type { Program } from '../cli/program.js';
import type { Check } from './check.js';
import { programChecks } from './program-checks.js';
import { runChecks } from './run-checks.js';
import { streamChecks } from './stream-checks.js';
import { Subject, type TapChecksOptions } from './subject.js';

export type { Check } from './check.js';
export { type LawChecksOptions, lawChecks } from './law-checks.js';
export type { TapChecksOptions } from './subject.js';

/** The standard checks of a tap, against a server that has rows and stays as it is while they run. */
export function tapChecks(tap: Program, options: TapChecksOptions): Check[] {
  const subject = new Subject(tap, options);
  const ofStreams = subject.streams.flatMap((stream) => streamChecks(subject, stream));
  return [...programChecks(subject), ...ofStreams, ...runChecks(subject)];
}
