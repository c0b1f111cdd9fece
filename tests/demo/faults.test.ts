/** Every kind of fault, seen by a plain client. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { createDemo, faultKinds, type Demo, type FaultKind } from '../../demo/index.js';
import { all, get, org, project } from './client.js';

let demo: Demo;
beforeAll(async () => {
  demo = await createDemo({ issues: 150, events: 1000 });
});
afterEach(() => demo.faults.clear());
afterAll(() => demo.close());

const path = (): string => org(demo, 'issues/?project=-1&query=&limit=50');
const play = async (kind: FaultKind, more: object = {}): Promise<Awaited<ReturnType<typeof get>>> => {
  demo.faults.add({ kind, ...more });
  return get(demo, path());
};

const expected: Record<FaultKind, (reply: () => Promise<Awaited<ReturnType<typeof get>>>) => Promise<void>> = {
  status: async (reply) => expect(await reply()).toMatchObject({ status: 500, json: { detail: 'Internal Error' } }),
  htmlError: async (reply) => {
    const { status, text } = await reply();
    expect([status, text.slice(0, 9)]).toEqual([502, '<!DOCTYPE']);
  },
  loginPage: async (reply) => {
    const { status, text } = await reply();
    expect([status, text.includes('Sign In')]).toEqual([200, true]);
  },
  reset: async (reply) => expect(reply()).rejects.toThrow(),
  truncate: async (reply) => expect(reply()).rejects.toThrow(),
  slowBody: async (reply) => {
    const start = performance.now();
    expect((await reply()).rows).toHaveLength(50);
    expect(performance.now() - start).toBeGreaterThan(75);
  },
  badJson: async (reply) => {
    const { status, json } = await reply();
    expect([status, json]).toEqual([200, undefined]);
  },
  emptyPageWithNext: async (reply) =>
    expect(await reply()).toMatchObject({ status: 200, rows: [], links: { next: { results: 'true' } } }),
  repeatCursor: async (reply) => expect((await reply()).links.next).toMatchObject({ results: 'true', cursor: '1:0:0' }),
  noLink: async (reply) => expect((await reply()).headers.get('link')).toBeNull(),
  malformedLink: async (reply) => expect((await reply()).headers.get('link')).toContain('not a link'),
  brokenGzip: async () => {
    // Not by fetch, which waits for ever for such a body on some Node.js 22.
    demo.faults.add({ kind: 'brokenGzip' });
    const [answer] = (await once(
      request(new URL(path(), demo.url), { headers: { authorization: `Bearer ${demo.token}` } }).end(),
      'response',
    )) as [IncomingMessage];
    expect(answer.headers['content-encoding']).toBe('gzip');
    const body = await buffer(answer);
    expect(() => gunzipSync(body)).toThrow();
  },
  redirect: async (reply) => {
    const { status, headers } = await reply();
    expect([status, headers.get('location')]).toEqual([302, 'https://elsewhere.invalid/']);
  },
  brownout410: async (reply) =>
    expect(await reply()).toMatchObject({ status: 410, json: { message: 'This API no longer exists.' } }),
  unauthorized: async (reply) =>
    expect(await reply()).toMatchObject({ status: 401, json: { detail: 'Invalid token' } }),
  permanent400: async (reply) => expect((await reply()).status).toBe(400),
  retryable400: async (reply) => {
    const { status, text } = await reply();
    expect([status, text.includes('Query timeout. Please try again.')]).toEqual([400, true]);
  },
};

describe('faults', () => {
  it.each(faultKinds)('play %s', async (kind) => {
    await expected[kind](() => play(kind, kind === 'slowBody' ? { ms: 80 } : {}));
  });

  it('take any status, body and headers', async () => {
    const reply = await play('status', { status: 503, body: 'try later', headers: { 'Retry-After': '3' } });
    expect([reply.status, reply.text, reply.headers.get('retry-after')]).toEqual([503, 'try later', '3']);
  });

  it('hit the routes they name: by name, by template, or by a pattern', async () => {
    for (const match of ['events', '/projects/{organization}/{project}/events/', /events\/\?per_page=1/]) {
      demo.faults.clear();
      demo.faults.add({ kind: 'status', match });
      expect((await get(demo, path())).status).toBe(200);
      expect((await get(demo, project(demo, 'storefront', 'events/?per_page=1'))).status).toBe(500);
    }
  });

  it('come after a while, so many times, every n-th time, or by a repeatable chance', async () => {
    const pattern = async (more: object): Promise<string> => {
      demo.faults.clear();
      demo.faults.add({ kind: 'status', ...more });
      const statuses = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await get(demo, org(demo, 'teams/'))).status === 500 ? 'x' : '.');
      return statuses.join('');
    };
    expect(await pattern({ times: 2 })).toBe('xx....');
    expect(await pattern({ after: 1, times: 2 })).toBe('.xx...');
    expect(await pattern({ every: 3 })).toBe('..x..x');
    expect(await pattern({ probability: 0 })).toBe('......');
    expect(await pattern({ probability: 1 })).toBe('xxxxxx');
  });

  it('lose no row when an empty page comes first', async () => {
    const whole = await all(demo, path());
    demo.faults.add({ kind: 'emptyPageWithNext' });
    expect(await all(demo, path())).toEqual(whole);
    const events = project(demo, 'storefront', 'events/');
    expect(await all(demo, events)).toHaveLength(
      [...demo.truth().rows('events')].filter((row) => row.projectID === demo.world.state.projects[0]?.id).length,
    );
  });

  it('stand in the journal', async () => {
    demo.journal.clear();
    await play('badJson', { times: 1 });
    expect(demo.journal.entries).toMatchObject([{ name: 'issues', status: 200, fault: 'badJson' }]);
  });

  it('refuse a kind nobody knows', () => {
    expect(() => demo.faults.add({ kind: 'meteor' as FaultKind })).toThrow('no fault is called meteor');
  });
});
