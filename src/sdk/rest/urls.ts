/** The URL of a request: a path whose variables are filled, and its parameters. */
import type { Params } from '../define/stream-definition.js';
import { StreamError } from '../errors.js';
import type { Context } from '../singer/state.js';

export interface UrlParts {
  readonly baseUrl: URL;
  readonly path: string;
  readonly values: Context;
  readonly params: Params;
  /** For messages. */
  readonly stream: string;
}

/** @throws StreamError when a variable has no value, or one that would lead to another path. */
export function urlOf({ baseUrl, path, values, params, stream }: UrlParts): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new StreamError(`${stream}: nothing fills {${name}} in ${path}.`);
    return segment(value);
  });
  const url = new URL(filled.replace(/^\//, ''), baseUrl);
  for (const [name, value] of Object.entries(params)) {
    for (const item of typeof value === 'string' ? [value] : value) url.searchParams.append(name, item);
  }
  return url;
}

/** One path segment. A segment of dots alone would lead to another path, however it is written. */
function segment(value: string): string {
  if (/^\.{0,2}$/.test(value)) {
    throw new StreamError(`${JSON.stringify(value)} cannot be part of a path`, { code: 'ERR_PATH' });
  }
  return encodeURIComponent(value);
}
