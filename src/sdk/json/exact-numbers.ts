/**
 * Numbers that JavaScript cannot hold. `JSON.parse` rounds integers beyond 2^53 and long decimals;
 * here such a number survives as a marked text and is written back digit by digit. The mark is
 * random, so that no data can pretend to be a number.
 */
import { randomUUID } from 'node:crypto';

const mark = `\u0001${randomUUID()}:`;
const markText = JSON.stringify(mark).slice(1, -1);
const marked = new RegExp(`"${markText.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(-?[0-9.eE+-]+)"`, 'g');

/**
 * Finds texts with a number that deserves care: sixteen digits or more, an exponent, a whole number
 * written with a fraction. Now and then it finds one inside a string; then care costs a little time.
 * Spaces are looked for only where the text has them: this is asked of every page.
 */
const compactNumber = /[:,[]-?\d(?:\d{15}|\d*\.(?:0*[,}\]]|\d{15})|[\d.]*[eE])/;
const spacedNumber = /(?:^|[:,[])\s*-?\d(?:\d{15}|\d*\.(?:0*\s*(?:[,}\]]|$)|\d{15})|[\d.]*[eE])/;
const compact = /^\[?\{"[^"\\]*":\S/;

export const needsCare = (text: string): boolean => (compact.test(text) ? compactNumber : spacedNumber).test(text);

const numbers = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON; numbers that would change are marked texts. @throws SyntaxError as JSON.parse. */
export function parseExact(text: string): unknown {
  let out = '';
  let copied = 0;
  // Strings are stepped over by hand: no regular expression takes one of many megabytes.
  for (let at = 0, open = 0; at < text.length; at = open < 0 ? text.length : endOfString(text, open)) {
    open = text.indexOf('"', at);
    const end = open < 0 ? text.length : open;
    if (end - at < 2) continue; // a colon or a comma
    const between = text.slice(at, end);
    const marked = markNumbers(between);
    if (marked === between) continue;
    out += text.slice(copied, at) + marked;
    copied = end;
  }
  return JSON.parse(out + text.slice(copied)) as unknown;
}

const markNumbers = (text: string): string =>
  text.replace(numbers, (digits) => (survives(digits) ? digits : `"${markText}${digits}"`));

/** Where the string that begins at `open` ends, its closing quote included. */
function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = quote;
    while (text[slashes - 1] === '\\') slashes--;
    if ((quote - slashes) % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** JSON text, marked numbers written as they came. */
export function writeExact(value: unknown): string {
  return JSON.stringify(value).replace(marked, '$1');
}

/** The digits of a marked number, or undefined. */
export function exactDigits(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith(mark) ? value.slice(mark.length) : undefined;
}

/** A marked number for digits that JavaScript cannot hold. */
export const exactNumber = (digits: string): unknown => (survives(digits) ? Number(digits) : mark + digits);

function survives(digits: string): boolean {
  const value = Number(digits);
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  if (/^-?\d+$/.test(digits)) return Number.isSafeInteger(value);
  return digits.replace(/\D/g, '').length <= 15;
}

const int64 = { low: -(2n ** 63n), high: 2n ** 63n - 1n };

/** The integer that digits stand for (also 1.0 and 1e3), if it fits 64 bits. */
export function int64Of(digits: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  if (whole === '') return undefined;
  const shift = Number(exponent);
  if (Math.abs(shift) > 400) return /^0*$/.test(whole + fraction) ? '0' : undefined;
  const all = whole + fraction;
  const point = whole.length + shift;
  const integer = point <= 0 ? '0' : all.slice(0, point).padEnd(point, '0');
  const rest = point < 0 ? all : all.slice(Math.max(point, 0));
  if (/[1-9]/.test(rest)) return undefined;
  const value = BigInt(sign + integer);
  return value >= int64.low && value <= int64.high ? value.toString() : undefined;
}
