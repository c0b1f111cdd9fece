/**
 * Values to JSON text: the one way out for values that came from JSON. Numbers leave digit by digit, and
 * nesting of any depth is written without recursion.
 */
import { ExactNumber } from './exact-number.js';
import { isContainer } from './objects.js';

/** Changes strings and member names on their way out. */
type Change = (text: string) => string;

/** JSON text of a value, on one line. */
export function writeExact(value: unknown): string {
  return isNative(value, nativeLevels) ? JSON.stringify(value) : writeChanged(value, (text) => text);
}

/** Levels of nesting that JSON.stringify, which recurses, takes safely. */
const nativeLevels = 500;

/** Whether JSON.stringify writes just this value. */
function isNative(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return !Object.is(value, -0);
  if (!isContainer(value)) return value !== undefined && !(value instanceof ExactNumber);
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isNative(item, levels - 1));
  const members = value as Record<string, unknown>;
  for (const name in members) if (!isNative(members[name], levels - 1)) return false;
  return true;
}

/** A list or an object of which a part is written. */
interface Open {
  /** Of an object; undefined for a list. */
  names: readonly string[] | undefined;
  items: readonly unknown[];
  written: number;
}

/** JSON text of a value; `change` is applied to each string and each member name. */
export function writeChanged(value: unknown, change: Change): string {
  const open: Open[] = [];
  let text = '';
  const begin = (item: unknown): void => {
    const container = containerOf(item);
    if (container) open.push(container);
    text += container ? bracket(container, '[', '{') : scalar(item, change);
  };
  begin(value);
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    const { names, items, written } = inner;
    if (written === items.length) {
      text += bracket(inner, ']', '}');
      open.pop();
      continue;
    }
    if (written > 0) text += ',';
    if (names) text += `${JSON.stringify(change(names[written] ?? ''))}:`;
    inner.written++;
    begin(items[written]);
  }
  return text;
}

const bracket = ({ names }: Open, list: string, object: string): string => (names ? object : list);

function containerOf(value: unknown): Open | undefined {
  if (!isContainer(value)) return undefined;
  if (Array.isArray(value)) return { names: undefined, items: value, written: 0 };
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return { names: members.map(([name]) => name), items: members.map(([, item]) => item as unknown), written: 0 };
}

function scalar(value: unknown, change: Change): string {
  if (typeof value === 'string') return JSON.stringify(change(value));
  if (value instanceof ExactNumber) return value.digits;
  if (Object.is(value, -0)) return '-0';
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** A value as text for keys, paths and messages: digits of numbers, texts as they are, anything else as JSON. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? 'undefined' : writeExact(value);
}
