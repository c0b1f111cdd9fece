/**
 * One HTTP exchange with got, and nothing above it: no retry, no redirect, no paging. Errors leave
 * without got's own objects, which hold the request's headers and so the token.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Agents, type Got, RequestError, got } from 'got';
import { RetriableError, StreamError } from '../errors.js';
import type { Headers } from './paginator.js';

export interface Exchange {
  status: number;
  headers: Headers;
  body: Buffer;
}

export type Transport = (url: URL, headers: Record<string, string>, signal: AbortSignal) => Promise<Exchange>;

export interface TransportOptions {
  /** Milliseconds until an exchange without progress is given up. */
  timeout: number;
  /** More of the environment's say: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  env: Readonly<Record<string, string | undefined>>;
  origin: URL;
}

/** Failures that another try will not mend. */
const permanent = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_UNSUPPORTED_PROTOCOL',
  'EPROTO',
]);

export async function createTransport({ timeout, env, origin }: TransportOptions): Promise<Transport> {
  const agent = await agents(origin, env);
  const client: Got = got.extend({
    agent,
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    decompress: true,
    timeout: { connect: Math.min(timeout, 30_000), response: timeout, request: timeout * 2 },
  });
  return async (url, headers, signal) => {
    try {
      const response = await client(url, { headers, signal, responseType: 'buffer' });
      return {
        status: response.statusCode,
        headers: single(response.headers),
        body: Buffer.from(response.body.buffer, response.body.byteOffset, response.body.byteLength),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw translate(error, url);
    }
  };
}

function translate(error: unknown, url: URL): Error {
  const { code = 'ERR_NETWORK', message } = error instanceof RequestError ? error : { message: String(error) };
  const text = `${url.origin}: ${message} (${code})`;
  return permanent.has(code)
    ? new StreamError(`${text}. Check base_url; for a private certificate authority set NODE_EXTRA_CA_CERTS.`, { code })
    : new RetriableError(text, { code });
}

function single(headers: NodeJS.Dict<string | string[]>): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

async function agents(origin: URL, env: TransportOptions['env']): Promise<Agents> {
  const proxy = proxyFor(origin, env);
  if (proxy) {
    const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
    const options = { proxy, keepAlive: true, scheduling: 'lifo' as const };
    return { http: new HttpProxyAgent(options), https: new HttpsProxyAgent(options) };
  }
  return {
    http: new HttpAgent({ keepAlive: true, scheduling: 'lifo' }),
    https: new HttpsAgent({ keepAlive: true, scheduling: 'lifo' }),
  };
}

/** The proxy that the environment names for an origin, if any (the usual variables, either case). */
export function proxyFor(origin: URL, env: TransportOptions['env']): string | undefined {
  const read = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const excluded = (read('NO_PROXY') ?? '')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean);
  const host = origin.hostname.toLowerCase();
  const matches = (entry: string) => {
    const [name = '', port] = entry.replace(/^\*?\./, '').split(':');
    return (
      entry === '*' || ((host === name || host.endsWith(`.${name}`)) && (port === undefined || port === origin.port))
    );
  };
  if (excluded.some(matches)) return undefined;
  return origin.protocol === 'https:'
    ? (read('HTTPS_PROXY') ?? read('ALL_PROXY'))
    : (read('HTTP_PROXY') ?? read('ALL_PROXY'));
}
