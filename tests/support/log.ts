/** A log that is kept, without its times. */
import { Logger } from '../../src/sdk/log/logger.js';

export interface KeptLog {
  log: Logger;
  lines: string[];
  /** What was said at this level, messages only. */
  said: (level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR') => string[];
}

export function keepLog(verbose = true): KeptLog {
  const lines: string[] = [];
  const log = Logger.create({
    name: 'toy',
    now: () => 0,
    env: {},
    verbose,
    write: (line) => lines.push(line.trimEnd()),
  });
  return {
    log,
    lines,
    said: (level) =>
      lines
        .map((line) => line.split(' | '))
        .filter(([, own = '']) => own.trim() === level)
        .map((parts) => parts.slice(3).join(' | ')),
  };
}
