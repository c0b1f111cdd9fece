/** Puts credentials on a request. The token is private, so that no inspection of an object prints it. */
export interface Authenticator {
  headers(): Record<string, string>;
}

export class BearerAuthenticator implements Authenticator {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }
}
