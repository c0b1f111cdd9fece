/**
 * `start`, `end` and `statsPeriod` as Sentry reads them: both or none, start before end, the period wins.
 * Windows are half open in unix seconds, which may have a fraction: the index below has whole seconds.
 */
import { badRequest } from './answer.js';
import { daySeconds } from './clock.js';
import type { State } from './state.js';

export interface Window {
  readonly start: number;
  readonly end: number;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: daySeconds, w: 7 * daySeconds };

/** The window a request asks for, or undefined when it names none. */
export function readWindow(query: URLSearchParams, state: State): Window | undefined {
  const period = query.get('statsPeriod');
  if (period) {
    const seconds = readPeriod(period);
    if (seconds === undefined) throw badRequest(`Invalid statsPeriod: '${period}'`);
    const end = state.clock.now() / 1000;
    return { start: end - seconds, end };
  }
  const [start, end] = [query.get('start'), query.get('end')];
  if (!start && !end) return undefined;
  if (!start || !end) throw badRequest('start and end are both required');
  const window = { start: readTime(start), end: readTime(end) };
  if (window.start >= window.end) throw badRequest('start must be before end');
  return window;
}

/** ISO 8601 (UTC when no zone is named) or unix seconds, as unix seconds. */
export function readTime(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  const ms = parts ? Date.parse(`${parts[1]}T${parts[2] ?? '00:00:00'}${parts[3] ?? 'Z'}`) : Number.NaN;
  if (Number.isNaN(ms)) throw badRequest(`${text} is not a valid ISO8601 date query`);
  return ms / 1000;
}

export function readPeriod(text: string): number | undefined {
  const parts = /^(\d+)([smhdw])$/.exec(text);
  return parts ? Number(parts[1]) * unitSeconds[parts[2]!]! : undefined;
}

/** Cuts a window to what retention still shows; undefined when nothing is left. */
export function retained(window: Window, state: State): Window | undefined {
  const start = Math.max(window.start, state.oldest());
  return start < window.end ? { start, end: window.end } : undefined;
}

/** The last 90 days. */
export function usualWindow(state: State): Window {
  const end = Math.floor(state.clock.now() / 1000) + 60;
  return { start: end - 60 - 90 * daySeconds, end };
}
