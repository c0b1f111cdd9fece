/** JSON values as lines that people read: shortened, never in the middle of a character, and the same in every run. */
import { type Row, isRecord } from '../../sdk/index.js';

const longestLine = 500;

/** A value on one line; undefined for objects, lists and what is empty. */
export function word(value: unknown, most = longestLine): string | undefined {
  if (value === undefined || value === null || isRecord(value) || Array.isArray(value)) return undefined;
  const line = first(String(value as string), 4 * most) // white space is rarely more
    .replace(/\s+/g, ' ')
    .trim();
  return line === '' ? undefined : shorten(line, most);
}

/** At most so many characters; what was cut ends in `…`. */
function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${first(text, most - 1)}…`;
}

/** The first characters of a text, without half of one. */
function first(text: string, count: number): string {
  return text.length <= count ? text : text.slice(0, count).replace(/[\uD800-\uDBFF]$/, '');
}

/** The lines of a text, each as one word; at most so many. */
export function linesOf(value: unknown, most: number): string[] {
  if (typeof value !== 'string') return [];
  return first(value, most * longestLine)
    .split('\n')
    .flatMap((line) => word(line) ?? [])
    .slice(0, most);
}

/** `name: value` for each member that has a value, in the order of names. */
export function pairs(members: unknown, most: number): string[] {
  if (!isRecord(members)) return [];
  return Object.keys(members)
    .sort()
    .flatMap((name) => {
      const value = word(members[name], 200);
      return value === undefined ? [] : [`${name}=${value}`];
    })
    .slice(0, most);
}

/** The objects of a list; none of anything else. */
export const objectsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** A member of an object; undefined of anything else. */
export const memberOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** The text, or as many whole lines of it as fit. */
export function cutAtLine(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf('\n', most);
  return end > 0 ? text.slice(0, end).trimEnd() : shorten(text, most);
}
