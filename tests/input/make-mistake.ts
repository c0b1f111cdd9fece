/** Makes a mistake with the real command line, against the demo or a small server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, type DemoOptions } from '../../demo/index.js';
import { still } from '../support/demos.js';
import { type TapResult, type TapRun, configFor, runTap } from '../support/tap-process.js';
import { serve } from './mistaken-servers.js';
import type { Mistake } from './mistakes.js';

export interface Answered extends TapResult {
  /** Warnings and errors, without the head of the line; host and folder as `HOST` and nothing. */
  readonly says: readonly string[];
  /** Milliseconds. */
  readonly took: number;
}

/** With the clock of this machine, so that there is nothing to say of it. */
export const usual: DemoOptions = { frozen: false, now: Date.now(), events: 200, issues: 20, projects: 3 };

/** `demo`: the one for mistakes that need none of their own. */
export async function make(mistake: Mistake, demo: Demo): Promise<Answered> {
  const folder = mkdtempSync(join(tmpdir(), 'mistake-'));
  await using own = mistake.demo && (await still({ ...usual, ...mistake.demo }));
  await using server = mistake.place && (await serve(mistake.place, folder));
  const host = server?.host ?? new URL((own ?? demo).url).host;
  const fill = (text: string): string =>
    text.replaceAll('{HOST}', host).replaceAll('{CERTIFICATE}', server?.certificate ?? '');
  const began = performance.now();
  const result = await runTap(runOf(mistake, own ?? demo, host, fill));
  const took = performance.now() - began;
  rmSync(folder, { recursive: true });
  return { ...result, took, says: spoken(result.stderr, host) };
}

function runOf(
  { config = {}, env = {}, args = [], catalog, state, interrupt }: Mistake,
  demo: Demo,
  host: string,
  fill: (text: string) => string,
): TapRun {
  const right = configFor(demo, { base_url: `http://${host}/api/0/`, start_date: '2020-01-01' });
  const settings = typeof config === 'string' ? config : fill(JSON.stringify({ ...right, ...config }));
  const variables = Object.entries(env).map(([name, value]) => [name, fill(value)]);
  const stop: TapRun['onOutput'] = (tap, bytes) => void (bytes >= (interrupt ?? Infinity) && tap.kill('SIGINT'));
  return {
    config: settings as unknown as Record<string, unknown>, // runTap writes a text as it is
    catalog,
    state,
    args,
    env: Object.fromEntries(variables) as Record<string, string>,
    timeout: 60_000,
    onOutput: stop,
  };
}

/** What differs from run to run, or from machine to machine. */
const passing: readonly (readonly [RegExp, string])[] = [
  [/\S*tap-test-\w+\//g, ''],
  [/(it is |lies in the future\. )[-\d]+T[:\d]+Z/g, '$1NOW'],
  [/[\d,]+ rows of (\d+) streams in [\d,]+ requests/g, 'N rows of $1 streams in N requests'],
  [/its name cannot be looked up/g, 'its name does not resolve'],
];

function spoken(stderr: string, host: string): string[] {
  const steady = passing.reduce((text, [from, to]) => text.replaceAll(from, to), stderr.replaceAll(host, 'HOST'));
  return steady
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' | '))
    .filter(([, level = 'none']) => /WARNING|ERROR|none/.test(level))
    .map((parts) => parts.slice(3).join(' | '));
}
