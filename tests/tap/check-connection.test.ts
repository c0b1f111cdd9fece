/** The first requests of a run, and what their answers say about the settings. */
import { describe, expect, test } from 'vitest';
import { FatalError } from '../../src/sdk/errors.js';
import { BearerAuthenticator } from '../../src/sdk/http/authenticator.js';
import { HttpClient } from '../../src/sdk/http/client.js';
import { Limiter } from '../../src/sdk/http/limiter.js';
import type { Exchange } from '../../src/sdk/http/transport.js';
import { type Target, checkConnection } from '../../src/tap/check-connection.js';
import { rules } from '../../src/tap/rules.js';
import { JumpingClock } from '../support/clock.js';
import { keepLog } from '../support/log.js';

const json = (status: number, body: unknown): Exchange => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
});
const page: Exchange = { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') };

async function check(answers: { organization: Exchange; projects?: Exchange }, more: Partial<Target> = {}) {
  const clock = new JumpingClock();
  const signal = new AbortController().signal;
  const kept = keepLog();
  const asked: string[] = [];
  const client = new HttpClient({
    transport: (url) => {
      asked.push(`${url.pathname}${url.search}`);
      return Promise.resolve(
        url.pathname.endsWith('/projects/') ? (answers.projects ?? json(500, {})) : answers.organization,
      );
    },
    authenticator: new BearerAuthenticator('token'),
    limiter: new Limiter({ clock, signal }),
    rules,
    headers: {},
    clock,
    random: () => 0.5,
    signal,
    log: kept.log,
    retryTime: 10_000,
  });
  const target = {
    baseUrl: new URL('https://s.example/api/0/'),
    organization: 'acme',
    token: 'token',
    defaulted: false,
    ...more,
  };
  const error = await checkConnection(client, target, kept.log).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  return { error, asked, warnings: kept.said('WARNING') };
}

const organization = json(200, { slug: 'acme' });
const notFound = json(404, { detail: 'The requested resource does not exist' });
const forbidden = json(403, { detail: 'You do not have permission to perform this action.' });

describe('the connection is right', () => {
  test('when the organization answers: one request', async () => {
    const { error, asked } = await check({ organization });

    expect(error).toBeUndefined();
    expect(asked).toEqual(['/api/0/organizations/acme/?detailed=0']);
  });

  test.each([
    ['403', forbidden],
    ['404', notFound],
    ['405', json(405, {})],
  ])('when the organization is refused with %s, but its projects are there', async (_, refusal) => {
    const { error, asked } = await check({ organization: refusal, projects: json(200, [{ slug: 'web' }]) });

    expect(error).toBeUndefined();
    expect(asked[1]).toBe('/api/0/organizations/acme/projects/?per_page=1');
  });

  test('when the organization may not be read and has no projects yet', async () => {
    expect((await check({ organization: forbidden, projects: json(200, []) })).error).toBeUndefined();
  });
});

describe('the organization is said to be missing', () => {
  test.each([
    ['it and its projects are not found', notFound],
    ['it is not found and the list of projects is empty', json(200, [])],
  ])('when %s', async (_, projects) => {
    const { error } = await check({ organization: notFound, projects });

    expect(error).toBeInstanceOf(FatalError);
    expect(error?.message).toMatch(
      new RegExp(
        String.raw`^There is no organization "acme" at https://s\.example that this token can see \(GET .* ` +
          String.raw`answered HTTP 404.*\)\. Check organization \(TAP_SENTRY_ORGANIZATION\) and base_url`,
      ),
    );
  });
});

test.each([
  [forbidden, forbidden],
  [forbidden, notFound],
  [notFound, forbidden],
])('the token is said to lack its scopes when one of both is forbidden', async (first, second) => {
  const { error } = await check({ organization: first, projects: second });

  expect(error).toBeInstanceOf(FatalError);
  expect(error?.message).toMatch(/^The token may not read the organization "acme" .*org:read and project:read/);
});

describe('base_url is said to be wrong', () => {
  test.each([
    [
      'a page for people',
      { organization: page },
      /not JSON \(text\/html\): probably a log-in page or a proxy\. Check base_url/,
    ],
    ['a page for people in place of the projects', { organization: notFound, projects: page }, /not JSON/],
    ['a list', { organization: json(200, []) }, /the answer is JSON, but a list\. Check base_url/],
    ['null', { organization: json(200, null) }, /the answer is JSON, but null\./],
    ['an object in place of the projects', { organization: notFound, projects: json(200, {}) }, /but of type object\./],
    ['a bad request', { organization: json(400, { detail: 'what?' }) }, /answered HTTP 400 \(what\?\)/],
  ])('when %s answers', async (_, answers, message) => {
    const { error } = await check(answers);

    expect(error).toBeInstanceOf(FatalError);
    expect(error?.message).toMatch(/^No Sentry answers at https:\/\/s\.example\/api\/0\/: /);
    expect(error?.message).toMatch(message);
  });
});

test('a token that is refused ends the run in the words of the rules', async () => {
  const { error } = await check({ organization: json(401, { detail: 'Invalid token' }) });

  expect(error).toBeInstanceOf(FatalError);
  expect(error?.message).toMatch(/^Sentry refuses the token: HTTP 401 \(Invalid token\)/);
});

describe('people are warned', () => {
  test('when the organization is not set', async () => {
    expect((await check({ organization }, { defaulted: true })).warnings).toEqual([
      expect.stringContaining('organization is not set: "acme" is used'),
    ]);
  });

  test.each([
    ['http://s.example/api/0/', 1],
    ['http://localhost:9000/api/0/', 0],
    ['http://127.0.0.1:9000/api/0/', 0],
    ['http://[::1]:9000/api/0/', 0],
    ['https://s.example/api/0/', 0],
  ])('when the token travels unencrypted beyond this machine: %s', async (baseUrl, warnings) => {
    expect((await check({ organization }, { baseUrl: new URL(baseUrl) })).warnings).toHaveLength(warnings);
  });
});
