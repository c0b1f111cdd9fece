/**
 * How a stream ended, in words and for the exit code. A stream that could not be read wholly says so here: nothing is
 * left out in silence.
 */
import type { Logger } from '../log/logger.js';
import type { Context } from '../singer/state.js';

const mostSaid = 3;

/** The status of what was not asked for, since a list says that it would be refused. */
export const notAsked = 0;

export type Status = 'ok' | 'empty' | 'partial' | 'failed';

export interface Refusal {
  readonly message: string;
  /** The HTTP status. */
  readonly status: number;
  /** Whether an earlier run could read it. */
  readonly wasKnown: boolean;
  /** The permission without which the server refuses. */
  readonly permission: string | undefined;
}

export class Outcome {
  rows = 0;
  /** Places that the server refused, by their HTTP status. */
  readonly refused = new Map<string, number>();
  /** Refused, though an earlier run could read them. */
  readonly withdrawn: string[] = [];
  readonly failures: string[] = [];
  /** Said beside the rows, with how often. */
  readonly #counts = new Map<string, number>();
  readonly #notes = new Set<string>();
  /** What rows or the stream lack, with how often. */
  readonly #lacks = new Map<string, number>();
  /** Values that were changed to fit, by field and what happened. */
  readonly #fitted = new Map<string, number>();
  readonly #shown: string[] = [];
  readonly #gone: string[] = [];
  /** Places where there is nothing, as the definition understands the server's refusal. */
  readonly #absent: string[] = [];
  /** Kinds of trouble that were said. */
  readonly #kinds = new Set<string>();
  #failuresSaid = 0;
  #permission: string | undefined;
  #counted = 0;

  constructor(
    readonly stream: string,
    readonly log: Logger,
  ) {}

  get hasNewRows(): boolean {
    return this.rows > this.#counted;
  }

  /** How many rows are new since it was asked last: for counters that carry increments. */
  newRows(): number {
    const added = this.rows - this.#counted;
    this.#counted = this.rows;
    return added;
  }

  refuse(what: string, { message, status, wasKnown, permission }: Refusal): void {
    if (wasKnown) this.withdrawn.push(what);
    else this.refused.set(what, status);
    if (status === 403) this.#permission = permission;
    if (!this.#isNewKind(`${status} ${wasKnown}`)) return;
    const end = wasKnown
      ? `An earlier run could read ${what}. Its bookmark stays, and the run will end as failed.`
      : `${what} is left out; its bookmark stays.`;
    this.log.warning(`${this.stream}: ${message}. ${end} Further ones are counted.`);
  }

  /** A refusal that the definition takes for "nothing here": said once. The bookmark stays, in case something comes. */
  absent(what: string, message: string): void {
    this.#absent.push(what);
    if (this.#absent.length > 1) return;
    this.log.info(`${this.stream}: ${message}. That means that there is nothing to read. Further ones are counted.`);
  }

  /** `kind`: what it has in common with others; each kind is said once. */
  fail(message: string, error?: unknown, kind = message): void {
    this.failures.push(message);
    const isSaid = this.#failuresSaid < mostSaid && this.#isNewKind(kind);
    if (isSaid) this.#failuresSaid++;
    if (isSaid) this.log.error(message, error);
    else if (this.#isNewKind('further')) this.log.error(`${this.stream}: further failures are counted.`);
  }

  #isNewKind(kind: string): boolean {
    const isNew = !this.#kinds.has(kind);
    this.#kinds.add(kind);
    return isNew;
  }

  /** Something is worth a word once. */
  note(text: string): void {
    this.#notes.add(text);
  }

  /** Something is worth a word when it is seen first, and in the end. */
  warn(text: string): void {
    if (!this.#notes.has(text)) this.log.warning(`${this.stream}: ${text}.`);
    this.note(text);
  }

  /** A partition has older rows than the server showed: `date` is that of the oldest shown. */
  noteShown(date: string): void {
    this.#shown.push(date);
  }

  /** Something is worth a word and a number. */
  count(text: string, times = 1): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + times);
  }

  /** A row that the list shows was not found when it was asked for. */
  gone(context: Context): void {
    this.#gone.push(Object.values(context).join(' '));
  }

  get hasGone(): boolean {
    return this.#gone.length > 0;
  }

  /** Something is missing that another run may not bring either: the stream is partial. */
  lacks(text: string, times = 1): void {
    this.#lacks.set(text, (this.#lacks.get(text) ?? 0) + times);
  }

  /** A value was changed: said once per field, counted always. */
  fit(field: string, what: string): void {
    const key = `${field}: ${what}`;
    const count = this.#fitted.get(key) ?? 0;
    if (count === 0) this.log.warning(`${this.stream}: ${key}. Further ones are counted.`);
    this.#fitted.set(key, count + 1);
  }

  /** Nothing could be read, because the token lacks a permission. */
  get lacksPermission(): boolean {
    const statuses = [...this.refused.values()];
    return this.rows === 0 && statuses.length > 0 && statuses.every((status) => status === 403);
  }

  /** Nothing could be read, because all places are closed to the token. */
  get lacksAccess(): boolean {
    const statuses = [...this.refused.values()];
    return this.rows === 0 && statuses.length > 0 && statuses.every((status) => status === notAsked);
  }

  get status(): Status {
    if (this.failures.length > 0 || this.lacksPermission || this.lacksAccess) return 'failed';
    if (this.refused.size + this.withdrawn.length + this.#lacks.size > 0) return 'partial';
    return this.rows === 0 ? 'empty' : 'ok';
  }

  get exitCode(): number {
    return this.status === 'failed' || this.withdrawn.length > 0 ? 1 : 0;
  }

  /** Why the exit code is not 0, in a few words. */
  get reason(): string {
    const [failure] = this.failures;
    if (failure !== undefined) return failure;
    if (this.lacksAccess)
      return `the token has no access to any of ${this.refused.size}: ${short([...this.refused.keys()])}`;
    return this.lacksPermission ? this.#permissionHint() : `withdrawn since an earlier run: ${short(this.withdrawn)}`;
  }

  /** `events  partial  12,345 rows; 3 refused` */
  describe(): string {
    const rows = `${number(this.rows)} ${this.rows === 1 ? 'row' : 'rows'}`;
    return `${this.stream.padEnd(16)} ${this.status.padEnd(8)} ${[rows, ...this.remarks].join('; ')}`;
  }

  /** What there is to say beside the status and the number of rows. */
  get remarks(): string[] {
    const fitted = [...this.#fitted.values()].reduce((sum, times) => sum + times, 0);
    return [
      ...list('refused', [...this.refused.keys()]),
      ...list('withdrawn since an earlier run', this.withdrawn),
      ...list('failed', this.failures),
      ...list('not found (404), though the list shows them', this.#gone),
      ...list('with nothing to read', this.#absent),
      ...(this.lacksPermission ? [this.#permissionHint()] : []),
      ...[...this.#lacks, ...this.#counts].map(([text, times]) => (times > 1 ? `${text} (${number(times)})` : text)),
      ...this.#notes,
      ...this.#describeShown(),
      ...(fitted > 0 ? [`${number(fitted)} values fitted: ${this.#firstFitted()}`] : []),
    ];
  }

  #describeShown(): string[] {
    const [first, ...others] = [...this.#shown].sort();
    if (first === undefined) return [];
    const rest = others.length > 0 ? `; the same for ${number(others.length)} more partitions` : '';
    return [`the server showed nothing older than ${first}, though older rows existed${rest}`];
  }

  #firstFitted(): string {
    const first = [...this.#fitted].slice(0, 5);
    return first.map(([what, times]) => `${what} (${number(times)})`).join(', ');
  }

  #permissionHint(): string {
    const scope = this.#permission === undefined ? 'a permission' : `the scope ${this.#permission}`;
    return `the token lacks ${scope}: give it that, or deselect ${this.stream}`;
  }
}

const number = (value: number): string => value.toLocaleString('en-US');
const short = (entries: readonly string[]): string =>
  entries.slice(0, 3).join(', ') + (entries.length > 3 ? ', …' : '');

function list(what: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${number(entries.length)} ${what} (${short(entries)})`];
}
