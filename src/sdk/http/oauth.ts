/** OAuth 2 client credentials (RFC 6749, section 4.4): a token is asked for when one is needed, and when it ends. */
import { FatalError, RetriableError } from '../errors.js';
import { minute, second } from '../time.js';
import type { Authenticator, TokenAccess } from './authenticator.js';
import { valueAt } from './body-path.js';
import type { Exchange } from './transport.js';

export interface OAuthClient {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

interface Token {
  readonly text: string;
  /** Epoch ms: from then on another one is asked for. */
  readonly until: number;
}

const margin = minute; // a token is not used in its last minute
const usualLife = 5 * minute; // of a token whose answer does not say how long it lives

export class OAuthAuthenticator implements Authenticator {
  readonly #client: OAuthClient;
  #token: Promise<Token> | undefined;
  /** The token that was put on requests last. */
  #sent: string | undefined;

  constructor(client: OAuthClient) {
    this.#client = client;
  }

  /** Requests that need a token at the same time ask for one together. */
  async headers(access: TokenAccess): Promise<Record<string, string>> {
    let token = await (this.#token ??= this.#ask(access));
    if (token.until <= access.clock.now()) token = await (this.#token = this.#ask(access));
    this.#sent = `Bearer ${token.text}`;
    return { authorization: this.#sent };
  }

  renew({ authorization }: Record<string, string>): boolean {
    if (authorization !== this.#sent) return true; // another request has renewed it
    this.#token = this.#sent = undefined;
    return true;
  }

  #ask(access: TokenAccess): Promise<Token> {
    const asked = this.#request(access);
    asked.catch(() => {
      this.#token = undefined; // the next request tries again
    });
    return asked;
  }

  async #request({ transport, clock, signal }: TokenAccess): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, scope } = this.#client;
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const form = new URLSearchParams(scope === undefined ? fields : { ...fields, scope });
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    return tokenIn(await transport(tokenUrl, headers, signal, form.toString()), tokenUrl, clock.now());
  }
}

/** @throws FatalError for a refusal, RetriableError where the server cannot answer now. */
function tokenIn({ status, body }: Exchange, { href }: URL, now: number): Token {
  if (status === 429 || status >= 500)
    throw new RetriableError(`POST ${href} answered HTTP ${status}`, { code: `ERR_HTTP_${status}` });
  const answer = status === 200 ? parsed(body) : undefined;
  const [text, life] = [valueAt(answer, 'access_token'), valueAt(answer, 'expires_in')];
  if (typeof text !== 'string' || text === '')
    throw new FatalError(`${href} gives no token: HTTP ${status}. Check the client's id and secret.`, {
      code: `ERR_HTTP_${status}`,
    });
  const length = typeof life === 'number' ? life * second : usualLife;
  return { text, until: now + Math.max(length - margin, length / 2) };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
