/** A server that is down, wrong or overloaded: how long a run bothers with it. */
import { describe, expect, test } from 'vitest';
import { RetriableError, StreamError, TooLargeError } from '../../../src/sdk/errors.js';
import { BearerAuthenticator } from '../../../src/sdk/http/authenticator.js';
import { HttpClient, type HttpRequest } from '../../../src/sdk/http/client.js';
import { Limiter } from '../../../src/sdk/http/limiter.js';
import { readJson } from '../../../src/sdk/http/read-json.js';
import { defaultRules } from '../../../src/sdk/http/response-rules.js';
import { type Exchange, type Transport, createTransport } from '../../../src/sdk/http/transport.js';
import { second } from '../../../src/sdk/time.js';
import { JumpingClock, ManualClock, settle, someday } from '../../support/clock.js';
import { keepLog } from '../../support/log.js';

const good: Exchange = { status: 200, headers: {}, body: Buffer.from('[]') };
const status = (code: number, headers: Record<string, string> = {}, body = '{}'): Exchange => ({
  status: code,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(body),
});
const html = (code: number): Exchange => status(code, { 'content-type': 'text/html' }, '<html>');
const refused = new RetriableError('Cannot reach http://s: connection refused', {
  code: 'ECONNREFUSED',
  unreachable: true,
  shortTries: Infinity,
  advice: 'Check base_url.',
});
const timedOut = new RetriableError('http://s did not answer in time', { code: 'ETIMEDOUT', shortTries: 2 });
const reset = new RetriableError('http://s broke off', { code: 'ECONNRESET', unreachable: true });

type Answer = Exchange | Error;

/** A client whose server answers as `server` says; each exchange takes `took` milliseconds. */
function setUp(server: (count: number, url: URL) => Answer, { retryTime = 300 * second, took = 0 } = {}) {
  const clock = new JumpingClock();
  const kept = keepLog();
  let count = 0;
  const transport: Transport = async (url, _, signal) => {
    const answer = server(++count, url);
    await clock.sleep(took, signal);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const stop = new AbortController();
  const client = new HttpClient({
    transport,
    authenticator: new BearerAuthenticator('token'),
    limiter: new Limiter({ clock, signal: stop.signal }),
    rules: defaultRules,
    headers: {},
    clock,
    random: () => 0.5,
    signal: stop.signal,
    log: kept.log,
    retryTime,
  });
  const get = (path = 'x/', more: Partial<HttpRequest> = {}): Promise<unknown> =>
    client.get({ route: '/x/', url: new URL(path, 'http://s/'), ...more }, readJson);
  const failure = (...args: Parameters<typeof get>): Promise<Error> =>
    get(...args).then(
      () => new Error('it was answered'),
      (error: unknown) => error as Error,
    );
  return { client, clock, get, failure, kept, tries: () => count, elapsed: () => (clock.now() - someday) / second };
}

describe('before the server has ever answered', () => {
  test.each([refused, reset])('a failure to reach it is final after three tries and some seconds', async (error) => {
    const run = setUp(() => error);

    const thrown = await run.failure();

    expect(thrown).toBeInstanceOf(StreamError);
    expect(thrown.message).toBe(error.advice ? `${error.message}. ${error.advice}` : error.message);
    expect(run.tries()).toBe(3);
    expect(run.elapsed()).toBeLessThan(5);
  });

  test('a failure that takes long is final after the first', async () => {
    const run = setUp(() => refused, { took: 30 * second });

    await run.failure();

    expect(run.tries()).toBe(1);
  });

  test('a failure that passes is passed over', async () => {
    const run = setUp((count) => (count < 3 ? refused : good));

    expect(await run.get()).toEqual([]);
  });

  test('an answer that does not come in time is waited for as long as any', async () => {
    const run = setUp(() => timedOut);

    await expect(run.get()).rejects.toThrow(/did not answer in time; given up after \d+ tries/);
    expect(run.elapsed()).toBeGreaterThan(200);
  });

  test('a port that is refused costs seconds and names base_url, with real sockets', async () => {
    const url = new URL('http://127.0.0.1:9/');
    const transport = await createTransport({ timeout: 1000, env: {}, origin: url });
    const clock = new JumpingClock();
    const signal = new AbortController().signal;
    const client = new HttpClient({
      transport,
      authenticator: new BearerAuthenticator('token'),
      limiter: new Limiter({ clock, signal }),
      rules: defaultRules,
      headers: {},
      clock,
      random: Math.random,
      signal,
      log: keepLog().log,
      retryTime: 300 * second,
    });

    await expect(client.get({ route: '/', url }, readJson)).rejects.toThrow(
      'Cannot reach http://127.0.0.1:9: connection refused. Check base_url (is the server running, is the port ' +
        'right?).',
    );
    expect(clock.slept).toHaveLength(2);
  });
});

describe('once the server has answered', () => {
  test('a failure to reach it is a passing fault', async () => {
    const run = setUp((count) => (count > 1 && count < 6 ? refused : good));
    await run.get();

    expect(await run.get()).toEqual([]);
    expect(run.tries()).toBe(6);
  });

  test('an error of its own counts as an answer', async () => {
    const run = setUp((count) => (count === 1 ? status(503) : count < 6 ? refused : good));

    expect(await run.get()).toEqual([]);
  });

  test('a server that stays away costs the retry time once, and then one try for each request', async () => {
    const run = setUp((count) => (count === 1 ? good : refused));
    await run.get();

    for (let project = 0; project < 40; project++) await run.failure(`${project}/`);

    expect(run.elapsed()).toBeLessThanOrEqual(300);
    const retried = run.kept.said('WARNING').length; // all of them by the first request
    expect(run.tries()).toBe(1 + retried + 40);
    expect(run.kept.said('WARNING').at(-1)).not.toContain('next try in 0.8 s');
    expect((await run.failure()).message).toMatch(
      /^Cannot reach http:\/\/s: connection refused; nothing was answered well for \d+ s; given up after 1 try$/,
    );
  });

  test('one good answer gives the retry time back', async () => {
    let up = true;
    const run = setUp(() => (up ? good : status(503)));
    await run.get();
    up = false;
    await run.failure();
    up = true;
    await run.get();
    up = false;
    const before = run.tries();

    await run.failure();

    expect(run.tries() - before).toBeGreaterThan(5);
  });

  test.each([
    ['a refusal', status(403)],
    ['a bad request', status(400)],
  ])('%s shows that it is up', async (_, answer) => {
    let now: Answer = status(503);
    const run = setUp(() => now);
    await run.failure();
    now = answer;
    await run.failure();
    now = status(503);
    const before = run.tries();

    await run.failure();

    expect(run.tries() - before).toBeGreaterThan(5);
  });

  test('bodies that are always broken cost the retry time once, too', async () => {
    const run = setUp(() => ({ ...good, body: Buffer.from('') }));

    await run.failure();
    const before = run.tries();
    const error = await run.failure();

    expect(run.tries() - before).toBe(1);
    expect(error.message).toMatch(
      /answered 200 with an empty body; nothing was answered well for \d+ s; given up after 1 try$/,
    );
  });

  test('time in the queue of the limiter is no part of the retry time', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const limiter = new Limiter({ clock, signal: stop.signal, concurrency: 1 });
    let count = 0;
    const client = new HttpClient({
      transport: () => Promise.resolve(++count === 1 ? status(503) : good),
      authenticator: new BearerAuthenticator('token'),
      limiter,
      rules: defaultRules,
      headers: {},
      clock,
      random: () => 0.5,
      signal: stop.signal,
      log: keepLog().log,
      retryTime: 10 * second,
    });
    await limiter.start('/x/');
    const asked = client.get({ route: '/x/', url: new URL('http://s/') }, readJson);
    await clock.advance(60 * second);
    limiter.finish('/x/', { answered: true });
    await settle();
    await clock.advance(second);

    await expect(asked).resolves.toEqual([]);
  });
});

test('a request that is tried again goes before those that wait', async () => {
  const clock = new ManualClock();
  const signal = new AbortController().signal;
  const asked: string[] = [];
  const answers: ((answer: Exchange) => void)[] = [];
  const client = new HttpClient({
    transport: ({ pathname }) => {
      asked.push(pathname);
      return new Promise((resolve) => answers.push(resolve));
    },
    authenticator: new BearerAuthenticator('token'),
    limiter: new Limiter({ clock, signal, concurrency: 1 }),
    rules: defaultRules,
    headers: {},
    clock,
    random: () => 0.5,
    signal,
    log: keepLog().log,
    retryTime: 300 * second,
  });
  const all = ['first', 'second', 'third'].map((path) =>
    client.get({ route: '/x/', url: new URL(path, 'http://s/') }, readJson),
  );
  const answer = async (one: Exchange): Promise<void> => {
    await settle();
    answers.shift()?.(one);
    await clock.advance(second);
  };

  await answer(status(500)); // the second goes in the meantime, and takes longer than the first waits
  for (let n = 0; n < 3; n++) await answer(good);
  await Promise.all(all);

  expect(asked).toEqual(['/first', '/second', '/first', '/third']);
});

describe('a request that could ask for less', () => {
  test.each([
    ['HTML with 502', html(502), 2],
    ['HTML with 503', html(503), 2],
    ['HTML with 504', html(504), 2],
    ['no answer in time', timedOut, 2],
    ['500', status(500), 3],
    ['JSON with 503', status(503), 3],
    ['408', status(408), 3],
    ['a connection that breaks', reset, 3],
    ['JSON that breaks off', { ...good, body: Buffer.from('[{"id":') }, 3],
  ])('is not tried for long: %s', async (_, answer, tries) => {
    const run = setUp((count) => (count === 1 ? good : answer));
    await run.get();

    const error = await run.failure('x/', { patience: 'short' });

    expect(error).toBeInstanceOf(TooLargeError);
    expect(run.tries()).toBe(1 + tries);
  });

  test.each([
    ['429', status(429)],
    ['a refused connection', refused],
  ])('is tried as long as any where less would not help: %s', async (_, answer) => {
    const run = setUp((count) => (count === 1 ? good : answer));
    await run.get();

    expect(await run.failure('x/', { patience: 'short' })).toBeInstanceOf(StreamError);
    expect(run.tries()).toBeGreaterThan(5);
  });

  test('asks for less at once when the server has been down for long', async () => {
    const run = setUp(() => status(500));
    await run.failure();
    const before = run.tries();

    expect(await run.failure('x/', { patience: 'short' })).toBeInstanceOf(TooLargeError);
    expect(run.tries() - before).toBe(1);
  });

  test('with full patience is tried as long as any', async () => {
    const run = setUp(() => html(504));

    expect(await run.failure('x/', { patience: 'full' })).toBeInstanceOf(StreamError);
    expect(run.tries()).toBeGreaterThan(5);
  });
});

describe('Retry-After of a server in maintenance', () => {
  test('is kept to', async () => {
    const run = setUp((count) => (count === 1 ? status(503, { 'retry-after': '120' }) : good));

    await run.get();

    expect(run.elapsed()).toBe(120);
  });

  test('beyond the retry time fails now', async () => {
    const run = setUp(() => status(503, { 'retry-after': '301' }));

    await expect(run.get()).rejects.toThrow(
      new RegExp(
        '^GET /x/ answered HTTP 503; it asks to wait 301 s, but only 300 s of the retry time are ' +
          'left; given up after 1 try$',
      ),
    );
    expect(run.elapsed()).toBe(0);
  });
});

test('400 of a port that speaks https says which scheme base_url should have', async () => {
  const body = '<center>The plain HTTP request was sent to HTTPS port</center>';
  const run = setUp(() => status(400, { 'content-type': 'text/html' }, body));

  await expect(run.get()).rejects.toThrow(/this port speaks https. Begin base_url with https:\/\//);
});
