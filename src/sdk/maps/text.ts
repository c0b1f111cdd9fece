/** Python's texts of values: `str`, `repr` and `json.dumps`. */
import { ExactNumber } from '../json/exact-number.js';
import { DateTime, Day, Duration, Zone } from './dates.js';
import { Failure } from './failure.js';
import { asciiOnly, decimalText } from './json-text.js';
import {
  Dictionary,
  Float,
  List,
  type Tools,
  Tuple,
  UniqueSet,
  isDictionary,
  isNone,
  isTime,
  listItems,
  memberEntries,
  sequenceItems,
  typeName,
} from './values.js';

/** The most characters of a text, as in Meltano's SDK. */
export const mostCharacters = 100_000;

/** @throws Failure for a text that is too long. */
export function checkLength(length: number): void {
  if (length > mostCharacters)
    throw new Failure('IterableTooLong', `a text or list has more than ${mostCharacters} parts`);
}

/** `str(value)` */
export function textOf(value: unknown, tools: Tools): string {
  return typeof value === 'string' ? value : reprOf(value, tools, true);
}

/** `repr(value)`; with `isPlain`, dates are written as `str` does. */
export function reprOf(value: unknown, tools: Tools, isPlain = false): string {
  if (typeof value === 'string') return quoted(value, tools);
  const scalar = scalarText(value, isPlain);
  if (scalar !== undefined) {
    tools.spend(scalar.length);
    return scalar;
  }
  const text = containerText(value, tools);
  if (text === undefined) throw new Failure('TypeError', `${typeName(value)} has no text`);
  checkLength(text.length);
  return text;
}

function containerText(value: unknown, tools: Tools): string | undefined {
  const join = (items: readonly unknown[]): string => bounded(items.map((item) => reprOf(item, tools)));
  const items = listItems(value);
  if (items) return `[${join(items)}]`;
  if (value instanceof Tuple) return `(${join(value.items)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof UniqueSet) return value.size === 0 ? 'set()' : `{${join(value.keys)}}`;
  if (!isDictionary(value)) return undefined;
  const members = memberEntries(value).map(([key, item]) => `${reprOf(key, tools)}: ${reprOf(item, tools)}`);
  return `{${bounded(members)}}`;
}

function bounded(parts: readonly string[]): string {
  checkLength(parts.reduce((sum, part) => sum + part.length, 0));
  return parts.join(', ');
}

function scalarText(value: unknown, isPlain: boolean): string | undefined {
  if (isNone(value)) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof ExactNumber) return decimalText(value.digits);
  if (!isTime(value) && !(value instanceof Zone)) return undefined;
  return isPlain ? value.toString() : dateRepr(value);
}

function dateRepr(value: DateTime | Day | Duration | Zone): string {
  if (value instanceof Duration) return `datetime.timedelta(seconds=${value.totalSeconds})`;
  if (value instanceof Zone) return value.offset === 0 ? 'datetime.timezone.utc' : value.toString();
  const { year, month, day, hour, minute, second } = value.fields;
  if (value instanceof Day) return `datetime.date(${year}, ${month}, ${day})`;
  return `datetime.datetime(${year}, ${month}, ${day}, ${hour}, ${minute}${second ? `, ${second}` : ''})`;
}

/** How Python writes a float. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = power < 0 ? value.toFixed(mantissa.replace(/[-.]/g, '').length - 1 - power) : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string, tools: Tools): string {
  tools.spend(text.length);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\']|\p{Cc}/gu, (character) => {
    if (character === "'") return quote === "'" ? "\\'" : "'";
    return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return quote + inner + quote;
}

// JSON ---------------------------------------------------------------------------------------------

/** The options of `json.dumps`. */
export interface JsonOptions {
  readonly item: string;
  readonly key: string;
  readonly isSorted: boolean;
  readonly isAscii: boolean;
  /** What each level is indented by; undefined: all is on one line. */
  readonly indent: string | undefined;
  /** What a value that JSON does not have becomes; undefined: it is refused. */
  readonly otherwise: ((value: unknown) => unknown) | undefined;
}

/** `json.dumps(value)` @throws Failure */
export function jsonText(value: unknown, options: JsonOptions, tools: Tools, level = 1): string {
  tools.spend(5);
  if (typeof value === 'string') return jsonString(value, options, tools);
  const scalar = jsonScalar(value);
  if (scalar !== undefined) return scalar;
  const items = sequenceItems(value);
  if (items)
    return enclosed(
      '[]',
      items.map((item) => jsonText(item, options, tools, level + 1)),
      options,
      { level, tools },
    );
  if (!isDictionary(value)) return jsonText(substitute(value, options, tools), options, tools, level);
  const members = memberEntries(value).map(([key, item]) => [jsonKey(key), item] as const);
  if (options.isSorted) members.sort(([left], [right]) => (left < right ? -1 : 1));
  const texts = members.map(
    ([key, item]) => jsonString(key, options, tools) + options.key + jsonText(item, options, tools, level + 1),
  );
  return enclosed('{}', texts, options, { level, tools });
}

/** What stands for a value that JSON does not have. @throws Failure */
function substitute(value: unknown, { otherwise }: JsonOptions, tools: Tools): unknown {
  tools.spend(500);
  if (!otherwise) throw new Failure('TypeError', `${typeName(value)} is not JSON serializable`);
  return otherwise(value);
}

/** Items between brackets: on lines of their own where there is an indent. */
function enclosed(
  brackets: string,
  parts: readonly string[],
  { item, indent }: JsonOptions,
  { level, tools }: { level: number; tools: Tools },
): string {
  const [open = '', close = ''] = brackets;
  tools.spend(20);
  if (indent === undefined || parts.length === 0) return open + boundedJson(parts, item) + close;
  tools.spend(parts.length * (20 + (indent.length * level) / 10));
  const [outer, inner] = [level - 1, level].map((one) => `\n${indent.repeat(one)}`);
  return open + inner + boundedJson(parts, item + inner) + outer + close;
}

/** A whole record may be longer than a text of an expression. */
const mostJson = 20_000_000;

function boundedJson(parts: readonly string[], separator: string): string {
  if (parts.reduce((sum, part) => sum + part.length, 0) > mostJson)
    throw new Failure('IterableTooLong', `the JSON text has more than ${mostJson} characters`);
  return parts.join(separator);
}

function jsonString(text: string, { isAscii }: JsonOptions, tools: Tools): string {
  tools.spend(text.length / 50);
  const written = JSON.stringify(text);
  return isAscii ? asciiOnly(written) : written;
}

function jsonScalar(value: unknown): string | undefined {
  if (isNone(value)) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isTime(value) || value instanceof Zone) return undefined;
  const text = scalarText(value, true);
  const names: Readonly<Record<string, string>> = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' };
  return text && (names[text] ?? text);
}

/** The name of a member: numbers and constants as JSON has them. @throws Failure */
export function jsonKey(key: unknown): string {
  if (typeof key === 'string') return key;
  const text = jsonScalar(key);
  if (text === undefined)
    throw new Failure('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
  return text;
}

const made = (value: unknown): List | Tuple | undefined =>
  value instanceof List || value instanceof Tuple ? value : undefined;

/** What leaves in a record: only what JSON has. @throws Failure for a value that is too large, or none. */
export function toJson(value: unknown, tools: Tools): unknown {
  tools.spend(5);
  if (value instanceof Float) return Number.isFinite(value.value) ? value.value : null;
  if (typeof value === 'bigint') return new ExactNumber(String(value));
  if (value instanceof DateTime) return value.isoFormat();
  if (isTime(value) || value instanceof Zone) return value.toString();
  if (value instanceof UniqueSet) return reprOf(value, tools);
  if (value instanceof Dictionary)
    return Object.fromEntries(value.entries.map(([key, item]) => [jsonKey(key), toJson(item, tools)]));
  if (typeName(value) === 'builtin_function_or_method')
    throw new Failure('TypeError', 'the expression gives a function, not a value');
  // What came in a record has nothing in it that an expression made.
  return made(value)?.items.map((item) => toJson(item, tools)) ?? value;
}
