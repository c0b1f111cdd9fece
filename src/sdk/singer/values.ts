/** Single values brought to the types of JSON Schema. Undefined: the value cannot be brought to the type. */
import { ExactNumber, exactNumber, int64Of } from '../json/exact-number.js';
import { isRecord } from '../json/objects.js';
import { parseDate } from '../time.js';

/** Whether a value is of a JSON Schema type, a number beyond JavaScript's included. */
export function isOfType(value: unknown, type: string): boolean {
  if (value instanceof ExactNumber) return type === 'integer' || type === 'number';
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return typeof value === type;
}

/** An integer of 64 bits. */
export function integerOf(value: unknown): unknown {
  const digits = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : digitsOf(value);
  const whole = digits === undefined ? undefined : int64Of(digits);
  return whole === undefined ? undefined : exactNumber(whole);
}

/** A number that a double can hold, if not to the last digit. */
export function numberOf(value: unknown): unknown {
  if (typeof value === 'number') return value;
  const digits = digitsOf(value);
  const isNumber = digits !== undefined && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(digits);
  return isNumber && Number.isFinite(Number(digits)) ? exactNumber(digits) : undefined;
}

function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || value instanceof ExactNumber ? String(value) : undefined;
}

/** A boolean, also from 0 and 1 and their texts. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : undefined;
}

/** UTC with `Z`, at most six fraction digits, for dates between the years 1 and 9999. */
export function utc(text: string): string | undefined {
  const found = /^(.*?:\d\d)[.,](\d+)(.*)$/.exec(text.trim());
  const time = parseDate(found ? `${found[1] ?? ''}${found[3] ?? ''}` : text);
  if (time === undefined) return undefined;
  const base = new Date(time).toISOString();
  if (base.length !== 24 || base.startsWith('0000')) return undefined;
  const fraction = (found?.[2] ?? '').slice(0, 6);
  return `${base.slice(0, 19)}${fraction ? `.${fraction}` : ''}Z`;
}

/** Without NUL and lone surrogates, which no database takes. */
export function cleanText(text: string): string {
  const well = text.isWellFormed() ? text : text.toWellFormed();
  return well.includes('\u0000') ? well.replaceAll('\u0000', '') : well;
}

/**
 * Whether a number in a column without a type can be stored: integers of 64 bits, and whatever a double can approach.
 */
export function isStorable({ digits }: ExactNumber): boolean {
  return /^-?\d+$/.test(digits) ? int64Of(digits) !== undefined : Number.isFinite(Number(digits));
}

/** What a value is, in the words of JSON Schema. */
export function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value instanceof ExactNumber ? 'number' : typeof value;
}
