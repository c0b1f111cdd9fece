/**
 * How a stream ended, in words and for the exit code. A stream that could not be read wholly says
 * so here: nothing is left out in silence.
 */
import type { Logger } from './log/logger.js';

const saidAtMost = 3;

export type Status = 'ok' | 'empty' | 'partial' | 'failed';

export class Outcome {
  rows = 0;
  /** Contexts that the server refused, and why. */
  readonly refused: string[] = [];
  /** Refused, though an earlier run could read them. */
  readonly withdrawn: string[] = [];
  readonly failures: string[] = [];
  /** Said beside the count, e.g. what a cap left out. */
  readonly remarks = new Map<string, number>();
  /** Values that were changed to fit, by field and what happened. */
  readonly fitted = new Map<string, number>();
  /** Requests not made, since another stream had shown that nothing is there. */
  skipped = 0;

  constructor(
    readonly stream: string,
    readonly log: Logger,
  ) {}

  refuse(what: string, message: string, known: boolean): void {
    const list = known ? this.withdrawn : this.refused;
    list.push(what);
    if (list.length > saidAtMost) return;
    if (list.length === saidAtMost) message += ' (further ones are counted)';
    this.log.warning(
      known
        ? `${this.stream}: ${message}. An earlier run could read ${what}; its bookmark stays, and the run will end as failed.`
        : `${this.stream}: ${message}. ${what} is left out; its bookmark stays.`,
    );
  }

  fail(message: string, error?: unknown): void {
    this.failures.push(message);
    this.log.error(message, error);
  }

  remark(what: string, count = 1): void {
    this.remarks.set(what, (this.remarks.get(what) ?? 0) + count);
  }

  remarkOnce(what: string): void {
    this.remarks.set(what, 1);
  }

  /** A value that was changed: said once per field, counted always. */
  fit(field: string, what: string): void {
    const key = `${field} ${what}`;
    const count = this.fitted.get(key) ?? 0;
    if (count === 0) this.log.warning(`${this.stream}: ${key}. Further ones are counted.`);
    this.fitted.set(key, count + 1);
  }

  get status(): Status {
    if (this.failures.length > 0) return 'failed';
    if (this.refused.length + this.withdrawn.length > 0) return 'partial';
    return this.rows === 0 ? 'empty' : 'ok';
  }

  get exitCode(): number {
    return this.failures.length + this.withdrawn.length > 0 ? 1 : 0;
  }

  /** `events  partial  12,345 rows; 3 refused` */
  describe(): string {
    const fitted = [...this.fitted.values()].reduce((sum, count) => sum + count, 0);
    const parts = [
      `${count(this.rows)} ${this.rows === 1 ? 'row' : 'rows'}`,
      ...list('refused', this.refused),
      ...list('withdrawn since an earlier run', this.withdrawn),
      ...list('failed', this.failures),
      ...[...this.remarks].map(([what, number]) => (number > 1 ? `${what} (${count(number)} times)` : what)),
      ...(fitted > 0
        ? [
            `${count(fitted)} values fitted: ${[...this.fitted]
              .slice(0, 5)
              .map(([what, number]) => `${what} (${count(number)})`)
              .join(', ')}`,
          ]
        : []),
    ];
    return `${this.stream.padEnd(16)} ${this.status.padEnd(8)} ${parts.join('; ')}`;
  }
}

const count = (number: number): string => number.toLocaleString('en-US');

function list(what: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [];
  const shown = entries.slice(0, 3).join(', ');
  return [`${entries.length} ${what} (${shown}${entries.length > 3 ? ', …' : ''})`];
}
