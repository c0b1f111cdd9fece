/**
 * Wrong settings, catalogs, states and options: each ends in a sentence that says what is wrong, where, and
 * what it should be. Nothing is requested, and nothing is written to stdout.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../src/sdk/cli/command.js';
import { systemClock } from '../../src/sdk/time.js';
import { tap } from '../../src/tap/tap-sentry.js';

import { loopback, sendJson } from '../support/loopback.js';
import { runTap } from '../support/tap-process.js';
import { type WrongInput, readmeConfig, wrongInputs } from './cases.js';

const token = 'sntryu_0000111122223333444455556666777788889999aaaabbbb';

class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  requests: number;
}

/** Plays the command with these inputs, in this process. */
async function play({ config = {}, catalog, state, args = [] }: WrongInput): Promise<Ended> {
  await using server = await loopback((_, response) => sendJson(response, []));
  const folder = mkdtempSync(join(tmpdir(), 'wrong-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return name;
  };
  const right = {
    api_token: token,
    start_date: '2026-01-01T00:00:00Z',
    organization: 'acme',
    base_url: server.url.href,
  };
  const text = 'text' in config ? String(config['text']) : JSON.stringify({ ...right, ...config });
  const argv = [
    ...(args.includes('--config') ? [] : ['--config', write('config.json', text)]),
    ...(catalog === undefined ? [] : ['--catalog', write('catalog.json', catalog)]),
    ...(state === undefined ? [] : ['--state', write('state.json', state)]),
    ...args,
  ];
  const [stdout, stderr] = [new Kept(), new Kept()];
  const code = await runCommand(tap, {
    argv,
    env: {},
    cwd: folder,
    stdout,
    stderr,
    clock: systemClock,
    random: Math.random,
    readFile: (path) => readFileSync(path, 'utf8'),
    onSignal: () => undefined,
  });
  return { code, stdout: stdout.text, stderr: stderr.text, requests: server.asked.length };
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
const configText = (config: WrongInput['config']): string =>
  config && 'text' in config ? String(config['text']) : JSON.stringify(config, (_, value: unknown) => value ?? null);
const nameOf = ({ kind, config, catalog, state, args }: WrongInput): string => {
  const input = args?.join(' ') ?? catalog ?? state ?? configText(config);
  return `${kind}: ${input.slice(0, 60)}`;
};

describe('wrong input ends in a sentence, not in a request', () => {
  test.each(wrongInputs.map((wrong) => [nameOf(wrong), wrong] as const))('%s', async (_, wrong) => {
    const { code, stdout, stderr, requests } = await play(wrong);

    expect({ code, stdout, requests }, stderr).toEqual({ code: wrong.code ?? 1, stdout: '', requests: 0 });
    expect(lastLine(stderr)).toMatch(wrong.says);
    expect(stderr).not.toMatch(/^\s+at |undefined|\[object|This should not have happened/m);
    expect(stderr).not.toContain(token);
  });

  test('there are at least a hundred, of at least twenty-five kinds', () => {
    expect(wrongInputs.length).toBeGreaterThanOrEqual(100);
    expect(new Set(wrongInputs.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(25);
  });
});

describe('with a wrong configuration', () => {
  test.each(['--discover', '--about', '--version', '--help'])('%s works all the same', async (flag) => {
    const { code, stdout, stderr } = await runTap({ config: { api_token: 12 }, args: [flag] });

    expect(code, stderr).toBe(0);
    expect(stdout).not.toBe('');
  });

  test('--discover says what is wrong', async () => {
    const { stderr } = await runTap({ config: { api_token: 12 }, args: ['--discover'] });

    expect(stderr).toMatch(/WARNING.*api_token.* is a number \(not shown: it is secret\)/);
    expect(stderr).toMatch(/WARNING.*start_date.* is missing/);
  });

  test("the README's own example is refused line and column", async () => {
    const { code, stdout, stderr } = await runTap({ config: readmeConfig as unknown as Record<string, unknown> });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lastLine(stderr)).toMatch(/line 3, column 42.*take the \/\/ … ones out/);
  });

  test('a trace is shown only to those who ask', async () => {
    const quiet = await runTap({ config: { api_token: 12 } });
    const verbose = await runTap({ config: { api_token: 12 }, args: ['-v'] });

    expect(quiet.stderr).not.toMatch(/^\s+at /m);
    expect(verbose.stderr).toMatch(/^\s+at /m);
  });

  test('an unknown setting is warned about, with the nearest name', async () => {
    const { stderr } = await runTap({
      config: {
        api_token: token,
        start_date: '2026-01-01',
        page_sise: 10,
        base_url: 'http://127.0.0.1:9/',
        retry_time: 0,
      },
    });

    expect(stderr).toMatch(
      /WARNING.*page_sise is not a setting of tap-sentry, and has no effect\. Did you mean page_size\?/,
    );
  });
});
