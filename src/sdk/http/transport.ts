/**
 * One HTTP exchange with got, and nothing above it: no retry, no redirect, no paging. Errors leave
 * without got's own objects, which hold the request's headers and so the token.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Agents, type Got, RequestError, got } from 'got';
import { longestTimer, second } from '../time.js';
import { acceptEncoding, decode } from './content-coding.js';
import type { Headers } from './headers.js';
import { networkError } from './network-error.js';
import { type Environment, type Proxy, proxyFor } from './proxy.js';

/** What came back: the body decompressed, whatever the status. */
export interface Exchange {
  status: number;
  headers: Headers;
  body: Buffer;
}

/**
 * A GET, or a POST of `body`.
 * @throws RetriableError, or StreamError where another try is useless, or the signal's reason.
 */
export type Transport = (
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  body?: string,
) => Promise<Exchange>;

export interface TransportOptions {
  /** Milliseconds until an exchange without progress is given up. */
  timeout: number;
  /** More of the environment's say: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  env: Environment;
  origin: URL;
}

const longestConnect = 30 * second;
const mostResets = 3; // of kept connections, before none is kept any more

/** The way to an origin. @throws FatalError when the environment names a proxy that cannot be used. */
export async function createTransport({ timeout, env, origin }: TransportOptions): Promise<Transport> {
  const proxy = proxyFor(origin, env);
  const connect = Math.min(timeout, longestConnect);
  const client: Got = got.extend({
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    decompress: false,
    timeout: { connect, response: Math.min(timeout, longestTimer), request: Math.min(timeout * 2, longestTimer) },
  });
  const kept = client.extend({ agent: await agents(proxy, connect, true) });
  const fresh = client.extend({ agent: await agents(proxy, connect, false) });
  let resets = 0;
  /** A server may close a connection that it had kept, without a word: the request then goes out on a new one. */
  const send: Transport = async (url, headers, signal, body) => {
    if (resets >= mostResets) return exchange(fresh, url, headers, signal, body);
    try {
      return await exchange(kept, url, headers, signal, body);
    } catch (error) {
      if (signal.aborted || !wasClosed(error)) throw error;
      resets++;
      return exchange(fresh, url, headers, signal, body);
    }
  };
  return async (url, headers, signal, sent) => {
    const {
      status,
      headers: received,
      body,
    } = await send(url, headers, signal, sent).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : networkError(error, url, proxy);
    });
    try {
      const decoded = await decode(
        body,
        received['content-encoding'],
        `${sent === undefined ? 'GET' : 'POST'} ${url.pathname}`,
      );
      return { status, headers: received, body: decoded };
    } catch (error) {
      if (status <= 400) throw error; // what a 400 means stands in its body
      return { status, headers: received, body: Buffer.alloc(0) }; // the status says enough
    }
  };
}

/** Whether a connection that was used before broke before any answer came. */
function wasClosed(error: unknown): boolean {
  if (!(error instanceof RequestError)) return false;
  const { code, request, response } = error;
  return (code === 'ECONNRESET' || code === 'EPIPE') && response === undefined && request?.reusedSocket === true;
}

async function exchange(
  client: Got,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  sent: string | undefined,
): Promise<Exchange> {
  const {
    statusCode,
    headers: received,
    body,
  } = await client(url, {
    headers: { 'accept-encoding': acceptEncoding, ...headers },
    signal,
    responseType: 'buffer',
    ...(sent === undefined ? {} : { method: 'POST', body: sent }),
  });
  return {
    status: statusCode,
    headers: single(received),
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  };
}

function single(headers: NodeJS.Dict<string | string[]>): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

async function agents(proxy: Proxy | undefined, timeout: number, keepAlive: boolean): Promise<Agents> {
  const options = { keepAlive, scheduling: 'lifo' as const };
  if (!proxy) return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  const proxied = { ...options, proxy: proxy.url.href, timeout };
  return { http: new HttpProxyAgent(proxied), https: new HttpsProxyAgent(proxied) };
}
