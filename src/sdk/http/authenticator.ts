/** Puts credentials on a request. They are private, so that no inspection of an object prints them. */
export interface Authenticator {
  headers(): Record<string, string>;
}

/** `Authorization: Bearer <token>`. */
export class BearerAuthenticator implements Authenticator {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }
}

/** An API key in a header of its own. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly #key: string;

  constructor(
    private readonly header: string,
    key: string,
  ) {
    this.#key = key;
  }

  headers(): Record<string, string> {
    return { [this.header.toLowerCase()]: this.#key };
  }
}
