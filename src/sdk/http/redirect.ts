/**
 * Redirects. Only those to the same origin are followed, since the token goes along; one that leads to
 * a log-in page means that the token, or the address, is not what the server wants.
 */
import { StreamError } from '../errors.js';
import { parseUrl } from './parse-url.js';
import type { Exchange } from './transport.js';

const mostRedirects = 3;
const logInPath = /\/(?:log-?in|sign-?in|sso|saml2?|oauth2?|auth|authori[sz]e|cas)(?:\/|$)/i;

/** Where an answer sends the request; undefined if it is the answer. @throws StreamError if it may not go there. */
export function nextHop({ status, headers }: Exchange, url: URL, hop: number): URL | undefined {
  const target = headers['location'];
  if (status < 300 || status > 399 || !target) return undefined;
  const next = parseUrl(target, url);
  const where = `GET ${url.pathname}`;
  const nowhere = new StreamError(`${where} answered with a redirect that leads nowhere.`, {
    status,
    code: 'ERR_REDIRECT',
  });
  if (!next) throw nowhere;
  if (logInPath.test(next.pathname))
    throw new StreamError(
      `${where} is redirected to a log-in page of ${next.origin}. Check the token and base_url: base_url should ` +
        'lead to the API, and a gateway in front of it may want headers of its own.',
      { status, code: 'ERR_REDIRECT' },
    );
  if (hop >= mostRedirects) throw nowhere;
  if (next.origin !== url.origin)
    throw new StreamError(
      `${where} is redirected to another origin (${next.origin}); it is not followed, since the token would go ` +
        'along. If the server has moved, set base_url to the new address.',
      { status, code: 'ERR_REDIRECT' },
    );
  if (!next.search) next.search = url.search;
  return next;
}
