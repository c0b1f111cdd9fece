/**
 * Python's values. Those of a record stay as they came from JSON (objects, lists, texts, numbers); what an expression
 * makes is of a class of its own, so that 2.0 is not 2, and a tuple not a list.
 *
 * Integers are numbers or, beyond 2^53, bigints; a number with a fraction is a float.
 */
import { ExactNumber } from '../json/exact-number.js';
import { isRecord } from '../json/objects.js';
import { DateTime, Day, Duration, Zone } from './dates.js';
import { Failure } from './failure.js';

/** A float without a fraction, or one that JSON cannot hold. */
export class Float {
  constructor(readonly value: number) {}
}

/** A list that an expression made. */
export class List {
  constructor(readonly items: readonly unknown[]) {}
}

/** A tuple. */
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A dictionary or a set that an expression made, in the order in which it was filled. */
export class Members {
  readonly #members = new Map<string, readonly [key: unknown, value: unknown]>();

  set(key: unknown, value: unknown): void {
    const hash = hashOf(key);
    const [first = key] = this.#members.get(hash) ?? [];
    this.#members.set(hash, [first, value]);
  }

  get(key: unknown): readonly [key: unknown, value: unknown] | undefined {
    return this.#members.get(hashOf(key));
  }

  get size(): number {
    return this.#members.size;
  }

  get entries(): readonly (readonly [key: unknown, value: unknown])[] {
    return [...this.#members.values()];
  }

  get keys(): unknown[] {
    return this.entries.map(([key]) => key);
  }
}

/** A dictionary that an expression made. */
export class Dictionary extends Members {}

/** A set. */
export class UniqueSet extends Members {
  constructor(items: readonly unknown[]) {
    super();
    for (const item of items) this.set(item, true);
  }
}

/** A function or a type that expressions can call, with what it holds by name. */
export class Callable {
  constructor(
    readonly name: string,
    readonly call: ((input: CallInput) => unknown) | undefined,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {}
}

/** What a function is called with. */
export interface CallInput {
  readonly args: readonly unknown[];
  readonly named: ReadonlyMap<string, unknown>;
  readonly tools: Tools;
}

/** What functions need beside their arguments. */
export interface Tools {
  /** Counts what an evaluation costs. @throws Failure when it is too much. */
  spend(cost: number): void;
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}

// Numbers ------------------------------------------------------------------------------------------

/** An integer in the form that integers have here. */
export function wholeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A float in the form that floats have here. */
export function floatNumber(value: number): number | Float {
  return Number.isFinite(value) && !Number.isInteger(value) ? value : new Float(value);
}

/** The integer that a value is, booleans included. */
export function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'boolean') return BigInt(value);
  return value instanceof ExactNumber && /^-?\d{1,4300}$/.test(value.digits) ? BigInt(value.digits) : undefined;
}

/** The number that a value is, as a float. */
export function floatOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return Number(value);
  return value instanceof ExactNumber ? Number(value.digits) : undefined;
}

/** Whether a value is Python's None. */
export const isNone = (value: unknown): value is null | undefined => (value ?? null) === null;

/** Whether a value is a point or a span of time. */
export function isTime(value: unknown): value is DateTime | Day | Duration {
  return [DateTime, Day, Duration].some((type) => value instanceof type);
}

export const isNumber = (value: unknown): boolean => floatOf(value) !== undefined;

/** A small integer, for an index or a width. @throws Failure */
export function indexOf(value: unknown, what: string): number {
  const whole = integerOf(value);
  if (whole === undefined) throw new Failure('TypeError', `${what} should be an integer, not ${typeName(value)}`);
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(Number.MIN_SAFE_INTEGER, Number(whole)));
}

// Kinds --------------------------------------------------------------------------------------------

/** The items of a list; undefined for what is none. */
export function listItems(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  return value instanceof List ? value.items : undefined;
}

/** The items of a list or a tuple; undefined for what is neither. */
export function sequenceItems(value: unknown): readonly unknown[] | undefined {
  return value instanceof Tuple ? value.items : listItems(value);
}

export const isDictionary = (value: unknown): boolean => value instanceof Dictionary || isPlainObject(value);

/** An object that came from JSON. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The members of a dictionary, in order. */
export function memberEntries(value: unknown): readonly (readonly [key: unknown, value: unknown])[] {
  if (value instanceof Dictionary) return value.entries;
  return isPlainObject(value) ? Object.entries(value).filter(([, item]) => item !== undefined) : [];
}

/** The value of a key of a dictionary; undefined: it has none. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (value instanceof Dictionary) return value.get(key)?.[1];
  if (!isPlainObject(value) || typeof key !== 'string') return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const classNames: readonly (readonly [type: abstract new (...args: never) => unknown, name: string])[] = [
  [Float, 'float'],
  [List, 'list'],
  [Tuple, 'tuple'],
  [Dictionary, 'dict'],
  [UniqueSet, 'set'],
  [DateTime, 'datetime.datetime'],
  [Day, 'datetime.date'],
  [Duration, 'datetime.timedelta'],
  [Zone, 'datetime.timezone'],
  [Callable, 'builtin_function_or_method'],
];

/** What Python calls the type of a value. */
export function typeName(value: unknown): string {
  if (isNone(value)) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (integerOf(value) !== undefined) return 'int';
  if (typeof value === 'number' || value instanceof ExactNumber) return 'float';
  if (Array.isArray(value)) return 'list';
  return classNames.find(([type]) => value instanceof type)?.[1] ?? 'dict';
}

/** Whether Python takes a value for true. */
export function isTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (isNone(value)) return false;
  const number = floatOf(value);
  if (number !== undefined) return number !== 0;
  const items = typeof value === 'string' ? value : sequenceItems(value);
  if (items !== undefined) return items.length > 0;
  if (value instanceof Members) return value.size > 0;
  if (value instanceof Duration) return value.microseconds !== 0n;
  return isPlainObject(value) ? Object.keys(value).length > 0 : true;
}

// Equality -----------------------------------------------------------------------------------------

/** A text that equal keys have in common. @throws Failure for a list, a dictionary or a set. */
export function hashOf(key: unknown): string {
  if (typeof key === 'string') return `s${key}`;
  if (isNone(key)) return 'none';
  const whole = integerOf(key);
  if (whole !== undefined) return `n${whole}`;
  const number = floatOf(key);
  if (number !== undefined) return Number.isInteger(number) ? `n${BigInt(number)}` : `n${number}`;
  if (key instanceof Tuple) return `t${JSON.stringify(key.items.map(hashOf))}`;
  if (isTime(key)) return `d${key.sortKey}`;
  throw new Failure('TypeError', `unhashable type: '${typeName(key)}'`);
}

/** Whether two values are equal (`==`). */
export function areEqual(left: unknown, right: unknown, tools: Tools): boolean {
  tools.spend(5);
  if (typeof left === 'string' || typeof right === 'string') return left === right;
  const [leftItems, rightItems] = [itemsAlike(left, right), itemsAlike(right, left)];
  if (leftItems && rightItems)
    return (
      leftItems.length === rightItems.length && leftItems.every((item, at) => areEqual(item, rightItems[at], tools))
    );
  if (isDictionary(left) && isDictionary(right)) return areDictionariesEqual(left, right, tools);
  if (left instanceof UniqueSet && right instanceof UniqueSet)
    return left.size === right.size && left.keys.every((key) => right.get(key) !== undefined);
  if (isScalar(left) && isScalar(right)) return !Number.isNaN(floatOf(left)) && hashOf(left) === hashOf(right);
  return left === right;
}

/** The items of a list beside a list, of a tuple beside a tuple. */
function itemsAlike(value: unknown, other: unknown): readonly unknown[] | undefined {
  if (value instanceof Tuple) return other instanceof Tuple ? value.items : undefined;
  return listItems(other) ? listItems(value) : undefined;
}

function areDictionariesEqual(left: unknown, right: unknown, tools: Tools): boolean {
  const entries = memberEntries(left);
  if (entries.length !== memberEntries(right).length) return false;
  return entries.every(([key, value]) => {
    const other = memberOf(right, key);
    return other !== undefined && areEqual(value, other, tools);
  });
}

function isScalar(value: unknown): boolean {
  return isNone(value) || isNumber(value) || isTime(value);
}
