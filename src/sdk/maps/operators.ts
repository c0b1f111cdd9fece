/** Python's operators on values of all kinds. Sizes of results are bounded before they are made. */
import { sameKind } from './comparisons.js';
import { DateTime, Day, Duration } from './dates.js';
import { Failure } from './failure.js';
import { formatPercent } from './format.js';
import { floats, floorDivide, integers } from './numbers.js';
import { both, bothFloats, bothIntegers, bothRead, bothTexts } from './pairs.js';
import { checkLength } from './text.js';
import {
  Dictionary,
  List,
  type Tools,
  Tuple,
  UniqueSet,
  floatNumber,
  floatOf,
  integerOf,
  isDictionary,
  listItems,
  memberEntries,
  sequenceItems,
  typeName,
  wholeNumber,
} from './values.js';

/** `left operator right` @throws Failure */
export function binary(operator: string, left: unknown, right: unknown, tools: Tools): unknown {
  tools.spend(1);
  const result = special(operator, left, right, tools) ?? numeric(operator, left, right);
  if (result !== undefined) return result;
  const types = `'${typeName(left)}' and '${typeName(right)}'`;
  throw new Failure('TypeError', `unsupported operand types for ${operator}: ${types}`);
}

function numeric(operator: string, left: unknown, right: unknown): unknown {
  const whole = bothIntegers(left, right);
  if (!whole) {
    const numbers = bothFloats(left, right);
    return numbers && floats(operator, ...numbers);
  }
  const areBooleans = typeof left === 'boolean' && typeof right === 'boolean';
  const result = integers(operator, ...whole);
  return areBooleans && '&|^'.includes(operator) ? result !== 0 : result;
}

/** Texts, lists, dictionaries, sets and dates; undefined where the operator has no meaning for them. */
function special(operator: string, left: unknown, right: unknown, tools: Tools): unknown {
  const uniques = both(UniqueSet, left, right);
  if (uniques) return sets(operator, ...uniques);
  switch (operator) {
    case '+':
      return plus(left, right, tools);
    case '-':
      return minus(left, right);
    case '*':
      return times(left, right, tools) ?? times(right, left, tools);
    case '%':
      return typeof left === 'string' ? formatPercent(left, right, tools) : divideSpan(operator, left, right);
    case '|':
      return merged(left, right);
    default:
      return divideSpan(operator, left, right);
  }
}

function plus(left: unknown, right: unknown, tools: Tools): unknown {
  const texts = bothTexts(left, right);
  if (texts) {
    const text = texts[0] + texts[1];
    checkLength(text.length);
    tools.spend(text.length / 10);
    return text;
  }
  const lists = bothRead(listItems, left, right);
  if (lists) return new List(joined(...lists, tools));
  const tuples = both(Tuple, left, right);
  if (tuples) return new Tuple(joined(tuples[0].items, tuples[1].items, tools));
  return later(left, right) ?? later(right, left);
}

function joined(left: readonly unknown[], right: readonly unknown[], tools: Tools): unknown[] {
  checkLength(left.length + right.length);
  tools.spend((left.length + right.length) * 2);
  return [...left, ...right];
}

/** A point or a span of time, and another span. */
function later(time: unknown, span: unknown): unknown {
  if (!(span instanceof Duration)) return undefined;
  if (time instanceof Duration) return new Duration(time.microseconds + span.microseconds);
  if (time instanceof DateTime) return new DateTime(time.wall + span.microseconds, time.offset);
  return time instanceof Day ? time.plus(span.days) : undefined;
}

function minus(left: unknown, right: unknown): unknown {
  const dateTimes = both(DateTime, left, right);
  if (dateTimes) {
    const [first, second] = sameKind(...dateTimes);
    return new Duration(first - second);
  }
  const days = both(Day, left, right);
  if (days) return new Duration((days[0].number - days[1].number) * 86_400_000_000n);
  if (!(right instanceof Duration)) return undefined;
  return left instanceof Day ? left.plus(-right.days) : later(left, new Duration(-right.microseconds));
}

/** A text, a list, a tuple or a span of time, some times over. */
function times(value: unknown, factor: unknown, tools: Tools): unknown {
  const count = integerOf(factor);
  if (count === undefined) return undefined;
  if (value instanceof Duration) return new Duration(value.microseconds * count);
  const parts = typeof value === 'string' ? value : sequenceItems(value);
  if (parts === undefined) return undefined;
  const rounds = parts.length > 0 ? Number(count > 0n ? count : 0n) : 0;
  checkLength(parts.length * rounds);
  tools.spend((parts.length * rounds) / 10);
  if (typeof parts === 'string') return parts.repeat(rounds);
  const all: unknown[] = [];
  for (let round = 0; round < rounds; round++) for (const part of parts) all.push(part);
  return value instanceof Tuple ? new Tuple(all) : new List(all);
}

/** A span of time divided by another or by a number. */
function divideSpan(operator: string, left: unknown, right: unknown): unknown {
  if (!(left instanceof Duration)) return undefined;
  if (right instanceof Duration) return spanRatio(operator, left.microseconds, right.microseconds);
  const by = floatOf(right);
  if (by === undefined) return undefined;
  if (by === 0) throw new Failure('ZeroDivisionError', 'division by zero');
  if (operator === '/') return new Duration(BigInt(Math.round(Number(left.microseconds) / by)));
  const whole = integerOf(right);
  return operator === '//' && whole !== undefined ? new Duration(floorDivide(left.microseconds, whole)) : undefined;
}

function spanRatio(operator: string, left: bigint, right: bigint): unknown {
  if (right === 0n) throw new Failure('ZeroDivisionError', 'division by zero');
  switch (operator) {
    case '/':
      return floatNumber(Number(left) / Number(right));
    case '//':
      return wholeNumber(floorDivide(left, right));
    case '%':
      return new Duration(left - floorDivide(left, right) * right);
    default:
      return undefined;
  }
}

function merged(left: unknown, right: unknown): Dictionary | undefined {
  if (![left, right].every(isDictionary)) return undefined;
  const all = new Dictionary();
  for (const [key, value] of [...memberEntries(left), ...memberEntries(right)]) all.set(key, value);
  return all;
}

function sets(operator: string, left: UniqueSet, right: UniqueSet): UniqueSet | undefined {
  const isIn = (other: UniqueSet) => (key: unknown) => other.get(key) !== undefined;
  const isMissing = (other: UniqueSet) => (key: unknown) => other.get(key) === undefined;
  switch (operator) {
    case '|':
      return new UniqueSet([...left.keys, ...right.keys]);
    case '&':
      return new UniqueSet(left.keys.filter(isIn(right)));
    case '-':
      return new UniqueSet(left.keys.filter(isMissing(right)));
    case '^':
      return new UniqueSet([...left.keys.filter(isMissing(right)), ...right.keys.filter(isMissing(left))]);
    default:
      return undefined;
  }
}

/** `-value`, `+value`, `~value` @throws Failure */
export function unary(operator: string, value: unknown): unknown {
  const result =
    integerOf(value) === undefined ? signed(operator, value) : wholeUnary(operator, integerOf(value) ?? 0n);
  if (result !== undefined) return result;
  throw new Failure('TypeError', `bad operand type for unary ${operator}: '${typeName(value)}'`);
}

function wholeUnary(operator: string, value: bigint): unknown {
  if (operator === '~') return wholeNumber(~value);
  return wholeNumber(operator === '-' ? -value : value);
}

/** A float or a span of time with a sign. */
function signed(operator: string, value: unknown): unknown {
  if (operator === '~') return undefined;
  const number = floatOf(value);
  const isKnown = number !== undefined || value instanceof Duration;
  if (!isKnown || operator === '+') return isKnown ? value : undefined;
  return value instanceof Duration ? new Duration(-value.microseconds) : floatNumber(-(number ?? 0));
}
