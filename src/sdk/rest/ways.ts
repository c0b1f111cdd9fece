/**
 * The ways in which a stream can be asked: its path with the context or with the alias, without an optional parameter,
 * and the fallback path. Which of them a server answers is learnt once and kept for the run.
 */
import type { ResolvedStream } from '../define/resolve.js';
import type { OptionalParam, Params } from '../define/stream-definition.js';
import { SkippableError, StreamError, TooLargeError } from '../errors.js';
import type { RequestContext } from './page.js';

export interface Way {
  readonly path: string;
  readonly params: Params;
  /** Whether the alias fills the path. */
  readonly aliased: boolean;
  /** A parameter that is left out. */
  readonly without?: string;
  readonly isFallback: boolean;
  /** What the outcome says about rows that come this way. */
  readonly remark?: string | undefined;
}

/** All ways of a stream, the best first. */
export function waysOf({ definition, params, fallback }: ResolvedStream): Way[] {
  const { path, optionalParam, remark } = definition;
  const main = { path, params, isFallback: false, remark };
  const other = fallback && { path: fallback.path, params: fallback.params, isFallback: true, remark: fallback.remark };
  return [main, other].flatMap((path) => (path ? waysAlong(path, optionalParam) : []));
}

function waysAlong(path: Omit<Way, 'aliased'>, optional: OptionalParam | undefined): Way[] {
  const usual = [
    { ...path, aliased: false },
    { ...path, aliased: true },
  ];
  if (!optional) return usual;
  const remark = path.isFallback ? path.remark : optional.remark; // a fallback may have fewer rows, and must say so
  return [...usual, { ...path, aliased: false, without: optional.param, remark }];
}

/** Whether a way can be gone at all: the alias exists, and every variable of the path has a value. */
export function isOpen(way: Way, { context, alias }: RequestContext, fixed: ReadonlySet<string>): boolean {
  const variables = variablesOf(way.path);
  if (way.aliased && !variables.some((name) => alias && name in alias)) return false;
  return variables.every((name) => name in context || fixed.has(name));
}

export const variablesOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Whether an error of one way may be mended by another. */
export function mayHelp(way: Way, error: unknown): boolean {
  if (isNotThere(error)) return way.without === undefined && (way.aliased || way.isFallback);
  if (error instanceof TooLargeError) return hasSameRows(way);
  const status = statusOf(error);
  if (status === 403) return way.isFallback || way.without !== undefined;
  return isUnfit(error) && way.without !== undefined;
}

/** The server does not take the request as it is. */
export const isUnfit = (error: unknown): boolean => unfit.has(statusOf(error));

const absent: ReadonlySet<number | undefined> = new Set([404, 405]);
const unfit: ReadonlySet<number | undefined> = new Set([400, 422]);

/** A fallback that has the same rows. Where its remark says that it has fewer, a failure of the usual way is one. */
export const hasSameRows = ({ isFallback, remark }: Way): boolean => isFallback && remark === undefined;

/** The path, or what stands for a context in it, is not known to the server: some answer a page for people instead. */
export function isNotThere(error: unknown): boolean {
  const status = statusOf(error);
  if (absent.has(status)) return true;
  return error instanceof StreamError && error.code === 'ERR_NOT_JSON';
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof SkippableError || error instanceof StreamError ? error.status : undefined;
}
