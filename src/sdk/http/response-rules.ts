/**
 * What an answer means before its body is read as data. `defaultRules` holds what HTTP itself says; the
 * rules of one API extend them with its own statuses, texts and headers.
 */
import { day, second } from '../time.js';
import { detailOf } from './error-detail.js';
import type { Headers } from './headers.js';
import type { RateLimits } from './rate-budget.js';
import { untilInstant } from './server-clock.js';

/** What becomes of an answer. `message` completes the sentence "GET … answered …". */
export type ResponseAction =
  | { kind: 'ok' }
  /** There is nothing at all where we asked. */
  | { kind: 'empty' }
  | {
      kind: 'retry';
      message: string;
      /** Milliseconds that the server asks to wait. */
      wait?: number | undefined;
      /** The server says that the query is too much for it. */
      tooLarge?: boolean;
      /** The server struggles: fewer requests at once. */
      trouble?: boolean;
    }
  /**
   * `skip`: this partition holds nothing for us. `fail`: it cannot be read. `fatal`: nothing can (a sentence of its
   * own).
   */
  | { kind: 'skip' | 'fail' | 'fatal'; message: string };

/** How the answers of an API are understood. */
export interface ResponseRules {
  /** `body` parses the body as JSON when it is called; undefined for what is not JSON. `route`: what was asked. */
  classifyResponse(status: number, headers: Headers, body: () => unknown, route?: string): ResponseAction;
  limits(headers: Headers): RateLimits | undefined;
  /** A sentence about headers that people should know of, e.g. a deprecation. */
  notice?(headers: Headers, route: string): string | undefined;
}

/** What HTTP says, without any API's own headers. */
export const defaultRules: ResponseRules = {
  classifyResponse(status, headers, body) {
    if (status >= 200 && status < 300) return { kind: 'ok' };
    const message = describeStatus(status, body());
    const wait = retryAfter(headers);
    switch (status) {
      case 401:
        return { kind: 'fatal', message: `The server refuses the credentials: ${message}. Check the token.` };
      case 403:
      case 404:
      case 405:
        return { kind: 'skip', message };
      case 408:
      case 425:
        return { kind: 'retry', message, wait };
      case 429:
        return { kind: 'retry', message: `${message}: too many requests`, wait, trouble: wait === undefined };
      default:
        if (status < 500) return { kind: 'fail', message };
        return { kind: 'retry', message, wait, trouble: true };
    }
  },
  limits: () => undefined,
};

/** `HTTP 404 (The requested resource does not exist)`. */
export function describeStatus(status: number, body: unknown): string {
  const detail = detailOf(body);
  return `HTTP ${status}${detail ? ` (${detail})` : ''}`;
}

const longestRetryAfter = 3650 * day; // what is further off is no date that anybody meant

/** Milliseconds that Retry-After asks to wait (seconds or a date); undefined if it asks for none, or is nonsense. */
export function retryAfter(headers: Headers): number | undefined {
  const text = headers['retry-after']?.trim();
  if (!text) return undefined;
  const wait = /^[\d.]+$/.test(text)
    ? Number(text) * second
    : untilInstant(Date.parse(text), headers, longestRetryAfter);
  return wait !== undefined && wait > 0 ? wait : undefined; // NaN compares false
}
