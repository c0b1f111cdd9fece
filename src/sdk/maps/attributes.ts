/** Attributes, methods and items of values. */
import { type Methods, characters, sliceSteps } from './arguments.js';
import { dictionaryMethods, listMethods, setMethods } from './container-methods.js';
import { dateAttribute, dateTimeMethods, dayMethods, durationMethods } from './date-methods.js';
import { DateTime, Day, Duration } from './dates.js';
import { Failure } from './failure.js';
import { textMethods } from './text-methods.js';
import {
  type CallInput,
  Callable,
  List,
  type Tools,
  Tuple,
  UniqueSet,
  hashOf,
  indexOf,
  isDictionary,
  listItems,
  memberOf,
  sequenceItems,
  typeName,
} from './values.js';

type Method = (input: CallInput) => unknown;

const tables = [textMethods, listMethods, dictionaryMethods, setMethods, dateTimeMethods, dayMethods, durationMethods];

/** Whether a value of any type has a method of this name. */
export const isMethodName = (name: string): boolean => tables.some((table) => Object.hasOwn(table, name));

/** The method of a value; undefined: it has none of this name. */
export function methodOf(value: unknown, name: string): Method | undefined {
  if (value instanceof Callable) {
    const member = Object.hasOwn(value.members, name) ? value.members[name] : undefined;
    return member instanceof Callable ? member.call : undefined;
  }
  if (typeof value === 'string') return bound(textMethods, value, name);
  if (value instanceof Tuple) return bound(listMethods, value.items, name);
  if (value instanceof UniqueSet) return bound(setMethods, value, name);
  if (isDictionary(value)) return bound(dictionaryMethods, value, name);
  if (value instanceof DateTime) return bound(dateTimeMethods, value, name);
  if (value instanceof Day) return bound(dayMethods, value, name);
  if (value instanceof Duration) return bound(durationMethods, value, name);
  const items = listItems(value);
  return items && bound(listMethods, items, name);
}

function bound<Self>(methods: Methods<Self>, self: Self, name: string): Method | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method && ((input) => method(self, input));
}

/** `value.name`: an attribute, or the member of a dictionary. @throws Failure */
export function attributeOf(value: unknown, name: string): unknown {
  const found = value instanceof Callable ? memberNamed(value, name) : ownAttribute(value, name);
  if (found !== undefined) return found;
  if (isDictionary(value)) throw new Failure('KeyError', `the object has no property '${name}'`);
  throw new Failure('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
}

function ownAttribute(value: unknown, name: string): unknown {
  const found = dateAttribute(value, name);
  return found === undefined ? memberOf(value, name) : found;
}

const memberNamed = ({ members }: Callable, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** `value[index]` @throws Failure */
export function itemOf(value: unknown, index: unknown, tools: Tools): unknown {
  if (isDictionary(value)) return memberOrFailure(value, index);
  if (typeof value === 'string') {
    if (value.length > 1000) tools.spend(value.length / 20);
    return at(characters(value), index, 'string');
  }
  const items = sequenceItems(value);
  if (items) return at(items, index, typeName(value)) ?? null;
  throw new Failure('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function memberOrFailure(value: unknown, key: unknown): unknown {
  hashOf(key);
  const found = memberOf(value, key);
  // The name is the expression's own, unless it was computed.
  if (found === undefined)
    throw new Failure(
      'KeyError',
      typeof key === 'string' ? `the object has no '${short(key)}'` : 'the key is not there',
    );
  return found;
}

const short = (text: string): string => (text.length > 50 ? `${text.slice(0, 50)}…` : text);

function at(items: string | readonly unknown[], index: unknown, type: string): unknown {
  const given = indexOf(index, `an index of a ${type}`);
  const place = given < 0 ? given + items.length : given;
  if (place < 0 || place >= items.length) throw new Failure('IndexError', `${type} index out of range`);
  return items[place];
}

/** `value[start:stop:step]` @throws Failure */
export function sliceOf(
  value: unknown,
  bounds: { start: unknown; stop: unknown; step: unknown },
  tools: Tools,
): unknown {
  const items = typeof value === 'string' ? characters(value) : sequenceItems(value);
  if (items === undefined) throw new Failure('TypeError', `'${typeName(value)}' object is not subscriptable`);
  const { from, to, step } = sliceSteps(items.length, bounds);
  tools.spend(items.length / 10);
  if (step === 1 && typeof items === 'string') return items.slice(from, Math.max(from, to));
  tools.spend(Math.max(0, (to - from) / step) * 2);
  const picked: unknown[] = [];
  for (let place = from; step > 0 ? place < to : place > to; place += step) picked.push(items[place]);
  if (typeof value === 'string') return picked.join('');
  return value instanceof Tuple ? new Tuple(picked) : new List(picked);
}
