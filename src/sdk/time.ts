/**
 * Time in this layer is epoch milliseconds; what is sent and stored is UTC text in whole seconds.
 * Clocks and waiting are passed in (`Clock`), so that no test sleeps.
 */
import { setTimeout as delay } from 'node:timers/promises';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Clock {
  now(): number;
  /** Waits, or rejects at once with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest time that a timer takes: Node fires timers of 2^31 ms and more at once. */
export const longestTimer = 24 * day;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      for (let left = ms; left > 0; left -= longestTimer)
        await delay(Math.min(left, longestTimer), undefined, signal ? { signal } : {});
      signal?.throwIfAborted();
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

export const floorSecond = (ms: number): number => Math.floor(ms / second) * second;

/** `2026-11-22T10:00:00Z`: whole seconds, since fractions are cut by the APIs that we ask. */
export function isoSeconds(ms: number): string {
  return `${new Date(floorSecond(ms)).toISOString().slice(0, 19)}Z`;
}

/**
 * A date-time in UTC as targets take it: a day that exists (29 February is left to those who look closer), at most six
 * fraction digits.
 */
export const plainDate = plainDateForm();

function plainDateForm(): RegExp {
  const long = /(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])/.source;
  const short = /(?:0[469]|11)-(?:0[1-9]|[12]\d|30)/.source;
  const february = /02-(?:0[1-9]|1\d|2[0-8])/.source;
  const time = /(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z/.source;
  return new RegExp(`^(?!0000)\\d{4}-(?:${long}|${short}|${february})T${time}$`);
}

const dateForm = looseDateForm();

function looseDateForm(): RegExp {
  const date = /((?!0000)\d{4})-(\d\d)-(\d\d)/.source;
  const time = /([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?/.source;
  const zone = /([Zz]|[+-]\d\d(?::?\d\d)?)/.source;
  return new RegExp(`^${date}(?:[Tt ]${time}\\s*${zone}?)?$`);
}

/**
 * Epoch milliseconds of a date, or undefined. Takes a date alone, a time without a zone (read as
 * UTC) and any offset; refuses days that do not exist.
 */
export function parseDate(text: string): number | undefined {
  if (plainDate.test(text)) return Date.parse(text); // the usual case, read by the engine
  const [, year, month, dayOfMonth, hours = '0', minutes = '0', seconds = '0', fraction = '', zone = 'Z'] =
    dateForm.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(dayOfMonth));
  const exists = date.toISOString().startsWith(`${year}-${month}-${dayOfMonth}T`);
  if (!exists) return undefined;
  date.setUTCHours(Number(hours), Number(minutes), Number(seconds), Number(fraction.padEnd(3, '0').slice(0, 3)));
  return date.getTime() - offsetOf(zone);
}

const leastMilliseconds = 100_000_000_000; // as seconds, the year 5138

/** Epoch milliseconds of an integer that counts seconds or milliseconds since 1970; undefined for all else. */
export function unixTime(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
  return Math.abs(value) < leastMilliseconds ? value * second : value;
}

/** The seconds since 1970 of a date, as text, for servers that take them. @throws RangeError for what is no date. */
export function unixSeconds(date: string): string {
  const time = parseDate(date);
  if (time === undefined) throw new RangeError(`${date} is no date.`);
  return String(Math.floor(time / second));
}

function offsetOf(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return sign * (Number(digits.slice(0, 2)) * hour + Number(digits.slice(2)) * minute);
}

const durationForm = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes, seconds; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const found = durationForm.exec(text.trim().toUpperCase());
  if (!found) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return weeks * 7 * day + days * day + hours * hour + minutes * minute + seconds * second;
}

/** `42 s`, `6 min`, `3 h 20 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / second));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
