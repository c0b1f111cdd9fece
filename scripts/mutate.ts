/**
 * Do the unit tests notice when the code is wrong? Changes one spot after the other in a copy of the tree, runs the
 * tests that import the folder of the changed file, and names the changes that no test noticed:
 * `npm run mutate -- --files src/sdk,src/tap --spots 60 --seed 1`. The working tree is never touched.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf, mutated } from './mutants.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const copied = [
  'bench',
  'bin',
  'demo',
  'docs',
  'packaging',
  'scripts',
  'src',
  'tests',
  'README.md',
  'meltano.yml',
  'package.json',
  'plugin.json',
  'tsconfig.json',
];
/** Tests that run the tap as a process see the bundle, which is not built anew. */
const seesBundle = /support\/tap-process\.ts|soak\/|packaging\/commands\.ts/;
const mostTime = 90_000; // ms for the tests of one mutant
const testTime = 10_000;

interface Spot {
  readonly file: string;
  readonly mutant: Mutant;
}

/** `unknown`: somebody else ended the tests, which says nothing about the mutant. */
type Verdict = 'killed' | 'survived' | 'timeout' | 'unknown';

/** Random numbers in [0, 1) that are the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function filesIn(place: string): string[] {
  if (statSync(join(root, place)).isFile()) return [place];
  return readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(place, name))
    .sort();
}

/** Each mutant of each file is as likely as any other. */
function pick(files: readonly string[], count: number, seed: number): Spot[] {
  const random = seeded(seed);
  const all = files.flatMap((file) =>
    mutantsOf(readFileSync(join(root, file), 'utf8')).map((mutant) => ({ file, mutant })),
  );
  const chosen: Spot[] = [];
  while (chosen.length < count && all.length > 0) chosen.push(...all.splice(Math.floor(random() * all.length), 1));
  return chosen;
}

// Which tests -----------------------------------------------------------------------------------

const importForm = /^(?:import|export|\}) .*from '(\.[^']+)';$/gm;

/** What a test imports, through other files of the tests too. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(importForm)) {
    const target = normalize(join(dirname(file), name)).replace(/\.js$/, '.ts');
    if (seen.has(target) || !existsSync(join(root, target))) continue;
    seen.add(target);
    if (target.startsWith('tests/')) importsOf(target, seen);
  }
  return seen;
}

/** The unit tests of each folder of the sources. */
function testsByFolder(): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const test of filesIn('tests').filter((file) => file.endsWith('.test.ts'))) {
    const imports = [...importsOf(test)];
    if (imports.some((file) => seesBundle.test(file))) continue;
    for (const folder of new Set(imports.filter((file) => file.startsWith('src/')).map(dirname)))
      folders.set(folder, [...(folders.get(folder) ?? []), test]);
  }
  return folders;
}

// Running ---------------------------------------------------------------------------------------

function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mutate-'));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const alias = { 'tap-sentry/sdk': join(folder, 'src/sdk/index.ts') };
  const config = { resolve: { alias }, test: { maxWorkers: 2, testTimeout: testTime, hookTimeout: testTime } };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  return folder;
}

/** Ends the tests that run, and everything that they started; set while some do. */
let stopTests = (): void => undefined;

/** The same, once more where the tests were ended from outside. */
async function runSurely(folder: string, tests: readonly string[]): Promise<Verdict> {
  const verdict = await run(folder, tests);
  return verdict === 'unknown' ? run(folder, tests) : verdict;
}

/** Whether the tests pass. They and what they started are killed when they take too long. */
function run(folder: string, tests: readonly string[]): Promise<Verdict> {
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [program, 'run', '--bail', '1', '--reporter', 'dot', ...tests];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: folder, detached: true, stdio: 'ignore' });
    stopTests = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => {
      resolve('timeout');
      stopTests();
    }, mostTime);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      stopTests = () => undefined;
      resolve(code === 0 ? 'survived' : code === 1 ? 'killed' : 'unknown'); // vitest ends with 1 when a test fails
    });
  });
}

/** The tests that pass as long as nothing is changed: what fails anyway would notice everything. */
async function sound(folder: string, tests: readonly string[], known: Map<string, boolean>): Promise<string[]> {
  const unknown = tests.filter((test) => !known.has(test));
  if (unknown.length > 0 && (await runSurely(folder, unknown)) === 'survived')
    for (const test of unknown) known.set(test, true);
  for (const test of unknown) {
    if (known.has(test)) continue;
    const verdict = await runSurely(folder, [test]);
    known.set(test, verdict === 'survived');
    if (verdict === 'unknown') throw new Error(`${test} was ended from outside, twice: nothing can be said here.`);
    if (verdict !== 'survived') say(`${test} fails unchanged; left out`);
  }
  return tests.filter((test) => known.get(test));
}

async function verdictOn(folder: string, { file, mutant }: Spot, tests: readonly string[]): Promise<Verdict> {
  if (tests.length === 0) return 'survived';
  const text = readFileSync(join(root, file), 'utf8');
  writeFileSync(join(folder, file), mutated(text, mutant));
  try {
    return await runSurely(folder, tests);
  } finally {
    writeFileSync(join(folder, file), text);
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `file:line`, the line as it was, and as it is. */
function describe({ file, mutant }: Spot): string {
  const text = readFileSync(join(root, file), 'utf8');
  const from = text.lastIndexOf('\n', mutant.start - 1) + 1;
  const line = text.slice(0, mutant.start).split('\n').length;
  const lineOf = (all: string, end: number): string => {
    const stop = all.indexOf('\n', end);
    return all
      .slice(from, stop < 0 ? undefined : stop)
      .replaceAll(/\s+/g, ' ')
      .trim();
  };
  const after = lineOf(mutated(text, mutant), mutant.start + mutant.replacement.length);
  return `${file}:${line}\n  - ${lineOf(text, mutant.end)}\n  + ${after}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: 'src/sdk,src/tap' },
      spots: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
    },
  });
  const spots = pick(values.files.split(',').flatMap(filesIn), Number(values.spots), Number(values.seed));
  const tests = testsByFolder();
  const known = new Map<string, boolean>();
  const folder = copyTree();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopTests();
      rmSync(folder, { recursive: true, force: true });
      process.exit(1);
    });
  }
  const counts: Record<Verdict, number> = { killed: 0, survived: 0, timeout: 0, unknown: 0 };
  try {
    for (const spot of spots) {
      const own = await sound(folder, tests.get(dirname(spot.file)) ?? [], known);
      const verdict = await verdictOn(folder, spot, own);
      counts[verdict]++;
      if (verdict === 'survived') say(`survived ${own.length} test files: ${describe(spot)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { killed, timeout, survived, unknown } = counts;
  say(`${killed} killed by a test, ${timeout} by the clock, ${survived} survived, ${unknown} not decided.`);
  say(`${killed + timeout} of ${spots.length - unknown} killed`);
}

if (process.argv[1] !== undefined && relative(process.argv[1], fileURLToPath(import.meta.url)) === '') await main();
