/** The controls under `/_demo/`, the journal, and the process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { control, get, org } from './client.js';

const demo = await createDemo({ now: '2026-03-01T12:00:00Z', frozen: true });
afterAll(() => demo.close());

describe('control', () => {
  it('tells the truth, in rows or in keys', async () => {
    expect(await control(demo, 'GET', 'truth?streams=issues,events')).toEqual({
      issues: [...demo.truth().rows('issues')],
      events: [...demo.truth().rows('events')],
    });
    expect(await control(demo, 'GET', 'truth?ids=1&streams=projects')).toEqual({
      projects: [...demo.truth().keys('projects')],
    });
    expect(await control(demo, 'GET', 'truth?streams=weather')).toMatchObject({
      error: expect.stringContaining('no such stream') as unknown,
    });
  });

  it('keeps a journal with gauges, and clears it', async () => {
    await control(demo, 'DELETE', 'journal');
    await get(demo, org(demo, 'projects/?per_page=2'));
    await get(demo, org(demo, 'nothing/'));
    const { gauges, entries } = await control(demo, 'GET', 'journal');
    expect(entries).toMatchObject([
      {
        method: 'GET',
        path: '/api/0/organizations/acme/projects/',
        query: 'per_page=2',
        route: '/organizations/{organization}/projects/',
        name: 'projects',
        status: 200,
        rows: 2,
        time: '2026-03-01T12:00:00.000Z',
      },
      { route: '-', status: 404, rows: 0 },
    ]);
    expect(gauges).toMatchObject({
      requests: 2,
      routes: { '/organizations/{organization}/projects/': 1, '-': 1 },
      tooMany: 0,
      maxInFlight: 1,
      meanInFlight: 1,
      cpuMs: expect.any(Number) as unknown,
    });
  });

  it('moves the clock', async () => {
    expect(await control(demo, 'POST', 'clock', { advance: 90 })).toEqual({ now: '2026-03-01T12:01:30.000Z' });
  });

  it('acts on the world and remembers it', async () => {
    const { id } = (
      await control(demo, 'POST', 'act', {
        action: 'newIssue',
        project: 'storefront',
        title: 'Teapot is short and stout',
      })
    ).result as { id: string };
    await control(demo, 'POST', 'act', { action: 'resolve', issue: id });
    expect((await get(demo, org(demo, `issues/${id}/`))).json).toMatchObject({
      title: 'Teapot is short and stout',
      status: 'resolved',
    });
    expect(demo.world.history.map(({ action }) => action)).toEqual(['newIssue', 'addEvents', 'set_resolved']);
    expect(await control(demo, 'POST', 'act', { action: 'toString' })).toMatchObject({
      error: expect.stringContaining('no such action') as unknown,
    });
    expect(await control(demo, 'POST', 'act', { action: 'resolve', issue: '1' })).toEqual({ error: 'no issue 1' });
  });

  it('sets faults, limits and behaviour', async () => {
    await control(demo, 'POST', 'faults', { kind: 'status', status: 503, pattern: 'teams/', times: 1 });
    expect((await get(demo, org(demo, 'teams/'))).status).toBe(503);
    expect((await get(demo, org(demo, 'teams/'))).status).toBe(200);
    await control(demo, 'POST', 'limits', { rules: [{ route: '*', limit: 0, seconds: 1, concurrent: 1 }] });
    expect((await get(demo, org(demo, 'teams/'))).status).toBe(429);
    await control(demo, 'POST', 'limits', { preset: 'off' });
    await control(demo, 'POST', 'behaviour', { usersEndpoint: false });
    expect((await get(demo, org(demo, 'users/'))).status).toBe(404);
    expect(await control(demo, 'POST', 'behaviour', { humour: true })).toEqual({ error: 'no such behaviour: humour' });
  });

  it('answers packed when asked and able', async () => {
    await using packed = await createDemo({ gzip: true, latencyMs: 5 });
    const [plain, zipped] = [
      await get(packed, org(packed, 'projects/'), { 'accept-encoding': 'identity' }),
      await get(packed, org(packed, 'projects/'), { 'accept-encoding': 'gzip' }),
    ];
    expect([plain.headers.get('content-encoding'), zipped.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(zipped.json).toEqual(plain.json);
    expect(packed.journal.entries.every(({ ms }) => ms >= 4)).toBe(true);
  });
});

describe('demo/main.ts', () => {
  it('prints where it listens, in one line, and ends on SIGTERM', async () => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'demo/main.ts',
        '--port',
        '0',
        '--seed',
        '5',
        '--projects',
        '3',
        '--events',
        '100',
        '--behaviour',
        '{"usersEndpoint":false}',
        '--server',
        'glitchtip',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url, token, organization } = JSON.parse(line.toString()) as Record<string, string>;
    const ask = (path: string): Promise<Response> =>
      fetch(new URL(`organizations/${organization}/${path}`, url), { headers: { authorization: `Bearer ${token}` } });
    const projects = await ask('projects/');
    expect(projects.headers.get('link')).toMatch(/^\{'<.*'\}$/);
    expect(await projects.json()).toHaveLength(3);
    expect((await ask('users/')).status).toBe(404);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('refuses what it does not understand', async () => {
    for (const args of [
      ['--events', 'many'],
      ['--weather', 'fine'],
      ['--server', 'sentry-8'],
      ['--limits', 'few'],
    ]) {
      const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', ...args], { stdio: 'ignore' });
      expect(await once(child, 'exit')).toEqual([1, null]);
    }
  });
});
