/**
 * `npm run soak -- --cases 1000 --seed 1`: tap and target as two processes, killed anywhere, resumed
 * from what the target echoed, while the server changes and fails; then compared with the truth.
 * One case again, with its files kept: `npm run soak -- --cases 1 --seed 17 --keep some/folder`.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildPrograms } from './programs.js';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    keep: { type: 'string' },
    verbose: { type: 'boolean', short: 'v', default: false },
  },
});
const summary = await soak({
  cases: Number(values.cases),
  seed: Number(values.seed),
  jobs: Number(values.jobs),
  programs: await buildPrograms(),
  say: (line) => process.stdout.write(`${line}\n`),
  verbose: values.verbose,
  keep: values.keep,
});
process.stdout.write(`${summary.text}\n`);
process.exitCode = summary.failed.length === 0 ? 0 : 1;
