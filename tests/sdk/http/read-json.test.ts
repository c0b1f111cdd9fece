import { describe, expect, test } from 'vitest';
import { RetriableError, StreamError } from '../../../src/sdk/errors.js';
import type { HttpResponse } from '../../../src/sdk/http/client.js';
import { readJson } from '../../../src/sdk/http/read-json.js';

const response = (body: string, more: Partial<HttpResponse> = {}): HttpResponse => ({
  url: new URL('http://s/things/?q=1'),
  status: 200,
  headers: {},
  body: Buffer.from(body),
  received: 0,
  empty: false,
  ...more,
});

describe('an answer', () => {
  test.each(['[1,2]', '{"a":null}', '"text"', ' [1] \n'])('of %s is its value', (body) => {
    expect(readJson(response(body))).toEqual(JSON.parse(body));
  });

  test('with a byte order mark is its value', () => {
    expect(readJson(response('\uFEFF[1]'))).toEqual([1]);
  });

  test('that the rules call empty is an empty list, whatever its body', () => {
    expect(readJson(response('{"detail":"out of range"}', { status: 400, empty: true }))).toEqual([]);
  });

  test.each(['', ' ', '\r\n\r\n'])('without a body (%j) is worth another try', (body) => {
    expect(() => readJson(response(body))).toThrow(RetriableError);
    expect(() => readJson(response(body))).toThrow(/^GET \/things\/ answered 200 with an empty body$/);
  });

  test.each(['[{"id":1},', '{"id":', '\uFEFF[1'])('that breaks off (%s) is worth another try', (body) => {
    expect(() => readJson(response(body))).toThrow(RetriableError);
  });

  test('that is a page for people says what it may be', () => {
    const read = (): unknown => readJson(response('<!doctype html>', { headers: { 'content-type': 'text/html' } }));

    expect(read).toThrow(StreamError);
    expect(read).toThrow(
      'GET /things/ answered 200 with something that is not JSON (text/html): probably a log-in page or a proxy. ' +
        'Check base_url and the token.',
    );
  });
});
