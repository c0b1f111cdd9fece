/**
 * The JSON of an answer, for callers that want a value and not its bytes; and what is wrong with an answer that is
 * none.
 */
import { RetriableError, StreamError } from '../errors.js';
import type { HttpResponse } from './client.js';

/**
 * The value that an answer holds, `[]` if there is nothing where we asked. @throws as `refuseEmptyBody` and `notJson`
 * say.
 */
export function readJson(response: HttpResponse): unknown {
  if (response.empty) return [];
  refuseEmptyBody(response);
  try {
    return JSON.parse(response.body.toString('utf8').replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw notJson(response);
  }
}

/** @throws RetriableError for an answer without a body: gateways send such, and another try brings one. */
export function refuseEmptyBody({ url, status, body }: HttpResponse): void {
  if (body.length === 0 || (body.length < 100 && body.toString('latin1').trim() === ''))
    throw new RetriableError(`GET ${url.pathname} answered ${status} with an empty body`, { code: 'ERR_EMPTY_BODY' });
}

/**
 * The error of an answer that cannot be parsed: JSON that breaks off is worth another try; a page for people is not.
 */
export function notJson({ url, status, headers, body }: HttpResponse): RetriableError | StreamError {
  const where = `GET ${url.pathname} answered ${status}`;
  if (/^(?:\uFEFF)?\s*[[{]/.test(body.toString('utf8', 0, 100)))
    return new RetriableError(`${where} with JSON that breaks off or is not well-formed (${body.length} bytes)`, {
      code: 'ERR_BAD_JSON',
    });
  const type = (headers['content-type'] ?? 'no content type').slice(0, 100);
  return new StreamError(
    `${where} with something that is not JSON (${type}): probably a log-in page or a proxy. Check base_url and ` +
      'the token.',
    { code: 'ERR_NOT_JSON' },
  );
}
