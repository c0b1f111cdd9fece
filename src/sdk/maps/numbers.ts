/** Arithmetic as in Python. Sizes of results are bounded before they are made. */
import { Failure } from './failure.js';
import { floatNumber, wholeNumber } from './values.js';

const mostPower = 4_000_000n; // as in Meltano's SDK
const mostBits = 16_384; // Python writes no integer of more digits

/** The quotient of two integers, rounded down. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const rest = a % b;
  const isBelow = rest !== 0n && rest < 0n !== b < 0n;
  return isBelow ? a / b - 1n : a / b;
}

/** An operator on two integers. @throws Failure */
export function integers(operator: string, a: bigint, b: bigint): unknown {
  switch (operator) {
    case '+':
      return wholeNumber(bounded(a + b));
    case '-':
      return wholeNumber(bounded(a - b));
    case '*':
      return wholeNumber(bounded(a * b));
    case '/':
      return floatNumber(quotient(a, b));
    case '//':
      return wholeNumber(floorDivide(a, notZero(b)));
    case '%':
      return wholeNumber(a - floorDivide(a, notZero(b)) * b);
    case '**':
      return power(a, b);
    case '<<':
      return wholeNumber(bounded(a << places(b)));
    case '>>':
      return wholeNumber(a >> places(b));
    case '&':
      return wholeNumber(a & b);
    case '|':
      return wholeNumber(a | b);
    default:
      return wholeNumber(a ^ b);
  }
}

function notZero(value: bigint): bigint {
  if (value === 0n) throw new Failure('ZeroDivisionError', 'division by zero');
  return value;
}

function quotient(a: bigint, b: bigint): number {
  const [x, y] = [Number(a), Number(notZero(b))];
  if ([x, y].every(Number.isFinite)) return x / y;
  throw new Failure('OverflowError', 'integer division result too large for a float');
}

/** The size of an integer without its sign. */
export const sizeOf = (value: bigint): bigint => (value < 0n ? -value : value);

/** @throws Failure for an integer of too many digits. */
function bounded(value: bigint): bigint {
  if (sizeOf(value) > 1n << BigInt(mostBits)) throw tooHigh();
  return value;
}

const tooHigh = (): Failure => new Failure('NumberTooHigh', 'the integer has too many digits');
const bitLength = (value: bigint): number => value.toString(16).length * 4;

function power(a: bigint, b: bigint): unknown {
  const [base, exponent] = [sizeOf(a), sizeOf(b)];
  if (base > mostPower) throw tooLarge();
  if (exponent > mostPower) throw tooLarge();
  if (b < 0n) return floatNumber(Number(notZero(a)) ** Number(b));
  if (base > 1n && bitLength(base) * Number(exponent) > mostBits * 4) throw tooHigh();
  return wholeNumber(bounded(a ** b));
}

const tooLarge = (): Failure => new Failure('NumberTooHigh', `numbers of a power must not exceed ${mostPower}`);

/** How far a shift goes. */
function places(value: bigint): bigint {
  if (value < 0n) throw new Failure('ValueError', 'negative shift count');
  if (value > 10_000n) throw new Failure('NumberTooHigh', 'a shift must not exceed 10000');
  return value;
}

/** An operator on two floats; undefined for one that they do not have. @throws Failure */
export function floats(operator: string, x: number, y: number): unknown {
  switch (operator) {
    case '+':
      return floatNumber(x + y);
    case '-':
      return floatNumber(x - y);
    case '*':
      return floatNumber(x * y);
    case '/':
      return floatNumber(x / divisor(y));
    case '//':
      return floatNumber(Math.floor(x / divisor(y)));
    case '%':
      return floatNumber(modulo(x, divisor(y)));
    case '**':
      return floatPower(x, y);
    default:
      return undefined;
  }
}

function divisor(value: number): number {
  if (value === 0) throw new Failure('ZeroDivisionError', 'float division by zero');
  return value;
}

/** The rest of a division has the sign of the divisor. */
function modulo(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 === y < 0 ? rest : rest + y;
}

function floatPower(x: number, y: number): unknown {
  if (Math.max(Math.abs(x), Math.abs(y)) > Number(mostPower)) throw tooLarge();
  const result = x ** y;
  if (Number.isNaN(result)) throw new Failure('ValueError', 'the power is no real number');
  if (!Number.isFinite(result)) throw new Failure('OverflowError', 'the power is too large');
  return floatNumber(result);
}
