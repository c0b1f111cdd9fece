/** Methods of lists, tuples, dictionaries and sets. None changes what it is called on: a record stays as it came. */
import { type Methods, iterate } from './arguments.js';
import { Failure } from './failure.js';
import { Dictionary, List, type Tools, Tuple, UniqueSet, areEqual, hashOf, memberEntries, memberOf } from './values.js';

function count(items: readonly unknown[], wanted: unknown, tools: Tools): number {
  return items.filter((item) => areEqual(item, wanted, tools)).length;
}

function position(items: readonly unknown[], wanted: unknown, tools: Tools): number {
  const at = items.findIndex((item) => areEqual(item, wanted, tools));
  if (at < 0) throw new Failure('ValueError', 'the value is not in the list');
  return at;
}

/** The methods of a list and a tuple. */
export const listMethods: Methods<readonly unknown[]> = {
  copy: (self) => new List(self),
  count: (self, { args, tools }) => count(self, args[0], tools),
  index: (self, { args, tools }) => position(self, args[0], tools),
};

/** The methods of a dictionary. */
export const dictionaryMethods: Methods<unknown> = {
  copy: (self) => dictionaryOf(memberEntries(self)),
  get: (self, { args }) => {
    hashOf(args[0]);
    return memberOf(self, args[0]) ?? args[1] ?? null;
  },
  items: (self, { tools }) => {
    const entries = memberEntries(self);
    tools.spend(entries.length);
    return new List(entries.map((entry) => new Tuple(entry)));
  },
  keys: (self) => new List(memberEntries(self).map(([key]) => key)),
  values: (self) => new List(memberEntries(self).map(([, value]) => value)),
};

/** A dictionary of these members. */
export function dictionaryOf(entries: readonly (readonly [key: unknown, value: unknown])[]): Dictionary {
  const all = new Dictionary();
  for (const [key, value] of entries) all.set(key, value);
  return all;
}

/** The methods of a set. */
export const setMethods: Methods<UniqueSet> = {
  copy: (self) => new UniqueSet(self.keys),
  difference: (self, { args, tools }) => {
    const gone = new UniqueSet(args.flatMap((other) => iterate(other, tools)));
    return new UniqueSet(self.keys.filter((key) => gone.get(key) === undefined));
  },
  intersection: (self, { args, tools }) => {
    const others = args.map((other) => new UniqueSet(iterate(other, tools)));
    return new UniqueSet(self.keys.filter((key) => others.every((other) => other.get(key) !== undefined)));
  },
  isdisjoint: (self, { args, tools }) => iterate(args[0], tools).every((item) => self.get(item) === undefined),
  issubset: (self, { args, tools }) => {
    const other = new UniqueSet(iterate(args[0], tools));
    return self.keys.every((key) => other.get(key) !== undefined);
  },
  issuperset: (self, { args, tools }) => iterate(args[0], tools).every((item) => self.get(item) !== undefined),
  union: (self, { args, tools }) => new UniqueSet([...self.keys, ...args.flatMap((other) => iterate(other, tools))]),
};
