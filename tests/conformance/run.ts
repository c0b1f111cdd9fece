/** Runs case files against our layer, and counts. */
import { type Case, type Result, readCases } from './cases.js';
import { deviationOf } from './deviations.js';
import { topics } from './topics.js';

export interface Report {
  passed: number;
  failed: number;
  deviated: number;
  /** Cases of topics that have no runner. */
  skipped: number;
  /** What to print, the counts last. */
  lines: string[];
}

/** Runs every case file of a folder. */
export async function runFolder(folder: string): Promise<Report> {
  const report: Report = { passed: 0, failed: 0, deviated: 0, skipped: 0, lines: [] };
  const skippedTopics = new Map<string, number>();
  for (const one of readCases(folder)) {
    const runner = topics[one.topic];
    if (runner) count(report, one, await attempt(one, runner));
    else skippedTopics.set(one.topic, (skippedTopics.get(one.topic) ?? 0) + 1);
  }
  for (const [topic, cases] of skippedTopics) {
    report.skipped += cases;
    report.lines.push(`${topic}: ${cases} cases skipped, since nothing here answers them yet`);
  }
  const { deviated, skipped, passed, failed } = report;
  report.lines.push(`${deviated} deviations, ${skipped} skipped`, `${passed} passed, ${failed} failed`);
  return report;
}

async function attempt(one: Case, runner: NonNullable<(typeof topics)[string]>): Promise<Result & { thrown?: true }> {
  try {
    return await runner(one);
  } catch (error) {
    return { ours: undefined, differences: [`it throws ${String(error)}`], thrown: true };
  }
}

function count(report: Report, one: Case, { differences, thrown }: Result & { thrown?: true }): void {
  if (differences.length === 0) {
    report.passed++;
    return;
  }
  const deviation = thrown || one.isFact ? undefined : deviationOf(one);
  if (deviation) {
    report.deviated++;
    return;
  }
  report.failed++;
  report.lines.push(`${one.topic}/${one.name}: ${differences.join('; ')}`);
}
