/** Many cases, so many at a time, and one line about them all. */
import type { Kind } from './differences.js';
import { type CaseResult, runCase } from './case.js';
import type { Programs } from './programs.js';

export interface SoakOptions {
  cases: number;
  /** Case n has the seed `seed + n`. */
  seed: number;
  jobs: number;
  programs: Programs;
  say?: (line: string) => void;
  verbose?: boolean;
  /** A folder for the files of the case. */
  keep?: string | undefined;
}

export interface SoakSummary {
  text: string;
  failed: CaseResult[];
  results: CaseResult[];
}

export async function soak({
  cases,
  seed,
  jobs,
  programs,
  say = () => undefined,
  verbose = false,
  keep,
}: SoakOptions): Promise<SoakSummary> {
  const results: CaseResult[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      while (next < cases) {
        const own = seed + next++;
        const result = await runCase(own, programs, keep);
        results.push(result);
        if (isBad(result)) for (const line of complaints(result)) say(line);
        else if (verbose)
          say(
            `seed ${own} ok: ${result.runs} runs, ${result.kills} kills, ${result.faults} faults, ${result.rows} ` +
              `rows, re-read ${result.reread.map((share) => `${(share * 100).toFixed(1)} %`).join(', ') || '-'}; ` +
              `${result.story}`,
          );
        if (results.length % 50 === 0) say(`${results.length} of ${cases} cases`);
      }
    }),
  );
  const failed = results.filter(isBad);
  return { text: summaryOf(results, failed), failed, results };
}

const isBad = ({ lost, wrong, doubled, broken }: CaseResult): boolean =>
  lost.length + wrong.length + doubled.length + broken.length > 0;

function complaints({ seed, story, lost, wrong, doubled, broken }: CaseResult): string[] {
  const shown = (what: string, list: readonly string[]): string[] =>
    list.length === 0 ? [] : [`  ${list.length} ${what}: ${list.slice(0, 4).join('; ')}`];
  return [
    `seed ${seed} FAILED: ${story}`,
    ...shown('lost', lost),
    ...shown('wrong', wrong),
    ...shown('doubled', doubled),
    ...shown('broken', broken),
  ];
}

/** `40 cases, 0 lost, 0 doubled, re-read 1.2 / 6.0 %` and what lies behind it. */
function summaryOf(results: readonly CaseResult[], failed: readonly CaseResult[]): string {
  const sum = (of: (result: CaseResult) => number): number => results.reduce((all, result) => all + of(result), 0);
  const again = (shares: readonly number[]): string => {
    const sorted = [...shares].sort((a, b) => a - b);
    const percent = (share = 0): string => (share * 100).toFixed(1);
    return `${percent(sorted[Math.floor(sorted.length / 2)])} / ${percent(sorted.at(-1))} %`;
  };
  const large = results.filter(({ rows }) => rows >= 1000);
  const ofLarge = large.flatMap(({ reread }) => reread);
  const allowed = new Map<Kind, number>();
  for (const result of results)
    for (const [kind, count] of result.allowed) allowed.set(kind, (allowed.get(kind) ?? 0) + count);
  return [
    `${results.length} cases, ${sum(({ lost }) => lost.length)} lost, ${sum(({ doubled }) => doubled.length)} ` +
      `doubled, re-read ${again(results.flatMap(({ reread }) => reread))}`,
    `re-read after ${ofLarge.length} kills of organizations with a thousand rows or more: ${again(ofLarge)}, ` +
      `${ofLarge.filter((share) => share > 0.1).length} over 10 %; issue_events, which goes on issue by issue: ` +
      `${again(large.flatMap(({ rereadByIssue }) => rereadByIssue))}`,
    `${sum(({ runs }) => runs)} runs, ${sum(({ kills }) => kills)} cut short, ${sum(({ faults }) => faults)} ` +
      `faults, ${sum(({ rows }) => rows)} rows; ${sum(({ wrong }) => wrong.length)} wrong, ` +
      `${sum(({ broken }) => broken.length)} other complaints; known differences: ` +
      `${[...allowed].map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}`,
    ...(failed.length > 0 ? [`failed seeds: ${failed.map(({ seed }) => seed).join(' ')}`] : []),
  ].join('\n');
}
