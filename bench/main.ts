/**
 * `npm run bench`: the tap and the floor in turn, on the demo's Sentry as a process of its own, against
 * the figures that the project promises. docs/performance.md says what they mean.
 */
import { parseArgs } from 'node:util';
import { bundle } from '../scripts/build.js';
import { floorRunner, tapRunner } from './contender.js';
import { show } from './report.js';
import type { Bench, Result } from './workload.js';
import { workloads } from './workloads/index.js';

const usage = `Usage: npm run bench -- [options]

  --full              the long ones too (npm run bench:full)
  --only NAME         only this workload; may be given several times:
                      ${workloads.map(({ name }) => name).join(' ')}
  --tap COMMAND       measure another Singer tap; it gets --config FILE, and --catalog FILE if it has --discover
  --tap-config JSON   more settings for it, in which {url}, {token} and {organization} are filled in
  --json              results as JSON
`;

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    tap: { type: 'string' },
    'tap-config': { type: 'string', default: '{}' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const unknown = values.only.find((name) => !workloads.some((one) => one.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no workload ${unknown}.\n\n${usage}`);
    return 2;
  }
  if (values.tap === undefined) await bundle();
  const command = values.tap ?? `${process.execPath} bin/tap-sentry`;
  const chosen = workloads.filter(({ name, long }) =>
    values.only.length > 0 ? values.only.includes(name) : values.full || !long,
  );
  const results: (Result & { name: string })[] = [];
  for (const { name, run } of chosen) {
    const say = (text: string): void => void process.stderr.write(`${name}: ${text}\n`);
    const bench: Bench = {
      tap: tapRunner(command, JSON.parse(values['tap-config']) as Record<string, unknown>),
      floor: floorRunner,
      command,
      say,
    };
    say('begins');
    const result = { name, ...(await run(bench)) };
    results.push(result);
    if (!values.json) process.stdout.write(show(result));
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  const missed = results.flatMap(({ figures }) => figures.filter(({ ok }) => ok === false));
  if (!values.json) process.stdout.write(`\n${verdictOf(missed.length)}\n`);
  return missed.length === 0 ? 0 : 1;
}

function verdictOf(missed: number): string {
  if (missed === 0) return 'Every figure is reached.';
  return missed === 1 ? '1 figure is missed.' : `${missed} figures are missed.`;
}

process.exitCode = await main();
