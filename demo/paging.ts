/**
 * Sentry's three ways to page, and the Link header they share: always two parts, each with a cursor,
 * and a `next` even on the last page, where only results="false" tells.
 */
import { badRequest, type ApiRequest } from './answer.js';
import type { Behaviour } from './behaviour.js';

export interface Cursor {
  readonly value: number;
  readonly offset: number;
  readonly isPrevious: boolean;
}

interface Neighbour {
  readonly cursor: string;
  readonly results: boolean;
}

export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly previous: Neighbour;
  readonly next: Neighbour;
}

const maxPage = 100;
/** The page of a server whose lists know `limit` only, when it is missing. */
const usualPage = 50;

/** `per_page`: refused above 100, never clamped. */
export function perPage(query: URLSearchParams, behaviour: Behaviour): number {
  if (behaviour.pageSizeParam === 'limit') return clampedLimit(query, behaviour);
  const text = query.get('per_page');
  if (text === null) return maxPage;
  const size = Number(text);
  if (!Number.isInteger(size)) throw badRequest('Invalid per_page parameter.');
  if (size < 1 || size > maxPage) throw badRequest(`Invalid per_page value. Must be between 1 and ${maxPage}.`);
  return size;
}

/** `limit` of issue lists: clamped in silence. */
export function clampedLimit(query: URLSearchParams, behaviour: Behaviour): number {
  const text = query.get('limit');
  if (text === null) return behaviour.pageSizeParam === 'limit' ? usualPage : maxPage;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 0) throw badRequest('invalid limit');
  return Math.max(behaviour.emptyPages ? 0 : 1, Math.min(size, maxPage));
}

export function readCursor(query: URLSearchParams, { opaqueCursors }: Behaviour): Cursor | undefined {
  const text = query.get('cursor');
  if (text === null || text === '') return undefined;
  const plain = opaqueCursors ? Buffer.from(text, 'base64').toString() : text;
  const parts = /^(-?\d+):(-?\d+):([01])$/.exec(plain);
  if (!parts) throw badRequest('Invalid cursor parameter.');
  return { value: Number(parts[1]), offset: Number(parts[2]), isPrevious: parts[3] === '1' };
}

/** Projects, teams, members, releases: value = page size, offset = page number. */
export function offsetSlice(query: URLSearchParams, count: number, behaviour: Behaviour): Slice {
  const size = perPage(query, behaviour);
  const cursor = readCursor(query, behaviour) ?? { value: size, offset: 0 };
  // The cursor's own size places the page: a client that changes per_page in mid-walk loses its place.
  const from = Math.max(0, cursor.offset * cursor.value);
  const to = Math.min(count, from + size);
  return {
    from: Math.min(from, count),
    to: Math.max(to, Math.min(from, count)),
    previous: { cursor: `${size}:${cursor.offset - 1}:1`, results: cursor.offset > 0 },
    next: { cursor: `${size}:${cursor.offset + 1}:0`, results: from + size < count },
  };
}

/** Events: `0:<rows to skip>:0`. */
export function rowSlice(query: URLSearchParams, count: number, size: number, behaviour: Behaviour): Slice {
  const from = Math.max(0, readCursor(query, behaviour)?.offset ?? 0);
  if (behaviour.eventOffsetLimit > 0 && from > behaviour.eventOffsetLimit) {
    throw badRequest(
      'Fetching large offsets is temporarily disabled. Please use a narrower date range, or try again later.',
    );
  }
  return {
    from: Math.min(from, count),
    to: Math.min(count, from + size),
    previous: { cursor: `0:${Math.max(0, from - size)}:1`, results: from > 0 },
    next: { cursor: `0:${from + size}:0`, results: from + size < count },
  };
}

/** Scores or times in descending order; `<score>:<rows with that score to skip>:0`. */
export function scoreSlice(
  query: URLSearchParams,
  scores: readonly number[],
  size: number,
  behaviour: Behaviour,
): Slice {
  const cursor = readCursor(query, behaviour);
  const place = cursor ? Math.min(scores.length, firstAtMost(scores, cursor.value) + Math.max(0, cursor.offset)) : 0;
  const from = cursor?.isPrevious ? Math.max(0, place - size) : place;
  const to = cursor?.isPrevious ? place : Math.min(scores.length, from + size);
  const at = (position: number): string => {
    const score = scores[Math.min(position, scores.length - 1)] ?? 0;
    return `${score}:${position - firstAtMost(scores, score)}`;
  };
  return {
    from,
    to,
    previous: { cursor: `${at(from)}:1`, results: from > 0 },
    next: { cursor: `${at(to)}:0`, results: to < scores.length },
  };
}

function firstAtMost(scores: readonly number[], value: number): number {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (scores[middle]! > value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both links of a page. */
export function linkHeader(
  request: ApiRequest,
  { previous, next }: Pick<Slice, 'previous' | 'next'>,
  behaviour: Behaviour,
): string {
  if (behaviour.linkHeader === 'set') return linkSet(request, previous, next, behaviour);
  const part = (rel: string, { results, cursor }: Neighbour): string => {
    const shown = results || behaviour.cursorOnLastPage ? `; cursor="${written(cursor, behaviour)}"` : '';
    return `<${address(request, cursor, behaviour)}>; rel="${rel}"; results="${results}"${shown}`;
  };
  return `${part('previous', previous)}, ${part('next', next)}`;
}

/** Both links as a set of one text, printed by Python; where nothing follows, the link names the page itself. */
function linkSet(request: ApiRequest, previous: Neighbour, next: Neighbour, behaviour: Behaviour): string {
  const here = `${request.origin}/api/0${request.path}?${request.query.toString()}`;
  const part = (rel: string, { results, cursor }: Neighbour): string =>
    results
      ? `<${address(request, cursor, behaviour)}>; rel="${rel}"; results="true"; cursor="${written(cursor, behaviour)}"`
      : `<${here}>; rel="${rel}"; results="false"`;
  return `{'${part('previous', previous)}, ${part('next', next)}'}`;
}

const written = (cursor: string, { opaqueCursors }: Behaviour): string =>
  opaqueCursors ? Buffer.from(cursor).toString('base64') : cursor;

/** The request's own address with another cursor. */
function address({ query, origin, path }: ApiRequest, cursor: string, behaviour: Behaviour): string {
  const others = new URLSearchParams(query);
  others.delete('cursor');
  const text = written(cursor, behaviour);
  return (
    `${origin}/api/0${path}?${others.toString()}&cursor=` +
    `${behaviour.opaqueCursors ? encodeURIComponent(text) : text}`
  );
}

/** The links of a list that has one page. */
export function onlyPage(request: ApiRequest, behaviour: Behaviour): string {
  const ends = { previous: { cursor: '0:0:1', results: false }, next: { cursor: '0:0:0', results: false } };
  return linkHeader(request, ends, behaviour);
}
