/**
 * Errors, named by what happens next. Each class exists because one place catches it (the table
 * in docs/errors.md); `code` is for machines, the message says what, where and what to do.
 * No message holds a token, a header's value or a body: those could end in somebody's log.
 */
export interface ErrorDetails {
  code?: string;
  cause?: unknown;
}

export class TapError extends Error {
  readonly code: string;

  constructor(message: string, { code = 'ERR_TAP', cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/** Settings refused: every problem at once, before any request. */
export class ConfigError extends TapError {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'), { code: 'ERR_CONFIG' });
  }
}

/** A file given on the command line cannot be read, or does not say what it should. */
export class InputError extends TapError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'ERR_INPUT', ...details });
  }
}

/** The command line itself is wrong (exit code 2). */
export class UsageError extends TapError {
  constructor(message: string) {
    super(message, { code: 'ERR_USAGE' });
  }
}

/** How a failure that may pass is to be treated; see `http/retry-policy.ts`. */
export interface RetryDetails extends ErrorDetails {
  wait?: number | undefined;
  tooLarge?: boolean;
  shortTries?: number;
  unreachable?: boolean;
  advice?: string | undefined;
}

/** Worth another try. Lives inside sdk/http: what leaves the request loop is a StreamError. */
export class RetriableError extends TapError {
  /** Milliseconds that the server asked to wait, if it did. */
  readonly wait: number | undefined;
  /** The query was too much for the server: a smaller one may succeed. */
  readonly tooLarge: boolean;
  /** Tries after which a caller that can ask for less does so; Infinity if a smaller query would not help. */
  readonly shortTries: number;
  /** No connection came about. Before the server's first answer that is a wrong setting rather than a passing fault. */
  readonly unreachable: boolean;
  /** What to check, as a sentence, if the failure does not pass. */
  readonly advice: string | undefined;

  constructor(
    message: string,
    { wait, tooLarge = false, shortTries = 3, unreachable = false, advice, ...details }: RetryDetails = {},
  ) {
    super(message, { code: 'ERR_RETRIABLE', ...details });
    this.wait = wait;
    this.tooLarge = tooLarge;
    this.shortTries = shortTries;
    this.unreachable = unreachable;
    this.advice = advice;
  }
}

/** The server could not answer a query of this size: ask for less at once. */
export class TooLargeError extends TapError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'ERR_TOO_LARGE', ...details });
  }
}

/** This partition holds nothing that we may read; the others may. */
export class SkippableError extends TapError {
  readonly status: number;

  constructor(message: string, { status, ...details }: ErrorDetails & { status: number }) {
    super(message, { code: 'ERR_SKIPPED', ...details });
    this.status = status;
  }
}

/** This partition, or stream, cannot go on; the others may. */
export class StreamError extends TapError {
  readonly status: number | undefined;

  constructor(message: string, { status, ...details }: ErrorDetails & { status?: number } = {}) {
    super(message, { code: 'ERR_STREAM', ...details });
    this.status = status;
  }
}

/** Nothing can go on: the token is refused, the organization is unknown. */
export class FatalError extends TapError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'ERR_FATAL', ...details });
  }
}

/** Somebody asked us to stop: a signal, or a target that went away. */
export class StoppedError extends TapError {
  constructor(readonly reason: 'SIGINT' | 'SIGTERM' | 'EPIPE') {
    super(`stopped: ${reason}`, { code: `ERR_${reason}` });
  }
}

/** Whether an error ends the run, rather than a part of it. */
export const endsRun = (error: unknown): boolean => error instanceof StoppedError || error instanceof FatalError;

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const readFailures = [StreamError, SkippableError, TooLargeError];

/** Whether an error concerns a part of a stream only: the rest of the run can go on. */
export const isReadFailure = (error: unknown): error is StreamError | SkippableError | TooLargeError =>
  readFailures.some((kind) => error instanceof kind);
