/**
 * The demo as a process: `npx tsx demo/main.ts --port 0 --seed 1 --events 2000`. Prints one line of JSON
 * when it listens and runs until SIGINT or SIGTERM. Every option of `createDemo` is a flag of its name.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createDemo } from './index.js';
import { limitPresets } from './limits.js';
import type { DemoOptions } from './options.js';
import { serverNames, serverOf } from './servers.js';

const numbers = [
  'port',
  'seed',
  'projects',
  'issues',
  'events',
  'releases',
  'members',
  'teams',
  'days',
  'retentionDays',
  'inaccessibleProjects',
  'latencyMs',
  'rowBytes',
  'bodyBytes',
] as const;
const texts = ['host', 'now', 'organization', 'token', 'tokenKind', 'linkOrigin'] as const;
const flags = ['frozen', 'gzip'] as const;

const presets = Object.keys(limitPresets).join('|');
const usage = `Usage: tsx demo/main.ts [options]

  ${numbers.map((name) => `--${name} <number>`).join(' ')}
  --server <${serverNames.join('|')}>
  ${texts.map((name) => `--${name} <text>`).join(' ')}
  --scopes <a,b>  --prerender [rows|bodies]  --limits <server|${presets}>  --timeScale <number>
  ${flags.map((name) => `--${name}`).join(' ')}
  --behaviour <json>  --faults <json>  --options <file.json>

What each means is in demo/README.md.
`;

function readOptions(args: string[]): DemoOptions | undefined {
  const string = { type: 'string' } as const;
  const names = [
    ...numbers,
    ...texts,
    'server',
    'scopes',
    'prerender',
    'limits',
    'timeScale',
    'behaviour',
    'faults',
    'options',
  ];
  const { values } = parseArgs({
    args: args.map((arg, n) =>
      arg === '--prerender' && (args[n + 1] ?? '--').startsWith('--') ? '--prerender=rows' : arg,
    ),
    options: {
      ...Object.fromEntries(names.map((name) => [name, string])),
      ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const given = values as Record<string, string | boolean | undefined>;
  const text = (name: string): string | undefined => (given[name] === undefined ? undefined : String(given[name]));
  const options: Record<string, unknown> =
    text('options') === undefined
      ? {}
      : (JSON.parse(readFileSync(text('options')!, 'utf8')) as Record<string, unknown>);
  for (const name of numbers) {
    const value = text(name);
    if (value === undefined) continue;
    if (value.trim() === '' || !Number.isFinite(Number(value)))
      throw new RangeError(`--${name}: not a number: ${value}`);
    options[name] = Number(value);
  }
  for (const name of ['server', ...texts, ...flags]) if (given[name] !== undefined) options[name] = given[name];
  for (const name of ['behaviour', 'faults']) if (given[name] !== undefined) options[name] = JSON.parse(text(name)!);
  if (given.scopes !== undefined) options.scopes = text('scopes')!.split(',');
  if (given.prerender !== undefined)
    options.prerender = given.prerender === 'bodies' ? 'bodies' : given.prerender !== 'off';
  if (given.limits !== undefined) options.limits = given.limits;
  if (given.limits !== undefined && given.timeScale !== undefined)
    options.limits = { preset: presetOf(text('limits')!, options.server), timeScale: Number(given.timeScale) };
  return options as DemoOptions;
}

/** `server` stands for the limits of the server that was chosen. */
function presetOf(limits: string, server: unknown): string {
  return limits === 'server' ? serverOf(String(server ?? 'sentry.io')).limits : limits;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) {
    const demo = await createDemo(options);
    process.stdout.write(`${JSON.stringify({ url: demo.url, token: demo.token, organization: demo.organization })}\n`);
    const stop = (): void => void demo.close().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } else process.stdout.write(usage);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
