/**
 * How many requests a run takes, how many rows it brings and how long it lasts, as far as the sizes of a few streams
 * tell. A stream whose size nobody knows is named, not guessed.
 */
import { ancestorsOf } from '../define/ancestors.js';
import type { StreamDefinition } from '../define/stream-definition.js';
import { durationText } from '../time.js';

/** What is known of a stream's size. */
export interface Size {
  readonly rows: number;
  /** Rows in a page, where the server sends fewer than the page size. */
  readonly perPage?: number | undefined;
}

/** The sizes of streams by name, for two kinds of run. Streams that are missing are not known. */
export interface Sizes {
  readonly first: ReadonlyMap<string, Size>;
  readonly daily: ReadonlyMap<string, Size>;
}

export interface EstimateOptions {
  /** The streams that are selected. */
  readonly streams: readonly StreamDefinition[];
  readonly sizes: ReadonlyMap<string, Size>;
  readonly config: unknown;
  readonly pageSize: number;
  /** Milliseconds that a request of a route takes at the pace that the server allows. */
  readonly pace: (route: string) => number | undefined;
}

export interface Estimate {
  readonly requests: number;
  readonly rows: number;
  /** Undefined where the pace of no route is known. */
  readonly ms: number | undefined;
  /** Streams whose rows are not known, and so not counted. */
  readonly unknown: readonly string[];
}

/** Adds up what is known. Streams are read at the same time: the slowest one makes the time. */
export function estimate({ streams, sizes, config, pageSize, pace }: EstimateOptions): Estimate {
  const unknown = new Set<string>();
  const times: number[] = [];
  let [requests, rows] = [0, 0];
  for (const stream of withParents(streams)) {
    const contexts = contextsOf(stream, sizes);
    const size = sizeOf(stream, contexts, sizes, config);
    if (streams.includes(stream)) {
      if (size === undefined) unknown.add(stream.name);
      else rows += size.rows;
    }
    const asked = requestsOf(stream, contexts, size, pageSize);
    if (asked === undefined) continue;
    requests += asked;
    const each = pace(stream.path);
    if (each !== undefined) times.push(asked * each);
  }
  return { requests, rows, ms: times.length > 0 ? Math.max(...times) : undefined, unknown: [...unknown].sort() };
}

/** `about 312 requests and 12,345 rows in about 6 min`; `at least`, where rows are not known. */
export function estimateText({ requests, rows, ms, unknown }: Estimate): string {
  const about = unknown.length > 0 ? 'at least' : 'about';
  const time = ms === undefined ? 'in a time that is not known' : `in ${about} ${durationText(ms)}`;
  const rest = unknown.length > 0 ? `; the rows of ${unknown.join(', ')} are not known, and not counted` : '';
  return `${about} ${count(requests)} requests and ${count(rows)} rows ${time}${rest}`;
}

const withParents = (streams: readonly StreamDefinition[]): ReadonlySet<StreamDefinition> =>
  new Set(streams.flatMap((stream) => [stream, ...ancestorsOf(stream)]));

/** How many lists the stream consists of; undefined where the number of its parent's rows is not known. */
function contextsOf({ scope }: StreamDefinition, sizes: ReadonlyMap<string, Size>): number | undefined {
  if (scope.kind !== 'each' || !scope.parent) return 1;
  return sizes.get(scope.parent.name)?.rows;
}

function sizeOf(
  stream: StreamDefinition,
  contexts: number | undefined,
  sizes: ReadonlyMap<string, Size>,
  config: unknown,
): Size | undefined {
  const known = sizes.get(stream.name);
  if (known)
    return { ...known, rows: Math.min(known.rows, (stream.maxNewest?.(config) ?? Infinity) * (contexts ?? 1)) };
  return stream.answer === 'object' && contexts !== undefined ? { rows: contexts } : undefined;
}

/** Answers that have no further page. */
const onePage: ReadonlySet<StreamDefinition['answer']> = new Set(['object', 'whole'] as const);

function requestsOf(
  { answer }: StreamDefinition,
  contexts: number | undefined,
  size: Size | undefined,
  pageSize: number,
): number | undefined {
  if (contexts === undefined) return undefined;
  if (!size || onePage.has(answer)) return contexts;
  return Math.max(contexts, Math.ceil(size.rows / (size.perPage ?? pageSize)));
}

const count = (number: number): string => number.toLocaleString('en-US');
