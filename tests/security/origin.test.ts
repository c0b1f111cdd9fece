/** The token goes to the configured origin, or to the proxy in front of it, and nowhere else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, createDemo } from '../../demo/index.js';
import { loopback, sendJson } from '../support/loopback.js';
import { configFor, runTap } from '../support/tap-process.js';

const small = {
  now: '2026-03-01T12:00:00Z',
  frozen: true,
  projects: 2,
  issues: 5,
  events: 300,
  releases: 3,
  tokenKind: 'integration',
} as const;
const done = /Done: [\d,]+ rows of 8 streams/;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('another host', () => {
  test('that a redirect names is not asked', async () => {
    await using other = await loopback((_, response) => sendJson(response, []));
    await using demo = await createDemo({
      ...small,
      faults: [{ kind: 'redirect', url: new URL('steal', other.url).href, after: 3, match: 'events' }],
    });

    const { code, stderr } = await runTap({ config: configFor(demo) });

    expect(code).toBe(1);
    expect(other.asked).toEqual([]);
    expect(stderr).toContain(
      `redirected to another origin (${other.url.origin}); it is not followed, since the token would go along`,
    );
  });

  test('that Link headers name is not asked: only their cursor is used', async () => {
    await using other = await loopback((_, response) => sendJson(response, []));
    await using demo = await createDemo({ ...small, linkOrigin: other.url.origin });

    const { code, stderr } = await runTap({ config: configFor(demo, { page_size: 10 }) });

    expect(code, stderr).toBe(0);
    expect(other.asked).toEqual([]);
  });
});

const lists = '(?:projects|teams|members|issues|releases)/';
const expectedPath = new RegExp(
  `^/api/0/(?:organizations/acme/(?:${lists}|releases/[^/]+/)?|projects/acme/[^/]+/(?:events/)?)$`,
);

describe('names from the server', () => {
  test.each(['../../../../other', 'a/b?c#d', 'v1@2+3 4', '%2e%2e', 'ü😀', ' ', '..', '.'])(
    'in a path (%j) stay one segment of it',
    async (version) => {
      await using demo = await createDemo({ ...small, events: 10 });
      demo.world.newRelease({ version, at: '2026-02-28T00:00:00Z' });

      const { stderr } = await runTap({ config: configFor(demo) });

      const paths = demo.journal.entries.map(({ path }) => path);
      expect(paths.filter((path) => !expectedPath.test(path))).toEqual([]);
      if (/^\.+$/.test(version)) expect(stderr).toContain(`${JSON.stringify(version)} cannot be part of a path`);
      else expect(paths).toContain(`/api/0/organizations/acme/releases/${encodeURIComponent(version)}/`);
    },
  );
});

describe('a proxy', () => {
  /** A proxy for plain requests that sends all of them to the demo, whatever their host. */
  async function forwardProxy(demo: Demo): Promise<{ url: string; asked: string[]; close: () => void }> {
    const asked: string[] = [];
    const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
      asked.push(incoming.url ?? '');
      const url = new URL(incoming.url ?? '', demo.origin);
      incoming.pipe(
        request(
          `${demo.origin}${url.pathname}${url.search}`,
          { headers: { ...incoming.headers, host: new URL(demo.origin).host } },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          },
        ),
      );
    });
    server.on('connect', (incoming: IncomingMessage, socket, head: Buffer) => {
      asked.push(`CONNECT ${incoming.url ?? ''}`);
      const onward = connect(Number(new URL(demo.origin).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    const port = await listen(server);
    return {
      url: `http://127.0.0.1:${port}`,
      asked,
      close: () => server.close(() => undefined).closeAllConnections(),
    };
  }

  test('that HTTP_PROXY names carries every request; plain http beyond this machine is warned about', async () => {
    await using demo = await createDemo(small);
    const proxy = await forwardProxy(demo);

    const { code, stderr } = await runTap({
      config: configFor(demo, { base_url: 'http://sentry.intra.example/' }),
      env: { HTTP_PROXY: proxy.url },
    });

    proxy.close();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(done);
    expect(proxy.asked.length).toBeGreaterThan(0);
    expect(demo.journal.entries.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/WARNING.*base_url is plain http: the token travels to sentry\.intra\.example unencrypted/);
  });

  test('is not used for hosts that NO_PROXY names', async () => {
    await using demo = await createDemo(small);
    const proxy = await forwardProxy(demo);

    const { code, stderr } = await runTap({
      config: configFor(demo),
      env: { HTTP_PROXY: proxy.url, NO_PROXY: 'example.com,127.0.0.1' },
    });

    proxy.close();
    expect(code, stderr).toBe(0);
    expect(proxy.asked).toEqual([]);
    expect(stderr).not.toMatch(/plain http/);
  });
});

describe('a server with a certificate of a private authority', () => {
  const folder = mkdtempSync(join(tmpdir(), 'private-ca-'));
  const certificate = join(folder, 'cert.pem');
  let demo: Demo;
  let server: Server;
  let url: string;
  let port: number;

  beforeAll(async () => {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        certificate,
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,DNS:sentry.intra.example,IP:127.0.0.1',
      ],
      { stdio: 'ignore' },
    );
    demo = await createDemo(small);
    server = createSecureServer(
      { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(certificate) },
      (incoming, response) => {
        incoming.pipe(
          request(
            `${demo.origin}${incoming.url ?? ''}`,
            { headers: { ...incoming.headers, host: new URL(demo.origin).host } },
            (answer) => {
              response.writeHead(answer.statusCode ?? 502, answer.headers);
              answer.pipe(response);
            },
          ),
        );
      },
    );
    port = await listen(server);
    url = `https://localhost:${port}/`;
  });

  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await demo.close();
  });

  test('is refused, with the variable that makes it known', async () => {
    const { code, stdout, stderr } = await runTap({ config: configFor(demo, { base_url: url }) });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /self-signed certificate.*Check base_url; for a private certificate authority set NODE_EXTRA_CA_CERTS/i,
    );
  });

  test('is read once NODE_EXTRA_CA_CERTS names it', async () => {
    const { code, stderr } = await runTap({
      config: configFor(demo, { base_url: url }),
      env: { NODE_EXTRA_CA_CERTS: certificate },
    });

    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(done);
  });

  test('is read through a proxy that only sees a tunnel', async () => {
    const seen: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (incoming: IncomingMessage, socket) => {
      seen.push(`${incoming.url ?? ''} ${JSON.stringify(incoming.headers)}`);
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    const own = await listen(proxy);

    const { code, stderr } = await runTap({
      config: configFor(demo, { base_url: 'https://sentry.intra.example/' }),
      env: { HTTPS_PROXY: `http://127.0.0.1:${own}`, NODE_EXTRA_CA_CERTS: certificate },
    });

    proxy.close();
    proxy.closeAllConnections();
    expect(code, stderr).toBe(0);
    expect(seen[0]).toMatch(/^sentry\.intra\.example:443 /);
    expect(seen.join('\n')).not.toContain(demo.token);
  });
});
