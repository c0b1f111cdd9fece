/** Many cases, so many at a time: what each of them came to, and one line about them all. */
import { isoSecond } from './clock.js';
import { type CaseResult, runCase } from './case.js';
import type { StreamName } from './plan.js';

export interface CasesOptions {
  cases: number;
  /** Case n has the seed `seed + n`. */
  seed: number;
  jobs: number;
  /** The tap, a bundle. */
  tap: string;
  only?: StreamName | undefined;
  verbose?: boolean;
  say?: (line: string) => void;
}

export interface Summary {
  text: string;
  failed: CaseResult[];
}

export async function runCases({
  cases,
  seed,
  jobs,
  tap,
  only,
  verbose = false,
  say = () => undefined,
}: CasesOptions): Promise<Summary> {
  const results: CaseResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < cases) {
      const result = await runCase(seed + next++, tap, only);
      results.push(result);
      if (verbose) for (const line of everything(result)) say(line);
      if (verbose || hasFailed(result)) for (const line of complaints(result, only)) say(line);
      if (results.length % 50 === 0 && cases > 50) say(`${results.length} of ${cases} cases`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return { text: summarize(results), failed: results.filter(hasFailed) };
}

const hasFailed = ({ verdict }: CaseResult): boolean =>
  [verdict.lost, verdict.doubled, verdict.hangs, verdict.broken, verdict.needless].some(({ length }) => length > 0);

function complaints({ seed, plan, verdict, runs }: CaseResult, only: StreamName | undefined): string[] {
  const { settings, sizes } = plan;
  const list = (what: string, lines: readonly string[]): string[] =>
    lines.slice(0, 5).map((line) => `  ${what}: ${line}`);
  const sequence = runs.map(
    ({ streams, cut, output, began }) =>
      `${streams.join(' ')} (from ${isoSecond(began)}, ${cut ? 'cut short' : `exit ${output.code}`})`,
  );
  return [
    `seed ${seed} ${hasFailed({ verdict } as CaseResult) ? 'FAILED' : 'ok'}: ` +
      `${plan.words.join('; ') || 'an ordinary server'}`,
    `  ${sizes.projects} projects, ${sizes.events} events, ${sizes.releases} releases; ${JSON.stringify(settings)}`,
    `  runs: ${sequence.join(' | ')}`,
    ...list('LOST', verdict.lost),
    ...list('DOUBLED', verdict.doubled),
    ...list('HANG', verdict.hangs),
    ...list('BROKEN', verdict.broken),
    ...list('SAID WITHOUT CAUSE', verdict.needless),
    `  again: npm run servers -- --cases 1 --seed ${seed}${only ? ` --only ${only}` : ''} --verbose`,
  ];
}

/** The requests, and what the tap said. */
function everything({ journal, runs }: CaseResult): string[] {
  return [...journal, ...runs.flatMap(({ output }, index) => [`stderr of run ${index + 1}:`, output.stderr.trimEnd()])];
}

/** `60 cases: 50 complete, 10 said, 0 silent losses, 0 doubled, 0 hangs`, and what else there is to say. */
function summarize(results: readonly CaseResult[]): string {
  const count = (of: (result: CaseResult) => boolean): number => results.filter(of).length;
  const complete = count((result) => !hasFailed(result) && result.verdict.said.length === 0);
  const said = count((result) => !hasFailed(result) && result.verdict.said.length > 0);
  const lost = count(({ verdict }) => verdict.lost.length > 0);
  const doubled = count(({ verdict }) => verdict.doubled.length > 0);
  const hangs = count(({ verdict }) => verdict.hangs.length > 0);
  const broken = count(({ verdict }) => verdict.broken.length > 0);
  const needless = count(({ verdict }) => verdict.needless.length > 0);
  const failed = results
    .filter(hasFailed)
    .map(({ seed }) => seed)
    .sort((a, b) => a - b);
  return [
    ...(failed.length > 0 ? [`failed seeds: ${failed.join(' ')}`] : []),
    ...(broken + needless > 0 ? [`also: ${broken} with wrong output, ${needless} said without cause`] : []),
    `${results.length} cases: ${complete} complete, ${said} said, ${lost} silent losses, ${doubled} doubled, ` +
      `${hangs} hangs`,
  ].join('\n');
}
