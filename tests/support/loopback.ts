/** A server of the test's own on a free loopback port. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback extends AsyncDisposable {
  readonly url: URL;
  /** Path and query of each request, in order. */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
}

export type Handler = (request: { url: URL; count: number; raw: IncomingMessage }, response: ServerResponse) => void;

export async function loopback(handler: Handler): Promise<Loopback> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((raw, response) => {
    asked.push(raw.url ?? '');
    headers.push(raw.headers);
    handler({ url: new URL(raw.url ?? '/', 'http://localhost'), count: asked.length, raw }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    url,
    asked,
    headers,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}
