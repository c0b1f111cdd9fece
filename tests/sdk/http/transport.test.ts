import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RetriableError, StreamError } from '../../../src/sdk/errors.js';
import { createTransport } from '../../../src/sdk/http/transport.js';
import { loopback, sendJson } from '../../support/loopback.js';

const none = new AbortController().signal;
const token = 'Bearer secret-token-of-a-test';

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

    await expect(transport(server.url, {}, none)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: `${server.url.origin} did not answer GET / within the timeout`,
      unreachable: false,
      shortTries: 2,
    });
  });

  test('with a time-out beyond what timers take still has its time', async () => {
    await using server = await loopback((_, response) => setImmediate(() => sendJson(response, [])));
    const transport = await createTransport({ timeout: 3_000_000_000, env: {}, origin: server.url });

    expect((await transport(server.url, {}, none)).status).toBe(200);
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

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['X-GZip', gzipSync],
    ['identity', (body: Buffer) => body],
    ['gzip, gzip', (body: Buffer) => gzipSync(gzipSync(body))],
    ['gzip, gzip', gzipSync], // a proxy has repeated the header
    ['br, gzip', (body: Buffer) => gzipSync(brotliCompressSync(body))],
  ])('whose body comes in %s is unpacked', async (coding, pack) => {
    await using server = await loopback((_, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(pack(Buffer.from('[1]'))),
    );
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    expect((await transport(server.url, {}, none)).body.toString()).toBe('[1]');
    expect(server.headers[0]?.['accept-encoding']).toBe('gzip, deflate, br');
  });

  test.each(['zstd', 'compress', 'gzip, zstd', 'constructor', 'gzip, gzip, gzip, gzip'])(
    'in a coding that was not asked for (%s) says so',
    async (coding) => {
      await using server = await loopback((_, response) =>
        response.writeHead(200, { 'content-encoding': coding }).end('rubbish'),
      );
      const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

      const error: unknown = await transport(server.url, {}, none).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(StreamError);
      expect((error as StreamError).message).toContain(
        `answered in a content coding that was not asked for (${coding};`,
      );
    },
  );

  test.each([
    ['gzip', Buffer.from('rubbish')],
    ['gzip', gzipSync('[1,2,3]').subarray(0, 15)],
    ['br', Buffer.from('rubbish')],
    ['deflate', Buffer.from('rubbish')],
  ])('whose body is no valid %s is worth another try', async (coding, body) => {
    await using server = await loopback((_, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(body),
    );
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    await expect(transport(server.url, {}, none)).rejects.toMatchObject({
      name: 'RetriableError',
      message: `GET / answered with a body that is not valid ${coding} (${body.length} bytes)`,
      code: 'ERR_CONTENT_CODING',
    });
  });

  test('that is refused keeps its status when its body cannot be unpacked', async () => {
    await using server = await loopback((_, response) =>
      response.writeHead(403, { 'content-encoding': 'zstd' }).end('rubbish'),
    );
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    const { status, body } = await transport(server.url, {}, none);

    expect([status, body.length]).toEqual([403, 0]);
  });

  test('that is refused for a reason (400) is worth another try when its body cannot be unpacked', async () => {
    await using server = await loopback((_, response) =>
      response.writeHead(400, { 'content-encoding': 'gzip' }).end('rubbish'),
    );
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    await expect(transport(server.url, {}, none)).rejects.toMatchObject({ code: 'ERR_CONTENT_CODING' });
  });

  test('without a body needs no unpacking', async () => {
    await using server = await loopback((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end());
    const transport = await createTransport({ timeout: 5000, env: {}, origin: server.url });

    expect((await transport(server.url, {}, none)).body.length).toBe(0);
  });
});
