/** Sixty random servers; `npm run servers -- --cases 1000` runs more. */
import { expect, test } from 'vitest';
import { buildPrograms } from '../soak/programs.js';
import { runCases } from './report.js';

test('whatever a server does, every row comes or the run says that it could not read it', {
  timeout: 300_000,
}, async () => {
  const said: string[] = [];
  const { tap } = await buildPrograms();

  const { failed, text } = await runCases({ cases: 60, seed: 1, jobs: 2, tap, say: (line) => said.push(line) });

  expect(
    failed.map(({ seed }) => seed),
    [...said, text].join('\n'),
  ).toEqual([]);
});
