/**
 * `npm run bench:peers`: the tap beside small extractors that use dlt and the Singer SDK, on the same work. What counts
 * are the ratios: all three feel the same machine. docs/performance.md says what they mean.
 */
import { parseArgs } from 'node:util';
import { bundle } from '../../scripts/build.js';
import type { Sample } from '../contender.js';
import { show } from '../report.js';
import { type Figure, allRows, median, noted, rowOf } from '../workload.js';
import { peers } from './contenders.js';
import { preparePeers, pythonVersion, versions } from './venv.js';
import { type Comparison, type Round, compareAll, sizes } from './work.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const others = ['dlt', 'singer'] as const;

async function main(): Promise<void> {
  await bundle();
  const python = preparePeers();
  const { projects, issues, events, rowBytes } = sizes;
  write(`Node.js ${process.versions.node}, Python ${pythonVersion()}, dlt ${versions.dlt}, `);
  write(`singer-sdk ${versions['singer-sdk']}\n`);
  write(`${projects} projects, ${issues} issues, ${events} events of ${rowBytes} bytes; medians of ${values.rounds}\n`);
  for await (const comparison of compareAll(peers(python), Number(values.rounds))) write(show(resultOf(comparison)));
}

function resultOf({ work, rounds, least }: Comparison): Parameters<typeof show>[0] {
  return {
    work,
    rows: (['tap', ...others] as const).map((who) =>
      rowOf(
        who,
        rounds.map((round) => round[who]),
      ),
    ),
    figures: others.flatMap((who) => [
      ratioTo('wall', who, rounds, ({ wall }) => wall),
      ratioTo('CPU seconds', who, rounds, ({ cpu }) => cpu),
      ...missing(who, rounds, least),
    ]),
  };
}

/** The median of each round's ratio: noise that both feel cancels out. */
function ratioTo(what: string, who: keyof Round, rounds: readonly Round[], of: (sample: Sample) => number): Figure {
  const ratio = median(rounds.map((round) => of(round[who]) / of(round.tap)));
  return noted(`${who}: ${what}, of the tap's`, ratio.toFixed(1));
}

/** Speed is worth nothing without the rows. */
function missing(who: keyof Round, rounds: readonly Round[], least: Comparison['least']): Figure[] {
  const short = rounds.filter(({ [who]: { code, records } }) => {
    const lacks = Object.entries(least).some(([stream, rows]) => (records.get(stream) ?? 0) < rows);
    return code !== 0 || lacks;
  });
  if (short.length === 0) return [];
  return [
    {
      ...allRows(
        short.map((round) => round[who]),
        least,
      ),
      name: `${who}: every row`,
    },
  ];
}

const write = (text: string): void => void process.stdout.write(text);

await main();
