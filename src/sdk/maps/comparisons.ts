/** Python's comparisons. */
import { DateTime, Day, Duration } from './dates.js';
import { Failure } from './failure.js';
import { both, bothFloats, bothIntegers, bothRead, bothTexts } from './pairs.js';
import {
  type Tools,
  Tuple,
  UniqueSet,
  areEqual,
  hashOf,
  isDictionary,
  listItems,
  memberOf,
  sequenceItems,
  typeName,
} from './values.js';

/** `left operator right` @throws Failure */
export function compares(operator: string, left: unknown, right: unknown, tools: Tools): boolean {
  switch (operator) {
    case '==':
      return areEqual(left, right, tools);
    case '!=':
      return !areEqual(left, right, tools);
    case 'is':
      return left === right;
    case 'is not':
      return left !== right;
    case 'in':
      return contains(right, left, tools);
    case 'not in':
      return !contains(right, left, tools);
    case '<':
      return orderOf(operator, left, right, tools) < 0;
    case '<=':
      return orderOf(operator, left, right, tools) <= 0;
    case '>':
      return orderOf(operator, left, right, tools) > 0;
    default:
      return orderOf(operator, left, right, tools) >= 0;
  }
}

/** `item in container` */
function contains(container: unknown, item: unknown, tools: Tools): boolean {
  if (typeof container === 'string') return isPart(container, item, tools);
  if (container instanceof UniqueSet) return container.get(item) !== undefined;
  if (isDictionary(container)) {
    hashOf(item);
    return memberOf(container, item) !== undefined;
  }
  const items = sequenceItems(container);
  if (!items) throw new Failure('TypeError', `argument of type '${typeName(container)}' is not iterable`);
  return items.some((one) => areEqual(one, item, tools));
}

function isPart(text: string, part: unknown, tools: Tools): boolean {
  if (typeof part !== 'string') throw new Failure('TypeError', `'in <string>' requires string, not ${typeName(part)}`);
  tools.spend(text.length / 20);
  return text.includes(part);
}

/** Below 0 when the left value comes first. NaN: neither does. @throws Failure for values without an order. */
function orderOf(operator: string, left: unknown, right: unknown, tools: Tools): number {
  tools.spend(1);
  const integers = bothIntegers(left, right) ?? instantsOf(left, right);
  if (integers) return order(...integers);
  const floats = bothFloats(left, right);
  if (floats) return floats.some(Number.isNaN) ? Number.NaN : order(...floats);
  const texts = bothTexts(left, right);
  if (texts) return textOrder(...texts);
  const sets = both(UniqueSet, left, right);
  if (sets) return setOrder(operator, ...sets);
  const lists = both(Tuple, left, right)?.map(({ items }) => items) ?? bothRead(listItems, left, right);
  const [leftItems, rightItems] = lists ?? [];
  if (leftItems && rightItems) return listOrder(operator, leftItems, rightItems, tools);
  throw new Failure(
    'TypeError',
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

/** Whether one set holds the other; in the form of an order. */
function setOrder(operator: string, left: UniqueSet, right: UniqueSet): number {
  const [small, large] = operator.startsWith('<') ? [left, right] : [right, left];
  const isPart = small.keys.every((key) => large.get(key) !== undefined);
  if (!isPart) return Number.NaN;
  return operator.startsWith('<') ? small.size - large.size : large.size - small.size;
}

function order<T extends bigint | number>(left: T, right: T): number {
  return left < right ? -1 : Number(left > right);
}

/** Texts are compared by code points, not by UTF-16. */
function textOrder(left: string, right: string): number {
  if (left === right) return 0;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  if (/[\ud800-\udbff]/.test(left.charAt(at - 1))) at--;
  const [first = -1, second = -1] = [left.codePointAt(at), right.codePointAt(at)];
  return order(first, second);
}

/** Points or spans of time as numbers. */
function instantsOf(left: unknown, right: unknown): readonly [bigint, bigint] | undefined {
  const times = both(DateTime, left, right);
  if (times) return sameKind(...times);
  const days = both(Day, left, right);
  if (days) return [days[0].number, days[1].number];
  const spans = both(Duration, left, right);
  return spans && [spans[0].microseconds, spans[1].microseconds];
}

/** @throws Failure when one date-time has a zone and the other has none. */
export function sameKind(left: DateTime, right: DateTime): readonly [bigint, bigint] {
  if (left.hasZone !== right.hasZone)
    throw new Failure('TypeError', 'a date-time with a zone and one without a zone have no order and no difference');
  return [left.instant, right.instant];
}

function listOrder(operator: string, left: readonly unknown[], right: readonly unknown[], tools: Tools): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    if (!areEqual(left[at], right[at], tools)) return orderOf(operator, left[at], right[at], tools);
  }
  return left.length - right.length;
}
