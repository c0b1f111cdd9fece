/** Rate limits: headers, both refusals, and when they end. */
import { describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { get, org, project } from './client.js';

const now = '2026-03-01T12:00:10Z';

describe('limits', () => {
  it('are off unless asked for', async () => {
    await using demo = await createDemo();
    expect(
      [...(await get(demo, org(demo, 'teams/'))).headers.keys()].filter((name) => name.startsWith('x-sentry-rate')),
    ).toEqual([]);
  });

  it('refuse the 61st page of events in a minute, and say when the window ends', async () => {
    await using demo = await createDemo({ now, frozen: true, limits: 'sentry.io' });
    const path = project(demo, 'storefront', 'events/?per_page=1');
    const replies = [];
    for (let n = 0; n < 61; n += 1) replies.push(await get(demo, path));
    const [first, last] = [replies[0], replies[60]];
    expect(first?.headers.get('x-sentry-rate-limit-remaining')).toBe('59');
    expect(last?.status).toBe(429);
    expect(last?.json).toEqual({
      detail: 'You are attempting to use this endpoint too frequently. Limit is 60 requests in 60 seconds',
    });
    expect(Object.fromEntries([...(last?.headers ?? [])].filter(([name]) => name.startsWith('x-sentry')))).toEqual({
      'x-sentry-rate-limit-limit': '60',
      'x-sentry-rate-limit-remaining': '0',
      'x-sentry-rate-limit-reset': String(Date.parse('2026-03-01T12:01:00Z') / 1000),
      'x-sentry-rate-limit-concurrentlimit': '1',
      'x-sentry-rate-limit-concurrentremaining': '0',
    });
    expect(last?.headers.get('retry-after')).toBeNull();
    demo.clock.advance(50);
    expect((await get(demo, path)).status).toBe(200);
  });

  it('count each route for itself', async () => {
    await using demo = await createDemo({
      now,
      frozen: true,
      limits: [{ route: 'teams', limit: 1, seconds: 60, concurrent: 5 }],
    });
    expect((await get(demo, org(demo, 'teams/'))).status).toBe(200);
    expect((await get(demo, org(demo, 'teams/'))).status).toBe(429);
    expect((await get(demo, org(demo, 'projects/'))).status).toBe(200);
  });

  it('refuse more calls at a time than allowed', async () => {
    await using demo = await createDemo({ limits: 'sentry.io', latencyMs: 60 });
    const path = project(demo, 'storefront', 'events/?per_page=1');
    const replies = await Promise.all([get(demo, path), get(demo, path)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect(replies.find(({ status }) => status === 429)?.json).toEqual({
      detail: 'You are attempting to go above the allowed concurrency for this endpoint. Concurrency limit is 1',
    });
    expect((await get(demo, path)).status).toBe(200);
    expect(demo.journal.gauges()).toMatchObject({ maxInFlight: 2, tooMany: 1 });
  });

  it('share one count between all routes of sentry.io that have none of their own', async () => {
    await using demo = await createDemo({ now, frozen: true, limits: 'sentry.io' });
    const remaining = async (path: string): Promise<string | null> =>
      (await get(demo, path)).headers.get('x-sentry-rate-limit-remaining');
    expect(await remaining(org(demo, 'teams/'))).toBe('39');
    expect(await remaining(org(demo, 'projects/'))).toBe('38');
    expect(await remaining(org(demo, 'issues/?project=-1&query='))).toBe('9');
    for (let n = 0; n < 38; n += 1) await get(demo, org(demo, 'members/'));
    expect((await get(demo, org(demo, 'releases/'))).status).toBe(429);
    expect((await get(demo, project(demo, 'storefront', 'events/'))).status).toBe(200);
  });

  it('were counted for each route until 2025', async () => {
    await using demo = await createDemo({ now, frozen: true, server: 'sentry-2025', limits: 'server' });
    for (const path of ['teams/', 'projects/'])
      expect((await get(demo, org(demo, path))).headers.get('x-sentry-rate-limit-remaining')).toBe('39');
  });

  it('are wider for the token of an integration', async () => {
    await using demo = await createDemo({ now, frozen: true, limits: 'server', tokenKind: 'integration' });
    const { headers } = await get(demo, project(demo, 'storefront', 'events/'));
    expect(headers.get('x-sentry-rate-limit-concurrentlimit')).toBe('2');
    const issues = await get(demo, org(demo, 'issues/?project=-1&query='));
    expect(issues.headers.get('x-sentry-rate-limit-limit')).toBe('20');
  });

  it("are not there on servers of one's own", async () => {
    await using demo = await createDemo({ server: 'glitchtip', limits: 'server' });
    expect((await get(demo, org(demo, 'teams/'))).headers.has('x-sentry-rate-limit-limit')).toBe(false);
  });

  it('have windows that can be made shorter', async () => {
    await using demo = await createDemo({ limits: { preset: 'sentry.io', timeScale: 0.1 } });
    expect(demo.limits.rules.find(({ route }) => route === 'events')?.seconds).toBe(6);
  });
});
