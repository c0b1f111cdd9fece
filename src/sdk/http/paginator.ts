/**
 * Link-header paging. The generic paginator follows a `next` URL of the same origin only: a server
 * behind a proxy may name hosts that do not resolve, and a token must not travel. An API whose
 * links carry a cursor sets `cursor`, and then only that value goes into the request that we built.
 */
import { StreamError } from '../errors.js';
import { type Link, parseLinkHeader } from './link-header.js';

export type Headers = Readonly<Record<string, string | undefined>>;

/** The URL of the next page, or undefined at the end. */
export type Paginator = (headers: Headers, current: URL) => URL | undefined;

export interface LinkPaging {
  /** Whether a `next` link means that more is coming. */
  hasMore?: (link: Link) => boolean;
  /** Name of the link parameter, and of the query parameter, that holds the cursor. */
  cursor?: string;
}

/** @throws StreamError when the next page lies on another origin, or has no cursor where one is needed. */
export function linkPaginator({ hasMore = () => true, cursor }: LinkPaging = {}): Paginator {
  return (headers, current) => {
    const next = parseLinkHeader(headers['link']).find((link) => link.rel === 'next');
    if (!next || !hasMore(next)) return undefined;
    if (cursor !== undefined) {
      const value = next.parameters[cursor] ?? cursorOf(next.url, cursor);
      if (!value)
        throw new StreamError(
          `GET ${current.pathname} answered with a link to a next page that has no ${cursor}; what follows cannot be read.`,
          { code: 'ERR_PAGING' },
        );
      const url = new URL(current);
      url.searchParams.set(cursor, value);
      return url;
    }
    const url = URL.canParse(next.url, current.href) ? new URL(next.url, current) : undefined;
    if (url && url.origin !== current.origin)
      throw new StreamError(
        `The next page of ${current.origin}${current.pathname} lies on another origin (${url.origin}); it is not followed, since the token would go along.`,
      );
    return url;
  };
}

function cursorOf(url: string, name: string): string | undefined {
  return URL.canParse(url, 'http://localhost')
    ? (new URL(url, 'http://localhost').searchParams.get(name) ?? undefined)
    : undefined;
}
