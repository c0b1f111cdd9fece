import { describe, expect, test } from 'vitest';
import { withDefaults } from '../../src/sdk/connection.js';
import { BearerAuthenticator } from '../../src/sdk/http/authenticator.js';
import { defaultRules } from '../../src/sdk/http/response-rules.js';
import { minute } from '../../src/sdk/time.js';

const least = {
  baseUrl: new URL('https://api.example/'),
  authenticator: new BearerAuthenticator('token'),
  startDate: 0,
};

describe('a connection', () => {
  test('needs an address, a token and a start only', () => {
    const complete = withDefaults(least);

    expect(complete).toMatchObject({
      ...least,
      variables: {},
      headers: {},
      rules: defaultRules,
      pageSize: 100,
      timeout: minute,
      retryTime: 5 * minute,
      activateVersion: false,
    });
    expect(complete.endDate).toBeUndefined();
  });

  test('keeps what it says', () => {
    const rules = { ...defaultRules };

    expect(withDefaults({ ...least, pageSize: 10, rules, activateVersion: true, endDate: 7 })).toMatchObject({
      pageSize: 10,
      activateVersion: true,
      endDate: 7,
    });
    expect(withDefaults({ ...least, rules }).rules).toBe(rules);
  });

  test('follows Link headers, and checks nothing, as long as it says nothing else', async () => {
    const { paginator, checkConnection } = withDefaults(least);
    const url = new URL('https://api.example/things/');
    const headers = { link: '<https://api.example/things/?page=2>; rel="next"' };

    expect(paginator.next({ url, headers, body: [], size: 1, requested: 1 })).toEqual({
      url: new URL('https://api.example/things/?page=2'),
    });
    await expect(checkConnection(undefined as never, undefined as never)).resolves.toBeUndefined();
  });
});
