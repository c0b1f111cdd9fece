/** The program as its callers see it: stdout, stderr, exit code, of real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const token = 'geheim-token-1234';
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tap-toy-'));
  const files = {
    'good.json': JSON.stringify({ auth_token: token }),
    'bad.json': JSON.stringify({ page_size: 0, auth_token: [token] }),
    'comment.json': '{"auth_token": "x" // mine\n}',
    'catalog.json': '{"streams": [{"tap_stream_id": "rows", "metadata": []}]}',
    'empty.json': '',
    'state.json': '{"bookmarks": {"rows": {"start": "2024-01-01T00:00:00Z"}}}',
    'message.json': '{"type": "STATE", "value": {"bookmarks": {}}}',
    'list.json': '[1]',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  // Bundled once: a process then starts in a tenth of a second.
  const banner =
    "import { createRequire as createRequireOfNode } from 'node:module'; const require = " +
    'createRequireOfNode(import.meta.url);';
  await build({
    entryPoints: [fileURLToPath(new URL('toy.ts', import.meta.url))],
    outfile: join(folder, 'toy.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: banner },
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  code: number | null;
  stdout: string;
  /** Without time and logger name. */
  lines: string[];
}

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [join(folder, 'toy.mjs'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function run(
  args: readonly string[],
  env?: Record<string, string>,
  meanwhile?: (child: ChildProcess) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = start(args, env);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) =>
      resolve({
        code,
        stdout,
        lines: stderr
          .trimEnd()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => line.replace(/^[\d-]+ [\d:,]+ \| (\w+) +\| tap-toy +\| /, '$1 ')),
      }),
    );
    meanwhile?.(child);
  });
}

describe('command', () => {
  test.concurrent('prints the version before it looks at anything else', async () => {
    const outcome = await run(['--config', 'nofile', '--bogus', '--version', '--help']);
    expect(outcome).toEqual({ code: 0, stdout: 'tap-toy v1.2.3\n', lines: [] });
  });

  test.concurrent('prints help, whatever else is asked', async () => {
    const outcome = await run(['--about', '--discover', '--help', '--state', 'nofile']);
    expect(outcome).toMatchObject({ code: 0, lines: [] });
    expect(outcome.stdout).toMatch(/^Usage: tap-toy \[OPTIONS\]/);
    expect(outcome.stdout).toContain('--version   Print the version');
  });

  test.concurrent('prints what it can do without any settings', async () => {
    const [json, markdown] = await Promise.all([
      run(['--about', '--format=JSON', '--config', 'bad.json']),
      run(['--about', '--format', 'markdown']),
    ]);
    expect(json).toMatchObject({ code: 0, lines: [] });
    expect(Object.keys(JSON.parse(json.stdout) as object)).toEqual([
      'name',
      'description',
      'version',
      'sdk_version',
      'supported_python_versions',
      'capabilities',
      'settings',
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({ supported_python_versions: ['3.10'], sdk_version: '1.2.3' });
    expect(markdown.stdout).toContain('## Supported Python Versions\n\n* 3.10\n\n## Settings');
    expect(markdown.stdout).toContain('| page_size | False | `100` | Rows \\| page. |');
  });

  test.concurrent('takes the form of what it prints about itself by either option', async () => {
    const [json, short, plain, asked] = await Promise.all([
      run(['--about', '--format', 'json']),
      run(['--about=JSON']),
      run(['--about']),
      run(['--about', 'plain', '--state', 'nofile']),
    ]);
    expect(short).toEqual(json);
    expect(asked).toEqual(plain);
    expect(plain.stdout).toMatch(/^Name: tap-toy\nDescription: /);
  });

  test.concurrent.each([
    [
      ['--config', 'nofile.json', '--catalog', 'nofile', '--state', 'empty.json'],
      "WARNING Invalid value for '--config': 'nofile.json': No such file or directory.",
    ],
    [
      ['--state', 'nofile', '--config', 'bad.json'],
      'WARNING auth_token (TAP_TOY_AUTH_TOKEN) is a list (not shown: it is secret); it should be a text.',
    ],
  ])('prints the catalog although %j is wrong, and says so', async (args, warning) => {
    const outcome = await run([...args, '--discover']);
    expect(outcome.code).toBe(0);
    expect(outcome.lines).toContain(warning);
    expect(JSON.parse(outcome.stdout)).toHaveProperty('streams');
    expect(Math.max(...outcome.stdout.split('\n').map((line) => line.length))).toBeLessThan(1000);
  });

  test.concurrent('prints the catalog without a word when there are no settings at all', async () => {
    expect(await run(['--discover'])).toMatchObject({ code: 0, lines: [] });
  });

  test.concurrent.each([
    [['--abuot'], "ERROR No such option '--abuot'. Did you mean '--about'? 'tap-toy --help' lists the options."],
    [['--api_token=geheim'], "ERROR No such option '--api_token'. 'tap-toy --help' lists the options."],
    [['-h'], "ERROR No such option '-h'. Did you mean '--help'? 'tap-toy --help' lists the options."],
    [['extra'], "ERROR Got unexpected extra argument (extra). 'tap-toy --help' lists the options."],
    [
      ['--test=disabled'],
      "ERROR Invalid value for '--test': 'disabled' is not one of 'all', 'schema'. 'tap-toy --help' lists the options.",
    ],
    [
      ['--about=yaml'],
      "ERROR Invalid value for '--about': 'yaml' is not one of 'plain', 'json', 'markdown'. 'tap-toy --help' lists " +
        'the options.',
    ],
    [
      ['--about', '--format=yaml'],
      "ERROR Invalid value for '--format': 'yaml' is not one of 'json', 'markdown'. 'tap-toy --help' lists the " +
        'options.',
    ],
    [['--config'], "ERROR Option '--config' requires an argument. 'tap-toy --help' lists the options."],
    [
      ['--config', 'good.json', '--catalog', 'nofile'],
      "ERROR Invalid value for '--catalog': 'nofile': No such file or directory. 'tap-toy --help' lists the options.",
    ],
    [
      ['--config', 'good.json', '--state=nofile'],
      "ERROR Invalid value for '--state': 'nofile': No such file or directory. 'tap-toy --help' lists the options.",
    ],
  ])('refuses %j as wrong usage', async (args, line) => {
    expect(await run(args)).toEqual({ code: 2, stdout: '', lines: [line] });
  });

  test.concurrent('ends with one sentence that holds the reason when settings are wrong', async () => {
    const outcome = await run(['--config', 'bad.json']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.lines).toHaveLength(3);
    expect(outcome.lines.at(-1)).toBe(
      'ERROR Nothing was read, because 2 settings are not right (above). The first: auth_token ' +
        '(TAP_TOY_AUTH_TOKEN) is a list (not shown: it is secret); it should be a text.',
    );
  });

  test.concurrent.each([
    [
      ['--config', 'comment.json'],
      'ERROR comment.json: the configuration is not valid JSON at line 1, column 20. JSON has no comments: take ' +
        'the // … ones out.',
    ],
    [['--config', 'good.json', '--catalog', 'empty.json'], /^ERROR empty\.json: the catalog is not valid JSON/],
    [['--config', 'good.json', '--state', 'list.json'], /^ERROR list\.json: this is no state/],
  ])('refuses the files of %j in one line', async (args, line) => {
    const outcome = await run(args);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.lines).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
  });

  test.concurrent('hands settings, catalog and state to the sync', async () => {
    const outcome = await run(['--state', 'state.json', '--properties', 'catalog.json', '--config=good.json']);
    expect(outcome).toMatchObject({ code: 0, lines: [] });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      mode: 'sync',
      state: { bookmarks: { rows: { start: '2024-01-01T00:00:00Z' } } },
      catalog: { streams: [{ tap_stream_id: 'rows' }] },
      config: { page_size: 100 },
      defaulted: ['page_size', 'projects', 'behaviour', 'headers'],
    });
  });

  test.concurrent('takes an empty state file for no state, and unwraps a STATE message', async () => {
    const [empty, message] = await Promise.all([
      run(['--config', 'good.json', '--state', 'empty.json']),
      run(['--config', 'good.json', '--state', 'message.json']),
    ]);
    expect(JSON.parse(empty.stdout)).not.toHaveProperty('state');
    expect(JSON.parse(message.stdout)).toMatchObject({ state: { bookmarks: {} } });
    expect(message.lines).toEqual(['WARNING message.json holds a STATE message; its value is used as the state.']);
  });

  test.concurrent.each([
    [['--test'], 'test'],
    [['--test=all'], 'test'],
    [['--test=records'], 'test'],
    [['--test', 'schema'], 'schema'],
  ])('%j ignores the state and goes on without a catalog that it cannot read', async (args, mode) => {
    const outcome = await run([...args, '--config', 'good.json', '--catalog', 'empty.json', '--state', 'nofile']);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ mode });
    expect(outcome.lines).toEqual([
      expect.stringMatching(/^WARNING The test goes on without the catalog\. empty\.json/),
    ]);
  });

  test.concurrent('reads the environment when no file is named', async () => {
    const outcome = await run([], { TAP_TOY_AUTH_TOKEN: token, TAP_TOY_PROJECTS: 'a,b' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ config: { projects: ['a', 'b'] } });
    expect(outcome.lines).toEqual([]);
  });

  test.concurrent('gives back the exit code of the sync', async () => {
    expect(await run([], { TAP_TOY_AUTH_TOKEN: token, TAP_TOY_BEHAVIOUR: 'partial' })).toMatchObject({
      code: 1,
      lines: [],
    });
  });

  test.concurrent.each(['throw', 'crash', 'reject'])(
    'says an unexpected error (%s) in one line without secrets',
    async (behaviour) => {
      const outcome = await run([], { TAP_TOY_AUTH_TOKEN: token, TAP_TOY_BEHAVIOUR: behaviour });
      expect(outcome.code).toBe(1);
      expect(outcome.lines).toEqual([
        expect.stringMatching(
          new RegExp(
            String.raw`^ERROR This should not have happened, and is an error of tap-toy: (broken with \*{5}|` +
              String.raw`out of nowhere|nobody waits for \*{5}) `,
          ),
        ),
      ]);
    },
  );

  test.concurrent('shows where an error was thrown with -v, still without secrets', async () => {
    const outcome = await run(['-v'], { TAP_TOY_AUTH_TOKEN: token, TAP_TOY_BEHAVIOUR: 'throw' });
    expect(outcome.lines.join('\n')).toMatch(/at .*toy\.mjs/);
    expect(outcome.lines.join('\n')).not.toContain(token);
  });

  test.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at the first %s; a second one changes nothing', async (signal, code) => {
    const outcome = await run([], { TAP_TOY_AUTH_TOKEN: token, TAP_TOY_BEHAVIOUR: 'wait' }, (child) => {
      child.stdout?.once('data', () => {
        child.kill(signal);
        child.kill('SIGTERM');
        child.kill('SIGTERM');
      });
    });
    expect([130, 143]).toContain(outcome.code);
    expect(outcome.code === code || signal === 'SIGINT').toBe(true);
    expect(outcome.lines).toHaveLength(1);
  });

  test.concurrent('ends quietly when nobody reads any more', async () => {
    const outcome = await run([], { TAP_TOY_AUTH_TOKEN: token, TAP_TOY_BEHAVIOUR: 'flood' }, (child) => {
      child.stdout?.once('data', () => child.stdout?.destroy());
    });
    expect(outcome).toMatchObject({ code: 1, lines: [] });
  });
});
