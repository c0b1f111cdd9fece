/** Servers that have a route under an older path, or not at all. */
import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Demo, createDemo } from '../../demo/index.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const below = /\/organizations\/acme\/issues\/(\d+\/.*)/;
const catalogOf = (...names: string[]) => ({
  streams: names.map((name) => ({
    tap_stream_id: name,
    stream: name,
    schema: {},
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  })),
});
const catalog = catalogOf('issues', 'issue_detail', 'issue_events');

let opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** The demo behind a server that knows an issue's routes without the organization only, or not at all. */
async function older(routes: 'short' | 'none'): Promise<{ demo: Demo; url: string }> {
  const demo = await createDemo({
    seed: 7,
    events: 300,
    projects: 3,
    issues: 20,
    frozen: true,
    now: '2026-11-22T12:00:00Z',
  });
  const server: Server = createServer((asked, answer) => {
    const path = asked.url ?? '';
    if (below.test(path) || (routes === 'none' && path.includes('/0/issues/'))) {
      answer
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"detail":"The requested resource does not exist"}');
      return;
    }
    request(
      demo.origin + path.replace('/0/issues/', '/0/organizations/acme/issues/'),
      { headers: asked.headers },
      (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      },
    ).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(demo, { close: () => server.close() });
  return { demo, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/0/` };
}

describe('a server with older routes', () => {
  test('is asked on the short path when the long one has never answered', async () => {
    const { demo, url } = await older('short');
    const target = new Target();

    const { code } = await syncInto(target, { config: { ...configFor(demo), base_url: url }, catalog });

    expect(code).toBe(0);
    expect(target.keys('issue_detail')).toEqual([...demo.truth().keys('issue_detail')].sort());
    expect(target.keys('issue_events')).toEqual([...demo.truth().keys('issue_events')].sort());
  });

  test('is asked there for the parts of issues, too', async () => {
    const { demo, url } = await older('short');
    const parts = ['issue_comments', 'issue_hashes', 'issue_links', 'issue_tags', 'issue_tag_values'];
    const config = { ...configFor(demo), tag_keys: ['environment'] };
    const direct = new Target();
    const target = new Target();

    await syncInto(direct, { config, catalog: catalogOf(...parts) });
    await syncInto(target, { config: { ...config, base_url: url }, catalog: catalogOf(...parts) });

    for (const part of parts) {
      expect(direct.keys(part).length, part).toBeGreaterThan(0);
      expect(target.keys(part), part).toEqual(direct.keys(part));
    }
  });

  test('that has neither is said for each stream, and the bookmark stays', async () => {
    const { demo, url } = await older('none');
    const target = new Target();

    const { code, stderr } = await syncInto(target, { config: { ...configFor(demo), base_url: url }, catalog });

    expect(code).toBe(0);
    expect(stderr).toMatch(/issue_detail +partial +0 rows/);
    expect(stderr).toContain('answered 404 for every row');
    expect(target.state?.bookmarks['issue_events']?.['start'] ?? '2020-01-01T00:00:00Z').toBe('2020-01-01T00:00:00Z');
  });
});
