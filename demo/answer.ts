/** What a request becomes, what an answer is, and the refusals Sentry has words for. */
export interface ApiRequest {
  readonly method: string;
  /** Origin that Link URLs are built on. */
  readonly origin: string;
  /** Path from `/api/0/` on, as sent. */
  readonly path: string;
  /** Values of the template's `{names}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** The bytes, in as many pieces as they were made of. */
  readonly body: readonly Buffer[];
  /** Rows in the body, for the journal. */
  readonly rows: number;
}

export function json(value: unknown, headers: Record<string, string> = {}, status = 200): Answer {
  return { status, headers, body: [Buffer.from(JSON.stringify(value))], rows: Array.isArray(value) ? value.length : 1 };
}

/** A page for people, which some servers send with status 200 where they know no answer. */
export function html(title: string): Answer {
  const text = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><div id="root"></div></body></html>\n`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: [Buffer.from(text)], rows: 0 };
}

export function bytes({ body }: Pick<Answer, 'body'>): Buffer {
  return body.length === 1 ? body[0]! : Buffer.concat(body);
}

export function size({ body }: Pick<Answer, 'body'>): number {
  return body.reduce((sum, piece) => sum + piece.length, 0);
}

/** An answer other than 200, thrown from anywhere inside an endpoint. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
  }

  answer(): Answer {
    return { ...json(this.body, this.headers, this.status), rows: 0 };
  }
}

const detail =
  (status: number) =>
  (text: string): Refusal =>
    new Refusal(status, { detail: text });

export const badRequest = detail(400);
export const unauthorized = (text = 'Invalid token'): Refusal =>
  new Refusal(401, { detail: text }, { 'WWW-Authenticate': 'Bearer realm="api"' });
export const forbidden = (): Refusal => detail(403)('You do not have permission to perform this action.');
export const notFound = (text = 'The requested resource does not exist'): Refusal => detail(404)(text);
