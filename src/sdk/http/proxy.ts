/** The proxy that the environment names for an origin (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, either case). */
import { FatalError } from '../errors.js';
import { parseUrl } from './parse-url.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy, and the variable that names it: what people have to look at when it does not work. */
export interface Proxy {
  url: URL;
  variable: string;
}

/** The proxy for an origin, if any. @throws FatalError when the variable does not hold the address of an HTTP proxy. */
export function proxyFor(origin: URL, env: Environment): Proxy | undefined {
  if (isExcluded(origin, env)) return undefined;
  const named = firstSet([origin.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', 'ALL_PROXY'], env);
  return named && { variable: named.variable, url: parseProxy(named.value, named.variable) };
}

/** The first variable that is set, each name in small letters before the same in capitals. */
function firstSet(names: readonly string[], env: Environment): { variable: string; value: string } | undefined {
  for (const variable of names.flatMap((name) => [name.toLowerCase(), name])) {
    const value = env[variable];
    if (value) return { variable, value };
  }
  return undefined;
}

/** The value is never shown: it may hold a password. */
function parseProxy(value: string, variable: string): URL {
  const text = value.trim();
  const [, scheme = 'http'] = /^([a-z][a-z\d+.-]*):\/\//i.exec(text) ?? [];
  const advice =
    'Set it to an address such as http://proxy.example.com:3128, ' + `unset it, or name the server's host in NO_PROXY.`;
  if (!/^https?$/i.test(scheme))
    throw new FatalError(
      `${variable} names a ${scheme.slice(0, 10)} proxy; only http and https proxies work. ${advice}`,
      {
        code: 'ERR_PROXY',
      },
    );
  const address = text.includes('://') ? text : `http://${text}`;
  const url = parseUrl(address);
  if (!url?.hostname || /[\s,]/.test(text))
    throw new FatalError(`${variable} is not the address of a proxy. ${advice}`, { code: 'ERR_PROXY' });
  return url;
}

function isExcluded({ hostname, port }: URL, env: Environment): boolean {
  const host = hostname.toLowerCase();
  const { value: entries } = firstSet(['NO_PROXY'], env) ?? { value: '' };
  return entries.split(',').some((entry) => {
    const text = entry.trim().toLowerCase();
    if (text === '*') return true;
    const [name = '', entryPort = port] = text.replace(/^\*?\./, '').split(':');
    if (name === '' || entryPort !== port) return false;
    return `.${host}`.endsWith(`.${name}`); // the host itself, or one below it
  });
}
