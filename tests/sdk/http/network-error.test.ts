/** What a failure of the network says, with real sockets and certificates on this machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { got } from 'got';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RetriableError, StreamError } from '../../../src/sdk/errors.js';
import { networkError } from '../../../src/sdk/http/network-error.js';
import { createTransport } from '../../../src/sdk/http/transport.js';
import { loopback } from '../../support/loopback.js';

const none = new AbortController().signal;

async function failure(url: URL, env: Record<string, string> = {}): Promise<Error> {
  const transport = await createTransport({ timeout: 2000, env, origin: url });
  const error: unknown = await transport(url, { authorization: 'Bearer secret' }, none).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('the exchange did not fail');
  return error;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a server that cannot be reached', () => {
  test('because its port is refused: base_url is named, and what to check', async () => {
    const port = await freePort();

    const error = await failure(new URL(`http://127.0.0.1:${port}/`));

    expect(error).toBeInstanceOf(RetriableError);
    expect(error).toMatchObject({
      message: `Cannot reach http://127.0.0.1:${port}: connection refused`,
      advice: 'Check base_url (is the server running, is the port right?).',
      code: 'ECONNREFUSED',
      unreachable: true,
      shortTries: Infinity,
    });
  });

  test('because its name does not resolve', async () => {
    expect(await failure(new URL('https://nobody.invalid/'))).toMatchObject({
      message: expect.stringMatching(
        /^Cannot reach https:\/\/nobody\.invalid: its name (does not resolve|cannot be looked up)$/,
      ),
      advice: expect.stringContaining('Check base_url (is the host spelt right?)'),
      unreachable: true,
    });
  });

  test('because what answers does not speak HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-server\r\n'));
    const port = await listen(server);

    const error = await failure(new URL(`http://127.0.0.1:${port}/`));
    server.close();

    expect(error).toMatchObject({
      message: `Cannot reach http://127.0.0.1:${port}: what answers does not speak HTTP`,
      advice: 'Check base_url (is the port right, should it begin with https://?).',
      unreachable: true,
    });
  });
});

describe('a server that breaks off', () => {
  test('before it answers may not have been reached at all', async () => {
    await using server = await loopback(({ raw }) => raw.socket.destroy());

    expect(await failure(server.url)).toMatchObject({ code: 'ECONNRESET', unreachable: true, shortTries: 3 });
  });

  test('in its answer has been reached', async () => {
    await using server = await loopback(({ raw }, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('[{"id":', () => setImmediate(() => raw.socket.destroy()));
    });

    expect(await failure(server.url)).toMatchObject({
      message: `${server.url.origin} broke off its answer to GET /`,
      unreachable: false,
    });
  });
});

describe('https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const pem = (name: string): Buffer => readFileSync(join(folder, `${name}.pem`));
  const servers: Server[] = [];
  const urls = { good: '', expired: '', plain: '' };

  beforeAll(async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      'key.pem',
      '-out',
      'good.pem',
      '-subj',
      '/CN=elsewhere',
      '-addext',
      'subjectAltName=DNS:elsewhere.example',
    ); // prettier-ignore
    openssl('req', '-new', '-key', 'key.pem', '-subj', '/CN=localhost', '-out', 'request.csr');
    openssl('x509', '-req', '-in', 'request.csr', '-signkey', 'key.pem', '-days', '-1', '-out', 'expired.pem');
    const good = createHttpsServer({ key: pem('key'), cert: pem('good') }, (_, response) => response.end('[]'));
    const expired = createHttpsServer({ key: pem('key'), cert: pem('expired') }, (_, response) => response.end('[]'));
    const plain = createHttpServer((_, response) => response.end('[]'));
    servers.push(good, expired, plain);
    urls.good = `localhost:${await listen(good)}`;
    urls.expired = `localhost:${await listen(expired)}`;
    urls.plain = `localhost:${await listen(plain)}`;
  });

  afterAll(() => servers.forEach((server) => server.close()));

  test('with a self-signed certificate is refused for good, with the variable that makes it known', async () => {
    const error = await failure(new URL(`https://${urls.good}/`));

    expect(error).toBeInstanceOf(StreamError);
    expect(error.message).toBe(
      `Cannot trust https://${urls.good}: it has a self-signed certificate. Check base_url; for a private ` +
        'certificate authority set NODE_EXTRA_CA_CERTS.',
    );
  });

  test.each([
    ['good', /its certificate is for another name\. Check base_url/],
    ['expired', /its certificate has expired\. Renew it, or check base_url\.$/],
  ] as const)('with a certificate that is known, but not right (%s), is refused for good', async (name, message) => {
    const url = new URL(`https://${urls[name]}/`);
    const raw: unknown = await got(url, {
      retry: { limit: 0 },
      https: { certificateAuthority: pem(name) },
    }).catch((thrown: unknown) => thrown);

    const error = networkError(raw, url, undefined);

    expect(error).toBeInstanceOf(StreamError);
    expect(error.message).toMatch(message);
  });

  test('on a port for http is refused for good', async () => {
    const error = await failure(new URL(`https://${urls.plain}/`));

    expect(error).toBeInstanceOf(StreamError);
    expect(error.message).toBe(
      `Cannot speak https with https://${urls.plain}: this port does not speak it. Check base_url (is the port ` +
        'right, should it begin with http://?).',
    );
  });

  test('where http was asked for says which scheme base_url should have', async () => {
    expect(await failure(new URL(`http://${urls.good}/`))).toMatchObject({
      message: `http://${urls.good} closed the connection before it answered GET / (ECONNRESET)`,
      advice: 'Check base_url (is the port right, should it begin with https://?).',
      unreachable: true,
    });
  });
});

describe('a proxy', () => {
  const url = new URL('http://sentry.invalid/');

  async function refusing(status: string): Promise<{ address: string; close: () => void }> {
    const server = createServer((socket) => socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\n\r\n`)));
    return { address: `http://user:hunter2@127.0.0.1:${await listen(server)}`, close: () => server.close() };
  }

  test('that is not there is named by its variable', async () => {
    const address = `127.0.0.1:${await freePort()}`;

    expect(await failure(url, { http_proxy: address })).toMatchObject({
      message: `Cannot reach http://sentry.invalid: the proxy ${address} that http_proxy names: connection refused`,
      advice: "Check http_proxy; to go without a proxy, unset it or name the server's host in NO_PROXY.",
      unreachable: true,
    });
  });

  test.each([
    ['407 Proxy Authentication Required', /wants a user name and a password \(407\)$/, /^Put them into HTTP_PROXY/],
    ['502 Bad Gateway', /that HTTP_PROXY names answered 502$/, /^Check base_url, and HTTP_PROXY/],
  ])('that answers %s is named by its variable, without its password', async (status, message, advice) => {
    const { address, close } = await refusing(status);

    const error = await failure(url, { HTTP_PROXY: address });
    close();

    expect(error).toMatchObject({
      message: expect.stringMatching(message),
      advice: expect.stringMatching(advice),
      unreachable: true,
    });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });
});

test('no error of the network holds the headers of its request', async () => {
  const error = await failure(new URL(`http://127.0.0.1:${await freePort()}/`));

  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
  expect(error.cause).toBeUndefined();
});
