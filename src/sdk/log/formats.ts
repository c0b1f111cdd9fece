/** The two forms of a log line: text for people, and the object that Meltano parses. */
import type { Redaction } from './redaction.js';

export type Level = 'debug' | 'info' | 'warning' | 'error';
export type Extra = Readonly<Record<string, unknown>>;

/** What one line says. */
export interface Entry {
  level: Level;
  message: string;
  /** Name of the tap. */
  app: string;
  stream: string | undefined;
  /** Epoch milliseconds. */
  time: number;
  extra?: Extra | undefined;
  /** Set when the line shall show where it came from. */
  error?: Error | undefined;
  metric?: Extra | undefined;
}

/** `2026-11-22 10:00:00,399 | WARNING  | tap-toy.events           | message`, in local time. */
export function textLine({ level, message, app, stream, time, error }: Entry, redaction: Redaction): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();
  const at = `${local.slice(0, 10)} ${local.slice(11, 19)},${local.slice(20, 23)}`;
  const stack = error ? `\n${error.stack ?? ''}` : '';
  const text = redaction.redact(`${message}${stack}`);
  return `${at} | ${level.toUpperCase().padEnd(8)} | ${loggerName(app, stream).padEnd(24)} | ${text}`;
}

/** Meltano hands `extra` to its own logger as keyword arguments: these names make it crash, or vanish. */
const reserved = new Set(['event', 'level', 'self', 'method_name', 'name', 'timestamp', 'exc_info', 'stack_info']);

/**
 * The object that Meltano's structured log reader takes, as one line of JSON. The message comes first: `meltano config
 * test` shows the last line as it is.
 */
export function structuredLine(entry: Entry, redaction: Redaction): string {
  const { level, message, app, stream, time, extra, error, metric } = entry;
  // What is undefined is left out of JSON.
  const said = { exception: error && exceptionOf(error), metric_info: metric, extra: renamed(extra) };
  const head = {
    level,
    pid: process.pid,
    logger_name: loggerName(app, stream),
    ts: time / 1000,
    thread_name: 'MainThread',
    app_name: app,
    stream_name: stream ?? null,
  };
  // Only what is said can hold a secret: the names around it stay readable.
  const parts = [redaction.redactJson({ message }), JSON.stringify(head), redaction.redactJson(said)];
  return `{${parts.map((part) => part.slice(1, -1)).join(',')}}`;
}

const renamed = (extra: Extra = {}): object =>
  Object.fromEntries(Object.entries(extra).map(([name, value]) => [reserved.has(name) ? `${name}_` : name, value]));

const loggerName = (app: string, stream: string | undefined): string => (stream ? `${app}.${stream}` : app);

const mostCauses = 10;

function exceptionOf({ name: type, message, stack = '', cause }: Error, causes = 0): object {
  const frames = [...stack.matchAll(/at (?:(.+?) \()?(?:file:\/\/)?([^()]+?):(\d+):\d+\)?$/gm)];
  return {
    type,
    module: 'tap',
    message,
    traceback: frames.reverse().map(([, name = '<anonymous>', filename, line]) => ({
      filename,
      function: name,
      lineno: Number(line),
      line: '',
    })),
    ...(cause instanceof Error && causes < mostCauses ? { cause: exceptionOf(cause, causes + 1) } : {}),
  };
}
