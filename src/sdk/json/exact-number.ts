/**
 * Numbers that JavaScript cannot hold. JSON.parse rounds integers beyond 2^53 and long decimals; such a
 * number is an `ExactNumber` here, which keeps its digits. As text (`String(id)`, a template, a path) it is
 * just these digits.
 */

/** A number as its JSON digits. */
export class ExactNumber {
  constructor(readonly digits: string) {}

  toString(): string {
    return this.digits;
  }

  /**
   * JSON.stringify cannot write a number of so many digits: it writes them as a string. `writeExact` writes the number.
   */
  toJSON(): string {
    return this.digits;
  }
}

/** The number that JSON digits stand for: a JavaScript number where that is the same number. */
export function exactNumber(digits: string): number | ExactNumber {
  return isHeld(digits) ? Number(digits) : new ExactNumber(digits);
}

/** The number with just these digits: a JavaScript number where that is written the same way. */
export function sameDigits(digits: string): number | ExactNumber {
  const value = Number(digits);
  return String(value) === digits && isSafe(value) ? value : new ExactNumber(digits);
}

/** Not so for integers beyond 2^53: there a JavaScript number stands for several. */
const isSafe = (value: number): boolean => Number.isSafeInteger(value) || !Number.isInteger(value);

/** Whether a JavaScript number holds just the number that these JSON digits stand for. */
export function isHeld(digits: string): boolean {
  const value = Number(digits);
  if (!Number.isFinite(value)) return false;
  if (!isSafe(value)) return false;
  return String(value) === digits || scientific(String(value)) === scientific(digits);
}

/** One form for all spellings of a number, its sign left out: 1200, 1.2e3 and 0.12E+4 are all `12e4`. */
function scientific(digits: string): string {
  const [mantissa = '', exponent = '0'] = digits.replace(/^-/, '').split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const first = leadingZeros(all);
  let end = all.length;
  while (end > first && all[end - 1] === '0') end--;
  return first === end ? '0' : `${all.slice(first, end)}e${Number(exponent) + whole.length - first}`;
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits[count] === '0') count++;
  return count;
}

const int64 = { low: -(2n ** 63n), high: 2n ** 63n - 1n };
const mostDigits = 19;

/** The integer that digits stand for (also 1.0 and 1e3), if it fits 64 bits. */
export function int64Of(digits: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  if (whole === '') return undefined;
  const all = whole + fraction;
  const first = leadingZeros(all);
  if (first === all.length) return '0';
  const point = whole.length + Number(exponent);
  if (point - first > mostDigits || point <= first) return undefined;
  if (/[1-9]/.test(all.slice(point))) return undefined;
  const value = BigInt(sign + all.slice(first, point).padEnd(point - first, '0'));
  return value >= int64.low && value <= int64.high ? value.toString() : undefined;
}
