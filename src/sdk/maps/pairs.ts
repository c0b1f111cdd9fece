/** The operands of an operator, where both are of one kind. */
import { floatOf, integerOf } from './values.js';

/** Two values of a class; undefined when one of them is not. */
export function both<T>(
  type: abstract new (...args: never) => T,
  left: unknown,
  right: unknown,
): readonly [left: T, right: T] | undefined {
  return left instanceof type && right instanceof type ? [left, right] : undefined;
}

/** Two texts. */
export function bothTexts(left: unknown, right: unknown): readonly [left: string, right: string] | undefined {
  return typeof left === 'string' && typeof right === 'string' ? [left, right] : undefined;
}

/** What `read` makes of both values; undefined when it makes nothing of one of them. */
export function bothRead<T>(
  read: (value: unknown) => T | undefined,
  left: unknown,
  right: unknown,
): readonly [left: T, right: T] | undefined {
  const [a, b] = [read(left), read(right)];
  return a === undefined || b === undefined ? undefined : [a, b];
}

/** Two integers. */
export const bothIntegers = (left: unknown, right: unknown): readonly [bigint, bigint] | undefined =>
  bothRead(integerOf, left, right);

/** Two numbers, as floats. */
export const bothFloats = (left: unknown, right: unknown): readonly [number, number] | undefined =>
  bothRead(floatOf, left, right);
