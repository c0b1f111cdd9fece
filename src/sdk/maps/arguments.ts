/** What functions and methods do with their arguments. */
import { codePoints } from './code-points.js';
import { Failure } from './failure.js';
import {
  type CallInput,
  Members,
  type Tools,
  Tuple,
  indexOf,
  isNone,
  isDictionary,
  listItems,
  memberEntries,
  typeName,
} from './values.js';

/** The methods of a type, by name. */
export type Methods<Self> = Readonly<Record<string, (self: Self, input: CallInput) => unknown>>;

/** An argument that should be a text. @throws Failure */
export function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new Failure('TypeError', `${what} should be str, not ${typeName(value)}`);
}

/** An argument by its position or its name. */
export function argument({ args, named }: CallInput, position: number, name: string): unknown {
  return args[position] ?? named.get(name);
}

/** An integer argument. @throws Failure */
export function integerArgument(input: CallInput, position: number, name: string, otherwise?: number): number {
  const value = argument(input, position, name);
  if (value !== undefined) return indexOf(value, name);
  if (otherwise === undefined) throw new Failure('TypeError', `the argument ${name} is missing`);
  return otherwise;
}

/** What a loop over a value sees. @throws Failure for what cannot be looped over. */
export function iterate(value: unknown, tools: Tools): readonly unknown[] {
  const items = iterated(value);
  if (!items) throw new Failure('TypeError', `'${typeName(value)}' object is not iterable`);
  tools.spend(items.length);
  return items;
}

function iterated(value: unknown): readonly unknown[] | undefined {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Tuple) return value.items;
  if (value instanceof Members) return value.keys;
  if (isDictionary(value)) return memberEntries(value).map(([key]) => key);
  return listItems(value);
}

/** The characters of a text as Python counts them. A text without pairs of surrogates is its own list. */
export function characters(value: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(value) ? codePoints(value) : value;
}

/** The part of a text that the second and third argument of `find` and others name, and where it begins. */
export function bounds(self: string, args: readonly unknown[]): { part: string; from: number } {
  const [, start, end] = args;
  if (start === undefined && end === undefined) return { part: self, from: 0 };
  const all = characters(self);
  const place = (value: unknown, otherwise: number): number => {
    const at = isNone(value) ? otherwise : indexOf(value, 'a position');
    return Math.min(all.length, Math.max(0, at < 0 ? at + all.length : at));
  };
  const [from, to] = [place(start, 0), place(end, all.length)];
  const part = all.slice(from, Math.max(from, to));
  return { part: typeof part === 'string' ? part : part.join(''), from };
}

/** Where a slice begins, ends, and how it steps. */
export interface Steps {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** The places of a slice of something of this length. @throws Failure */
export function sliceSteps(length: number, bound: { start: unknown; stop: unknown; step: unknown }): Steps {
  const step = isNone(bound.step) ? 1 : indexOf(bound.step, 'a slice');
  if (step === 0) throw new Failure('ValueError', 'slice step cannot be zero');
  const [first, last] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (value: unknown, otherwise: number): number => {
    if (isNone(value)) return otherwise;
    const at = indexOf(value, 'a slice');
    return Math.min(last, Math.max(first, at < 0 ? at + length : at));
  };
  return { from: place(bound.start, step > 0 ? 0 : length - 1), to: place(bound.stop, step > 0 ? length : -1), step };
}
