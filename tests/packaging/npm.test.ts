/** The npm package, as it would be published: what is in it, how it installs, and what it gives to other packages. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { lint, packNpm, type Packed } from '../../scripts/package-check.js';
import { nodeOfVersion } from '../../scripts/test-node.js';
import { version } from '../../src/built.js';
import { hour, minute } from '../../src/sdk/time.js';
import { blocks, page } from '../recipes/pages.js';
import { Chance } from '../support/random.js';
import { type Bakery, type BakeryServer, type Order, orderAt, serveBakery } from '../support/second-server.js';
import { everything, Folder, repository, run, succeed, withFirst } from './commands.js';

const folder = new Folder();
let packed: Packed;
beforeAll(async () => {
  packed = await packNpm(folder.in('packed'));
}, 60_000);
afterAll(() => folder.remove(), 60_000);

describe('tarball', () => {
  test('holds what a user needs, and nothing else', () => {
    const kinds = new Set(
      packed.files.map((file) =>
        file
          .replace(/^dist\/chunks\/.*\.js(\.LEGAL\.txt)?$/, 'dist/chunks/*')
          .replace(/^dist\/sdk\/.*\.(d\.ts|js)$/, 'dist/sdk/*'),
      ),
    );
    expect([...kinds].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/package.json',
      'bin/tap-sentry',
      'dist/catalog.json',
      'dist/chunks/*',
      'dist/cli.js',
      'dist/sdk/*',
      'package.json',
      'plugin.json',
    ]);
  });

  test('publint and attw are content', () => {
    for (const { tool, ok, output } of lint(packed.path)) expect(ok, `${tool}: ${output}`).toBe(true);
  }, 60_000);
});

describe('npm install --global', { timeout: 60_000 }, () => {
  const prefix = folder.in('prefix');
  beforeAll(
    () =>
      succeed('npm', ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--silent', packed.path]),
    120_000,
  );

  test('gives a command that knows its version and its streams', async () => {
    expect(await succeed(`${prefix}/bin/tap-sentry`, ['--version'])).toBe(`tap-sentry v${version}\n`);
    const { streams } = JSON.parse(await succeed(`${prefix}/bin/tap-sentry`, ['--discover'])) as { streams: unknown[] };
    expect(streams.length).toBeGreaterThanOrEqual(8);
  });

  test('gives a command that syncs', async () => {
    await using demo = await createDemo({ events: 100, issues: 10 });
    writeFileSync(
      folder.in('config.json'),
      JSON.stringify({
        api_token: demo.token,
        base_url: demo.url,
        organization: demo.organization,
        start_date: '2020-01-01',
      }),
    );
    const out = await succeed(`${prefix}/bin/tap-sentry`, ['--config', folder.in('config.json')]);
    expect(out).toContain('{"type":"RECORD"');
  }, 30_000);

  test.each(['16', '18', '20.18'])(
    'on Node.js %s says in one sentence that it is too old',
    async (old) => {
      const node = nodeOfVersion(old);
      const { code, stdout, stderr } = await run(`${prefix}/bin/tap-sentry`, ['--version'], {
        env: { PATH: withFirst(dirname(node)) },
      });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^tap-sentry needs Node\.js 20\.19 or newer; this is v\d+\.\d+\.\d+\.\n$/);
    },
    120_000,
  );

  test.each(everything ? ['20.19', '22', '24'] : ['20.19'])(
    'on Node.js %s starts',
    async (promised) => {
      const node = nodeOfVersion(promised);
      expect(
        await succeed(`${prefix}/bin/tap-sentry`, ['--version'], { env: { PATH: withFirst(dirname(node)) } }),
      ).toBe(`tap-sentry v${version}\n`);
    },
    120_000,
  );
});

test('npx runs the tarball', async () => {
  const cwd = folder.in('anywhere');
  mkdirSync(cwd);
  expect(
    await succeed('npx', ['--yes', '--silent', `--package=${packed.path}`, 'tap-sentry', '--version'], {
      cwd,
      env: { npm_config_cache: folder.in('npx-cache') },
    }),
  ).toBe(`tap-sentry v${version}\n`);
}, 120_000);

const orderOf = (shop: number, n: number): Order => orderAt(shop * 100 + n, Date.UTC(2026, 0, 1, n));

describe('tap-sentry/sdk in another package', { timeout: 60_000 }, () => {
  const own = folder.in('tap-bakery');
  const tap = `${own}/dist/main.js`;
  let ago = hour; // how long before now the server's clock stands
  let server: BakeryServer;
  const bakery: Bakery = {
    shops: [1, 2, 3].map((id) => ({ id, name: `S${id}` })),
    orders: new Map([1, 2, 3].map((shop) => [shop, [1, 2, 3, 4, 5].map((n) => orderOf(shop, n))])),
  };
  const writeJson = (name: string, value: unknown): string => {
    writeFileSync(`${own}/${name}.json`, JSON.stringify(value));
    return `${own}/${name}.json`;
  };
  beforeAll(async () => {
    const now = (): number => Date.now() - ago;
    server = await serveBakery({ bakery, behaviour: { largestPage: 2 }, chance: new Chance(1), now });
    cpSync(`${repository}packaging/second-tap`, own, { recursive: true });
    const about = JSON.parse(readFileSync(`${own}/package.json`, 'utf8')) as { dependencies: Record<string, string> };
    about.dependencies['tap-sentry'] = `file:${packed.path}`;
    writeJson('package', about);
    await succeed('npm', ['install', '--silent', '--no-audit', '--no-fund'], { cwd: own });
    writeJson('config', { api_key: server.key, url: server.url.href });
  }, 180_000);
  afterAll(() => server[Symbol.asyncDispose]());

  const sync = async (...args: string[]): Promise<Message[]> =>
    (await succeed(process.execPath, [tap, '--config', `${own}/config.json`, ...args]))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message);

  test('its types compile under strict, the checks of libraries included', async () => {
    await succeed('npm', ['run', '--silent', 'build'], { cwd: own });
  }, 60_000);

  test('a tap made of nothing else discovers and describes itself', async () => {
    const { streams } = JSON.parse(await succeed(process.execPath, [tap, '--discover'])) as {
      streams: { stream: string; key_properties: string[] }[];
    };
    expect(streams.map(({ stream, key_properties }) => [stream, key_properties])).toEqual([
      ['orders', ['id']],
      ['shops', ['id']],
    ]);
    expect(await succeed(process.execPath, [tap, '--version'])).toBe('tap-bakery v0.0.1\n');
  });

  test('it reads every page of a list and of a child, and the next run goes on from the state', async () => {
    const first = await sync();
    expect(ids(first, 'shops')).toEqual([1, 2, 3]);
    expect(ids(first, 'orders')).toEqual([1, 2, 3].flatMap((shop) => [1, 2, 3, 4, 5].map((n) => shop * 100 + n)));
    const state = writeJson('state', first.filter(({ type }) => type === 'STATE').at(-1)?.value);
    ago = 0;
    bakery.orders.get(2)?.push(orderAt(999, Date.now() - minute));
    expect(ids(await sync('--state', state), 'orders')).toEqual([999]);
  }, 60_000);

  test('a setting that is missing is named by the variable that would give it', async () => {
    const { code, stderr } = await run(process.execPath, [tap, '--config', writeJson('empty', {})]);
    expect(code).toBe(1);
    expect(stderr).toContain('TAP_BAKERY_API_KEY');
  });

  test('a refused key ends it with the sentence of the default rules', async () => {
    const wrong = writeJson('wrong', { api_key: 'sand-and-water', url: server.url.href });
    const { code, stderr } = await run(process.execPath, [tap, '--config', wrong]);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toContain('The server refuses the credentials: HTTP 401');
    expect(stderr).not.toContain('sand-and-water');
  }, 30_000);
});

describe.skipIf(!everything)('packaging/template, copied', { timeout: 180_000 }, () => {
  const own = folder.in('tap-example');
  beforeAll(() => {
    cpSync(`${repository}packaging/template`, own, { recursive: true });
    const about = JSON.parse(readFileSync(`${own}/package.json`, 'utf8')) as { dependencies: Record<string, string> };
    about.dependencies['tap-sentry'] = `file:${packed.path}`;
    writeFileSync(`${own}/package.json`, JSON.stringify(about));
  });

  test('does what docs/sdk.md says: it installs, its checks are content, and it runs', async () => {
    const [start = ''] = blocks(page('sdk.md'), 'bash');
    const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_loglevel: 'error' };

    const out = await succeed('/bin/sh', ['-ec', start], { cwd: own, env: quiet });

    expect(out).toMatch(/pass 16\b[\s\S]*fail 0\b[\s\S]*tap-example v0\.0\.1/);
    expect(out.match(/"tap_stream_id"/g)).toHaveLength(10);
  });
});

interface Message {
  readonly type: string;
  readonly stream?: string;
  readonly record?: { readonly id: number };
  readonly value?: unknown;
}

const ids = (messages: readonly Message[], stream: string): number[] =>
  messages.flatMap(({ record, stream: own }) => (record && own === stream ? [record.id] : [])).sort((a, b) => a - b);
