/** The tap as users run it, told to stop, or left alone by whoever reads it: in every phase of a run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Demo, type DemoOptions, createDemo } from '../../demo/index.js';
import { configFor, executable } from '../support/tap-process.js';

const organization: DemoOptions = {
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 3,
  issues: 60,
  events: 3000,
  tokenKind: 'integration',
};

interface Started {
  tap: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; at: number }>;
}

function start(
  demo: Demo,
  {
    config = {},
    args = [],
    stdout = 'pipe',
  }: { config?: Record<string, unknown>; args?: string[]; stdout?: 'pipe' | number } = {},
): Started {
  const folder = mkdtempSync(join(tmpdir(), 'signals-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configFor(demo, config)));
  const tap = spawn(process.execPath, [executable, '--config', join(folder, 'config.json'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  tap.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  tap.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return {
    tap,
    stdout: () => Buffer.concat(out).toString(),
    stderr: () => Buffer.concat(err).toString(),
    ended: new Promise((resolve) =>
      tap.on('close', (code, signal) => resolve({ code, signal, at: performance.now() })),
    ),
  };
}

/** Resolves once the demo has been asked so many times, and the tap has had a moment with the last answer. */
function asked(demo: Demo, requests: number): Promise<void> {
  return new Promise((resolve) => {
    const open = demo.journal.open.bind(demo.journal);
    let count = 0;
    demo.journal.open = () => {
      if (++count === requests) setTimeout(resolve, 100);
      return open();
    };
  });
}

interface Phase {
  name: string;
  demo: DemoOptions;
  config?: Record<string, unknown>;
  after: number;
}

const phases: Phase[] = [
  { name: 'while it waits for the first answer', demo: { latencyMs: 5000 }, after: 1 },
  { name: 'while it reads', demo: { latencyMs: 20 }, after: 20 },
  {
    name: 'while it waits for a slow answer',
    demo: { faults: [{ kind: 'slowBody', match: 'events', ms: 20_000, after: 2 }] },
    after: 15,
  },
  {
    name: 'asleep before another try',
    demo: { faults: [{ kind: 'status', status: 503, match: 'events', after: 2 }] },
    after: 15,
  },
  {
    name: 'asleep on a limit',
    demo: { limits: [{ route: 'events', limit: 3, seconds: 3600, concurrent: 5 }] },
    after: 15,
  },
  { name: 'asleep on a brown-out', demo: { faults: [{ kind: 'brownout410', match: 'events', after: 2 }] }, after: 15 },
  { name: 'asleep on its own rate limit', demo: {}, config: { rate_limit: 0.2 }, after: 1 },
];

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test.each(phases)(
    '$name ends the run within a second, the last state written',
    async ({ demo: options, config = {}, after }) => {
      await using demo = await createDemo({ ...organization, ...options });
      const ready = asked(demo, after);
      const { tap, ended, stdout, stderr } = start(demo, { config });
      await ready;

      const told = performance.now();
      tap.kill(signal);
      tap.kill(signal); // Meltano sends SIGINT, and SIGTERM a moment later
      const { code, at } = await ended;

      expect(code, stderr()).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(at - told).toBeLessThan(1500); // a second, on a machine that is busy
      const lines = stdout().split('\n').filter(Boolean);
      if (lines.some((line) => line.includes('"RECORD"')))
        expect(
          lines.findLast((line) => line.startsWith('{"type":"STATE"')),
          'a STATE',
        ).toBeDefined();
      for (const line of lines) expect(() => void JSON.parse(line)).not.toThrow();
      expect(stderr().trimEnd()).toMatch(
        new RegExp(
          `Stopped by ${signal}\\. The next run goes on from the last STATE that the target passed on; some targets ` +
            'pass it on only at their end\\.$',
        ),
      );
      expect(stderr()).not.toMatch(/^\s+at /m);
    },
  );
});

describe('whoever reads', () => {
  test('and goes away ends the run quietly', async () => {
    await using demo = await createDemo(organization);
    const { tap, ended, stderr } = start(demo);
    tap.stdout?.once('data', () => tap.stdout?.destroy());

    const { code } = await ended;

    expect(code).toBe(1);
    expect(stderr()).not.toMatch(/EPIPE|^\s+at |ERROR/m);
  });

  test('the first record only, as `meltano config test` does, sees no trace and no complaint', async () => {
    await using demo = await createDemo(organization);
    const { tap, ended, stderr } = start(demo);
    tap.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('"RECORD"')) {
        tap.kill('SIGTERM');
        tap.stdout?.destroy();
      }
    });

    const { code } = await ended;

    expect([1, 143]).toContain(code);
    expect(stderr()).not.toMatch(/EPIPE|^\s+at |ERROR/m);
  });

  test('slowly is waited for: what was not read is not in memory', async () => {
    await using demo = await createDemo({ ...organization, events: 20_000, rowBytes: 4000 });
    const { tap, ended } = start(demo);
    await asked(demo, 12);
    tap.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const before = demo.journal.entries.length;
    await new Promise((resolve) => setTimeout(resolve, 700));

    expect(demo.journal.entries.length - before).toBeLessThanOrEqual(8);
    tap.kill('SIGTERM');
    tap.stdout?.resume();
    expect((await ended).code).toBe(143);
  });

  test('a disk that is full ends the run with a sentence', async () => {
    await using demo = await createDemo(organization);
    const { ended, stderr } = start(demo, { stdout: openSync('/dev/full', 'w') });

    const { code } = await ended;

    expect(code).toBe(1);
    expect(stderr()).not.toMatch(/^\s+at /m);
    expect(stderr()).toMatch(/ENOSPC|no space|cannot be written/i);
  });
});
