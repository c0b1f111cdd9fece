/** The proxy that the environment names for an origin (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, either case). */
import { FatalError } from '../errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy, and the variable that names it: what people have to look at when it does not work. */
export interface Proxy {
  url: URL;
  variable: string;
}

/** The proxy for an origin, if any. @throws FatalError when the variable does not hold the address of an HTTP proxy. */
export function proxyFor(origin: URL, env: Environment): Proxy | undefined {
  if (isExcluded(origin, env)) return undefined;
  const names = [origin.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', 'ALL_PROXY'];
  const variable = names.flatMap((name) => [name.toLowerCase(), name]).find((name) => env[name]);
  return variable === undefined ? undefined : { variable, url: parseProxy(env[variable] ?? '', variable) };
}

/** The value is never shown: it may hold a password. */
function parseProxy(value: string, variable: string): URL {
  const text = value.trim();
  const [, scheme = 'http'] = /^([a-z][a-z\d+.-]*):\/\//i.exec(text) ?? [];
  const advice =
    'Set it to an address such as http://proxy.example.com:3128, ' + `unset it, or name the server's host in NO_PROXY.`;
  if (/^socks/i.test(scheme) || !/^https?$/i.test(scheme))
    throw new FatalError(
      `${variable} names a ${scheme.slice(0, 10)} proxy; only http and https proxies work. ${advice}`,
      {
        code: 'ERR_PROXY',
      },
    );
  const address = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url?.hostname || /[\s,]/.test(text))
    throw new FatalError(`${variable} is not the address of a proxy. ${advice}`, { code: 'ERR_PROXY' });
  return url;
}

function isExcluded({ hostname, port }: URL, env: Environment): boolean {
  const host = hostname.toLowerCase();
  const entries = (env['no_proxy'] || env['NO_PROXY'] || '').toLowerCase().split(',');
  return entries.some((entry) => {
    const text = entry.trim();
    if (text === '*') return true;
    const [name = '', entryPort] = text.replace(/^\*?\./, '').split(':');
    const matches = name !== '' && (host === name || host.endsWith(`.${name}`));
    return matches && (entryPort === undefined || entryPort === port);
  });
}
