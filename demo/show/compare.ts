/** The target's rows beside the server's truth, stream by stream. */
import type { Truth, TruthStream } from '../index.js';
import type { Held, Row } from './target.js';

export interface Comparison {
  readonly stream: string;
  /** Distinct rows in the target. */
  readonly held: number;
  /** Rows that the server has. */
  readonly real: number;
  readonly missing: readonly string[];
  /** Rows that the server no longer lists. */
  readonly gone: readonly string[];
  /** Rows whose newest version in the target is not the server's. */
  readonly stale: readonly string[];
  /** Events whose issue was merged into another since they were read: Sentry shows it on no list of new rows. */
  readonly moved: readonly string[];
}

export const defaultStreams = [
  'projects',
  'teams',
  'users',
  'releases',
  'release',
  'project_detail',
  'issues',
  'events',
] as const satisfies readonly TruthStream[];

export function compare(stream: TruthStream, held: Held, truth: Truth): Comparison {
  const rows = held.stream(stream);
  const missing: string[] = [];
  const stale: string[] = [];
  const moved: string[] = [];
  const real = new Set<string>();
  for (const { key, text } of truth.each(stream === 'users' ? 'members' : stream)) {
    real.add(key);
    const own = rows.get(key);
    if (!own) {
      missing.push(key);
      continue;
    }
    const different = differences(own, JSON.parse(text()) as Row);
    if (different.length > 0) (different.every((name) => name === 'groupID') ? moved : stale).push(key);
  }
  return {
    stream,
    held: rows.size,
    real: real.size,
    missing,
    gone: [...rows.keys()].filter((key) => !real.has(key)),
    stale,
    moved,
  };
}

/**
 * The fields that differ, of those that both have, by value: 5 and "5" are the same, and so are two spellings of a
 * time.
 */
function differences(own: Row, real: Row): string[] {
  return Object.keys(real).filter(
    (name) => name in own && isPlain(real[name]) && plain(own[name]) !== plain(real[name]),
  );
}

const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';

function plain(value: unknown): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return String(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : String(time);
}
