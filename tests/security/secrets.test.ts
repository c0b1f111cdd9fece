/** The token is in nothing that anybody prints: logs of every level, errors, what Node shows of our objects. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import * as errors from '../../src/sdk/errors.js';
import { BearerAuthenticator } from '../../src/sdk/http/authenticator.js';
import { HttpClient, type HttpClientOptions } from '../../src/sdk/http/client.js';
import { Limiter } from '../../src/sdk/http/limiter.js';
import { createTransport } from '../../src/sdk/http/transport.js';
import { systemClock } from '../../src/sdk/time.js';
import { rules } from '../../src/tap/rules.js';
import { keepLog } from '../support/log.js';
import { loopback, sendJson } from '../support/loopback.js';
import { configFor, runTap } from '../support/tap-process.js';

const token = 'sntryu_5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e7';
const header = 'gateway-5ec2e7-0123456789';
const settings = (url: string) => ({
  api_token: token,
  organization: 'acme',
  base_url: url,
  start_date: '2026-01-01',
  retry_time: 0,
  headers: { 'X-Gateway-Key': header },
});

describe('a server that sends the token back', () => {
  const answers: [string, Parameters<typeof sendJson>[1], Parameters<typeof sendJson>[2]][] = [
    ['in the reason of a 400', { detail: `Bad token ${token} and ${header}` }, { status: 400 }],
    ['in the reason of a 401', { detail: `Invalid token ${token}` }, { status: 401 }],
    ['in the reason of a 403', { detail: { code: token, message: `${token} may not` } }, { status: 403 }],
    ['in the reason of a 500', { detail: token, errorId: header }, { status: 500 }],
    ['in a redirect', {}, { status: 302, headers: { location: `https://elsewhere.invalid/?token=${token}` } }],
    [
      'in a redirect to the same host',
      {},
      { status: 302, headers: { location: `/login/?next=${encodeURIComponent(token)}` } },
    ],
    ['in a header of deprecation', [], { headers: { 'x-sentry-replacement-endpoint': `/new/${token}` } }],
    ['in a page that is no JSON', `<html>${token}</html>`, {}],
    ['as its content type', '<html>', { headers: { 'content-type': `text/${token}` } }],
  ];

  test.each(answers)('%s is not quoted, at any level and in any form', async (_, body, options) => {
    await using server = await loopback((__, response) => sendJson(response, body, options));
    for (const args of [[], ['-v']]) {
      const { stdout, stderr } = await runTap({ config: settings(server.url.href), args });

      expect(stdout + stderr).not.toContain(token);
      expect(stdout + stderr).not.toContain(header);
      expect(stderr).not.toBe('');
    }
    expect(server.headers[0]?.authorization).toBe(`Bearer ${token}`);
  });
});

describe('a run that tells everything', () => {
  test('with a token that stands in the address of a query shows neither', async () => {
    await using demo = await createDemo({
      now: '2026-03-01T12:00:00Z',
      frozen: true,
      projects: 1,
      issues: 3,
      events: 20,
      token,
    });

    const { stdout, stderr } = await runTap({
      config: configFor(demo, { issue_query: `message:${token}` }),
      args: ['-v'],
    });

    expect(stderr).toMatch(/GET http.*query=message%3A\*{5}/);
    expect(stdout + stderr).not.toContain(token);
  });

  test.each(['DEBUG', 'INFO', 'WARNING', 'ERROR'])('at %s says no secret', async (level) => {
    await using demo = await createDemo({
      now: '2026-03-01T12:00:00Z',
      frozen: true,
      projects: 1,
      issues: 3,
      events: 20,
      token,
    });

    const { stdout, stderr } = await runTap({
      config: configFor(demo, { headers: { 'X-Gateway-Key': header } }),
      env: { TAP_SENTRY_LOGLEVEL: level },
    });

    expect(stdout + stderr).not.toContain(token);
    expect(stdout + stderr).not.toContain(header);
  });

  test.each([
    ['--about'],
    ['--about', '--format=json'],
    ['--about', '--format=markdown'],
    ['--discover'],
    ['--test'],
    ['--test=schema'],
    ['--help'],
  ])('%s says none', async (...args) => {
    await using demo = await createDemo({
      now: '2026-03-01T12:00:00Z',
      frozen: true,
      projects: 1,
      issues: 3,
      events: 20,
      token,
    });

    const { code, stdout, stderr } = await runTap({ config: configFor(demo), args });

    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toContain(token);
  });

  test('from the environment says none', async () => {
    const { stdout, stderr } = await runTap({
      env: {
        TAP_SENTRY_API_TOKEN: token,
        TAP_SENTRY_START_DATE: 'never',
        TAP_SENTRY_BASE_URL: `https://${token}@sentry.invalid/`,
      },
      args: ['-v'],
    });

    expect(stdout + stderr).not.toContain(token);
  });
});

const everything = (value: unknown): string => inspect(value, { depth: Infinity, showHidden: true, getters: true });

describe('what Node shows of an object', () => {
  test.each(
    Object.entries(errors).filter(([, value]) => typeof value === 'function' && value.prototype instanceof Error),
  )('%s holds no request', async (_, ErrorClass) => {
    await using server = await loopback((__, response) => response.socket?.destroy());
    const transport = await createTransport({ timeout: 1000, env: {}, origin: server.url });
    const cause: unknown = await transport(
      server.url,
      { authorization: `Bearer ${token}` },
      new AbortController().signal,
    ).catch((error: unknown) => error);

    const error = new (ErrorClass as new (message: unknown, details?: unknown) => Error)(
      ErrorClass.name === 'ConfigError' ? ['x'] : 'x',
      { cause, status: 400 },
    );

    expect(everything(cause)).not.toContain(token);
    expect(everything(error)).not.toContain(token);
    expect(JSON.stringify(error)).not.toContain(token);
  });

  test('the authenticator and the client hold the token where no inspection looks', async () => {
    const signal = new AbortController().signal;
    const authenticator = new BearerAuthenticator(token);
    const options: HttpClientOptions = {
      transport: await createTransport({ timeout: 1000, env: {}, origin: new URL('http://localhost') }),
      authenticator,
      limiter: new Limiter({ clock: systemClock, signal }),
      rules,
      headers: {},
      clock: systemClock,
      random: Math.random,
      signal,
      log: keepLog().log,
      retryTime: 0,
    };

    expect(everything(authenticator)).not.toContain(token);
    expect(everything(new HttpClient(options))).not.toContain(token);
    expect(JSON.stringify(options)).not.toContain(token);
  });
});
