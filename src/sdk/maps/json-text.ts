/** JSON text in the form of Python's json module: no characters outside ASCII, exponents as decimals have them. */
import { ExactNumber } from '../json/exact-number.js';
import { isRecord, setMember } from '../json/objects.js';
import { writeExact } from '../json/write-exact.js';

/** Characters that are no printable ASCII as `\u` escapes. */
export function asciiOnly(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, escaped);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Compact JSON text of a value of a record. */
export function compactJson(value: unknown): string {
  return asciiOnly(writeExact(withDecimals(value, deepest)));
}

const deepest = 200; // levels that are looked through

/** The same value, its numbers with an exponent written as Python writes decimals: 1E+3. */
function withDecimals(value: unknown, levels: number): unknown {
  if (typeof value === 'number') return hasExponent(String(value)) ? decimal(String(value)) : value;
  if (value instanceof ExactNumber) return hasExponent(value.digits) ? decimal(value.digits) : value;
  if (typeof value !== 'object' || value === null || levels === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withDecimals(item, levels - 1));
  if (!isRecord(value)) return value;
  const members: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) setMember(members, name, withDecimals(item, levels - 1));
  return members;
}

const hasExponent = (digits: string): boolean => /[eE]/.test(digits);
const decimal = (digits: string): ExactNumber => new ExactNumber(decimalText(digits));

/** How Python writes a decimal number that JSON digits stand for. */
export function decimalText(digits: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  const all = (whole + fraction).replace(/^0+(?=\d)/, '');
  const exponent = Number(power) - fraction.length;
  const adjusted = exponent + all.length - 1;
  if (exponent <= 0 && adjusted >= -6) return sign + withPoint(all, -exponent);
  const mantissa = all.length > 1 ? `${all[0] ?? ''}.${all.slice(1)}` : all;
  return `${sign}${mantissa}E${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`;
}

/** Digits of which the last `places` are a fraction. */
function withPoint(digits: string, places: number): string {
  if (places === 0) return digits;
  const padded = digits.padStart(places + 1, '0');
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
