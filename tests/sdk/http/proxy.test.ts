import { describe, expect, test } from 'vitest';
import { FatalError } from '../../../src/sdk/errors.js';
import { proxyFor } from '../../../src/sdk/http/proxy.js';

describe('the proxy for an origin', () => {
  const https = new URL('https://sentry.example/api/0/');
  const http = new URL('http://sentry.example:9000/api/0/');

  test.each([
    ['the variable of the scheme', https, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://p:1'],
    ['the variable of the scheme', http, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://q:1'],
    [
      'the small letters first',
      https,
      { HTTPS_PROXY: 'http://big:1', https_proxy: 'http://small:1' },
      'http://small:1',
    ],
    ['ALL_PROXY where nothing else is said', http, { ALL_PROXY: 'http://all:1' }, 'http://all:1'],
    ['nothing when nothing is set', https, {}, undefined],
    ['nothing when the variable is empty', https, { HTTPS_PROXY: '' }, undefined],
    ['nothing for another scheme', https, { HTTP_PROXY: 'http://q:1' }, undefined],
    [
      'nothing for an excluded host',
      https,
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'other, Sentry.Example' },
      undefined,
    ],
    ['nothing for an excluded domain', https, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.example' }, undefined],
    ['nothing for a domain with a star', https, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*.example' }, undefined],
    ['nothing when everything is excluded', https, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
    ['nothing for an excluded port', http, { HTTP_PROXY: 'http://q:1', NO_PROXY: 'sentry.example:9000' }, undefined],
    ['a proxy for another port', http, { HTTP_PROXY: 'http://q:1', NO_PROXY: 'sentry.example:80' }, 'http://q:1'],
    [
      'a proxy for a name that only ends alike',
      https,
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'entry.example' },
      'http://p:1',
    ],
  ])('finds %s', (_, origin, env, proxy) => {
    expect(proxyFor(origin, env)?.url.href).toBe(proxy && new URL(proxy).href);
  });

  test.each([
    [https, { HTTPS_PROXY: 'http://p:1' }, 'HTTPS_PROXY'],
    [https, { https_proxy: 'http://p:1' }, 'https_proxy'],
    [http, { ALL_PROXY: 'http://p:1' }, 'ALL_PROXY'],
  ])('knows the variable that names it', (origin, env, variable) => {
    expect(proxyFor(origin, env)?.variable).toBe(variable);
  });

  test.each([
    ['p.example:3128', 'http://p.example:3128/'],
    ['user:password@p.example:3128', 'http://user:password@p.example:3128/'],
    [' http://p.example ', 'http://p.example/'],
    ['https://p.example:444', 'https://p.example:444/'],
  ])('is read from %j, as other programs do', (value, href) => {
    expect(proxyFor(https, { HTTPS_PROXY: value })?.url.href).toBe(href);
  });

  test.each([
    ['socks5://user:hunter2@p:1080', /^HTTPS_PROXY names a socks5 proxy; only http and https proxies work/],
    ['socks://p', /^HTTPS_PROXY names a socks proxy/],
    ['ftp://p', /^HTTPS_PROXY names a ftp proxy/],
    ['http://', /^HTTPS_PROXY is not the address of a proxy/],
    ['not an address hunter2', /^HTTPS_PROXY is not the address of a proxy/],
    ['http://p:99999', /^HTTPS_PROXY is not the address/],
    ['http://a,http://b', /^HTTPS_PROXY is not the address/],
  ])('%j is refused, and not shown', (value, message) => {
    const refused = (): unknown => proxyFor(https, { HTTPS_PROXY: value });

    expect(refused).toThrow(FatalError);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/NO_PROXY/);
    expect(refused).not.toThrow(/hunter2/);
  });
});
