/** Values as formatted texts: the format specifications of f-strings, and the `%` operator. */
import { codePoints } from './code-points.js';
import { formatDate } from './date-text.js';
import { DateTime, Day } from './dates.js';
import { Failure } from './failure.js';
import { sizeOf } from './numbers.js';
import { checkLength, floatText, reprOf, textOf } from './text.js';
import { type Tools, Tuple, floatOf, integerOf, isDictionary, listItems, memberOf, typeName } from './values.js';

/** A format specification, read. */
interface Format {
  fill: string;
  align: string | undefined;
  isZeroFilled: boolean;
  sign: string;
  alternate: boolean;
  width: number;
  grouping: string;
  precision: number | undefined;
  type: string;
}

const numberAlign = '>';
const specification = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d{1,7})?([,_])?(?:\.(\d{1,7}))?([a-zA-Z%])?$/su;
const mostDecimals = 100;

/** `format(value, text)` @throws Failure */
export function formatValue(value: unknown, text: string, tools: Tools): string {
  if (text === '') return textOf(value, tools);
  if (value instanceof DateTime || value instanceof Day) return formatDate(value, text, tools);
  const format = readFormat(text);
  checkLength(format.width);
  tools.spend(format.width);
  if (typeof value === 'string') return formatText(value, format);
  const whole = integerOf(value);
  if (whole !== undefined && format.type === 'c') return padded(characterOf(whole), format, '<');
  if (whole !== undefined && /^[dxXobn]?$/.test(format.type))
    return padded(integerText(whole, format), format, numberAlign);
  const number = floatOf(value);
  if (number === undefined)
    throw new Failure('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
  if (!/^[eEfFgG%n]?$/.test(format.type))
    throw new Failure('ValueError', `format code '${format.type}' does not fit type '${typeName(value)}'`);
  tools.spend(300 + 4 * (format.precision ?? 0));
  return padded(numberText(number, format), format, numberAlign);
}

/** `chr(code)` */
function characterOf(code: bigint): string {
  if (code < 0n || code > 0x10ffffn) throw new Failure('OverflowError', '%c is not a character');
  return String.fromCodePoint(Number(code));
}

function formatText(value: string, format: Format): string {
  if (!/^s?$/.test(format.type) || format.grouping !== '' || format.align === '=')
    throw new Failure('ValueError', 'this format does not fit a text');
  const cut = format.precision === undefined ? value : codePoints(value).slice(0, format.precision).join('');
  return padded(cut, format, '<');
}

function readFormat(text: string): Format {
  const found = specification.exec(text);
  if (found === null) throw new Failure('ValueError', 'this format specification is not supported');
  const [, fill, align, sign = '-', alternate, zero, width = '0', grouping = '', precision, type = ''] = found;
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align,
    isZeroFilled: zero !== undefined,
    sign,
    alternate: alternate !== undefined,
    width: Number(width),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** How integers are written: in groups of so many digits. */
interface Digits {
  radix: number;
  prefix: string;
  every: number;
}

const decimalDigits: Digits = { radix: 10, prefix: '', every: 3 };
const radixes: Readonly<Record<string, Digits>> = {
  x: { radix: 16, prefix: '0x', every: 4 },
  X: { radix: 16, prefix: '0X', every: 4 },
  o: { radix: 8, prefix: '0o', every: 4 },
  b: { radix: 2, prefix: '0b', every: 4 },
};

function integerText(value: bigint, { sign, alternate, grouping, type }: Format): string {
  const size = sizeOf(value);
  const { radix, prefix, every } = radixes[type] ?? decimalDigits;
  const digits = upperIf(type === 'X', size.toString(radix));
  return signText(value < 0n, sign) + textIf(alternate, prefix) + grouped(digits, grouping, every);
}

function numberText(value: number, { sign, grouping, precision, type, alternate }: Format): string {
  if (precision !== undefined && precision > mostDecimals)
    throw new Failure('ValueError', `more than ${mostDecimals} decimals are not supported`);
  const text = finiteText(Math.abs(type === '%' ? value * 100 : value), { precision, type });
  const [whole = '', ...rest] = text.split(/(?=[.e])/);
  const isNegative = value < 0 || Object.is(value, -0);
  const point = textIf(alternate && !text.includes('.'), '.');
  return signText(isNegative, sign) + grouped(whole, grouping, 3) + rest.join('') + point + textIf(type === '%', '%');
}

function finiteText(size: number, { precision, type }: Pick<Format, 'precision' | 'type'>): string {
  if (!Number.isFinite(size)) return upperIf(/[EFG]/.test(type), floatText(size));
  if (type === '' && precision === undefined) return floatText(size);
  const digits = precision ?? 6;
  switch (type.toLowerCase()) {
    case 'e':
      return upperIf(type === 'E', longExponent(exponential(size, digits)));
    case 'f':
    case '%':
      return fixed(size, digits);
    default:
      return upperIf(type === 'G', general(size, Math.max(digits, 1), type === ''));
  }
}

/** JavaScript writes numbers from 1e21 on with an exponent; Python does not. */
function fixed(size: number, digits: number): string {
  if (size < 1e21) return halfEven((places) => size.toFixed(places), digits);
  return digits === 0 ? BigInt(size).toString() : `${BigInt(size)}.${'0'.repeat(digits)}`;
}

/**
 * A rounded number, with its last digit even where the number lies in the middle: JavaScript rounds these up. All
 * digits are slow to come by, so they are asked for only where one digit more makes it look like the middle.
 */
function halfEven(write: (digits: number) => string, digits: number): string {
  const rounded = write(digits);
  if (digits >= mostDecimals || !/5(?:e.*)?$/.test(write(digits + 1))) return rounded;
  const [, whole = '', fraction = '', exponent = ''] = /^(\d+)\.(\d+)(.*)$/.exec(write(mostDecimals)) ?? [];
  const cut = digits === 0 ? whole : `${whole}.${fraction.slice(0, digits)}`;
  const isMiddle = /^50*$/.test(fraction.slice(digits));
  return isMiddle && /[02468]$/.test(cut) ? cut + exponent : rounded;
}

/** `1.5e+3`, of so many digits behind the point. */
const exponential = (size: number, digits: number): string => halfEven((places) => size.toExponential(places), digits);

/** @param digits 1 or more */
function general(size: number, digits: number, isFloat: boolean): string {
  const rounded = exponential(size, digits - 1);
  const [, power = '0'] = rounded.split('e');
  const exponent = Number(power);
  const isLong = exponent < -4 || exponent >= digits;
  if (isLong) return longExponent(rounded.replace(/\.?0+e/, 'e'));
  const text = fixed(size, Math.min(mostDecimals, Math.max(0, digits - 1 - exponent)));
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return isFloat && !short.includes('.') ? `${short}.0` : short;
}

const textIf = (isWanted: boolean, text: string): string => (isWanted ? text : '');

const upperIf = (isUpper: boolean, text: string): string => (isUpper ? text.toUpperCase() : text);

/** Two digits at least, as in Python. */
const longExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function signText(isNegative: boolean, sign: string): string {
  if (isNegative) return '-';
  return textIf(sign !== '-', sign);
}

function grouped(digits: string, separator: string, every: number): string {
  if (separator === '') return digits;
  const first = digits.length % every;
  const groups = first > 0 ? [digits.slice(0, first)] : [];
  for (let at = first; at < digits.length; at += every) groups.push(digits.slice(at, at + every));
  return groups.join(separator);
}

function padded(text: string, { fill, align, width, isZeroFilled }: Format, otherwise: string): string {
  const missing = width - codePoints(text).length;
  if (missing <= 0) return text;
  const [sign = ''] = /^[-+ ]/.exec(text) ?? [];
  const usual = isZeroFilled && otherwise === numberAlign ? '=' : otherwise;
  switch (align ?? usual) {
    case '<':
      return text + fill.repeat(missing);
    case '^':
      return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
    case '=':
      return sign + fill.repeat(missing) + text.slice(sign.length);
    default:
      return fill.repeat(missing) + text;
  }
}

// The % operator -----------------------------------------------------------------------------------

const directive = /%(?:\((\w{1,100})\))?([-+ #0]*)(\d{1,7}|\*)?(?:\.(\d{1,7}|\*))?([a-zA-Z%])/g;

/** `text % values` @throws Failure */
export function formatPercent(text: string, values: unknown, tools: Tools): string {
  const list = values instanceof Tuple ? values.items : [values];
  let used = 0;
  let length = text.length;
  const next = (name: string | undefined): unknown => {
    if (name !== undefined) return named(values, name);
    if (used >= list.length) throw new Failure('TypeError', 'not enough arguments for format string');
    return list[used++];
  };
  const result = text.replace(
    directive,
    (_, name: string | undefined, flags: string, width = '', precision: string | undefined, type: string) => {
      if (type === '%') return '%';
      const size = (given: string): string => (given === '*' ? String(truncated(next(undefined))) : given);
      const [wide, exact] = [size(width), precision === undefined ? undefined : size(precision)];
      const one = formatOne(next(name), { flags, width: wide, precision: exact, type }, tools);
      length += one.length;
      checkLength(length);
      return one;
    },
  );
  const isAll = used >= list.length || isDictionary(values) || listItems(values) !== undefined;
  if (!isAll) throw new Failure('TypeError', 'not all arguments converted during string formatting');
  return result;
}

function named(values: unknown, name: string): unknown {
  const value = memberOf(values, name);
  if (value === undefined) throw new Failure('KeyError', `'${name}'`);
  return value;
}

interface Directive {
  flags: string;
  width: string;
  precision: string | undefined;
  type: string;
}

function formatOne(value: unknown, { flags, width, precision, type }: Directive, tools: Tools): string {
  const decimals = precision === undefined ? '' : `.${precision}`;
  const lead = textIf(flags.includes('-'), '<');
  if (/^[src]$/.test(type)) return formatValue(plainOf(value, type, tools), `${lead || '>'}${width}${decimals}`, tools);
  const [sign = ''] = /[+]|[ ]/.exec(flags) ?? [];
  const zeros = textIf(/^[^-]*0[^-]*$/.test(flags), '0');
  const size = lead + sign + zeros + width;
  if (/^[diu]$/.test(type)) return formatValue(truncated(value), `${size}d`, tools);
  const radix = lead + sign + textIf(flags.includes('#'), '#') + zeros + width;
  if (/^[xXo]$/.test(type)) return formatValue(truncated(value), radix + type, tools);
  if (/^[eEfFgG]$/.test(type)) return formatValue(numeric(value), size + decimals + type, tools);
  throw new Failure('ValueError', `unsupported format character '${type}'`);
}

function plainOf(value: unknown, type: string, tools: Tools): string {
  if (type === 's') return textOf(value, tools);
  if (type === 'r') return reprOf(value, tools);
  return typeof value === 'string' && codePoints(value).length === 1 ? value : characterOf(truncated(value));
}

function truncated(value: unknown): bigint {
  const whole = integerOf(value);
  if (whole !== undefined) return whole;
  const number = floatOf(value);
  if (number === undefined || !Number.isFinite(number))
    throw new Failure('TypeError', `%d format: a real number is required, not ${typeName(value)}`);
  return BigInt(Math.trunc(number));
}

function numeric(value: unknown): unknown {
  if (floatOf(value) === undefined) throw new Failure('TypeError', `must be real number, not ${typeName(value)}`);
  return typeof value === 'boolean' ? Number(value) : value;
}
