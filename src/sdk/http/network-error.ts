/**
 * Failures of the network in words: what happened, to whom, and what to check. Nothing of got's error
 * leaves with them, since it holds the request's headers and so the token.
 */
import { ReadError, RequestError, TimeoutError } from 'got';
import { RetriableError, StreamError } from '../errors.js';
import type { Proxy } from './proxy.js';

interface Failure {
  reason: string;
  /** A sentence; absent: the usual one. */
  advice?: string;
}

const nameAdvice = 'Check base_url (is the host spelt right?), and whether this machine needs a proxy (HTTPS_PROXY).';

/** No connection comes about: a wrong address, or a server that is down. */
const unreachable: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { reason: 'connection refused', advice: 'Check base_url (is the server running, is the port right?).' },
  ENOTFOUND: { reason: 'its name does not resolve', advice: nameAdvice },
  EAI_AGAIN: { reason: 'its name cannot be looked up', advice: nameAdvice },
  EHOSTUNREACH: { reason: 'no route to the host' },
  ENETUNREACH: { reason: 'no route to the network' },
  EADDRNOTAVAIL: { reason: 'the address is not available' },
  EACCES: { reason: 'this machine does not allow the connection' },
};

/** The connection is there, but the certificate is not to be trusted: another try will not mend it. */
const authority = 'Check base_url; for a private certificate authority set NODE_EXTRA_CA_CERTS.';
const untrusted: Readonly<Record<string, Required<Failure>>> = {
  CERT_HAS_EXPIRED: { reason: 'its certificate has expired', advice: 'Renew it, or check base_url.' },
  CERT_NOT_YET_VALID: { reason: 'its certificate is not valid yet', advice: 'Check the clock of this machine.' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { reason: 'it has a self-signed certificate', advice: authority },
  SELF_SIGNED_CERT_IN_CHAIN: { reason: 'a self-signed certificate is in its chain', advice: authority },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { reason: 'its certificate cannot be verified', advice: authority },
  UNABLE_TO_GET_ISSUER_CERT: { reason: 'the issuer of its certificate is unknown', advice: authority },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { reason: 'the issuer of its certificate is unknown', advice: authority },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: 'its certificate is for another name',
    advice: 'Check base_url: its host should be one that the certificate names.',
  },
};

function certificateFailure(code: string): Required<Failure> | undefined {
  const known = untrusted[code];
  if (known) return known;
  if (!/CERT|^INVALID_CA$/.test(code)) return undefined;
  return { reason: `its certificate is not accepted (${code})`, advice: authority };
}

/** The other side closed the connection. */
const closedEarly = new Set(['ECONNRESET', 'EPIPE']);

/** The error of an exchange that failed: a RetriableError, or a StreamError where another try is useless. */
export function networkError(error: unknown, url: URL, proxy: Proxy | undefined): RetriableError | StreamError {
  const { code = 'ERR_NETWORK', message } = error instanceof RequestError ? error : { message: String(error) };
  const certificate = certificateFailure(code);
  if (certificate) {
    const through = proxy ? ` (through the proxy of ${proxy.variable})` : '';
    const text = `Cannot trust ${url.origin}${through}: ${certificate.reason}. ${certificate.advice}`;
    return new StreamError(text, { code });
  }
  if (error instanceof TimeoutError && error.event !== 'connect')
    return new RetriableError(`${url.origin} did not answer GET ${url.pathname} within the timeout`, {
      code,
      shortTries: 2,
      advice: `${proxy ? proxyAdvice(proxy) : usualAdvice} Raise timeout if the server is that slow.`,
    });
  if (error instanceof ReadError || code === 'ERR_CONTENT_LENGTH_MISMATCH')
    return new RetriableError(`${url.origin} broke off its answer to GET ${url.pathname}`, { code });
  if (proxy) return proxyError(url, proxy, code, message);
  if (/^EPROTO$|^ERR_SSL_/.test(code)) return new StreamError(tlsMessage(url, code, message), { code });
  if (closedEarly.has(code))
    return new RetriableError(`${url.origin} closed the connection before it answered GET ${url.pathname} (${code})`, {
      code,
      unreachable: true,
      advice: schemeAdvice(url), // three short tries: a proxy may cut off what takes it too long
    });
  const { reason, advice = usualAdvice } = failureOf(code, message, url);
  return cannotReach(url, reason, { code, advice });
}

const usualAdvice = 'Check base_url, and whether this machine needs a proxy (HTTPS_PROXY).';

const proxyAdvice = ({ variable }: Proxy): string =>
  `Check base_url, and ${variable}: does this proxy reach the server?`;

/** A smaller query would not help: `short` patience is as long as `full`. */
function cannotReach({ origin }: URL, reason: string, details: { code: string; advice: string }): RetriableError {
  return new RetriableError(`Cannot reach ${origin}: ${reason}`, {
    ...details,
    unreachable: true,
    shortTries: Infinity,
  });
}

function failureOf(code: string, message: string, url: URL): Failure {
  if (code === 'ETIMEDOUT' || message === 'Proxy timeout') return { reason: 'no connection within the timeout' };
  if (code.startsWith('HPE_')) return { reason: 'what answers does not speak HTTP', advice: schemeAdvice(url) };
  return unreachable[code] ?? { reason: `${message.slice(0, 200)} (${code})` };
}

/** A server that speaks https closes the connection of who speaks http, and the other way round. */
function schemeAdvice({ protocol }: URL): string {
  return `Check base_url (is the port right, should it begin with ${protocol === 'http:' ? 'https' : 'http'}://?).`;
}

function tlsMessage({ origin }: URL, code: string, message: string): string {
  const plain = /wrong.version.number|packet length too long|record layer|http.request/i.test(`${code} ${message}`);
  const reason = plain
    ? 'this port does not speak it. Check base_url (is the port right, should it begin with http://?).'
    : `the TLS handshake failed (${code}). Check base_url and the TLS versions that the server allows.`;
  return `Cannot speak https with ${origin}: ${reason}`;
}

/** A proxy stands in front: what fails is the way to it, or its own way to the server. */
function proxyError(url: URL, proxy: Proxy, code: string, message: string): RetriableError {
  const { variable } = proxy;
  const { host, protocol } = proxy.url;
  const named = `the proxy ${host} that ${variable} names`;
  const [, status] = /^Bad response: (\d+)/.exec(message) ?? [];
  switch (status) {
    case undefined:
      return cannotReach(url, `${named}: ${failureOf(code, message, url).reason}`, {
        code,
        advice: `Check ${variable}; to go without a proxy, unset it or name the server's host in NO_PROXY.`,
      });
    case '407':
      return cannotReach(url, `${named} wants a user name and a password (407)`, {
        code,
        advice:
          `Put them into ${variable} (${protocol}//user:password@${host}), ` + "or name the server's host in NO_PROXY.",
      });
    default:
      return cannotReach(url, `${named} answered ${status}`, {
        code,
        advice: proxyAdvice(proxy),
      });
  }
}
