/**
 * The address of a server in any form that people have at hand (a host, a browser's address, an API
 * path) becomes one URL that ends in /api/0/. A path before /api is kept: Sentry may live under one.
 */
import * as z from 'zod';

export const baseUrl = z.string().transform((text, context): URL => {
  const found = normalise(text.trim());
  if (found instanceof URL) return found;
  // The value may hold a password, so it is not shown.
  context.addIssue({ code: 'custom', message: found, params: { hide: true } });
  return z.NEVER;
});

/** The first word of the paths of Sentry's own pages. */
const pages = new Set(
  (
    'alerts auth crons dashboards discover explore feedback insights issues login monitors onboarding organizations ' +
    'performance profiling projects releases replays settings stats traces user-feedback'
  ).split(' '),
);

/** The URL, or what is wrong. */
function normalise(text: string): URL | string {
  const [, scheme, rest = text] = /^([a-z][a-z\d+.-]*):\/+(.*)$/is.exec(text) ?? [];
  const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?=[:/?#]|$)/i.test(rest);
  const address = `${scheme?.toLowerCase() ?? (local ? 'http' : 'https')}://${rest}`;
  if (/\s/.test(text) || !URL.canParse(address))
    return 'is not an address; it should be one such as https://sentry.io/api/0/';
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'should start with https:// (or http://)';
  if (url.username || url.password)
    return (
      'holds a user name or password; it should be the address alone (headers that a gateway wants go into the ' +
      'setting headers)'
    );
  if (url.hostname.startsWith('$') || url.hostname.includes('{'))
    return 'holds a variable that nobody replaced; it should be an address';
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const isApi = (index: number): boolean => segments[index] === 'api' && [undefined, '0'].includes(segments[index + 1]);
  const end = segments.findIndex((segment, index) => isApi(index) || pages.has(segment));
  const prefix = segments.slice(0, end === -1 ? segments.length : end);
  url.pathname = `/${[...prefix, 'api', '0'].join('/')}/`;
  url.search = '';
  url.hash = '';
  return url;
}
