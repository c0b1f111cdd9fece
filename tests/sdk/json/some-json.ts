/** JSON documents of all kinds, and the question whether two of them say the same. */
import type { Chance } from '../../support/random.js';

interface Kind {
  depth: number;
  /** Also numbers that JavaScript cannot hold. */
  exact: boolean;
}

const plainNumbers = ['0', '-0', '7', '-12', '1.5', '0.1', '-1.25', '1e5', '1E+5', '0.5E-3', '1.0', '123456789012345'];
const exactNumbers = [
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567',
  '123456789012345678901234567890',
  '1.234567890123456789',
  '-0.1234567890123456789',
  '1234567890.123456789012',
  '1e400',
  '-1E-400',
  '1e19',
];
const strings = [
  '',
  'a',
  '1, 2',
  ':12345678901234567890,',
  '": 12345678901234567890,',
  '\\',
  '\\\\"',
  '"',
  '\u0001\t\n',
  'é😀\u2028',
  '},{"a":',
  '},{"k0":',
  '[{]}',
  '__proto__',
];
const escapes = ['\\u00e9', '\\ud83d\\ude00', '\\/', '\\u0022', '\\u005c', '\\b'];
const spaces = ['', '', '', ' ', '  ', '\n', '\r\n\t'];

/** A document with white space anywhere. */
export function someJson(chance: Chance, kind: Kind): string {
  const space = (): string => chance.pick(spaces);
  const value = (): string => `${space()}${someJson(chance, { ...kind, depth: kind.depth - 1 })}${space()}`;
  const many = (make: (index: number) => string): string =>
    Array.from({ length: chance.int(0, 4) }, (_, index) => make(index)).join(',');
  switch (chance.int(0, kind.depth > 0 ? 6 : 3)) {
    case 0:
      return chance.pick(['null', 'true', 'false', someString(chance)]);
    case 1:
      return chance.pick(kind.exact ? [...plainNumbers, ...exactNumbers] : plainNumbers);
    case 2:
      return String(chance.int(-1e9, 1e9));
    case 3:
      return someString(chance);
    case 4:
      return `[${space()}${many(value)}${space()}]`.replace(/^\[\s*\]$/, '[ ]');
    default:
      return (
        '{' +
        `${many((index) => `${space()}${chance.is(0.2) ? someString(chance) : `"k${index}"`}${space()}:${value()}`)}` +
        '}'
      );
  }
}

function someString(chance: Chance): string {
  const text = JSON.stringify(chance.pick(strings));
  return chance.is(0.2) ? `"${chance.pick(escapes)}${text.slice(1)}` : text;
}

/** Whether two texts are the same document: numbers by value, not by spelling. */
export function sameJson(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

/** The document with each number as a string in one form, so that digits count. */
function canonical(text: string): string {
  const outside = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  const marked = text.replace(outside, (token) =>
    token.startsWith('"') ? `"s${token.slice(1)}` : `"n${form(token)}"`,
  );
  return JSON.stringify(JSON.parse(marked));
}

/** `-1.50e3` and `-1500` are both `-15e2`. */
function form(digits: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = all.replace(/0+$/, '');
  if (significant === '') return `${sign}0`;
  return `${sign}${significant}e${Number(exponent) - fraction.length + all.length - significant.length}`;
}
