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

const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON; numbers that would change are marked texts. @throws SyntaxError as JSON.parse. */
export function parseExact(text: string): unknown {
  return JSON.parse(text.replace(tokens, (token) => (token.startsWith('"') || survives(token) ? token : `"${markText}${token}"`))) as unknown;
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
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
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
