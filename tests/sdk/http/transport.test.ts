import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { RetriableError } from '../../../src/sdk/errors.js';
import { createTransport, proxyFor } from '../../../src/sdk/http/transport.js';
import { loopback, sendJson } from '../../support/loopback.js';

const none = new AbortController().signal;
const token = 'Bearer secret-token-of-a-test';

describe('proxyFor', () => {
  const https = new URL('https://sentry.example/api/0/');
  const http = new URL('http://sentry.example:9000/api/0/');

  test.each([
    ['the variable of the scheme', https, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://p:1'],
    ['the variable of the scheme', http, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://q:1'],
    [
      'the small letters first',
      https,
      { HTTPS_PROXY: 'http://big:1', https_proxy: 'http://small:1' },
      'http://small:1',
    ],
    ['ALL_PROXY where nothing else is said', http, { ALL_PROXY: 'http://all:1' }, 'http://all:1'],
    ['nothing when nothing is set', https, {}, undefined],
    ['nothing when the variable is empty', https, { HTTPS_PROXY: '' }, undefined],
    ['nothing for another scheme', https, { HTTP_PROXY: 'http://q:1' }, undefined],
    [
      'nothing for an excluded host',
      https,
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'other, Sentry.Example' },
      undefined,
    ],
    ['nothing for an excluded domain', https, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.example' }, undefined],
    ['nothing for a domain with a star', https, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*.example' }, undefined],
    ['nothing when everything is excluded', https, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
    ['nothing for an excluded port', http, { HTTP_PROXY: 'http://q:1', NO_PROXY: 'sentry.example:9000' }, undefined],
    ['a proxy for another port', http, { HTTP_PROXY: 'http://q:1', NO_PROXY: 'sentry.example:80' }, 'http://q:1'],
    [
      'a proxy for a name that only ends alike',
      https,
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'entry.example' },
      'http://p:1',
    ],
  ])('finds %s', (_, origin, env, proxy) => {
    expect(proxyFor(origin, env)).toBe(proxy);
  });
});

describe('an exchange', () => {
  test('gives status, headers in small letters, and the body as it came', async () => {
    await using server = await loopback((_, response) =>
      sendJson(response, '{"id": 12345678901234567890}', { status: 418, headers: { 'X-Some-Thing': 'Yes' } }),
    );
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    const { status, headers, body } = await transport(new URL('a?b=c%20d', server.url), { authorization: token }, none);

    expect(status).toBe(418);
    expect(headers['x-some-thing']).toBe('Yes');
    expect(body.toString()).toBe('{"id": 12345678901234567890}');
    expect(server.asked).toEqual(['/a?b=c%20d']);
    expect(server.headers[0]?.authorization).toBe(token);
  });

  test('follows no redirect and repeats nothing', async () => {
    await using server = await loopback((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    expect((await transport(server.url, {}, none)).status).toBe(302);

    expect(server.asked).toHaveLength(1);
  });

  test('that breaks off is worth another try, and its error holds no token', async () => {
    await using server = await loopback(({ raw }) => raw.socket.destroy());
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    const error = await transport(server.url, { authorization: token }, none).catch(
      (thrown: unknown) => thrown as RetriableError,
    );

    expect(error).toBeInstanceOf(RetriableError);
    expect((error as RetriableError).code).toBe('ECONNRESET');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret-token');
    expect((error as RetriableError).cause).toBeUndefined();
  });

  test('whose body is cut off is worth another try', async () => {
    await using server = await loopback(({ raw }, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('[{"id":', () => setImmediate(() => raw.socket.destroy()));
    });
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    await expect(transport(server.url, {}, none)).rejects.toBeInstanceOf(RetriableError);
  });

  test('that is not answered in time is given up', async () => {
    await using server = await loopback(() => undefined);
    const transport = await createTransport({ timeout: 50, env: {}, origin: server.url });

    await expect(transport(server.url, {}, none)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  test('ends at once with the reason when the run is stopped', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    await using server = await loopback(() => stop.abort(reason));
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    await expect(transport(server.url, {}, stop.signal)).rejects.toBe(reason);
  });

  test('goes through the proxy that the environment names', async () => {
    const seen: string[] = [];
    const proxy = createServer((socket) =>
      socket.once('data', (data) => {
        seen.push(data.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
      }),
    );
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const origin = new URL('http://sentry.invalid/');
    const transport = await createTransport({ timeout: 5000, env: { HTTP_PROXY: `http://127.0.0.1:${port}` }, origin });

    await transport(new URL('x', origin), {}, none).catch(() => undefined);
    proxy.close();

    expect(seen[0]).toMatch(/sentry\.invalid/);
  });
});
