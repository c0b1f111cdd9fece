/**
 * Dates, date-times and durations as Python's datetime module has them, counted in microseconds. A date-time
 * without a zone is what its own clock shows.
 */
import { Failure } from './failure.js';

const second = 1_000_000n; // microseconds
const dayLength = 86_400n * second;

/** A span of time. */
export class Duration {
  constructor(readonly microseconds: bigint) {
    const most = 999_999_999n * dayLength;
    if (microseconds > most || microseconds < -most) throw new Failure('OverflowError', 'the timedelta is too long');
  }

  get days(): bigint {
    return floorDivide(this.microseconds, dayLength);
  }

  get seconds(): bigint {
    return (this.microseconds - this.days * dayLength) / second;
  }

  /** The microseconds beyond whole seconds. */
  get rest(): bigint {
    return this.microseconds - this.days * dayLength - this.seconds * second;
  }

  get totalSeconds(): number {
    return Number(this.microseconds) / 1e6;
  }

  get sortKey(): string {
    return `span${this.microseconds}`;
  }

  /** `3 days, 4:05:06` */
  toString(): string {
    const { days, seconds, rest } = this;
    const clock = `${seconds / 3600n}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
    const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0')}`;
    if (days === 0n) return clock + fraction;
    return `${days} day${days === 1n || days === -1n ? '' : 's'}, ${clock}${fraction}`;
  }
}

/** A zone with a fixed offset from UTC, in minutes. */
export class Zone {
  constructor(readonly offset: number) {}

  /** `UTC`, `UTC+01:00` */
  toString(): string {
    return this.offset === 0 ? 'UTC' : `UTC${offsetText(this.offset, ':')}`;
  }
}

/** `+01:00` */
export function offsetText(minutes: number, separator: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

/** The parts of a date-time as a clock shows them. */
export interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
}

/** A date without a time. */
export class Day {
  /** Days since 1970. */
  readonly number: bigint;

  constructor(fields: Pick<Fields, 'year' | 'month' | 'day'>) {
    this.number = floorDivide(instantOf({ ...midnight, ...fields }), dayLength);
  }

  get fields(): Fields {
    return fieldsOf(this.number * dayLength);
  }

  get sortKey(): string {
    return `day${this.number}`;
  }

  /** The date some days later. */
  plus(days: bigint): Day {
    return new Day(fieldsOf((this.number + days) * dayLength));
  }

  toString(): string {
    const { year, month, day } = this.fields;
    return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  }
}

/** Midnight: what a date says of the time. */
export const midnight = { hour: 0, minute: 0, second: 0, microsecond: 0 };

/** A date with a time; `offset` in minutes, undefined without a zone. */
export class DateTime {
  constructor(
    /** Microseconds since 1970, as its own clock shows them. */
    readonly wall: bigint,
    readonly offset: number | undefined,
  ) {
    fieldsOf(wall);
  }

  static of(fields: Fields, offset: number | undefined): DateTime {
    return new DateTime(instantOf(fields), offset);
  }

  get fields(): Fields {
    return fieldsOf(this.wall);
  }

  /** Microseconds since 1970 in UTC; without a zone, as if it were UTC. */
  get instant(): bigint {
    return this.wall - BigInt(this.offset ?? 0) * 60n * second;
  }

  get hasZone(): boolean {
    return this.offset !== undefined;
  }

  get sortKey(): string {
    return this.offset === undefined ? `local${this.wall}` : `at${this.instant}`;
  }

  /** The same instant in another zone. */
  inZone(offset: number): DateTime {
    return new DateTime(this.instant + BigInt(offset) * 60n * second, offset);
  }

  isoFormat(separator = 'T', precision = 'auto'): string {
    const { year, month, day } = this.fields;
    const date = new Day({ year, month, day }).toString();
    const zone = this.offset === undefined ? '' : offsetText(this.offset, ':');
    return date + separator + clockText(this.fields, precision) + zone;
  }

  toString(): string {
    return this.isoFormat(' ');
  }
}

const clockLengths: Readonly<Record<string, number>> = {
  hours: 2,
  minutes: 5,
  seconds: 8,
  milliseconds: 12,
  microseconds: 15,
};

/** The time of a date-time as ISO 8601 writes it, to a `timespec` of Python. @throws Failure for an unknown one. */
function clockText({ hour, minute, second: seconds, microsecond }: Fields, precision: string): string {
  const whole = `${two(hour)}:${two(minute)}:${two(seconds)}.${String(microsecond).padStart(6, '0')}`;
  if (precision === 'auto') return microsecond === 0 ? whole.slice(0, 8) : whole;
  const length = Object.hasOwn(clockLengths, precision) ? clockLengths[precision] : undefined;
  if (length === undefined) throw new Failure('ValueError', 'this timespec does not exist');
  return whole.slice(0, length);
}

/** Two digits. */
export const two = (value: number | bigint): string => String(value).padStart(2, '0');

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** @throws Failure for a date that does not exist. */
function instantOf({ year, month, day, hour, minute, second: seconds, microsecond }: Fields): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const isTime = isIn(hour, 23) && isIn(minute, 59) && isIn(seconds, 59) && isIn(microsecond, 999_999);
  if (!isDate || !isTime || year < 1 || year > 9999)
    throw new Failure('ValueError', 'this date or time does not exist');
  const clock = BigInt(hour * 3600 + minute * 60 + seconds) * second + BigInt(microsecond);
  return BigInt(date.getTime()) * 1000n + clock;
}

const isIn = (value: number, most: number): boolean => Number.isInteger(value) && value >= 0 && value <= most;

function fieldsOf(wall: bigint): Fields {
  const milliseconds = floorDivide(wall, 1000n);
  const date = new Date(Number(milliseconds));
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new Failure('OverflowError', 'the date is not between the years 1 and 9999');
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000 + Number(wall - milliseconds * 1000n),
  };
}

/** 0 for Monday. */
export function weekday({ year, month, day }: Fields): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return (date.getUTCDay() + 6) % 7;
}
