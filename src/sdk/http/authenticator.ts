/** Puts credentials on a request. They are private, so that no inspection of an object prints them. */
import type { Clock } from '../time.js';
import type { Transport } from './transport.js';

/** What an authenticator may ask for a token with. */
export interface TokenAccess {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type Credentials = Record<string, string>;

export interface Authenticator {
  /** @throws FatalError, RetriableError when a token has to be asked for, and is not given. */
  headers(access: TokenAccess): Credentials | Promise<Credentials>;
  /** Query parameters. They are in no log, since they are added when a request goes out. */
  params?(): Credentials;
  /** The server refuses what was sent. Answers whether there will be other credentials. */
  renew?(sent: Credentials): boolean;
}

/** `Authorization: Bearer <token>`. */
export class BearerAuthenticator implements Authenticator {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  headers(): Credentials {
    return { authorization: `Bearer ${this.#token}` };
  }
}

/** `Authorization: Basic …`, of a user and a password. */
export class BasicAuthenticator implements Authenticator {
  readonly #credentials: string;

  constructor(user: string, password: string) {
    this.#credentials = Buffer.from(`${user}:${password}`).toString('base64');
  }

  headers(): Credentials {
    return { authorization: `Basic ${this.#credentials}` };
  }
}

/** An API key in a header, or in a query parameter, of its own. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly #key: string;

  constructor(
    private readonly name: string,
    key: string,
    private readonly place: 'header' | 'query' = 'header',
  ) {
    this.#key = key;
  }

  headers(): Credentials {
    return this.place === 'header' ? { [this.name.toLowerCase()]: this.#key } : {};
  }

  params(): Credentials {
    return this.place === 'query' ? { [this.name]: this.#key } : {};
  }
}
