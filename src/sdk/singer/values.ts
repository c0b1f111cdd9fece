/** Single values brought to the types of JSON Schema. Undefined: the value cannot be brought to the type. */
import { ExactNumber, exactNumber, int64Of } from '../json/exact-number.js';
import { isRecord } from '../json/objects.js';
import { parseDate } from '../time.js';

/** The types of JSON Schema whose values are numbers. */
export const numberTypes: ReadonlySet<string> = new Set(['integer', 'number']);

/** Whether a value is of a JSON Schema type, a number beyond JavaScript's included. */
export function isOfType(value: unknown, type: string): boolean {
  if (value instanceof ExactNumber) return numberTypes.has(type);
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    default:
      return typeof value === type;
  }
}

/** An integer of 64 bits. */
export function integerOf(value: unknown): unknown {
  const whole = int64Of(digitsOf(value));
  return whole === undefined ? undefined : exactNumber(whole);
}

/** A number that a double can hold, if not to the last digit. */
export function numberOf(value: unknown): unknown {
  if (typeof value === 'number') return value;
  const digits = digitsOf(value);
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(digits)) return undefined;
  return Number.isFinite(Number(digits)) ? exactNumber(digits) : undefined;
}

/** The digits of a number, or what stands in a text instead of them; empty for other values. */
function digitsOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (value instanceof ExactNumber) return value.digits;
  if (typeof value !== 'number') return '';
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

const booleans = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  [false, false],
  ['false', false],
  ['0', false],
]);

/** A boolean, also from 0 and 1 and their texts. */
export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'number' ? value !== 0 : booleans.get(value);
}

/** UTC with `Z`, at most six fraction digits, for dates between the years 1 and 9999. */
export function utc(text: string): string | undefined {
  const [, before = text, digits = '', zone = ''] = /^(.*?:\d\d)[.,](\d+)(.*)$/.exec(text.trim()) ?? [];
  const time = parseDate(before + zone);
  if (time === undefined) return undefined;
  const base = new Date(time).toISOString();
  if (base.length !== 24 || base.startsWith('0000')) return undefined;
  const fraction = digits === '' ? '' : `.${digits.slice(0, 6)}`;
  return `${base.slice(0, 19)}${fraction}Z`;
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
