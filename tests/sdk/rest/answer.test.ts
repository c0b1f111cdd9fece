/** The rows of an answer, or an error that says what came instead. */
import { describe, expect, test } from 'vitest';
import { RetriableError, StreamError } from '../../../src/sdk/errors.js';
import { type AnswerKind, readAnswer } from '../../../src/sdk/rest/answer.js';

const url = new URL('https://s.example/api/things/?a=b');
function read(body: unknown, kind: AnswerKind = {}, headers: Record<string, string> = {}, empty = false) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readAnswer({ url, status: 200, headers, body: Buffer.from(text), received: 0, empty }, kind);
}

function errorOf(body: unknown, kind: AnswerKind = {}, headers: Record<string, string> = {}): StreamError {
  try {
    read(body, kind, headers);
  } catch (error) {
    return error as StreamError;
  }
  throw new Error('no error');
}

const rowsOf = ({ rows }: ReturnType<typeof read>): unknown[] => rows.map(({ row }) => row);

describe('a list', () => {
  test('gives its rows and how many elements it has, nulls included', () => {
    const answer = read([{ id: 1 }, null, { id: 2 }]);

    expect(rowsOf(answer)).toEqual([{ id: 1 }, { id: 2 }]);
    expect(answer.size).toBe(3);
  });

  test('may be empty', () => {
    expect(read([])).toMatchObject({ rows: [], size: 0 });
  });

  test('may stand in an object', () => {
    const kind: AnswerKind = { records: (body) => body['data'] };

    const answer = read({ data: [{ id: 1 }, 'x', { id: 2 }], total: 9 }, kind);

    expect(rowsOf(answer)).toEqual([{ id: 1 }, {}, { id: 2 }]); // what has no key is reported
    expect(answer.size).toBe(3);
    expect(answer.value).toMatchObject({ total: 9 });
  });

  test('may come by itself where a name says where it stands', () => {
    expect(rowsOf(read([{ id: 1 }], { records: 'rows' }))).toEqual([{ id: 1 }]);
    expect(read([], { records: 'rows' }).size).toBe(0);
    expect(errorOf({ data: [] }, { records: 'rows' }).code).toBe('ERR_NOT_A_LIST');
  });

  test('may stand in the elements of a list, whose number is what the server counts', () => {
    const answer = read(
      [
        { of: 'a', links: [{ id: 1 }, { id: 2 }] },
        { of: 'b', links: [] },
      ],
      {
        explode: ({ of, links }) => (links as { id: number }[]).map((link) => ({ ...link, of })),
      },
    );

    expect(rowsOf(answer)).toEqual([
      { id: 1, of: 'a' },
      { id: 2, of: 'a' },
    ]);
    expect(answer.size).toBe(2);
  });

  test.each([{ id: 1 }, '"text"', '7', 'null'])('is not %j', (body) => {
    const error = errorOf(body);

    expect(error).toBeInstanceOf(StreamError);
    expect(error.code).toBe('ERR_NOT_A_LIST');
    expect(error.message).toBe('GET /api/things/ did not answer with a list. Check base_url.');
  });

  test.each([[[]], [{}], [{ data: {} }]])('that should stand in an object is not in %j', (body) => {
    expect(errorOf(body, { records: (own) => own['data'] }).code).toBe('ERR_NOT_A_LIST');
  });

  test('of an answer that means nothing is there is empty, whatever the body', () => {
    expect(read('<html>', {}, {}, true)).toEqual({ value: [], rows: [], size: 0, repairs: [] });
  });
});

describe('an object', () => {
  test('is one row', () => {
    const answer = read({ id: 1 }, { answer: 'object' });

    expect(rowsOf(answer)).toEqual([{ id: 1 }]);
    expect(answer.size).toBe(1);
  });

  test.each([[[]], [[{ id: 1 }]], ['7']])('is not %j', (body) => {
    const error = errorOf(body, { answer: 'object' });

    expect(error.code).toBe('ERR_NOT_AN_OBJECT');
    expect(error.message).toBe('GET /api/things/ did not answer with an object. Check base_url.');
  });
});

describe('an answer that is no JSON', () => {
  test.each(['', ' \n '])('but nothing (%j) is asked for again', (body) => {
    expect(errorOf(body)).toBeInstanceOf(RetriableError);
    expect(errorOf(body).code).toBe('ERR_NO_BODY');
  });

  test.each(['[{"id":1},', '{"id"', ' [', '\uFEFF['])('but begins like it (%j) is asked for again', (body) => {
    expect(errorOf(body)).toBeInstanceOf(RetriableError);
    expect(errorOf(body).message).toMatch(/JSON that breaks off \(\d+ bytes\)$/);
  });

  test('but a page for people is an error that says what it is, and what to check', () => {
    const error = errorOf('<html>Log in</html>', {}, { 'content-type': 'text/html' });

    expect(error).toBeInstanceOf(StreamError);
    expect(error.code).toBe('ERR_NOT_JSON');
    expect(error.message).toMatch(/answered 200, but not with JSON \(text\/html\).*Check base_url and the token\.$/);
    expect(error.message).not.toContain('Log in');
    expect(errorOf('OK').message).toMatch(/\(no content type\)/);
  });
});
