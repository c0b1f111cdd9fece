/**
 * Lines on stderr: text for people, or the objects that Meltano parses when its log configuration
 * (SINGER_SDK_LOG_CONFIG) names the structured formatter. Every line passes the redaction.
 */
import { type Entry, type Extra, type Level, structuredLine, textLine } from './formats.js';
import { type LogConfig, logConfig, ranks } from './log-config.js';
import { Redaction } from './redaction.js';

export type { Extra, Level } from './formats.js';

export interface LoggerOptions {
  name: string;
  write: (line: string) => void;
  now: () => number;
  env: Readonly<Record<string, string | undefined>>;
  verbose?: boolean;
  /** Lines are text, whatever the configuration says. */
  isForPeople?: boolean;
}

/** What a logger and its children have in common. */
interface Shared {
  readonly options: LoggerOptions;
  readonly config: LogConfig;
  readonly redaction: Redaction;
}

export class Logger {
  readonly #shared: Shared;
  readonly #stream: string | undefined;

  private constructor(shared: Shared, stream?: string) {
    this.#shared = shared;
    this.#stream = stream;
  }

  static create(options: LoggerOptions): Logger {
    const config = logConfig(options);
    const logger = new Logger({ options, config, redaction: new Redaction() });
    for (const warning of config.warnings) logger.warning(warning);
    return logger;
  }

  /** The same log with the name of a stream on its lines. */
  child(stream: string): Logger {
    return new Logger(this.#shared, stream);
  }

  /** From now on this secret is replaced in every line. */
  hide(secret: string): void {
    this.#shared.redaction.hide(secret);
  }

  /** A text without secrets. */
  redact(text: string): string {
    return this.#shared.redaction.redact(text);
  }

  enabled(level: Level): boolean {
    return ranks[level] >= this.#shared.config.rank;
  }

  debug(message: string, extra?: Extra): void {
    this.#log({ level: 'debug', message, extra });
  }

  info(message: string, extra?: Extra): void {
    this.#log({ level: 'info', message, extra });
  }

  warning(message: string, extra?: Extra): void {
    this.#log({ level: 'warning', message, extra });
  }

  /** At debug level the line also shows where the error came from. */
  error(message: string, error?: unknown): void {
    const shown = error instanceof Error && this.enabled('debug') ? error : undefined;
    this.#log({ level: 'error', message, error: shown });
  }

  /**
   * A Singer metric: an object where Meltano reads it, else a line at debug level. `detail`: one of many, so at debug
   * level as an object, and no line for people.
   */
  metric(type: 'counter' | 'timer', metric: string, value: number, tags: Extra, detail = false): void {
    const info = { type, metric, value, tags };
    const { structured } = this.#shared.config;
    if (structured) this.#log({ level: detail ? 'debug' : 'info', message: 'METRIC', metric: info });
    else if (!detail) this.#log({ level: 'debug', message: `METRIC: ${JSON.stringify(info)}` });
  }

  #log(said: Omit<Entry, 'app' | 'stream' | 'time'>): void {
    if (!this.enabled(said.level)) return;
    const { options, config, redaction } = this.#shared;
    const level = config.structured && config.raised && said.level === 'debug' ? 'info' : said.level;
    const entry: Entry = { ...said, level, app: options.name, stream: this.#stream, time: options.now() };
    const line = config.structured ? structuredLine(entry, redaction) : textLine(entry, redaction);
    options.write(`${line}\n`);
  }
}
