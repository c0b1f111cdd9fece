/**
 * What a scheduler meets: its bare environment, exit codes, runs that overlap, and several organizations in one
 * database. Left to `npm run test:all`: each test waits for several runs of Meltano.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo, type Demo } from '../../demo/index.js';
import { prepareMeltano } from '../../scripts/meltano-venv.js';
import { type Answer, Folder, everything, run, succeed } from '../packaging/commands.js';
import { defaultStreams, install } from './load.js';
import { Postgres, postgresPrograms } from './postgres.js';

describe.skipIf(!everything || postgresPrograms() === undefined)(
  'two organizations, one database, one tap that both inherit from',
  () => {
    const folder = new Folder();
    const project = folder.in('project');
    const taps = ['tap-sentry--acme', 'tap-sentry--globex'] as const;
    let [acme, globex]: Demo[] = [];
    let postgres: Postgres;
    let meltano: string;
    let bare: Record<string, string>;
    /** A command as cron starts it: another folder, almost no environment. */
    const meltanoAsCron = (...args: string[]): Promise<Answer> =>
      run(
        '/usr/bin/env',
        [
          '-i',
          ...Object.entries(bare).map(([name, value]) => `${name}=${value}`),
          meltano,
          `--cwd=${project}`,
          ...args,
        ],
        { cwd: '/' },
      );
    const rows = async (schema: string, table: string): Promise<number> =>
      Number((await postgres.all(`select count(*) from "${schema}"."${table}"`))[0]);

    beforeAll(async () => {
      meltano = await prepareMeltano();
      postgres = await Postgres.start();
      [acme, globex] = await Promise.all([
        createDemo({ seed: 1, organization: 'acme', events: 400 }),
        createDemo({ seed: 2, organization: 'globex', events: 300, token: 'sntryu_globex' }),
      ]);
      for (const demo of [acme, globex]) demo.clock.advance(120);
      mkdirSync(project);
      const executable = await install(folder.in('tap-sentry'));
      bare = { HOME: folder.path, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
      writeFileSync(
        `${project}/meltano.yml`,
        `
default_environment: prod
environments:
  - name: prod
send_anonymous_usage_stats: false
plugins:
  extractors:
    - name: tap-sentry
      namespace: tap_sentry
      executable: ${executable}
      capabilities: [catalog, discover, state, structured-logging]
      settings:
        - {name: api_token, kind: string, sensitive: true}
        - {name: organization, kind: string}
        - {name: base_url, kind: string}
        - {name: start_date, kind: date_iso8601}
      select: [${defaultStreams.map((name) => `${name}.*`).join(', ')}]
      config:
        start_date: '2024-01-01'
    - name: tap-sentry--acme
      inherit_from: tap-sentry
      load_schema: sentry_acme
      config:
        organization: acme
    - name: tap-sentry--globex
      inherit_from: tap-sentry
      load_schema: sentry_globex
      config:
        organization: globex
  loaders:
    - name: target-postgres
      namespace: target_postgres
      pip_url: pipelinewise-target-postgres==2.1.2
      executable: target-postgres
      config:
        host: 127.0.0.1
        port: ${postgres.port}
        user: postgres
        password: none
        dbname: postgres
        default_target_schema: $MELTANO_EXTRACT__LOAD_SCHEMA
`,
      );
      writeFileSync(
        `${project}/.env`,
        `TAP_SENTRY__ACME_API_TOKEN=${acme.token}\nTAP_SENTRY__ACME_BASE_URL=${acme.url}\n` +
          `TAP_SENTRY__GLOBEX_API_TOKEN=${globex.token}\nTAP_SENTRY__GLOBEX_BASE_URL=${globex.url}\n`,
      );
      await succeed(meltano, ['install'], { cwd: project });
    }, 300_000);
    afterAll(async () => {
      await acme?.close();
      await globex?.close();
      await postgres.stop();
      folder.remove();
    });

    test('one command loads both, each into a schema of its own', async () => {
      const { code, stderr } = await meltanoAsCron('run', taps[0], 'target-postgres', taps[1], 'target-postgres');
      expect(code, stderr).toBe(0);
      for (const [schema, demo] of [
        ['sentry_acme', acme],
        ['sentry_globex', globex],
      ] as const) {
        for (const stream of ['projects', 'teams', 'issues', 'releases'] as const)
          expect([schema, stream, await rows(schema, stream)]).toEqual([schema, stream, demo?.truth().count(stream)]);
      }
    }, 120_000);

    test('each has a state of its own', async () => {
      const { stdout } = await meltanoAsCron('state', 'list');
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.trim())
          .sort(),
      ).toEqual(taps.map((tap) => `prod:${tap}-to-target-postgres`));
    }, 60_000);

    test('a suffix makes another state, for a run of another kind', async () => {
      const { code } = await meltanoAsCron('run', '--state-id-suffix=backfill', taps[0], 'target-postgres');
      expect(code).toBe(0);
      expect((await meltanoAsCron('state', 'list')).stdout).toContain(
        'prod:tap-sentry--acme-to-target-postgres:backfill',
      );
    }, 120_000);

    test('a run of the same pipeline while one is going is ' +
      'refused with exit code 1; the other organization is not', async () => {
      acme?.faults.add({ kind: 'slowBody', ms: 12_000, times: 1 });
      const first = meltanoAsCron('run', taps[0], 'target-postgres');
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      const [second, other] = await Promise.all([
        meltanoAsCron('run', taps[0], 'target-postgres'),
        meltanoAsCron('run', taps[1], 'target-postgres'),
      ]);
      expect(second.code).toBe(1);
      expect(second.stderr).toMatch(/already running/);
      expect(other.code, other.stderr).toBe(0);
      expect((await first).code).toBe(0);
      acme?.faults.clear();
    }, 120_000);

    test('a refused token is exit code 1, with the reason in the log', async () => {
      writeFileSync(
        folder.in('cron.sh'),
        `#!/bin/sh\nexec ${meltano} --cwd=${project} --log-format=json run ${taps[1]} target-postgres\n`,
      );
      chmodSync(folder.in('cron.sh'), 0o755);
      const { code, stderr } = await run(
        '/usr/bin/env',
        [
          '-i',
          ...Object.entries(bare).map(([name, value]) => `${name}=${value}`),
          'TAP_SENTRY__GLOBEX_API_TOKEN=sntryu_wrong',
          folder.in('cron.sh'),
        ],
        { cwd: '/' },
      );
      expect(code).toBe(1);
      const lines = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; level: string });
      expect(lines.some(({ level, event }) => level === 'error' && event.includes('Sentry refuses the token'))).toBe(
        true,
      );
      expect(stderr).not.toContain('sntryu_wrong');
    }, 60_000);

    test('after a pipeline that fails the rest of the command is not started', async () => {
      acme?.journal.clear();
      const { code } = await run(
        '/usr/bin/env',
        [
          '-i',
          ...Object.entries(bare).map(([name, value]) => `${name}=${value}`),
          'TAP_SENTRY__GLOBEX_API_TOKEN=sntryu_wrong',
          meltano,
          `--cwd=${project}`,
          'run',
          taps[1],
          'target-postgres',
          taps[0],
          'target-postgres',
        ],
        { cwd: '/' },
      );
      expect(code).toBe(1);
      expect(acme?.journal.gauges().requests).toBe(0);
    }, 60_000);

    test('the state may be kept outside of the project', async () => {
      bare['MELTANO_STATE_BACKEND_URI'] = `file://${folder.in('states')}`;
      expect((await meltanoAsCron('run', taps[0], 'target-postgres')).code).toBe(0);
      expect((await meltanoAsCron('state', 'list')).stdout.trim()).toBe('prod:tap-sentry--acme-to-target-postgres');
      delete bare['MELTANO_STATE_BACKEND_URI'];
      expect((await meltanoAsCron('state', 'list')).stdout.trim().split('\n').length).toBeGreaterThan(1);
    }, 120_000);

    test('SIGTERM, as an orchestrator sends it at a time-out, ends Meltano with 143 and the tap within seconds; the ' +
      'next run completes', async () => {
      acme?.faults.add({ kind: 'slowBody', ms: 60_000, times: 1 });
      const child = spawn(meltano, [`--cwd=${project}`, 'run', taps[0], 'target-postgres'], {
        cwd: '/',
        env: bare,
        stdio: 'ignore',
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      acme?.journal.clear();
      await expect.poll(() => acme?.journal.gauges().maxInFlight, { timeout: 30_000 }).toBeGreaterThan(0);
      const start = performance.now();
      child.kill('SIGTERM');
      expect(await ended).toBe(143);
      expect(performance.now() - start).toBeLessThan(10_000);
      acme?.faults.clear();
      acme?.world.newIssue({});
      acme?.clock.advance(120);
      expect((await meltanoAsCron('run', taps[0], 'target-postgres')).code).toBe(0);
      expect(await rows('sentry_acme', 'issues')).toBe(acme?.truth().count('issues'));
    }, 120_000);

    test('a run whose Meltano was killed blocks the next for some minutes, unless that one is forced', async () => {
      acme?.faults.add({ kind: 'slowBody', ms: 60_000, times: 1 });
      acme?.journal.clear();
      const child = spawn(meltano, [`--cwd=${project}`, 'run', taps[0], 'target-postgres'], {
        cwd: '/',
        env: bare,
        stdio: 'ignore',
      });
      const ended = new Promise<unknown>((resolve) => child.once('close', resolve));
      await expect.poll(() => acme?.journal.gauges().maxInFlight, { timeout: 30_000 }).toBeGreaterThan(0);
      child.kill('SIGKILL');
      await ended;
      acme?.faults.clear();
      const next = await meltanoAsCron('run', taps[0], 'target-postgres');
      expect(next.code).toBe(1);
      expect(next.stderr).toMatch(/already running/);
      expect((await meltanoAsCron('run', '--force', taps[0], 'target-postgres')).code).toBe(0);
    }, 120_000);
  },
);
