/**
 * `npm run servers -- --cases 1000 --seed 1`: random servers that speak Sentry's API in their own way, and the tap
 * against each of
 * them, run after run. Every row that a patient reader would see must come, or the tap must say that it could not read
 * it.
 * One case again, with its requests and the tap's log: `npm run servers -- --cases 1 --seed 17 --verbose`.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildPrograms } from '../soak/programs.js';
import { furtherNames } from './further.js';
import { type StreamName, streams } from './plan.js';
import { runCases } from './report.js';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    only: { type: 'string' },
    verbose: { type: 'boolean', short: 'v', default: false },
  },
});
const only = values.only as StreamName | undefined;
const known: readonly StreamName[] = [...streams, ...furtherNames];
if (only !== undefined && !known.includes(only)) throw new Error(`--only takes one of: ${known.join(', ')}`);

const { tap } = await buildPrograms();
const { text, failed } = await runCases({
  cases: Number(values.cases),
  seed: Number(values.seed),
  jobs: Number(values.jobs),
  tap,
  only,
  verbose: values.verbose,
  say: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${text}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
