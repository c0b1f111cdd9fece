/** From a path template, its values and parameters to the URL of a request. */
import { describe, expect, test } from 'vitest';
import { StreamError } from '../../../src/sdk/errors.js';
import { urlOf } from '../../../src/sdk/rest/urls.js';

const baseUrl = new URL('https://s.example/base/');
const url = (path: string, values: Record<string, string> = {}, params = {}): string =>
  urlOf({ baseUrl, path, values, params, stream: 'things' }).href;

describe('a path', () => {
  test('lies below the base URL, with or without a slash in front', () => {
    expect(url('/api/things/')).toBe('https://s.example/base/api/things/');
    expect(url('api/things/')).toBe('https://s.example/base/api/things/');
  });

  test('is filled with values, each a segment of its own', () => {
    expect(url('/{org}/{release}/', { org: 'a b', release: 'v1/2?x#y%' })).toBe(
      'https://s.example/base/a%20b/v1%2F2%3Fx%23y%25/',
    );
  });

  test.each(['', '.', '..'])('is not filled with %j, which would lead elsewhere', (release) => {
    expect(() => url('/{release}/', { release })).toThrow(StreamError);
    expect(() => url('/{release}/', { release })).toThrow(/cannot be part of a path/);
  });

  test.each(['...', '.a', 'a..'])('is filled with %j', (release) => {
    expect(url('/{release}/', { release })).toBe(`https://s.example/base/${release}/`);
  });

  test('with a variable that has no value is an error that names it', () => {
    expect(() => url('/{org}/')).toThrow('things: nothing fills {org} in /{org}/.');
  });
});

describe('parameters', () => {
  test('are sent encoded, lists once for each value', () => {
    expect(url('/x/', {}, { query: 'is:a b&c', project: ['1', '2'], none: [] })).toBe(
      'https://s.example/base/x/?query=is%3Aa+b%26c&project=1&project=2',
    );
  });

  test('may be empty texts', () => {
    expect(url('/x/', {}, { query: '' })).toBe('https://s.example/base/x/?query=');
  });
});
