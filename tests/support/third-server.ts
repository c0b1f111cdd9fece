/** The library: a small API for the tap in packaging/third-tap, which takes credentials in three ways. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Loopback, loopback, sendJson } from './loopback.js';

export interface Loan {
  readonly id: number;
  readonly book: number;
  /** Seconds since 1970. */
  updated: number;
}

export interface Library {
  readonly loans: Loan[];
  /** The first token is good for one answer only. */
  readonly forgetsToken?: boolean;
}

export interface LibraryServer extends Loopback {
  readonly secret: string;
  /** Bodies that were posted, in order. */
  readonly posted: string[];
}

const size = 2;
const secret = 'quiet-please-0123456789';
const books = [1, 2, 3, 4, 5].map((id) => ({ id, title: `B${id}` }));
const readers = ['a', 'b', 'c'].map((id) => ({ id, born: null }));

export async function serveLibrary({ loans, forgetsToken = false }: Library): Promise<LibraryServer> {
  const posted: string[] = [];
  let tokens = 0;
  const valid = new Set<string>();
  const isKnown = (raw: IncomingMessage, url: URL): boolean => {
    const { authorization = '' } = raw.headers;
    const basic = `Basic ${Buffer.from(`ann:${secret}`).toString('base64')}`;
    return url.searchParams.get('key') === secret || authorization === basic || valid.has(authorization);
  };
  const answer = (url: URL, body: string, response: ServerResponse): void => {
    const from = Number(url.searchParams.get('from') ?? 0);
    if (url.pathname === '/books')
      return sendJson(response, { books: books.slice(from, from + size), total: books.length });
    if (url.pathname === '/readers') {
      const next = from + size < readers.length ? `/readers?from=${from + size}` : null;
      return sendJson(response, { data: readers.slice(from, from + size), links: { next } });
    }
    const { updated_since: since, after = '0' } = JSON.parse(body) as Record<string, string>;
    const sorted = loans.filter(({ updated }) => updated >= Number(since)).sort((a, b) => a.updated - b.updated);
    const end = Number(after) + size;
    sendJson(response, { loans: sorted.slice(Number(after), end), next: end < sorted.length ? String(end) : null });
  };
  const server = await loopback(({ url, raw }, response) => {
    let body = '';
    raw.on('data', (chunk: Buffer) => (body += chunk.toString()));
    raw.on('end', () => {
      if (raw.method === 'POST') posted.push(body);
      if (url.pathname === '/token') return giveToken(new URLSearchParams(body), response);
      if (!isKnown(raw, url)) return sendJson(response, { error: 'Who are you?' }, { status: 401 });
      if (forgetsToken) valid.delete('Bearer token-1');
      answer(url, body, response);
    });
  });
  const giveToken = (form: URLSearchParams, response: ServerResponse): void => {
    const isClient = form.get('client_id') === 'desk' && form.get('client_secret') === secret;
    if (!isClient) return sendJson(response, { error: 'invalid_client' }, { status: 400 });
    const token = `token-${++tokens}`;
    valid.add(`Bearer ${token}`);
    sendJson(response, { access_token: token, token_type: 'bearer', expires_in: 3600 });
  };
  return {
    ...server,
    secret,
    posted,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
