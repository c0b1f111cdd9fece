/** What is wrong with a stream map: found at the start of a run, or on a record. No message holds a record's value. */
import { StreamError } from '../errors.js';
import { Failure } from './failure.js';
import type { ExpressionError } from './syntax.js';

/**
 * What kind a problem is: of the whole of `stream_maps`, of one map, of an option that is not there; or of an
 * expression that is no Python, no expression, or means nothing here.
 */
export type ProblemKind = 'root' | 'map' | 'option' | ExpressionError['kind'];

/** Something that is wrong with the settings. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
}

/** Collects the problems of the settings, so that all come out at once. */
export type Problems = Problem[];

/** An expression failed on a record: the stream cannot go on. */
export class MapExpressionError extends StreamError {}

/** Where an expression stands. */
export interface Place {
  /** The key of the map in `stream_maps`. */
  readonly map: string;
  readonly property: string;
  readonly text: string;
}

const mostShown = 200;
const shown = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);

/** The problem of an expression that cannot be used. */
export function expressionProblem({ map, property, text }: Place, error: ExpressionError): Problem {
  const where = `stream_maps.${map}.${property} is ${JSON.stringify(shown(text))}; column ${error.at + 1}`;
  // Meltano's SDK finds a statement in a filter when it evaluates it, and in a property before.
  const kind = property === '__filter__' && error.kind === 'statement' ? 'meaning' : error.kind;
  return { kind, message: `${where}: ${error.message}` };
}

/** What to throw when an expression fails on a record. */
export function evaluationError(stream: string, { property, text }: Place, error: unknown): unknown {
  const cause = causeOf(error);
  if (cause === undefined) return error;
  return new MapExpressionError(
    `${stream}: the expression of ${property} in stream_maps, ${shown(text)}, failed on a record. ${cause}`,
    { code: 'ERR_MAP_EXPRESSION', cause: error },
  );
}

function causeOf(error: unknown): string | undefined {
  if (error instanceof Failure) return `${error.type}: ${error.message}`;
  // Nesting that is too deep for recursion.
  return error instanceof RangeError ? 'TooMuchWork: the value is too large' : undefined;
}
