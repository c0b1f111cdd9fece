import { describe, expect, test } from 'vitest';
import { FatalError, RetriableError } from '../../../src/sdk/errors.js';
import { ApiKeyAuthenticator, BasicAuthenticator, type TokenAccess } from '../../../src/sdk/http/authenticator.js';
import { OAuthAuthenticator } from '../../../src/sdk/http/oauth.js';
import type { Transport } from '../../../src/sdk/http/transport.js';
import { hour, minute } from '../../../src/sdk/time.js';
import { JumpingClock } from '../../support/clock.js';

const client = { tokenUrl: new URL('https://s.example/token'), clientId: 'c', clientSecret: 's', scope: 'read' };

/** A token server that gives t1, t2 and so on; `bodies`: what it was sent. */
function tokenServer(status = 200, more: object = { expires_in: 3600 }) {
  const bodies: string[] = [];
  const transport: Transport = async (_url, _headers, _signal, body = '') => {
    bodies.push(body);
    return { status, headers: {}, body: Buffer.from(JSON.stringify({ access_token: `t${bodies.length}`, ...more })) };
  };
  const clock = new JumpingClock();
  const access: TokenAccess = { transport, clock, signal: new AbortController().signal };
  return { access, bodies, clock };
}

test('a user and a password become one header', () => {
  expect(new BasicAuthenticator('ann', 'ß:1').headers()).toEqual({ authorization: 'Basic YW5uOsOfOjE=' });
});

test('a key goes into a header, or into a parameter, and never into both', () => {
  const [header, query] = [new ApiKeyAuthenticator('X-Key', 'k'), new ApiKeyAuthenticator('key', 'k', 'query')];
  expect([header.headers(), header.params()]).toEqual([{ 'x-key': 'k' }, {}]);
  expect([query.headers(), query.params()]).toEqual([{}, { key: 'k' }]);
});

describe('a client of OAuth', () => {
  test('sends its credentials as a form, and gives the token to all requests until its last minute', async () => {
    const { access, bodies, clock } = tokenServer();
    const authenticator = new OAuthAuthenticator(client);

    const both = await Promise.all([authenticator.headers(access), authenticator.headers(access)]);
    await clock.sleep(hour - minute - 1);
    const later = await authenticator.headers(access);
    await clock.sleep(1);
    const last = await authenticator.headers(access);

    expect(bodies[0]).toBe('grant_type=client_credentials&client_id=c&client_secret=s&scope=read');
    expect([...both, later, last].map(({ authorization }) => authorization)).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t1',
      'Bearer t2',
    ]);
  });

  test('asks for one token for all requests whose token was refused', async () => {
    const { access } = tokenServer();
    const authenticator = new OAuthAuthenticator(client);
    const sent = await authenticator.headers(access);

    expect(authenticator.renew(sent)).toBe(true);
    const again = authenticator.headers(access);
    expect(authenticator.renew(sent)).toBe(true); // another request that had the first one
    expect(await again).toEqual({ authorization: 'Bearer t2' });
    expect(authenticator.renew(sent)).toBe(true); // and a late one
    expect(await authenticator.headers(access)).toEqual({ authorization: 'Bearer t2' });
  });

  test.each([
    [400, {}, FatalError],
    [200, { access_token: '' }, FatalError],
    [503, {}, RetriableError],
    [429, {}, RetriableError],
  ])('that is answered %i %j ends or waits, and may try again', async (status, more, kind) => {
    const { access, bodies } = tokenServer(status, more);
    const authenticator = new OAuthAuthenticator(client);

    await expect(authenticator.headers(access)).rejects.toThrow(kind);
    await expect(authenticator.headers(access)).rejects.toThrow(kind);
    expect(bodies).toHaveLength(2);
  });

  test('shows its secret to no inspection', async () => {
    const { inspect } = await import('node:util');
    expect(inspect(new OAuthAuthenticator(client), { depth: 9 })).not.toMatch(/clientSecret|'s'/);
  });
});
