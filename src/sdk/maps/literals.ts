/** Python's literals: numbers, and texts with their escapes. */
import { Float, wholeNumber } from './values.js';

/** The value of a number; undefined for one that is not supported, or not well formed. */
export function numberLiteral(text: string): unknown {
  const digits = text.replaceAll('_', '');
  if (/__|_$/.test(text)) return undefined;
  if (/^0[xob]/i.test(digits)) return radixNumber(digits);
  if (/^(?:0+|[1-9]\d*)$/.test(digits)) return digits.length > mostDigits ? undefined : wholeNumber(BigInt(digits));
  return /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits) && /[.e]/i.test(digits)
    ? new Float(Number(digits))
    : undefined;
}

const mostDigits = 4300; // as Python

function radixNumber(digits: string): unknown {
  const isWell = /^0(?:x[\da-f]+|o[0-7]+|b[01]+)$/i.test(digits) && digits.length <= mostDigits;
  return isWell ? wholeNumber(BigInt(digits.toLowerCase())) : undefined;
}

/** A text as it stands in an expression. */
export interface TextLiteral {
  /** Letters before the quote, in lower case. */
  readonly prefix: string;
  /** Where the content begins and ends in the literal. */
  readonly from: number;
  readonly to: number;
}

/** The parts of a text literal; undefined when it is not one. */
export function textLiteral(literal: string): TextLiteral | undefined {
  const [opening = '', prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(literal) ?? [];
  const from = opening.length;
  const to = literal.length - quote.length;
  if (quote === '' || to < from || !literal.endsWith(quote)) return undefined;
  return { prefix: prefix.toLowerCase(), from, to };
}

const simple: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const escape = /\\(?:([0-7]{1,3})|(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})|([\s\S]))/g;

/** The content of a text literal with its escapes resolved. Unknown escapes stay as they are, as in Python. */
export function unescapeText(content: string): string {
  return content.replace(escape, (whole: string, octal?: string, hex?: string, other = '') => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (hex !== undefined) return codePoint(Number.parseInt(hex.slice(1), 16));
    return simple[other] ?? whole;
  });
}

const codePoint = (code: number): string => (code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code));
