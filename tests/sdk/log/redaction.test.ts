import { describe, expect, test } from 'vitest';
import { Redaction } from '../../../src/sdk/log/redaction.js';

/** A text with a secret cut out. */
function redact(secret: string, text: string): string {
  const redaction = new Redaction();
  redaction.hide(secret);
  return redaction.redact(text);
}

describe('a secret of four characters or more is replaced', () => {
  test.each([
    ['abcd', 'xabcdx', 'x*****x'],
    ['a b+ü', 'as it is: a b+ü', 'as it is: *****'],
    ['a b+ü', 'in a URL: ?q=a%20b%2B%C3%BC&x', 'in a URL: ?q=*****&x'],
    ['a"b\\', 'in JSON: {"t":"a\\"b\\\\"}', 'in JSON: {"t":"*****"}'],
    ['a.c$', 'abc$ a.c$', 'abc$ *****'],
    ['half \ud800', 'half \ud800', '*****'],
  ])('%j in %j', (secret, text, clean) => {
    expect(redact(secret, text)).toBe(clean);
  });

  test('also where it begins with another secret', () => {
    for (const secrets of [
      ['secret', 'secret-and-more'],
      ['secret-and-more', 'secret'],
    ]) {
      const redaction = new Redaction();
      for (const secret of secrets) redaction.hide(secret);

      expect(redaction.redact('secret-and-more, secret')).toBe('*****, *****');
    }
  });
});

describe('a short secret is replaced', () => {
  test.each([
    ['abc', 'Invalid token: abc', 'Invalid token: *****'],
    ['abc', 'abc is no token', '***** is no token'],
    ['abc', '{"detail":"abc"}', '{"detail":"*****"}'],
    ['abc', 'token=abc&x', 'token=*****&x'],
    ['x9', 'the value x9, twice: (x9)', 'the value *****, twice: (*****)'],
    ['a.b', 'token a.b', 'token *****'],
    ['$1', 'token $1.', 'token *****.'],
    ['a-b', 'token a-b.', 'token *****.'],
    ['é', 'token é', 'token *****'],
    ['401', 'Invalid token 401', 'Invalid token *****'],
    ['401', 'Invalid token: "401"', 'Invalid token: "*****"'],
    ['401', 'token=401', 'token=*****'],
    ['a', "the token 'a' is wrong", "the token '*****' is wrong"],
    ['the', 'Bearer the', 'Bearer *****'],
  ])('%j in %j', (secret, text, clean) => {
    expect(redact(secret, text)).toBe(clean);
  });
});

describe('ordinary text stays, with a short secret such as', () => {
  test.each([
    ['', 'anything'],
    ['a', 'a banana, a row'],
    ['abc', 'abcd xabc _abc abc1 éabc'],
    ['401', 'GET /x/ answered 401 in 401 ms; 401 rows'],
    ['7', 'page 7 of 17 at 10:07:07'],
    ['s', 'tokens and keys'],
    ['x', 'x rows, (x)'],
    ['the', 'the rows of the stream'],
    ['is', 'it is what it is'],
    ['Not', 'not found'],
    ['a.b', 'aXb'],
  ])('%j: %s', (secret, text) => {
    expect(redact(secret, text)).toBe(text);
  });
});

test('objects lose secrets in their strings, and stay JSON', () => {
  const redaction = new Redaction();
  redaction.hide('1234');

  expect(JSON.parse(redaction.redactJson({ a: 'is 1234', b: 1234, c: { d: ['1234', null, true] } }))).toEqual({
    a: 'is *****',
    b: 1234,
    c: { d: ['*****', null, true] },
  });
});
