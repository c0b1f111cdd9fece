/**
 * Lines on stderr: text for people, or the objects that Meltano parses when its log configuration
 * (SINGER_SDK_LOG_CONFIG) names the structured formatter. Secrets are cut out here, in the one
 * place that every line passes.
 */
import { readFileSync } from 'node:fs';

export type Level = 'debug' | 'info' | 'warning' | 'error';
export type Extra = Readonly<Record<string, unknown>>;

const ranks: Readonly<Record<string, number>> = {
  notset: 0,
  debug: 10,
  info: 20,
  warning: 30,
  warn: 30,
  error: 40,
  critical: 50,
};

/** Meltano hands `extra` to its own logger as keyword arguments: these names make it crash, or vanish. */
const reserved = new Set(['event', 'level', 'self', 'method_name', 'name', 'timestamp', 'exc_info', 'stack_info']);

export interface LoggerOptions {
  name: string;
  write: (line: string) => void;
  now: () => number;
  env: Readonly<Record<string, string | undefined>>;
  verbose?: boolean;
}

interface Shared {
  readonly secrets: Set<string>;
  structured: boolean;
  rank: number;
  /** Debug lines were asked for of the tap itself: a reader that hides `debug` gets them as `info`. */
  raised: boolean;
  readonly options: LoggerOptions;
}

export class Logger {
  readonly #shared: Shared;
  readonly #stream: string | undefined;

  private constructor(shared: Shared, stream?: string) {
    this.#shared = shared;
    this.#stream = stream;
  }

  static create(options: LoggerOptions): Logger {
    const file = readLogConfig(options.env['SINGER_SDK_LOG_CONFIG']);
    const prefix = options.name.toUpperCase().replaceAll('-', '_');
    const asked = [
      options.verbose ? 'debug' : undefined,
      options.env[`${prefix}_LOGLEVEL`],
      options.env['SINGER_LOG_LEVEL'],
      options.env['LOGLEVEL'],
    ].find((level) => level !== undefined && level !== '');
    const named = asked ?? (file?.level || 'info');
    const rank = ranks[String(named).toLowerCase()];
    const logger = new Logger({
      secrets: new Set(),
      structured: file?.structured ?? false,
      rank: rank ?? 20,
      raised: asked !== undefined && file?.level?.toLowerCase() !== 'debug',
      options,
    });
    if (rank === undefined)
      logger.warning(
        `Log level '${String(named)}' is unknown; INFO is used. Known: DEBUG, INFO, WARNING, ERROR, CRITICAL.`,
      );
    if (file === undefined && options.env['SINGER_SDK_LOG_CONFIG'])
      logger.warning(`Logging config file not found or not readable: ${options.env['SINGER_SDK_LOG_CONFIG']}`);
    return logger;
  }

  /** The same log, saying which stream speaks. */
  child(stream: string): Logger {
    return new Logger(this.#shared, stream);
  }

  /** From now on this text is replaced in every line. */
  hide(secret: string): void {
    if (secret.length < 4) return;
    this.#shared.secrets.add(secret);
    for (const form of [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
      this.#shared.secrets.add(form);
  }

  redact(text: string): string {
    let clean = text;
    for (const secret of this.#shared.secrets) clean = clean.replaceAll(secret, '*****');
    return clean;
  }

  enabled(level: Level): boolean {
    return (ranks[level] ?? 0) >= this.#shared.rank;
  }

  debug(message: string, extra?: Extra): void {
    this.#log('debug', message, extra);
  }

  info(message: string, extra?: Extra): void {
    this.#log('info', message, extra);
  }

  warning(message: string, extra?: Extra): void {
    this.#log('warning', message, extra);
  }

  /** `error`, if given, adds its type (and, at debug level, its stack) to the line. */
  error(message: string, error?: unknown): void {
    this.#log('error', message, undefined, error);
  }

  /** A Singer metric: an object where Meltano reads it, else a line for those who debug. */
  metric(type: 'counter' | 'timer', metric: string, value: number, tags: Extra): void {
    const info = { type, metric, value, tags };
    if (this.#shared.structured) this.#log('info', 'METRIC', undefined, undefined, info);
    else this.#log('debug', `METRIC: ${JSON.stringify(info)}`);
  }

  #log(level: Level, message: string, extra?: Extra, error?: unknown, metric?: Extra): void {
    if (!this.enabled(level)) return;
    const { options, structured } = this.#shared;
    const line = structured ? this.#object(level, message, extra, error, metric) : this.#text(level, message, error);
    options.write(`${this.redact(line)}\n`);
  }

  #text(level: Level, message: string, error: unknown): string {
    const { options } = this.#shared;
    const at = new Date(options.now());
    const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
    const logger = this.#stream ? `${options.name}.${this.#stream}` : options.name;
    const stack = error instanceof Error && this.enabled('debug') ? `\n${error.stack ?? ''}` : '';
    return `${local.slice(0, 10)} ${local.slice(11, 19)},${local.slice(20, 23)} | ${level.toUpperCase().padEnd(8)} | ${logger.padEnd(24)} | ${message}${stack}`;
  }

  #object(level: Level, message: string, extra: Extra | undefined, error: unknown, metric: Extra | undefined): string {
    const { options, raised } = this.#shared;
    return JSON.stringify({
      level: raised && level === 'debug' ? 'info' : level,
      pid: process.pid,
      logger_name: this.#stream ? `${options.name}.${this.#stream}` : options.name,
      ts: options.now() / 1000,
      thread_name: 'MainThread',
      app_name: options.name,
      stream_name: this.#stream ?? null,
      ...(error instanceof Error && this.enabled('debug') ? { exception: exceptionOf(error) } : {}),
      message,
      ...(metric ? { metric_info: metric } : {}),
      extra: Object.fromEntries(
        Object.entries(extra ?? {}).map(([name, value]) => [reserved.has(name) ? `${name}_` : name, value]),
      ),
    });
  }
}

function exceptionOf(error: Error): object {
  const frames = [...(error.stack ?? '').matchAll(/at (?:(.+?) \()?(?:file:\/\/)?([^()]+?):(\d+):\d+\)?$/gm)];
  return {
    type: error.name,
    module: 'tap',
    message: error.message,
    traceback: frames.reverse().map(([, name, filename, line]) => ({
      filename,
      function: name ?? '<anonymous>',
      lineno: Number(line),
      line: '',
    })),
    ...(error.cause instanceof Error ? { cause: exceptionOf(error.cause) } : {}),
  };
}

/** What we need of a Python dictConfig file; Meltano writes JSON. */
function readLogConfig(path: string | undefined): { structured: boolean; level: string | undefined } | undefined {
  if (!path) return undefined;
  try {
    const config = JSON.parse(readFileSync(path, 'utf8')) as {
      root?: { level?: string };
      formatters?: Record<string, Record<string, string>>;
    };
    const structured = Object.values(config.formatters ?? {}).some((formatter) =>
      (formatter['()'] ?? formatter['class'] ?? '').endsWith('StructuredFormatter'),
    );
    return { structured, level: config.root?.level };
  } catch {
    return undefined;
  }
}
