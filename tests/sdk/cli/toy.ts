/** A tap that knows nothing but its settings, and the entry that runs it as a process. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { runCommand } from '../../../src/sdk/cli/command.js';
import type { Program, Run } from '../../../src/sdk/cli/program.js';
import { systemClock } from '../../../src/sdk/time.js';

const settings = z
  .object({
    auth_token: z
      .string()
      .meta({ secret: true, label: 'Token' })
      .describe('What the server knows you by. Ask its owner.'),
    page_size: z.number().int().min(1).max(1000).default(100).meta({ label: 'Page size' }).describe('Rows | page.'),
    projects: z.array(z.string()).default([]).meta({ label: 'Projects' }).describe('Only these.'),
    behaviour: z.string().default('ok').meta({ label: 'Behaviour' }).describe('What sync does.'),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .meta({ secret: true, label: 'Headers' })
      .describe('More headers.'),
  })
  .meta({ leftOut: { old_setting: 'it is not needed any more.' } });

const behaviours: Readonly<Record<string, (run: Run) => Promise<number>>> = {
  ok: async ({ writer, mode, state, catalog, config, defaulted }) => {
    await writer.write(`${JSON.stringify({ mode, state, catalog, config, defaulted: [...defaulted] })}\n`);
    return 0;
  },
  partial: () => Promise.resolve(1),
  throw: ({ config }) => Promise.reject(new Error(`broken\nwith ${(config as { auth_token: string }).auth_token}`)),
  crash: () => {
    setTimeout(() => {
      throw new Error('out of nowhere');
    }, 1);
    return delay(5000, 0);
  },
  reject: ({ config }) => {
    void Promise.reject(new Error(`nobody waits for ${(config as { auth_token: string }).auth_token}`));
    return delay(5000, 0);
  },
  wait: ({ writer, signal }) => {
    void writer.write('waiting\n');
    return new Promise((_resolve, reject) => {
      const timer = setTimeout(() => undefined, 10_000);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    });
  },
  flood: async ({ writer }) => {
    for (let row = 0; ; row += 1) await writer.write(`${JSON.stringify({ row, text: 'x'.repeat(1000) })}\n`);
  },
};

export const toy: Program = {
  name: 'tap-toy',
  description: 'Toy tap for tests.',
  version: '1.2.3',
  settings,
  capabilities: ['catalog', 'discover'],
  pythonVersions: ['3.10'],
  discover: (config) => ({
    streams: [
      {
        tap_stream_id: 'rows',
        stream: 'rows',
        schema: { type: 'object', description: config === undefined ? 'without settings' : 'with settings' },
        metadata: [],
      },
    ],
  }),
  sync: (run) =>
    (behaviours[(run.config as { behaviour: string }).behaviour] ?? behaviours['ok'])?.(run) ?? Promise.resolve(0),
};

if (/toy\.m?[jt]s$/.test(process.argv[1] ?? '')) {
  const code = await runCommand(toy, {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    random: Math.random,
    readFile: (path) => readFileSync(path, 'utf8'),
    onSignal: (handler) => {
      process.on('SIGINT', () => handler('SIGINT'));
      process.on('SIGTERM', () => handler('SIGTERM'));
    },
    onCrash: (handler) => {
      process.on('uncaughtException', handler);
    },
  });
  process.exit(code);
}
