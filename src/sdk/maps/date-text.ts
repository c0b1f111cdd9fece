/** Dates from text and to text: ISO 8601, strftime and strptime. */
import { DateTime, Day, Zone, type Fields, midnight, offsetText, two, weekday } from './dates.js';
import { Failure } from './failure.js';
import type { Tools } from './values.js';

const isoDate = /^(\d{4})(-?)(\d\d)\2(\d\d)$/;
const isoTime = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** The date that a text holds. @throws Failure */
export function dayFromIso(text: string): Day {
  const [, year, , month, day] = isoDate.exec(text) ?? [];
  if (year === undefined) throw new Failure('ValueError', 'the text is not a date in ISO format');
  return new Day({ year: Number(year), month: Number(month), day: Number(day) });
}

/** The date-time that a text holds. @throws Failure */
export function dateTimeFromIso(text: string): DateTime {
  const length = text[4] === '-' ? 10 : 8;
  const { year, month, day } = dayFromIso(text.slice(0, length)).fields;
  if (text.length === length) return DateTime.of({ ...midnight, year, month, day }, undefined);
  const [, hour, minute = '0', second = '0', fraction = '', zone] = isoTime.exec(text.slice(length + 1)) ?? [];
  if (hour === undefined) throw new Failure('ValueError', 'the text is not a date-time in ISO format');
  const microsecond = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const time = { hour: Number(hour), minute: Number(minute), second: Number(second), microsecond };
  return DateTime.of({ year, month, day, ...time }, offsetOf(zone));
}

/** Minutes of `Z`, `+01:00` or `+0100`; undefined for no zone. */
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (zone.toUpperCase() === 'Z') return 0;
  const [, sign = '', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?/.exec(zone) ?? [];
  const size = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -size : size;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const nameOf = (names: readonly string[], index: number): string => names[index] ?? '';

type Written = (fields: Fields, offset: number | undefined) => string;

const hour12 = (hour: number): number => ((hour + 11) % 12) + 1;

/** The number of the day in its year, from 1. */
function dayOfYear({ year, month, day }: Fields): number {
  return Number(new Day({ year, month, day }).number - new Day({ year, month: 1, day: 1 }).number) + 1;
}

/** The week of a date in ISO 8601, and the year that it belongs to. */
export function isoWeek(fields: Fields): { year: number; week: number } {
  const thursday = new Day(fields).plus(BigInt(3 - weekday(fields))).fields;
  return { year: thursday.year, week: Math.ceil(dayOfYear(thursday) / 7) };
}

const padded = (value: number): string => String(value).padStart(2, ' ');
const directive = (letter: string, fields: Fields): string => directives[letter]?.(fields, undefined) ?? '';

const directives: Readonly<Record<string, Written>> = {
  a: (fields) => nameOf(weekdays, weekday(fields)).slice(0, 3),
  A: (fields) => nameOf(weekdays, weekday(fields)),
  c: (fields) => {
    const { day, year } = fields;
    return `${directive('a', fields)} ${directive('b', fields)} ${padded(day)} ${directive('T', fields)} ${year}`;
  },
  D: (fields) => directive('x', fields),
  e: ({ day }) => padded(day),
  h: (fields) => directive('b', fields),
  R: ({ hour, minute }) => `${two(hour)}:${two(minute)}`,
  b: ({ month }) => nameOf(months, month - 1).slice(0, 3),
  B: ({ month }) => nameOf(months, month - 1),
  d: ({ day }) => two(day),
  f: ({ microsecond }) => String(microsecond).padStart(6, '0'),
  G: (fields) => String(isoWeek(fields).year),
  H: ({ hour }) => two(hour),
  I: ({ hour }) => two(hour12(hour)),
  j: (fields) => String(dayOfYear(fields)).padStart(3, '0'),
  m: ({ month }) => two(month),
  M: ({ minute }) => two(minute),
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  S: ({ second }) => two(second),
  u: (fields) => String(weekday(fields) + 1),
  U: (fields) => two(Math.floor((dayOfYear(fields) + 6 - ((weekday(fields) + 1) % 7)) / 7)),
  V: (fields) => two(isoWeek(fields).week),
  w: (fields) => String((weekday(fields) + 1) % 7),
  W: (fields) => two(Math.floor((dayOfYear(fields) + 6 - weekday(fields)) / 7)),
  x: ({ year, month, day }) => `${two(month)}/${two(day)}/${two(year % 100)}`,
  X: ({ hour, minute, second }) => `${two(hour)}:${two(minute)}:${two(second)}`,
  y: ({ year }) => two(year % 100),
  Y: ({ year }) => String(year),
  z: (_, offset) => (offset === undefined ? '' : offsetText(offset, '')),
  Z: (_, offset) => (offset === undefined ? '' : new Zone(offset).toString()),
  F: (fields) => new Day(fields).toString(),
  T: ({ hour, minute, second }) => `${two(hour)}:${two(minute)}:${two(second)}`,
  '%': () => '%',
};

/** A date or date-time in a format of strftime. @throws Failure */
export function formatDate(value: Day | DateTime, format: string, tools: Tools): string {
  tools.spend(format.length * 120);
  const offset = value instanceof DateTime ? value.offset : undefined;
  return format.replace(/%(-?)([\s\S])/g, (_, bare: string, letter: string) => {
    const write = directives[letter];
    if (!write) throw new Failure('ValueError', `the format %${letter} is not supported`);
    const text = write(value.fields, offset);
    return bare ? text.replace(/^[0 ]+(?=.)/, '') : text; // %-d: without zeros before it
  });
}

/** How each directive of strptime looks in a text. No pattern can match a text in two ways of the same length. */
const patterns: Readonly<Record<string, string>> = {
  Y: String.raw`\d{4}`,
  m: String.raw`\d{1,2}`,
  d: String.raw`\d{1,2}`,
  H: String.raw`\d{1,2}`,
  I: String.raw`\d{1,2}`,
  M: String.raw`\d{1,2}`,
  S: String.raw`\d{1,2}`,
  y: String.raw`\d{2}`,
  f: String.raw`\d{1,6}`,
  z: String.raw`Z|[+-]\d\d:?\d\d`,
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]{3,9}',
  p: '[AaPp][Mm]',
};

/** The date-time that a text holds in a format of strptime. @throws Failure */
export function parseDateTime(text: string, format: string): DateTime {
  const letters: string[] = [];
  const pattern = format.replace(/%([\s\S])|[\s\S]/g, (character, letter?: string) => {
    if (letter === undefined || letter === '%') return (letter ?? character).replace(/[^\w\s]/, String.raw`\$&`);
    const one = patterns[letter];
    if (one === undefined) throw new Failure('ValueError', `the format %${letter} is not supported`);
    if (letters.includes(letter)) throw new Failure('ValueError', `the format has %${letter} twice`);
    letters.push(letter);
    return `(${one})`;
  });
  if (text.length > 200 || format.length > 200) throw new Failure('ValueError', 'the text or its format is too long');
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (!found) throw new Failure('ValueError', 'the text does not match the format');
  const read = new Map(letters.map((letter, index) => [letter, found[index + 1] ?? '']));
  return fromParts(read);
}

function fromParts(read: ReadonlyMap<string, string>): DateTime {
  const number = (letter: string, otherwise: number): number => Number(read.get(letter) ?? otherwise);
  const fields: Fields = {
    year: read.has('y') ? century(number('y', 0)) : number('Y', 1900),
    month: monthOf(read) ?? number('m', 1),
    day: number('d', 1),
    hour: read.has('I') ? (number('I', 12) % 12) + (read.get('p')?.toLowerCase() === 'pm' ? 12 : 0) : number('H', 0),
    minute: number('M', 0),
    second: number('S', 0),
    microsecond: Number((read.get('f') ?? '').padEnd(6, '0')),
  };
  return DateTime.of(fields, offsetOf(read.get('z')));
}

const century = (year: number): number => (year < 69 ? 2000 + year : 1900 + year);

function monthOf(read: ReadonlyMap<string, string>): number | undefined {
  const name = (read.get('b') ?? read.get('B'))?.toLowerCase();
  if (name === undefined) return undefined;
  const index = months.findIndex((month) => month.toLowerCase() === name || month.slice(0, 3).toLowerCase() === name);
  if (index < 0) throw new Failure('ValueError', 'the text does not match the format');
  return index + 1;
}
