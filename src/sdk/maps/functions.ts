/** The functions and modules that expressions can call: those of Meltano's SDK, and no other. */
import { codePoints } from './code-points.js';
import { createHash } from 'node:crypto';
import { parseJsonExactly } from '../json/parse-exact.js';
import { argument, integerArgument, iterate, text } from './arguments.js';
import { dictionaryOf } from './container-methods.js';
import { dateModule } from './date-methods.js';
import { Failure } from './failure.js';
import { jsonText, mostCharacters, textOf } from './text.js';
import {
  type CallInput,
  Callable,
  List,
  Tuple,
  UniqueSet,
  floatNumber,
  floatOf,
  integerOf,
  isDictionary,
  isTrue,
  memberEntries,
  indexOf,
  typeName,
  wholeNumber,
} from './values.js';

const mostDigits = 4300; // as Python

function toInteger(input: CallInput): unknown {
  const [value = 0] = input.args;
  const base = argument(input, 1, 'base');
  if (typeof value === 'string')
    return integerFromText(value, base === undefined ? 10 : integerArgument(input, 1, 'base'));
  const whole = integerOf(value);
  if (whole !== undefined) return wholeNumber(whole);
  const number = floatOf(value);
  if (number === undefined) throw new Failure('TypeError', `int() takes a text or a number, not '${typeName(value)}'`);
  if (!Number.isFinite(number)) throw new Failure('ValueError', 'int() cannot convert an infinite number');
  return wholeNumber(BigInt(Math.trunc(number)));
}

function integerFromText(value: string, base: number): unknown {
  const [, sign = '', prefix = '', digits = ''] = /^([+-]?)(0[xob])?(\w+)$/i.exec(value.trim()) ?? [];
  const plain = digits.replace(/(?<=\w)_(?=\w)/g, '').toLowerCase();
  const prefixed = { '0x': 16, '0o': 8, '0b': 2 }[prefix.toLowerCase()];
  if (base === 0) return integerFromText(value, prefixed ?? 10);
  const usual = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const hasPrefix = prefix === '' || prefixed === base;
  const isNumber = plain !== '' && hasPrefix && codePoints(plain).every((digit) => usual.includes(digit));
  if (!isNumber || base < 2 || base > 36)
    throw new Failure('ValueError', `invalid literal for int() with base ${base}`);
  if (plain.length > mostDigits) throw new Failure('ValueError', `int() takes at most ${mostDigits} digits`);
  const size =
    base === 10
      ? BigInt(plain)
      : codePoints(plain).reduce((sum, digit) => sum * BigInt(base) + BigInt(usual.indexOf(digit)), 0n);
  return wholeNumber(sign === '-' ? -size : size);
}

function toFloat({ args: [value = 0] }: CallInput): unknown {
  if (typeof value !== 'string') {
    const number = floatOf(value);
    if (number === undefined)
      throw new Failure('TypeError', `float() takes a text or a number, not '${typeName(value)}'`);
    return floatNumber(number);
  }
  const plain = value.trim().replace(/(?<=\d)_(?=\d)/g, '');
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(plain);
  if (named) return floatNumber(namedFloat(named[1] ?? '', named[2] ?? ''));
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain))
    throw new Failure('ValueError', 'could not convert string to float');
  return floatNumber(Number(plain));
}

function namedFloat(sign: string, name: string): number {
  if (/nan/i.test(name)) return Number.NaN;
  return sign === '-' ? -Infinity : Infinity;
}

function toDictionary({ args: [value], named, tools }: CallInput): unknown {
  const members = isDictionary(value)
    ? memberEntries(value)
    : value === undefined
      ? []
      : iterate(value, tools).map(pair(tools));
  return dictionaryOf([...members, ...named]);
}

const pair =
  (tools: CallInput['tools']) =>
  (item: unknown): readonly [unknown, unknown] => {
    const parts = iterate(item, tools);
    if (parts.length !== 2) throw new Failure('ValueError', 'dict() takes pairs');
    return [parts[0], parts[1]];
  };

const items = ({ args: [value], tools }: CallInput): readonly unknown[] =>
  value === undefined ? [] : iterate(value, tools);

/** The hash of a text, in hexadecimal digits. */
const hash =
  (algorithm: 'md5' | 'sha256') =>
  ({ args: [value], tools }: CallInput): string => {
    if (typeof value !== 'string')
      throw new Failure(
        'AttributeError',
        `'${typeName(value)}' object has no attribute 'encode': ${algorithm}() takes a text`,
      );
    tools.spend(value.length / 10);
    return createHash(algorithm).update(value).digest('hex');
  };

/** `json.dumps` with the options that change nothing but the form. */
function dumps({ args, named, tools }: CallInput): string {
  if (args.length !== 1) throw new Failure('TypeError', 'json.dumps takes one value');
  const known = ['separators', 'sort_keys', 'ensure_ascii', 'default', 'indent'];
  const other = [...named.keys()].find((name) => !known.includes(name));
  if (other !== undefined) throw new Failure('TypeError', `json.dumps does not have the option ${other} here`);
  const separators = named.get('separators');
  const indent = indentOf(named.get('indent'));
  const usual = [indent === undefined ? ', ' : ',', ': '];
  const [item, key] = separators === undefined || separators === null ? usual : iterate(separators, tools);
  const fallback = named.get('default');
  return jsonText(
    args[0],
    {
      item: text(item, 'a separator'),
      key: text(key, 'a separator'),
      isSorted: isTrue(named.get('sort_keys') ?? false),
      isAscii: isTrue(named.get('ensure_ascii') ?? true),
      indent,
      otherwise:
        fallback instanceof Callable ? (one) => fallback.call?.({ args: [one], named: none, tools }) : undefined,
    },
    tools,
  );
}

const none: ReadonlyMap<string, unknown> = new Map();
const deepestIndent = 100;

function indentOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const width = typeof value === 'string' ? value.length : indexOf(value, 'indent');
  if (width > deepestIndent) throw new Failure('ValueError', `an indent must not exceed ${deepestIndent}`);
  return typeof value === 'string' ? value : ' '.repeat(Math.max(0, width));
}

function loads({ args: [value], tools }: CallInput): unknown {
  const json = text(value, 'the JSON text');
  if (json.length > mostCharacters * 10) throw new Failure('IterableTooLong', 'the JSON text is too long');
  tools.spend(json.length);
  try {
    return parseJsonExactly(json);
  } catch {
    throw new Failure('JSONDecodeError', 'the text is not JSON');
  }
}

function randomInteger({ args: [most], tools }: CallInput): unknown {
  const limit = floatOf(most);
  if (limit === undefined) throw new Failure('TypeError', `randint() takes a number, not '${typeName(most)}'`);
  return wholeNumber(BigInt(Math.trunc(tools.random() * limit)));
}

/** A function that takes so many values. */
function taking(least: number, most: number, name: string, call: (input: CallInput) => unknown): Callable {
  return new Callable(name, (input) => {
    const count = input.args.length;
    if (count < least || count > most) throw new Failure('TypeError', `${name}() does not take ${count} values`);
    return call(input);
  });
}

const plainText = ({ args, named, tools }: CallInput): string => {
  const value = args[0] ?? named.get('object');
  return args.length + named.size === 0 ? '' : textOf(value ?? null, tools);
};

const known = [
  taking(0, 1, 'bool', ({ args }) => isTrue(args[0] ?? null)),
  taking(0, 1, 'dict', toDictionary),
  taking(0, 1, 'float', toFloat),
  taking(0, 2, 'int', toInteger),
  taking(0, 1, 'list', (input) => new List([...items(input)])),
  taking(1, 1, 'md5', hash('md5')),
  taking(0, 0, 'rand', ({ tools }) => floatNumber(tools.random())),
  taking(1, 1, 'randint', randomInteger),
  taking(0, 1, 'set', (input) => {
    const all = items(input);
    input.tools.spend(all.length * 8);
    return new UniqueSet(all);
  }),
  taking(1, 1, 'sha256', hash('sha256')),
  taking(0, 1, 'str', plainText),
  taking(0, 1, 'tuple', (input) => new Tuple([...items(input)])),
];

/** Functions, by name. */
export const functions: Readonly<Record<string, Callable>> = Object.fromEntries(known.map((one) => [one.name, one]));

/** Modules, by name. */
export const modules: Readonly<Record<string, Callable>> = {
  datetime: dateModule,
  json: new Callable('json', undefined, { dumps: new Callable('dumps', dumps), loads: new Callable('loads', loads) }),
};
