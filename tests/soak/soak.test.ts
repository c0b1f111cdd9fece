/** Five cases of the soak; `npm run soak -- --cases 1000` runs more. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kinds } from './differences.js';
import { buildPrograms } from './programs.js';
import { soak } from './soak.js';

const minute = 60_000;

test('killed anywhere, while the server moves and fails, nothing is lost and nothing comes twice', {
  timeout: 5 * minute,
}, async () => {
  const said: string[] = [];

  const { results, failed, text } = await soak({
    cases: 5,
    seed: 1,
    jobs: 2,
    programs: await buildPrograms(),
    say: (line) => said.push(line),
  });

  expect(
    failed.map(({ seed }) => seed),
    [...said, text].join('\n'),
  ).toEqual([]);
  const reread = results.flatMap((result) => (result.rows >= 1000 ? result.reread : []));
  expect(Math.max(...reread)).toBeLessThanOrEqual(0.1);
});

test('the differences that remain are at most six, and each is a heading of docs/reliability.md', () => {
  const headings = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8')
    .match(/^### (.+)$/gm)
    ?.map((line) => line.slice(4));

  expect(Object.values(kinds).length).toBeLessThanOrEqual(6);
  expect(headings).toEqual(Object.values(kinds));
});
