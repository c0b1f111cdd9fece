import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { FatalError, RetriableError, SkippableError, StreamError } from '../../../src/sdk/errors.js';
import { BearerAuthenticator } from '../../../src/sdk/http/authenticator.js';
import { HttpClient, type HttpClientOptions, type HttpRequest } from '../../../src/sdk/http/client.js';
import { Limiter } from '../../../src/sdk/http/limiter.js';
import { readJson } from '../../../src/sdk/http/read-json.js';
import { createTransport } from '../../../src/sdk/http/transport.js';
import { rules } from '../../../src/tap/rules.js';
import { second } from '../../../src/sdk/time.js';
import { JumpingClock, ManualClock, settle, someday } from '../../support/clock.js';
import { keepLog } from '../../support/log.js';
import { type Handler, type Loopback, loopback, sendJson } from '../../support/loopback.js';

const token = 'sntryu_0123456789abcdef';

async function setUp(handler: Handler, options: Partial<HttpClientOptions> = {}) {
  const server = await loopback(handler);
  const clock = options.clock ?? new JumpingClock();
  const stop = new AbortController();
  const kept = keepLog();
  const client = new HttpClient({
    transport: await createTransport({ timeout: 5000, env: {}, origin: server.url }),
    authenticator: new BearerAuthenticator(token),
    limiter: new Limiter({ clock, signal: stop.signal }),
    rules,
    headers: { 'user-agent': 'toy/1', 'x-extra': 'yes' },
    clock,
    random: () => 0.5,
    signal: stop.signal,
    log: kept.log,
    retryTime: 300_000,
    ...options,
  });
  const get = (more: Partial<HttpRequest> = {}) =>
    client.get({ route: '/things/', url: new URL('things/?limit=2', server.url), stream: 'things', ...more }, readJson);
  return {
    server,
    client,
    get,
    stop,
    kept,
    clock,
    slept: clock instanceof JumpingClock ? clock.slept : [],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Answers one after another; the last for ever. */
const inTurn =
  (...answers: ((response: ServerResponse) => void)[]): Handler =>
  ({ count }, response) =>
    answers[Math.min(count, answers.length) - 1]?.(response);

const good = (response: ServerResponse): void => sendJson(response, [{ id: 1 }]);
const status =
  (code: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    sendJson(response, body, { status: code, headers });

describe('a good answer', () => {
  test('reaches `read` as bytes, with its address, status, headers and time', async () => {
    await using run = await setUp(inTurn(status(200, [{ id: 1 }], { 'x-some': 'thing' })));
    const request = { route: '/things/', url: new URL('things/', run.server.url) };

    const response = await run.client.get(request, (found) => found);

    expect(response).toMatchObject({ url: request.url, status: 200, empty: false, received: someday });
    expect(response.headers['x-some']).toBe('thing');
    expect(response.body.toString()).toBe('[{"id":1}]');
  });

  test('is read when the place in the limiter is free again', async () => {
    await using run = await setUp(inTurn(good));
    const other = () => run.client.get({ route: '/things/', url: run.server.url }, readJson);

    // The first answer of a route is waited for alone: a second request inside `read` needs the place.
    await expect(run.client.get({ route: '/things/', url: run.server.url }, other)).resolves.toEqual([{ id: 1 }]);
  });

  test('was asked for with the token, the agent and the headers of the settings', async () => {
    await using run = await setUp(inTurn(good));

    await run.get();

    expect(run.server.headers[0]).toMatchObject({
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'user-agent': 'toy/1',
      'x-extra': 'yes',
    });
  });

  test("of the first request tells the server's time", async () => {
    const date = 'Sun, 22 Nov 2026 09:00:00 GMT';
    await using run = await setUp(
      inTurn(status(200, [], { date }), status(200, [], { date: 'Mon, 23 Nov 2026 09:00:00 GMT' })),
    );

    await run.get();
    await run.get();

    expect(run.client.serverDate).toBe(Date.parse(date));
    expect(run.client.clockSkew).toBe(someday - Date.parse(date));
  });

  test('without a date tells no time', async () => {
    await using run = await setUp((_, response) => {
      response.sendDate = false;
      good(response);
    });

    await run.get();

    expect([run.client.serverDate, run.client.clockSkew]).toEqual([undefined, undefined]);
  });

  test('leaves one line: method, URL, status, time, bytes, and the note of `read`; and no token', async () => {
    await using run = await setUp(inTurn(good));

    await run.client.get({ route: '/things/', url: new URL('things/?limit=2', run.server.url) }, (response) => {
      response.note = '1 row, no page follows';
    });

    expect(run.kept.said('DEBUG')).toEqual([
      expect.stringMatching(
        /^GET http:\/\/127\.0\.0\.1:\d+\/things\/\?limit=2 -> 200, \d+ ms, 10 bytes, 1 row, no page follows$/,
      ),
    ]);
    expect(run.kept.lines.join('')).not.toContain(token);
  });
});

describe('trouble that passes', () => {
  test.each([500, 502, 503, 504, 408, 425])('is tried again after %i, with more and more patience', async (code) => {
    await using run = await setUp(inTurn(status(code), status(code), good));

    expect(await run.get()).toEqual([{ id: 1 }]);

    expect(run.slept).toEqual([750, 1500]);
    expect(run.kept.said('WARNING')).toHaveLength(2);
    expect(run.client.requests.get('/things/')).toBe(3);
  });

  test('a page of HTML with 503 is not shown', async () => {
    await using run = await setUp(
      inTurn((response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<html>secret</html>'), good),
    );

    await run.get();

    expect(run.kept.lines.join('')).not.toContain('secret');
  });

  test('a connection that breaks is tried again', async () => {
    await using run = await setUp(({ count, raw }, response) =>
      count < 3 ? void raw.socket.destroy() : good(response),
    );

    expect(await run.get()).toEqual([{ id: 1 }]);
  });

  test('a body that is cut off is tried again', async () => {
    await using run = await setUp(({ count, raw }, response) => {
      if (count > 1) return good(response);
      response.writeHead(200, { 'content-length': '500' });
      response.write('[{"id":1},', () => setImmediate(() => raw.socket.destroy()));
    });

    expect(await run.get()).toEqual([{ id: 1 }]);
  });

  test('JSON that breaks off is tried again', async () => {
    await using run = await setUp(inTurn((response) => sendJson(response, '[{"id":1},{"i'), good));

    expect(await run.get()).toEqual([{ id: 1 }]);
    expect(run.kept.said('WARNING')[0]).toMatch(/breaks off/);
  });

  test.each(['', ' \n'])('an answer without a body (%j) is tried again', async (body) => {
    await using run = await setUp(inTurn((response) => sendJson(response, body), good));

    expect(await run.get()).toEqual([{ id: 1 }]);
    expect(run.kept.said('WARNING')[0]).toMatch(/^GET \/things\/ answered 200 with an empty body; next try in/);
  });

  test('what `read` calls passing is tried again', async () => {
    await using run = await setUp(inTurn(good));
    let reads = 0;

    const result = await run.client.get({ route: '/things/', url: run.server.url }, () => {
      if (++reads < 3) throw new RetriableError('not yet');
      return 'read';
    });

    expect([result, reads, run.server.asked.length]).toEqual(['read', 3, 3]);
  });

  test('lowers how much is asked at once', async () => {
    await using run = await setUp(inTurn(good, status(503), good));

    await run.get();
    await run.get();

    expect(run.client.limiter.capacity('/things/')).toBe(4);
  });

  test('a brown-out is waited out', async () => {
    await using run = await setUp(
      inTurn(
        status(
          410,
          { message: 'This API no longer exists.' },
          { 'x-sentry-replacement-endpoint': '/new/', 'x-sentry-deprecation-date': '2026-01-01' },
        ),
        good,
      ),
    );

    await run.get();

    expect(run.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(60_000);
    expect(run.kept.said('WARNING').join('\n')).toMatch(/deprecated since 2026-01-01; it names \/new\/ instead/);
  });

  test('that does not pass is given up when the retry time is over', async () => {
    await using run = await setUp(inTurn(status(500, { detail: 'Internal Error' })), { retryTime: 10_000 });

    const error = await run.get().catch((thrown: unknown) => thrown as StreamError);

    expect(error).toBeInstanceOf(StreamError);
    expect((error as StreamError).message).toMatch(
      /^GET \/things\/ answered HTTP 500 \(Internal Error\); given up after \d tries$/,
    );
    expect(run.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(10_000);
  });

  test('is tried once when there is no retry time', async () => {
    await using run = await setUp(inTurn(status(500)), { retryTime: 0 });

    await expect(run.get()).rejects.toThrow(/given up after 1 try$/);
    expect(run.server.asked).toHaveLength(1);
  });
});

describe('429', () => {
  const reset = someday / 1000 + 7;
  const date = new Date(someday).toUTCString();

  test('of a spent window waits for its end', async () => {
    await using run = await setUp(
      inTurn(
        status(
          429,
          { detail: 'too frequently' },
          {
            date,
            'x-sentry-rate-limit-limit': '5',
            'x-sentry-rate-limit-remaining': '0',
            'x-sentry-rate-limit-reset': String(reset),
          },
        ),
        good,
      ),
    );

    await run.get();

    const waited = run.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(7000);
    expect(waited).toBeLessThan(8500);
  });

  test('with Retry-After waits as long as it says', async () => {
    await using run = await setUp(inTurn(status(429, {}, { 'retry-after': '3' }), good));

    await run.get();

    expect(run.slept).toContain(3000);
  });

  test('with a date in Retry-After waits until then', async () => {
    await using run = await setUp(
      inTurn(status(429, {}, { date, 'retry-after': new Date(someday + 4000).toUTCString() }), good),
    );

    await run.get();

    expect(run.slept).toContain(4000);
  });

  test.each(['0', '-5', 'soon', '1e9', '', new Date(someday - 4000).toUTCString()])(
    'with Retry-After: %s backs off as without it',
    async (after) => {
      const headers = { date, 'retry-after': after };
      await using run = await setUp(inTurn(status(429, {}, headers), status(429, {}, headers), good));

      await run.get();

      expect(run.slept).toEqual(expect.arrayContaining([750, 1500]));
      expect(run.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(4000);
    },
  );

  test('with a tiny Retry-After, again and again, asks about once a second', async () => {
    await using run = await setUp(inTurn(status(429, {}, { 'retry-after': '0.001' })), { retryTime: 10_000 });

    await expect(run.get()).rejects.toThrow(/429/);

    expect(run.server.asked.length).toBeLessThanOrEqual(12);
  });

  test.each([
    [
      'seconds',
      String(86_400),
      /asks to wait 86,400 s, but only 300 s of the retry time are left; given up after 1 try$/,
    ],
    ['35 days', String(35 * 86_400), /asks to wait 3,024,000 s/],
    ['a date', new Date(someday + 86_400_000).toUTCString(), /asks to wait 86,400 s/],
  ])('whose Retry-After (%s) is beyond the retry time fails now, and says so', async (_, after, message) => {
    await using run = await setUp(inTurn(status(429, {}, { date, 'retry-after': after })));

    await expect(run.get()).rejects.toThrow(message);
    expect(run.slept).toEqual([]);
    await expect(run.get()).rejects.toThrow(message); // nor is the route blocked for so long
    expect(run.slept).toEqual([]);
  });

  test('blocks its route for other requests, and no other route', async () => {
    const clock = new ManualClock();
    await using run = await setUp(inTurn(good, good, status(429, {}, { 'retry-after': '60' }), good), { clock });
    await run.get();
    await run.get({ route: '/other/' });
    const refused = run.get();
    while (clock.sleepers === 0) await settle();

    const second = run.get();
    await run.get({ route: '/other/' });
    await clock.advance(59_000);
    expect(run.server.asked).toHaveLength(4);
    await clock.advance(1100);

    await Promise.all([refused, second]);
    expect(run.server.asked).toHaveLength(6);
  });

  test('without any hint blocks its route until the next try, and lowers how much is asked at once', async () => {
    const clock = new ManualClock();
    await using run = await setUp(inTurn(good, status(429), good), { clock });
    await run.get();
    const refused = run.get();
    while (clock.sleepers === 0) await settle();

    const second = run.get();
    await clock.advance(400);
    expect(run.server.asked).toHaveLength(2);
    expect(run.client.limiter.capacity('/things/')).toBe(4);
    await clock.advance(2000);

    await Promise.all([refused, second]);
  });

  test('does not part routes that share a budget: a refusal may not be counted', async () => {
    const limits = (remaining: number): Record<string, string> => ({
      date,
      'x-sentry-rate-limit-limit': '5',
      'x-sentry-rate-limit-remaining': String(remaining),
      'x-sentry-rate-limit-reset': String(reset),
    });
    await using run = await setUp(
      inTurn(
        status(200, [], limits(4)),
        status(200, [], limits(3)),
        status(429, {}, { ...limits(3), 'retry-after': '0.5' }),
        status(200, [], limits(2)),
        status(200, [], limits(1)),
      ),
      { clock: new ManualClock() },
    );
    const clock = run.clock as ManualClock;
    for (const route of ['/a/', '/b/']) await run.get({ route });
    const refused = run.get({ route: '/b/' });
    while (clock.sleepers === 0) await settle();
    await clock.advance(second);
    await refused;

    await run.get({ route: '/a/' });
    void run.get({ route: '/b/' });
    void run.get({ route: '/a/' });
    await settle();

    expect(run.server.asked).toHaveLength(6); // one is left for both
  });

  test('of too many at once backs off', async () => {
    await using run = await setUp(
      inTurn(
        status(
          429,
          { detail: 'concurrent' },
          {
            'x-sentry-rate-limit-remaining': '3',
            'x-sentry-rate-limit-reset': String(reset),
            'x-sentry-rate-limit-limit': '5',
            'x-sentry-rate-limit-concurrentlimit': '1',
          },
        ),
        good,
      ),
    );

    await run.get();

    expect(run.slept[0]).toBe(750);
    expect(run.client.limiter.capacity('/things/')).toBe(1);
  });
});

describe('an answer that stays', () => {
  test.each([
    [401, FatalError, /refuses the token.*api_token/],
    [403, SkippableError, /GET \/things\/ answered HTTP 403/],
    [404, SkippableError, /HTTP 404/],
    [405, SkippableError, /HTTP 405/],
    [400, StreamError, /HTTP 400/],
    [422, StreamError, /HTTP 422/],
  ])('of %i is not asked for again', async (code, kind, message) => {
    await using run = await setUp(inTurn(status(code, { detail: 'no' })));

    const error = await run.get().catch((thrown: unknown) => thrown as Error);

    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(message);
    expect(run.server.asked).toHaveLength(1);
  });

  test('of a range before retention is an empty list', async () => {
    await using run = await setUp(
      inTurn(status(400, { detail: 'Invalid date range. Please try a more recent date range.' })),
    );

    const empty = await run.client.get({ route: '/things/', url: run.server.url }, (response) => response.empty);

    expect(empty).toBe(true);
    expect(await run.get()).toEqual([]);
  });

  test('of a log-in page says so', async () => {
    await using run = await setUp(
      inTurn((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><form>')),
    );

    await expect(run.get()).rejects.toThrow(/not JSON \(text\/html\): probably a log-in page/);
    expect(run.server.asked).toHaveLength(1);
  });

  test('of text that is no JSON says so', async () => {
    await using run = await setUp(inTurn((response) => response.writeHead(200).end('null x')));

    await expect(run.get()).rejects.toThrow(/answered 200 with something that is not JSON \(no content type\)/);
  });

  test.each([
    [{ detail: 'as text' }, 'as text'],
    [{ detail: { code: 'sso-required', message: 'Log in first' } }, 'Log in first'],
    [{ detail: [{ loc: ['query'], msg: 'field required' }] }, 'field required'],
    [{ projects: ['Unknown project'] }, 'projects: Unknown project'],
    [{ error: { params: { a: 'b' } } }, 'params: a: b'],
    [['one', 'two'], 'one; two'],
  ])('says what it says: %j', async (body, said) => {
    await using run = await setUp(inTurn(status(422, body)));

    await expect(run.get()).rejects.toThrow(said);
  });

  test('is cut short in the message', async () => {
    await using run = await setUp(inTurn(status(422, { detail: 'x'.repeat(100_000) })));

    const error = await run.get().catch((thrown: unknown) => thrown as Error);

    expect((error as Error).message.length).toBeLessThan(400);
  });
});

describe('a redirect', () => {
  test('on the same origin is followed, with its parameters', async () => {
    await using run = await setUp(({ url }, response) =>
      url.pathname === '/things/' ? void response.writeHead(302, { location: '/renamed/' }).end() : good(response),
    );

    expect(await run.get()).toEqual([{ id: 1 }]);

    expect(run.server.asked).toEqual(['/things/?limit=2', '/renamed/?limit=2']);
    expect(run.kept.said('DEBUG').filter((line) => line.startsWith('GET'))).toHaveLength(2);
  });

  test('to another origin is refused: the token stays', async () => {
    const seen: string[] = [];
    await using other: Loopback = await loopback(({ raw }, response) => {
      seen.push(String(raw.headers.authorization));
      good(response);
    });
    await using run = await setUp((_, response) => response.writeHead(302, { location: other.url.href }).end());

    await expect(run.get()).rejects.toThrow(/another origin.*set base_url/);
    expect(seen).toEqual([]);
  });

  test.each(['/auth/login/acme/', '/login?next=/', 'https://sso.example/saml2/start'])(
    'to a log-in page (%s) says so',
    async (location) => {
      await using run = await setUp((_, response) => response.writeHead(302, { location }).end());

      await expect(run.get()).rejects.toThrow(/^GET \/things\/ is redirected to a log-in page of .*base_url/);
      expect(run.server.asked).toHaveLength(1);
    },
  );

  test.each(['http://[', '/things/?limit=2'])('that leads nowhere (%s) ends', async (location) => {
    await using run = await setUp((_, response) => response.writeHead(302, { location }).end());

    await expect(run.get()).rejects.toThrow(/leads nowhere/);
    expect(run.server.asked.length).toBeLessThanOrEqual(4);
  });
});

describe('a run that is stopped', () => {
  test('wakes who waits for another try', async () => {
    const clock = new ManualClock();
    await using run = await setUp(inTurn(status(503)), { clock });
    const reason = new Error('stopped');
    const asking = run.get().catch((thrown: unknown) => thrown);
    while (clock.sleepers === 0) await settle();

    run.stop.abort(reason);

    expect(await asking).toBe(reason);
    expect(run.server.asked).toHaveLength(1);
  });

  test('breaks off what is under way', async () => {
    await using run = await setUp(() => run.stop.abort(new Error('stopped')));

    await expect(run.get()).rejects.toThrow('stopped');
  });

  test('says every half minute that it still waits', async () => {
    await using run = await setUp(inTurn(status(429, {}, { 'retry-after': '100' }), good));

    await run.get();

    expect(run.kept.said('INFO').map((line) => /still waiting (\d+) s/.exec(line)?.[1])).toEqual(['70', '40', '10']);
  });
});

describe('credentials that end', () => {
  const renewing = (renews: boolean) => {
    let token = 1;
    return { headers: () => ({ authorization: `Bearer t${token}` }), renew: () => Boolean(++token) && renews };
  };
  const onlySecond: Handler = ({ raw }, response) =>
    raw.headers.authorization === 'Bearer t2' ? good(response) : status(401)(response);

  test('are asked for anew once, without a wait', async () => {
    await using tools = await setUp(onlySecond, { authenticator: renewing(true) });
    await tools.get();
    expect([tools.server.asked.length, tools.slept]).toEqual([2, []]);
  });

  test('and are still refused end the run', async () => {
    await using tools = await setUp(inTurn(status(401)), { authenticator: renewing(true) });
    await expect(tools.get()).rejects.toThrow(FatalError);
    expect(tools.server.asked).toHaveLength(2);
  });

  test('and that cannot be renewed end the run at once', async () => {
    await using tools = await setUp(onlySecond, { authenticator: renewing(false) });
    await expect(tools.get()).rejects.toThrow(FatalError);
    expect(tools.server.asked).toHaveLength(1);
  });
});

test('a POST sends its body instead of the parameters, which the log still shows', async () => {
  const sent: string[] = [];
  await using tools = await setUp(({ raw }, response) => {
    raw.on('data', (chunk: Buffer) =>
      sent.push(`${raw.method} ${raw.url} ${raw.headers['content-type']} ${chunk.toString()}`),
    );
    raw.on('end', () => good(response));
  });
  await tools.get({ body: '{"limit":2}' });
  expect(sent).toEqual(['POST /things/ application/json {"limit":2}']);
  expect(tools.kept.lines.join('\n')).toMatch(/POST http\S+\/things\/\?limit=2 -> 200/);
});
