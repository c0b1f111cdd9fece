/**
 * One long run: `npx tsx tests/soak/long.ts --rows 1000000 --share 0.02`. Prints what arrived, what the
 * truth is, and the largest memory of the tap, at a tenth of the way and at the end.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemo } from '../../demo/index.js';
import { keepPace } from '../support/pace.js';
import { configFor } from '../support/tap-process.js';
import { buildPrograms } from './programs.js';

const scale = 100;
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, share: { type: 'string', default: '0.02' } },
});
const rows = Number(values.rows);
const share = Number(values.share);

await using demo = await createDemo({
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 8,
  issues: Math.ceil(rows / 400),
  events: rows,
  tokenKind: 'integration',
  prerender: true,
});
const kinds = [
  { kind: 'status', status: 500 },
  { kind: 'htmlError' },
  { kind: 'reset' },
  { kind: 'truncate' },
  { kind: 'badJson' },
  { kind: 'status', status: 429 },
] as const;
for (const kind of kinds) demo.faults.add({ ...kind, probability: share / kinds.length });

const folder = mkdtempSync(join(tmpdir(), 'long-run-'));
writeFileSync(join(folder, 'config.json'), JSON.stringify(configFor(demo)));
const { tap: program } = await buildPrograms();
const tap = spawn(
  process.execPath,
  [program, String(demo.clock.now()), String(scale), '--config', join(folder, 'config.json')],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
const stopPace = keepPace(demo, scale);

const peak = (): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${tap.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1024;
const seen = new Set<string>();
let received = 0;
let early = 0;
let last = 0;
let rest = '';
let stderr = '';
tap.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
tap.stdout.setEncoding('utf8').on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    if (!line.startsWith('{"type":"RECORD","stream":"events"')) continue;
    received++;
    seen.add(`${/"projectID":"?(\d+)/.exec(line)?.[1] ?? ''}/${/"eventID":"(\w+)"/.exec(line)?.[1] ?? ''}`);
    if (received === Math.floor(rows / 10)) early = peak();
    if (received % 5000 === 0) last = peak();
  }
});
const code = await new Promise<number | null>((resolve) => tap.on('close', resolve));
stopPace();
const missing = [...demo.truth().keys('events')].filter((key) => !seen.has(key)).length;
const played = demo.faults.list.reduce((sum, fault) => sum + fault.played, 0);
process.stdout.write(
  `exit code ${code}; ${received} events received, ${seen.size} different, ${missing} missing; ${played} faults; ` +
    `peak memory ${early.toFixed(0)} MB after a tenth, ${last.toFixed(0)} MB at the end\n`,
);
if (code !== 0) process.stdout.write(stderr);
process.exit(code === 0 && missing === 0 ? 0 : 1);
